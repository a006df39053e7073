import re

from engine.kinds.specs import EvaluateSpec
from tests.tutor.homes import write
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.runs import Runs
from tutor.tui.widgets.rows import Rows


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
        rows = [line for line in text(app).splitlines() if re.search(r" \d+  [·✓] ", line)]
        assert [int(row.split()[0]) for row in rows] == [
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
        await pilot.press("down", "down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == 8
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Runs))
        assert "▌      8" in text(app)


async def test_a_chain_has_a_heading_with_its_sum_and_keys_for_the_whole_of_it(hand, opened, told):
    ids = hand.chain(upto="sft")
    write(hand.begin(), "sft", 0.5)
    with hand.client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET eta_seconds = 72, progressed = 4e9 WHERE id = 3")
    alone = hand.client.submit("evaluate", EvaluateSpec())
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "▸ running  chain: 2 of 10 finished" in text(app))
        heading = next(line for line in text(app).splitlines() if "chain:" in line)
        assert heading.rstrip().endswith("at least 1:12 left")
        await pilot.press("down")
        assert app.screen.query_one(Rows).value == ("chain", ids["cascade"])
        await pilot.press("space")
        await until(pilot, lambda: "▸ pausing  chain: 2 of 10 finished" in text(app))
        assert hand.client.run(ids["cascade"]).state == "paused"
        assert hand.client.run(alone).state == "queued"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == ids["sft"]
        await pilot.press("escape", "c")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: told and told[-1][0] == "Cancelled")
        assert told[-1][1].startswith("Runs 3 to 10.")


async def test_of_a_chain_that_failed_a_filter_shows_what_goes_on_and_space_takes_up_the_rest(
    hand, opened, told
):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.end(ids["sft"], "failed", error={"what": "No room.", "way_out": ""})
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "chain: 2 of 10 finished, 1 failed, 5 held up" in text(app))
        assert text(app).count("~ held up") == 5
        await pilot.press("f")
        await until(pilot, lambda: "going on: 2 of 10 runs" in text(app))
        assert text(app).count("~ held up") == 0
        app.screen.query_one(Rows).mark(ids["teacher"])
        await pilot.press("F")
        await until(pilot, lambda: text(app).count("~ held up") == 5)
        app.screen.query_one(Rows).mark(ids["sft"])
        assert keys(app)["resume"] == "space"
        await pilot.press("space")
        await until(pilot, lambda: hand.client.run(ids["cascade"]).state == "queued")


async def test_what_is_cancelled_with_the_marked_run_is_said_before_and_after(hand, opened, told):
    ids = hand.submit()
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "chain: 0 of 10 finished" in text(app))
        app.screen.query_one(Rows).mark(ids["validation_cascade"])
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        asked = " ".join(text(app).replace("│", " ").split())
        assert "Cancelled with it: run 10, needing it; runs 5, 6, 8 and 9, being only for" in asked
        await pilot.press("y")
        await until(pilot, lambda: told and told[-1][0] == "Cancelled")
        assert told[-1][1].startswith("Runs 5 to 10.")
        left = {run.id for run in hand.client.runs() if run.state == "queued"}
        assert left == {1, 2, 3, 4}


async def test_a_wide_window_also_says_how_long_and_when(hand, opened):
    hand.chain()
    async with opened(hand.home, size=(160, 50)) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "EM 0.09" in text(app))
        row = next(line for line in text(app).splitlines() if "EM 0.09" in line)
        assert " s  " in row
        assert ":" in row.split()[-1]
