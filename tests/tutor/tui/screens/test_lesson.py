"""The lesson screen, on a real lesson with a step of every kind, its record and its bench."""

from textual.widgets import Input

from engine.figures import Table, as_dict
from lessons.kit.course.lesson import lesson as read
from tests.tutor.lessons import ID, name, record
from tests.tutor.looking import keys, text
from tutor.report.saving.tsv import tsv
from tutor.tui.pictures import until
from tutor.tui.screens.ask import Ask
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.exercise import ExerciseRoom
from tutor.tui.screens.figure import FigureRoom
from tutor.tui.screens.home import Home


def flat(app):
    """The screen as one line, without the bar beside the step."""
    return " ".join(text(app).replace("▌", " ").split())


def at(app):
    """The view of the step the learner is at."""
    return app.screen._view


def here(app, step):
    """Whether the learner is at that step, and it is ready for an answer."""
    view = at(app)
    if view.step is None or name(view.step) != step:
        return False
    return view.step.kind != "question" or view.page.done or view.asked is not None


async def asked(app, pilot, step="question/half"):
    """Wait for a question, with its line in focus."""
    await until(pilot, lambda: here(app, step) and app.focused is at(app)._field)
    return at(app)


async def press(pilot, typed):
    """Type a text."""
    await pilot.press(*("minus" if c == "-" else "space" if c == " " else c for c in typed))


async def test_steps_appear_one_after_another(learning):
    async with learning() as (app, pilot):
        assert "divided by 2" in text(app)
        assert "Question" not in text(app), "what comes after is not shown yet"
        await pilot.press("enter")
        view = await asked(app, pilot)
        assert f"half #{view.asked.sitting.seed}" in text(app), "a variant can be called back"
        assert "even" not in text(app)


async def test_a_right_answer_is_graded_paid_and_written_down(learning, right, hand):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, right(view))
        await until(pilot, lambda: "read as" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Right." in text(app))
        assert "3 points of 3" in text(app)
        await until(pilot, lambda: "3/19 points" in text(app))
        with record(hand.home) as learner:
            assert learner.points(ID) == 3
        await pilot.press("enter")
        await until(pilot, lambda: "Is " not in text(app) or here(app, "reading/before-even"))


async def test_while_it_is_typed_the_line_says_how_it_is_read(learning, hand):
    async with learning("question/half") as (app, pilot):
        await asked(app, pilot)
        await press(pilot, "1,000/8")
        await until(pilot, lambda: "read as 125" in text(app))
        await press(pilot, " apples")
        await until(pilot, lambda: "not read yet" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "?" in str(at(app).query_one("#verdict").render()))
        assert at(app).asked.sitting.misses == 0, "what cannot be read costs nothing"
        assert at(app)._field.value == "1,000/8 apples", "and is there to be mended"


async def test_every_letter_is_typed_and_a_key_only_beside_the_line(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        assert "hint −1" in keys(app), "its price is said before it is paid"
        await press(pilot, "e^0")
        assert view._field.value == "e^0", "a number may begin with e"
        await pilot.press(*["backspace"] * 3)
        await press(pilot, "sqrt")
        assert view._field.value == "sqrt", "or with a letter that is a key of the step"
        await pilot.press(*["backspace"] * 4)
        await press(pilot, "1 hn")
        assert view._field.value == "1 hn"
        assert view.asked.sitting.hints == 0
        assert "answer" in keys(app) and "leave the line" in keys(app)
        await pilot.press("escape", "h")
        await until(pilot, lambda: "Divide." in text(app))
        assert view._field.value == "1 hn", "what was typed is still there"
        assert view.asked.sitting.hints == 1


async def test_a_known_mistake_is_answered(learning, right):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, str(4 * int(right(view))))
        await pilot.press("enter")
        await until(pilot, lambda: "Not yet. That is the double." in text(app))
        assert "1 of 3 misses" in text(app)
        await pilot.press("h", "enter")
        await until(pilot, lambda: "Hint 1 Divide." in text(app))
        await press(pilot, right(view))
        assert view._field.value == right(view), "the next answer takes the old one's place"


async def test_after_three_misses_a_fresh_variant_is_offered(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        seed = view.asked.sitting.seed
        for miss in range(1, 4):
            await press(pilot, "0")
            await pilot.press("enter")
            await until(pilot, lambda miss=miss: f"{miss} of 3 misses" in text(app))
        assert "fresh variant" in keys(app)
        await pilot.press("enter")
        await until(pilot, lambda: view.asked.sitting.seed != seed and view.told is None)
        await asked(app, pilot)
        assert "worth 3 points" in text(app)


async def test_the_solution_says_its_price_before_it_opens(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await pilot.press("w")
        await until(pilot, lambda: "⏎ shows the solution, and makes this question" in flat(app))
        assert "worth 1 point" in flat(app)
        assert not view.asked.sitting.opened
        await pilot.press("enter")
        await until(pilot, lambda: "Worked solution" in text(app))
        assert view.asked.sitting.opened


async def test_help_counts_for_the_next_variants_and_says_so_before(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, "0")
        await pilot.press("enter")
        offer = "h gives a hint: 1 point less on all variants, for 12 hours."
        await until(pilot, lambda: offer in flat(app))
        await pilot.press("h", "enter")
        await until(pilot, lambda: "Hint 1" in text(app))
        seed = view.asked.sitting.seed
        await pilot.press("n", "enter")
        await until(pilot, lambda: view.asked.sitting.seed != seed)
        await until(pilot, lambda: "worth 2 points after help" in text(app))
        assert "hint" in keys(app), "this rung is paid"


async def test_after_the_last_miss_the_solution_says_its_price(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        for miss in range(1, 4):
            await press(pilot, "0")
            await pilot.press("enter")
            await until(pilot, lambda miss=miss: f"{miss} of 3 misses" in text(app))
        price = "w shows how this one goes, and makes this question worth 1 point for 12 hours."
        assert price in flat(app)
        await pilot.press("w")
        await until(pilot, lambda: "Worked solution" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: view.told is None)
        await until(pilot, lambda: "worth 1 point after help" in text(app))


async def test_another_variant_has_other_numbers(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        seed = view.asked.sitting.seed
        await pilot.press("n", "enter")
        await until(pilot, lambda: view.asked.sitting.seed != seed)


async def test_options_are_marked_by_letter_and_answered(learning, right):
    async with learning("question/even") as (app, pilot):
        view = await asked(app, pilot, "question/even")
        await pilot.press(right(view))
        assert view.typed == right(view)
        await pilot.press("enter")
        await until(pilot, lambda: "Right." in text(app))


async def test_skipping_and_going_back_are_always_possible(learning, hand):
    async with learning("question/half") as (app, pilot):
        await asked(app, pilot)
        await pilot.press("s", "enter")
        await until(pilot, lambda: here(app, "reading/before-even"))
        await pilot.press("left")
        await asked(app, pilot)
        await pilot.press("right")
        await until(pilot, lambda: here(app, "reading/before-even"))
        with record(hand.home) as learner:
            await until(pilot, lambda: learner.step(f"{ID}/question/half").state == "skipped")


async def test_the_place_is_remembered_as_soon_as_it_is_taken(learning, hand):
    async with learning() as (app, pilot):
        await pilot.press("enter")
        await asked(app, pilot)
        with record(hand.home) as learner:  # what a kill -9 now would leave behind
            await until(pilot, lambda: learner.place() == f"{ID}/question/half")
    async with learning() as (app, pilot):
        assert name(at(app).step) == "question/half"
        assert "divided by 2" in text(app), "what was read stands above it"


async def test_what_is_half_typed_is_there_again(learning, lesson, hand):
    with record(hand.home) as learner:
        async with learning("question/half") as (app, pilot):
            view = await asked(app, pilot)
            await press(pilot, "12")  # and what a kill -9 now would leave behind
            step = lesson.step("question/half")
            await until(pilot, lambda: learner.sitting(step, "half").draft == "12")
            seed = view.asked.sitting.seed
        async with learning("question/half") as (app, pilot):
            view = await asked(app, pilot)
            assert (view.typed, view.asked.sitting.seed) == ("12", seed)
            await until(pilot, lambda: "read as 12" in text(app))
            await press(pilot, "0")
            assert view.typed == "120", "the cursor is behind it"


async def test_what_was_answered_is_looked_back_at(learning, right):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        typed = right(view)
        await press(pilot, typed)
        await pilot.press("enter")
        await until(pilot, lambda: "Right." in text(app))
    async with learning("question/half") as (app, pilot):
        assert f"You answered {typed}" in text(app)
        await pilot.press("n")
        await asked(app, pilot)
        assert "worth 3 points" in text(app)


async def test_a_number_is_named_before_the_lab_runs_and_held_against_it(learning, hand):
    async with learning("predict/after-one") as (app, pilot):
        assert "halving" not in text(app), "its lab is not there yet"
        await press(pilot, "60")
        await until(pilot, lambda: "read as 60" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "You said 60, measured 50: 20% off." in text(app))
        with record(hand.home) as learner:
            assert learner.done(at(app).step.id, at(app).step.hash)
            await until(pilot, lambda: not learner.unmeasured())
            (named,) = learner.named(at(app).step)
            assert (named.measurement.measured, named.measurement.near) == (50, False)
    async with learning("predict/after-one") as (app, pilot):
        await until(pilot, lambda: "You said 60, measured 50: 20% off." in text(app))


async def test_a_number_that_was_named_before_the_tutor_was_killed_is_measured(
    learning, lesson, hand
):
    step = lesson.step("predict/after-one")
    with record(hand.home) as learner:
        learner.predicted(step, "52", "52")
        async with learning("predict/after-one") as (app, pilot):
            await until(pilot, lambda: "✓ You said 52, measured 50: 4% off" in text(app))
        assert learner.named(step)[0].measurement.near


async def test_a_lab_measures_what_was_named_for_its_values(learning, lesson, hand):
    with record(hand.home) as learner:
        async with learning("lab/halving") as (app, pilot):
            learner.predicted(lesson.step("predict/after-one"), "40", "40")
            await until(pilot, lambda: at(app).figure is not None)
            assert learner.unmeasured(), "it is about one time, and this is three"
            await press(pilot, "1")
            await until(pilot, lambda: "You said 40, measured 50: 20% off." in text(app))
            assert not learner.unmeasured()
            await pilot.press("enter", "right")
            await until(pilot, lambda: "You said" not in text(app))


async def test_a_long_lab_measures_what_was_named_when_its_run_has_finished(hand, opened):
    """On a real lesson; the test is the worker, and the figure its."""
    weights = read("numbers/model-weights")
    step = weights.step("predict/oak-in-four-bits")
    figure = Table(columns=(), rows=(), caption="Done.", values={"nf4": 2_516_032})
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        app.open_lesson(weights.id, step.id)
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        await press(pilot, "2.5 MB")
        await pilot.press("enter")
        await until(pilot, lambda: "Noted. The lab below measures it." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: at(app).step.kind == "lab" and at(app).lab is not None)
        await until(pilot, lambda: "Enter starts it" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: hand.client.runs())
        run = hand.begin().run
        with record(hand.home) as learner:
            assert learner.unmeasured() == {step.id}
            hand.client.store.end(run.id, "finished", result={"figure": as_dict(figure)})
            await until(pilot, lambda: "✓ You said 2,500,000, measured 2,516,032" in text(app))
            assert learner.named(step)[0].measurement.measured == 2_516_032
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: at(app).step.kind == "predict")
        await until(pilot, lambda: "measured 2,516,032" in str(at(app)._compared.render()))


async def test_a_lab_follows_its_controls(learning, hand):
    async with learning("lab/halving") as (app, pilot):
        await until(pilot, lambda: at(app).figure is not None)
        assert "100, halved 3 times." in text(app)
        await pilot.press("right")
        await until(pilot, lambda: "100, halved 4 times." in text(app))
        await pilot.press("x")
        await until(pilot, lambda: "Pinned: times 4, number 100" in text(app))
        await press(pilot, "2")
        await until(pilot, lambda: "100, halved 2 times." in text(app))
        await pilot.press("down", "right")
        await until(pilot, lambda: "1000, halved 2 times." in text(app))
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, FigureRoom))
        assert "1000, halved 2 times." in text(app)
        await pilot.press("escape")
        with record(hand.home) as learner:
            await until(pilot, lambda: learner.step(f"{ID}/lab/halving").state == "done")


async def test_a_labs_numbers_are_copied_and_its_figure_saved(
    learning, told, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    async with learning("lab/halving") as (app, pilot):
        await until(pilot, lambda: at(app).figure is not None)
        await pilot.press("y")
        assert app.clipboard == tsv(at(app).figure)
        assert "full screen (g), s, and a name" in told[-1][1]
        lab = at(app)
        await pilot.press("g")
        await until(pilot, lambda: isinstance(app.screen, FigureRoom))
        app.copy_to_clipboard("")
        await pilot.press("y")
        assert app.clipboard == tsv(lab.figure)
        assert "does not take it: s, and a name" in told[-1][1]
        for key, name in (("s", "halving.svg"), ("s", "left.tsv")):
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, Ask))
            app.screen.query_one(Input).value = name
            await pilot.press("enter")
            await until(pilot, lambda name=name: (tmp_path / name).exists())
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        app.screen.query_one(Input).value = "left.gif"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Ask) and "ends in .gif" in text(app))
        app.screen.query_one(Input).value = "left.tsv"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, FigureRoom))
    assert (tmp_path / "left.tsv").read_text() == tsv(lab.figure)
    assert "</svg>" in (tmp_path / "halving.svg").read_text()


async def test_a_number_that_cannot_be_changes_nothing_and_stays_told(learning):
    async with learning("lab/halving") as (app, pilot):
        await until(pilot, lambda: at(app).figure is not None)
        assert {"less", "more", "control below"} <= keys(app).keys()
        await press(pilot, "50")  # 5 can be; its figure comes when 50 is refused already
        await until(pilot, lambda: "It can be 0 to 10. It stays 3." in text(app))
        await until(pilot, lambda: at(app).figure.caption == "100, halved 3 times.")
        await pilot.press("enter")
        assert at(app)._values["times"] == 3
        assert "It stays 3." in text(app)
        await pilot.press("right")
        await until(pilot, lambda: at(app).figure.caption == "100, halved 4 times.")
        assert "It stays" not in text(app)


async def test_a_lab_that_was_looked_at_says_so_before_one_goes_there(learning):
    async with learning("lab/halving") as (app, pilot):
        await until(pilot, lambda: at(app).page.done)
    async with learning("question/pattern") as (app, pilot):
        lab = next(view for view in app.screen._views if view.step.kind == "lab")
        said = str(lab._status.render())
        assert (
            said == "✓ You looked at it at times=3 number=100. Its figure comes when you go there."
        )


async def test_a_key_of_another_kind_of_step_says_why_it_does_nothing(learning, told):
    async with learning() as (app, pilot):
        assert "hint" not in keys(app)
        await pilot.press("h")
        assert told == [("Not now", "Only questions have hints.")]


async def test_a_prediction_can_be_typed_as_soon_as_one_comes_to_it(learning, right):
    async with learning("question/even") as (app, pilot):
        await asked(app, pilot, "question/even")
        await pilot.press("s")
        await until(pilot, lambda: at(app).step.kind == "predict")
        await pilot.pause()
        await pilot.press(*"52")
        await until(pilot, lambda: "> 52" in text(app))


async def test_an_exercise_is_opened_from_its_step(learning):
    async with learning("exercise/exercise") as (app, pilot):
        await until(pilot, lambda: "Enter opens your file" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ExerciseRoom) and app.screen.complete)


async def test_home_continues_to_the_exact_step(hand, opened, lesson, learning):
    async with learning("question/even") as (app, pilot):
        await asked(app, pilot, "question/even")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Home))
        await until(pilot, lambda: "Continue  Halves, step 4 of" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        assert name(at(app).step) == "question/even"
