"""Pictures of the program, drawn by itself: every screen of a home as an SVG.

    python -m tutor.tui.pictures FOLDER --home DIR --size 80x24

The home is opened as it is and nothing in it is changed but what opening it changes: waiting runs
get a worker. The README's picture is made with this.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from engine.runs.home import Home
from tutor.tui.app import TutorApp
from tutor.tui.screens.run import RunRoom

PATIENCE = 90.0
"""Seconds that a screen has to be complete."""


async def pictures(home: Home, folder: Path, size: tuple[int, int]) -> list[Path]:
    """Write home.svg, tutorial.svg, runs.svg, score.svg and a run-N.svg for each kind of run.

    Args:
        home: The home to show.
        folder: Where the pictures go; it is made.
        size: Columns and rows.

    Raises:
        TimeoutError: A screen was not complete in time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    app, made = TutorApp(home), []

    async def take(name: str) -> None:
        await pilot.pause()
        made.append(folder / f"{name}.svg")
        made[-1].write_text(app.export_screenshot(), encoding="utf-8")

    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.seen.machine != "")
        await take("home")
        for name in ("tutorial", "runs", "score"):
            await app.run_action(name)
            await until(pilot, lambda name=name: type(app.screen).__name__.lower() == name)
            await take(name)
            app.leave()
        newest = {run.kind: run.id for run in reversed(app.seen.runs)}
        for kind, run_id in newest.items():
            app.open_run(run_id)
            await until(pilot, lambda: isinstance(app.screen, RunRoom) and app.screen.complete)
            await take(f"run-{kind}")
            app.leave()
            await pilot.pause()
    return made


async def until(pilot: Pilot, holds: Callable[[], bool]) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: It did not come to hold within `PATIENCE`.
    """
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.01)
    await pilot.pause()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tutor.tui.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--home", help="the home to show")
    parser.add_argument("--size", default="80x24", help="columns x rows")
    asked = parser.parse_args()
    width, height = map(int, asked.size.split("x"))
    for path in asyncio.run(pictures(Home.find(asked.home), asked.folder, (width, height))):
        print(path)


if __name__ == "__main__":
    main()
