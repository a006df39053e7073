import re

from tests.tutor.looking import keys, text
from tutor.picture import until
from tutor.screens.run import RunRoom
from tutor.screens.runs import Runs


async def visit(app, pilot):
    await pilot.press("u")
    await until(pilot, lambda: isinstance(app.screen, Runs) and app.screen.is_mounted)


async def test_without_runs_it_says_what_to_do(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "No run yet. t opens the tutorial" in text(app))
        await pilot.press("f")
        assert told == [("Not now", "There is no run to filter yet.")]


async def test_all_runs_newest_first_with_what_came_of_them(hand, opened):
    hand.chain(upto="sft")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "all: 10 of 10 runs" in text(app))
        rows = [line for line in text(app).splitlines() if re.search("waiting  |finished", line)]
        assert [int(row.split()[0].strip("▌") or row.split()[1]) for row in rows] == [
            10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
        ]  # fmt: skip
        assert "EM 0.09" in rows[-1]
        assert "371 kept" in rows[-2]


async def test_a_filter_leaves_some_out(hand, opened):
    hand.chain(upto="sft")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("f")
        await until(pilot, lambda: "going on: 8 of 10 runs" in text(app))
        assert "show score" in keys(app)
        await pilot.press("f")
        await until(pilot, lambda: "score: 4 of 10 runs" in text(app))
        await pilot.press("F")
        await until(pilot, lambda: "going on: 8 of 10 runs" in text(app))


async def test_enter_opens_the_marked_run_and_esc_comes_back_to_it(hand, opened):
    hand.submit()
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "cascade" in text(app))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == 8
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Runs))
        assert "▌    8" in text(app)


async def test_a_wide_window_also_says_how_long_and_when(hand, opened):
    hand.chain()
    async with opened(hand.home, size=(160, 50)) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "EM 0.09" in text(app))
        row = next(line for line in text(app).splitlines() if "EM 0.09" in line)
        assert " s  " in row
        assert ":" in row.split()[-1]
