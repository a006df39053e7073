"""Two runs compared from the list of runs or from one of them."""

from tests.tutor.homes import samples, write
from tests.tutor.looking import keys, lines, text
from tutor.tui.pictures import until
from tutor.tui.screens.both import Both
from tutor.tui.screens.compare import Compare
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.runs import Runs
from tutor.tui.screens.which import Which


async def choose(app, pilot, *presses):
    await pilot.press("v")
    await until(pilot, lambda: isinstance(app.screen, Which))
    await pilot.press(*presses, "enter")
    await until(pilot, lambda: isinstance(app.screen, Compare))


async def look_at(app, pilot, run_id):
    app.open_run(run_id)
    await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)


async def test_a_run_is_compared_with_one_from_the_list(hand, opened):
    ids = hand.chain()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sample"])
        assert "compare" in keys(app)
        await pilot.press("v")
        await until(pilot, lambda: "Compare run 9 with" in text(app))
        assert "sft acorn" not in text(app), "fine-tuning answers nothing"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        await choose(app, pilot, "end")
        shown = text(app)
        assert "Runs › 1 and 9 compared" in shown
        for words in (
            "0.440  0.347 to 0.538", "the vote of 5 samples", "28 gained", "20 lost",
            "Newcombe's method 10", "exact McNemar test", "0.312",
            "Run 9 is ahead of run 1, but this difference is within noise.",
            "all: 48 of 48 flipped · gained 28 · lost 20",
        ):  # fmt: skip
            assert words in shown


async def test_the_flips_can_be_filtered_and_opened(hand, opened):
    ids = hand.chain()
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["sample"])
        await choose(app, pilot, "end")
        await pilot.press("F")
        await until(pilot, lambda: "lost: 20 of 48 flipped" in text(app))
        assert "▼ lost" in text(app) and "▲ gained" not in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Both))
        first, second = "run 1 ✓ right, said 44", "run 9 ✗ wrong, said"
        rows = lines(app)
        at = [next(y for y, row in enumerate(rows) if words in row) for words in (first, second)]
        assert at[0] < at[1], "one under the other"
        assert "lost, 1 of 20; gold 44" in text(app)
        await pilot.press("n")
        await until(pilot, lambda: "lost, 2 of 20" in text(app))
        await pilot.press("b", "b")
        await until(pilot, lambda: "lost, 20 of 20" in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Compare))


async def test_both_answers_stand_side_by_side_where_there_is_room(hand, opened):
    ids = hand.chain()
    async with opened(hand.home, size=(100, 30)) as (app, pilot):
        await look_at(app, pilot, ids["sample"])
        await choose(app, pilot, "end")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Both))
        await until(
            pilot,
            lambda: any("run 1 ✗ wrong" in row and "run 9 ✓ right" in row for row in lines(app)),
        )


async def test_from_the_list_of_runs_and_why_not(hand, opened, told):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, Runs) and "all: 10" in text(app))
        await pilot.press("end")
        await choose(app, pilot, "home")
        assert "Runs › 1 and 10 compared" in text(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Runs))
        await pilot.press("up", "up")  # from run 1 to run 3
        await until(pilot, lambda: "compare" not in keys(app))
        await pilot.press("v")
        assert told == [("Not now", "Run 3 answers no problems: there is nothing to compare.")]


async def test_runs_on_other_problems_are_refused_in_words(hand, opened, monkeypatch):
    ids = hand.chain(upto="teach")
    record = hand.begin()
    others = [
        row | {"problem_id": f"train-{row['problem_id']}"} for row in samples(9, right=1, of=2)
    ]
    record.answers(others, 9, 400)
    failed = []
    monkeypatch.setattr(
        "tutor.tui.app.TutorApp.on_order_failed", lambda self, message: failed.append(message.what)
    )
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, Which))
        await pilot.press("enter")
        await until(pilot, lambda: failed)
        assert "Runs 1 and 2 share no problem. Run 1 is on word_problems test" in failed[0]
        assert isinstance(app.screen, RunRoom)


async def test_equal_runs_have_no_flip_to_open(hand, opened, told):
    ids = hand.chain(upto="sample")
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["student"])
        await choose(app, pilot, "end")
        assert "No problem flipped." in text(app)
        assert "Runs 1 and 4 are equally good here: this difference is within noise." in text(app)
        await pilot.press("f")
        assert told == [("Not now", "No problem flipped: there is nothing to choose from.")]


async def test_without_another_run_there_is_nothing_to_compare_with(hand, opened, told):
    ids = hand.submit()
    write(hand.begin(), "baseline", 0.5)
    async with opened(hand.home) as (app, pilot):
        await look_at(app, pilot, ids["baseline"])
        await pilot.press("v")
        assert told == [("Not now", "There is no other run that has answered problems.")]
