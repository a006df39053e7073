from engine.figures import Table, as_dict
from lessons.kit.course.lesson import lesson
from lessons.kit.worker import lab as lab_run
from tests.tutor.homes import samples, write
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.predictions import Predictions
from tutor.tui.screens.run import RunRoom
from tutor.tui.widgets.reading import Reading


async def look_at(app, pilot, run_id):
    app.open_run(run_id)
    await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)


def braille(app):
    return sum("⠀" < character <= "⣿" for character in text(app))


async def test_a_training_run_shows_progress_curve_settings_and_log(hand, opened):
    ids = hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.5)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sft"])
        await until(pilot, lambda: braille(app) > 20)
        for words in ("steps 23 of 46", "50%", "1,240 tok/s", "validation", "r 32"):
            assert words in text(app)
        assert "sft has written its rows" in text(app)


async def test_the_curve_is_live(hand, opened):
    ids = hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.2)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sft"])
        await until(pilot, lambda: "loss 1.39 to 0.88" in text(app))
        record.metric(46, loss=0.125)
        await until(pilot, lambda: "loss 1.39 to 0.12" in text(app))


async def test_samples_come_as_they_are_judged_and_open_in_full(hand, opened):
    ids = hand.submit()
    record = hand.begin()
    rows = samples(30, right=1, of=2)
    record.predictions(rows[:10], 10, 30)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await until(pilot, lambda: "EM so far 0.50, 10 judged" in text(app))
        record.predictions(rows[10:], 30, 30)
        await until(pilot, lambda: "30 judged" in text(app))
        assert "Mara packs 31 boxes" in text(app), "the last one judged is in sight"
        assert "✗ wrong" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Reading))
        assert "How many pens does she have left?" in " ".join(text(app).replace("│", " ").split())


async def test_a_teachers_answers_are_shown_too(hand, opened):
    ids = hand.chain(upto="teach")
    write(hand.begin(), "teach", 0.1)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["teach"])
        await until(pilot, lambda: "right so far" in text(app))
        assert "✓ right" in text(app)


async def test_space_pauses_and_resumes(hand, opened):
    ids = hand.submit()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        assert "pause" in keys(app)
        await pilot.press("space")
        await until(pilot, lambda: "resume" in keys(app))
        assert hand.client.run(ids["baseline"]).state == "paused"
        await pilot.press("space")
        await until(pilot, lambda: hand.client.run(ids["baseline"]).state == "queued")


async def test_a_pause_that_the_worker_has_not_obeyed_yet_is_seen(hand, opened):
    ids = hand.submit()
    hand.begin()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("space")
        await until(pilot, lambda: "pausing" in text(app))


async def test_cancel_asks_and_the_safe_answer_has_the_focus(hand, opened):
    ids = hand.submit()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert hand.client.run(ids["baseline"]).state == "queued"
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: hand.client.run(ids["baseline"]).state == "cancelled")


async def test_keys_that_do_nothing_say_why(hand, opened, told):
    ids = hand.chain()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sft"])
        assert not {"pause", "resume", "cancel", "samples"} & set(keys(app))
        await pilot.press("space", "c", "e")
        assert [why for _, why in told] == [
            "Run 3 is finished. There is nothing to pause or resume.",
            "Run 3 is finished. There is nothing to cancel.",
            "Fine-tuning judges nothing; the score after it does.",
        ]


async def test_an_interrupted_run_says_so_and_how_it_goes_on(hand, opened):
    ids = hand.submit()
    hand.begin()
    hand.client.store.interrupt()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        words = " ".join(text(app).split())
        assert "! interrupted" in words
        assert "space resumes it from its last checkpoint" in words


async def test_a_failed_run_says_why_in_full(hand, opened):
    ids = hand.submit()
    hand.begin()
    error = {
        "what": "oak in nf4-dq needs 1.2 GB of memory, and only 0.4 GB of 2.0 GB are free here.",
        "way_out": "Close other programs, or choose a smaller teacher with --teacher.",
    }
    hand.client.store.end(ids["baseline"], "failed", error=error)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        assert f"{error['what']} {error['way_out']}" in " ".join(text(app).split())


async def test_escape_closes_the_curve_before_the_run(hand, opened):
    ids = hand.chain(upto="teach")
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        room = app.screen
        await pilot.press("g")
        assert room.has_class("-curve-alone")
        await pilot.press("escape")
        assert app.screen is room and not room.has_class("-curve-alone")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not room)


async def test_a_cascade_lists_its_final_answers_and_whose_each_is(hand, opened):
    ids = hand.chain()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["cascade"])
        await until(pilot, lambda: len(app.view.samples) == 100)
        assert {each["by"] for each in app.view.samples} == {"student", "teacher"}
        last = app.view.samples[-1]["by"]
        await until(pilot, lambda: f"{last}: Mara packs" in text(app))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Predictions))
        await until(pilot, lambda: "all: 100 of 100" in text(app))
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, Reading))
        assert f"Problem 1, the {app.view.samples[0]['by']}'s answer" in text(app)


async def test_the_audit_of_a_run_can_be_filtered(hand, opened):
    ids = hand.chain(upto="teach")
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Predictions))
        counts = "wrong 56 · right 44 · no number 11 · differ 4"
        await until(pilot, lambda: f"all: 100 of 100 · {counts}" in text(app))
        assert "right by robust 44 · strict 40 · flexible 44" in text(app)
        await pilot.press("f")
        await until(pilot, lambda: "wrong: 56 of 100" in text(app))
        assert "✓ right" not in text(app)
        await pilot.press("F", "F")
        await until(pilot, lambda: "differ: 4 of 100" in text(app))
        assert "✓ right  ✗ wrong  ✓ right      296" in text(app)
        await pilot.press("home", "enter")
        await until(pilot, lambda: isinstance(app.screen, Reading))
        words = " ".join(text(app).replace("│", " ").split())
        assert "found by “####” on line 3: #### $296" in words
        assert "strict ✗ wrong [invalid] the first `#### ` number" in words
        assert "flexible ✓ right $296 the last number" in words


async def test_the_log_is_shown_with_its_place_and_grows(hand, opened):
    ids = hand.submit()
    record = hand.begin()
    record.log("first words")
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("l")
        await until(pilot, lambda: "first words" in text(app))
        assert "1.log" in text(app).replace("│\n", "")
        record.log("later words")
        await until(pilot, lambda: "later words" in text(app))


async def test_the_record_of_a_run(hand, opened):
    ids = hand.chain(upto="teach")
    async with opened(hand.home, size=(100, 50)) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("s")
        await until(pilot, lambda: "Needed to repeat it" in text(app))
        assert "versions torch 2.13.0" in text(app)


async def test_the_curve_alone_and_back(hand, opened):
    ids = hand.chain()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sft"])
        await pilot.press("g")
        await until(pilot, lambda: "adapted layers" not in text(app))
        await pilot.press("g")
        await until(pilot, lambda: "adapted layers" in text(app))


async def test_quitting_leaves_the_run_alone(hand, opened):
    ids = hand.submit()
    hand.begin()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("q")
    run = hand.client.run(ids["baseline"])
    assert (run.state, run.request) == ("running", None)


async def test_a_finished_lab_shows_its_figure(hand, opened):
    spec = lab_run.LabSpec("numbers/outliers", "schemes")
    number = hand.client.submit(lab_run.KIND, spec)
    record = hand.begin()
    figure = Table(columns=("scheme", "perplexity"), rows=(("absmax", 56.78),), caption="Schemes.")
    hand.client.store.end(record.run.id, "finished", result={"figure": as_dict(figure)})
    async with opened(hand.home) as (app, pilot):
        app.open_run(number)
        await until(pilot, lambda: "56.78" in text(app))
        assert "Schemes." in text(app)
        await pilot.press("e")
        assert type(app.screen).__name__ == "RunRoom"


async def test_a_figure_of_a_later_version_is_said_where_it_would_be(hand, opened):
    weights = lesson("numbers/model-weights")
    step = next(each for each in weights.steps if (each.kind, each.name) == ("lab", "load"))
    values = weights.labs()["load"].values(step.settings.get("set", {}))
    number = hand.client.submit(lab_run.KIND, lab_run.LabSpec(weights.id, "load", values))
    hand.client.store.end(hand.begin().run.id, "finished", result={"figure": {"kind": "Pie"}})
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        for go in (lambda: app.open_run(number), lambda: app.open_lesson(weights.id, step.id)):
            go()
            await until(pilot, lambda: "This figure (Pie) was made by another" in text(app))
            await pilot.press("escape")
