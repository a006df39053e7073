"""Every place of the tutor, and how a test comes there.

A place is opened on a home in which a chain was computed and another one is under way, in the small
course of the tests. `PLACES` has one for each screen at least: `test_cut` asks for that.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.tutor.homes import Worker, write
from tests.tutor.lessons import ID
from tutor.doors import LISTED
from tutor.picture import until


def busy(hand: Worker) -> dict[str, int]:
    """A chain that has finished, and one that is under way."""
    ids = hand.chain()
    hand.submit(settings="reference")
    write(hand.begin(), "baseline", 0.4)
    return ids


def action(name: str) -> Callable:
    """Opened by an action of the app."""

    async def go(app, pilot):
        bottom = app.screen
        await app.run_action(name)
        await until(pilot, lambda: app.screen is not bottom)

    return go


def keys(*pressed: str) -> Callable:
    """Opened by keys from Home, each of which opens something."""

    async def go(app, pilot):
        for key in pressed:
            bottom = app.screen
            await pilot.press(*key.split())
            await until(pilot, lambda bottom=bottom: app.screen is not bottom)

    return go


def typed(words: str) -> Callable:
    """Typed into the line that has the focus."""

    async def go(app, pilot):
        await pilot.press(*words)
        await pilot.pause(0.3)

    return go


def step(name: str) -> Callable:
    """A step of the small lesson, ready to be worked on."""

    async def go(app, pilot):
        app.open_lesson(ID, f"{ID}/{name}")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        view = app.screen._view
        if name.startswith("question"):
            await until(pilot, lambda: view.asked is not None)
        if name.startswith("lab"):
            await until(pilot, lambda: view.figure is not None)

    return go


def then(*ways: Callable) -> Callable:
    """One after another."""

    async def go(app, pilot):
        for way in ways:
            await way(app, pilot)
            await until(pilot, lambda: getattr(app.screen, "complete", True))
            await pilot.pause()

    return go


async def exercise(app, pilot):
    """The exercise of the small lesson."""
    app.open_exercise(ID)
    await until(pilot, lambda: type(app.screen).__name__ == "ExerciseRoom")
    await until(pilot, lambda: app.screen.complete)


def run(kind: str, state: str = "finished") -> Callable:
    """The newest run of a kind in a state."""

    async def go(app, pilot):
        there = [run for run in app.seen.runs if (run.kind, run.state) == (kind, state)]
        app.open_run(there[0].id)
        await until(pilot, lambda: getattr(app.screen, "complete", False))

    return go


def form(stage: str) -> Callable:
    """The form of a task."""

    async def go(app, pilot):
        bottom = app.screen
        app.open_form(stage)
        await until(pilot, lambda: app.screen is not bottom)

    return go


def door(command: str) -> Callable:
    """What a command does, on its screen."""

    async def go(app, pilot):
        bottom = app.screen
        app.action_door(command)
        await until(pilot, lambda: app.screen is not bottom)
        await pilot.pause(0.1)

    return go


async def outline(app, pilot):
    """The steps of the small lesson."""
    app.open_outline(ID)
    await until(pilot, lambda: type(app.screen).__name__ == "Outline")
    await pilot.pause(0.1)


async def practice(app, pilot):
    """A question, again and again."""
    app.open_practice(f"{ID}/question/half")
    await until(pilot, lambda: getattr(app.screen, "complete", False))


async def chain(app, pilot):
    """Models and problems of the tutorial."""
    app.open_chain()
    await until(pilot, lambda: type(app.screen).__name__ == "Chain")


PLACES: dict[str, Callable] = {
    "home": then(),
    "tutorial": action("tutorial"),
    "runs": action("runs"),
    "score": action("score"),
    "mastery": action("mastery"),
    "settings": action("settings"),
    "welcome": action("welcome"),
    "review": action("review"),
    "help": keys("question_mark"),
    "reading": step("reading/before-half"),
    "question": step("question/half"),
    "choice": step("question/even"),
    "essay": step("question/pattern"),
    "predict": step("predict/after-one"),
    "lab": step("lab/halving"),
    "figure": then(step("lab/halving"), keys("g")),
    "exercise": exercise,
    **{f"run-{kind}": run(kind) for kind in ("evaluate", "teach", "sft", "sample", "cascade")},
    "predictions": then(run("evaluate"), keys("e")),
    "against": then(run("sample"), keys("v")),
    "compare": then(run("sample"), keys("v", "end enter")),
    "both": then(run("sample"), keys("v", "end enter", "enter")),
    "confirm": then(run("evaluate", "running"), keys("c")),
    **{f"form-{stage}": form(stage) for stage in ("quantize", "distill", "fine-tune", "cascade")},
    "chain": chain,
    "search": then(action("search"), typed("halve")),
    "search-empty": then(action("search"), typed("zzzz")),
    "outline": outline,
    "practice": practice,
    "handin": action("handin"),
    **{f"door-{each.command}": door(each.command) for each in LISTED},
}
"""By name."""
