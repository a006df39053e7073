"""Whatever stands in a text column of the home, no view of it gives a terminal a command."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from engine.printable import printable
from tests.tutor.looking import text
from tutor.cli import main
from tutor.tui.pictures import until
from tutor.tui.screens.compare import Compare
from tutor.tui.screens.run import RunRoom

EVIL = "\x1b]0;pwned\x07\x1b[2J\r\u202e\u2066\x9b31m\x7f"
"""A title for the window, a cleared screen, marks of direction, and what moves the cursor."""
KEPT = ("state", "request", "kind", "problem_id", "gold", "stage")
"""What queries and judges go by: it is spoiled where it is not compared with anything."""


def evil(value):
    """JSON with every text in it spoiled, but for what names other things."""
    if isinstance(value, str):
        return value + EVIL
    if isinstance(value, dict):
        return {
            key: each if key in ("model", "strong_model", "precision", "strong_precision", "source",
                                 "split", "path", "own") else evil(each)
            for key, each in value.items()
        }  # fmt: skip
    return [evil(each) for each in value] if isinstance(value, list) else value


@pytest.fixture
def spoiled(hand):
    """A whole chain that has been computed, with every text of it spoiled; its runs' numbers."""
    ids = hand.chain()
    raw = sqlite3.connect(hand.home.database, timeout=30)
    raw.create_function("evil", 1, lambda told: told and json.dumps(evil(json.loads(told))))
    for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table.startswith(("sqlite_", "_")):
            continue
        for _, column, kind, *_ in raw.execute(f"PRAGMA table_info({table})").fetchall():
            if kind != "TEXT" or column in KEPT:
                continue
            is_json = column in ("spec", "result", "error", "environment")
            new = f"evil({column})" if is_json else f"{column} || ?"
            values = () if is_json else (EVIL,)
            raw.execute(f"UPDATE {table} SET {column} = {new}", values)
    error = json.dumps({"what": f"It broke {EVIL}.", "way_out": EVIL})
    raw.execute("UPDATE runs SET state = 'failed', error = ? WHERE id = ?", (error, ids["sample"]))
    raw.commit()
    raw.close()
    for number in ids.values():
        with hand.home.log(number).open("a") as log:
            log.write(f"{EVIL}\n")
    return ids


def commands(shown):
    """Where a text gives a terminal commands."""
    return [line for line in shown.split("\n") if printable(line) != line]


def test_no_command_prints_what_a_terminal_obeys(spoiled, tmp_path):
    file = tmp_path / f"x{EVIL}.jsonl"
    file.write_text('{"prompt": "Why?"}')
    first, second = spoiled["baseline"], spoiled["student"]
    problem = "test-3"
    seen = 0
    for args in (
        ["runs"], ["score"], ["progress"], ["audit", first], ["compare", first, second],
        ["audit", first, "--problem", problem], ["audit", spoiled["cascade"]],
        *(["show", number] for number in spoiled.values()),
        *(["follow", number] for number in spoiled.values()),
        ["pause", spoiled["teach"]], ["cancel", spoiled["sample"]], ["resume", first],
        ["data", "export", spoiled["teach"], "--to", file],
        ["data", "import", file],
    ):  # fmt: skip
        for more in ([], ["--json"]):
            done = CliRunner().invoke(main, [*map(str, args), *more], prog_name="tutor")
            assert isinstance(done.exception, SystemExit | None), (args, done.exception)
            assert commands(done.output) == [], args
            seen += "pwned" in done.output
    assert seen > 50, "what is spoiled is what is shown"


async def test_no_screen_shows_what_a_terminal_obeys(spoiled, hand, opened):
    first, last = spoiled["baseline"], spoiled["cascade"]
    async with opened(hand.home) as (app, pilot):

        async def look(*keys):
            await pilot.press(*keys)
            await pilot.pause()
            assert commands(text(app)) == []
            return text(app)

        seen = ""
        for number in (first, spoiled["teach"], spoiled["sft"], spoiled["sample"], last):
            app.open_run(number)
            await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)
            for keys in (["l"], ["escape"], ["s"], ["escape"], ["enter"], ["escape"]):
                seen += await look(*keys)
        for room in (app.action_tutorial, app.action_runs):
            room()
            await pilot.pause()
            seen += await look()
        app.open_run(first)
        await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)
        await look("v")
        await look("enter")
        await until(pilot, lambda: isinstance(app.screen, Compare))
        seen += await look()
        assert "pwned" in seen, "what is spoiled is what is shown"
