"""Every place of the tutor, and how a test comes there.

A place is opened on a home in which a chain was computed and another one is under way, in the small
course of the tests. `PLACES` has one for each screen at least: `test_cut` asks for that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from textual.widgets import Input

from tests.tutor.homes import Worker, write
from tests.tutor.lessons import ID
from tests.tutor.looking import text
from tutor.tui.doors import LISTED
from tutor.tui.pictures import until


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


async def taken(app, pilot):
    """Asked before a file is replaced that is there already."""
    file = app.home.path / "there.ipynb"
    file.touch()
    app.screen.query_one(Input).value = str(file)
    await keys("enter")(app, pilot)


async def editor(app, pilot):
    """The line in which the learner's editor is typed."""
    app.open_setting("editor")
    await until(pilot, lambda: app.focused is not None)
    await keys("enter")(app, pilot)


def chosen(name: str, shown: str) -> Callable:
    """The tutorial after a key that chooses something, until that is shown."""

    async def go(app, pilot):
        await action("tutorial")(app, pilot)
        await pilot.press(*name.split())
        await until(pilot, lambda: shown in text(app))

    return go


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to be."""

    screen: str
    """Its module and class."""
    go: Callable
    """Comes there from Home, with (app, pilot)."""


def _each(screen: str, prefix: str, ways: Mapping[str, Callable]) -> dict[str, Place]:
    return {f"{prefix}-{name}": Place(screen, go) for name, go in ways.items()}


BEHIND = {
    "audit": "which:Which", "compare": "which:Which", "data export": "which:Which",
    "models": "reading:Reading", "info": "reading:Reading",
}  # fmt: skip
"""What a function opens that stands behind a door."""


def called(screen: type) -> str:
    """A screen's module and class."""
    module = screen.__module__
    room = module.partition(".screens.")[2] or module.rpartition(".")[2]
    return f"{room}:{screen.__name__}"


PLACES: dict[str, Place] = {
    "home": Place("home:Home", then()),
    "home-jump": Place("jump:Jump", keys("f3")),
    "tutorial": Place("tutorial:Tutorial", action("tutorial")),
    "tutorial-cancel": Place("confirm:Confirm", then(action("tutorial"), keys("c"))),
    "tutorial-read": Place("reading:Reading", then(action("tutorial"), keys("s"))),
    "runs": Place("runs:Runs", action("runs")),
    "score": Place("score:Score", action("score")),
    "mastery": Place("mastery:Mastery", action("mastery")),
    "settings": Place("settings:Settings", action("settings")),
    "settings-editor": Place("ask:Ask", editor),
    "welcome": Place("welcome:Welcome", action("welcome")),
    "review": Place("review:Review", action("review")),
    "help": Place("reading:Reading", keys("question_mark")),
    "reading": Place("lesson:LessonRoom", step("reading/before-half")),
    "question": Place("lesson:LessonRoom", step("question/half")),
    "question-jump": Place("jump:Jump", then(step("question/half"), keys("f3"))),
    "choice": Place("lesson:LessonRoom", step("question/even")),
    "essay": Place("lesson:LessonRoom", step("question/pattern")),
    "predict": Place("lesson:LessonRoom", step("predict/after-one")),
    "lab": Place("lesson:LessonRoom", step("lab/halving")),
    "figure": Place("figure:FigureRoom", then(step("lab/halving"), keys("g"))),
    "figure-save": Place("ask:Ask", then(step("lab/halving"), keys("g", "s"))),
    "exercise": Place("exercise:ExerciseRoom", exercise),
    "exercise-anew": Place("confirm:Confirm", then(exercise, keys("escape R"))),
    **_each(
        "run:RunRoom", "run", {k: run(k) for k in ("evaluate", "teach", "sft", "sample", "cascade")}
    ),
    "run-log": Place("reading:Reading", then(run("sft"), keys("l"))),
    "run-read": Place("reading:Reading", then(run("sft"), keys("s"))),
    "predictions": Place("predictions:Predictions", then(run("evaluate"), keys("e"))),
    "against": Place("which:Which", then(run("sample"), keys("v"))),
    "compare": Place("compare:Compare", then(run("sample"), keys("v", "end enter"))),
    "both": Place("both:Both", then(run("sample"), keys("v", "end enter", "enter"))),
    "confirm": Place("confirm:Confirm", then(run("evaluate", "running"), keys("c"))),
    **_each(
        "form:Form",
        "form",
        {name: form(name) for name in ("quantize", "distill", "fine-tune", "cascade")},
    ),
    "chain": Place("chain:Chain", chain),
    "search": Place("search:Search", then(action("search"), typed("halve"))),
    "search-empty": Place("search:Search", then(action("search"), typed("zzzz"))),
    "outline": Place("outline:Outline", outline),
    "practice": Place("practice:Practice", practice),
    "handin": Place("handin.room:HandIn", action("handin")),
    "handin-taken": Place("confirm:Confirm", then(door("export"), taken)),
    **{
        f"door-{each.command}": Place(BEHIND.get(each.command, each.opens), door(each.command))
        for each in LISTED
    },
    "data-out": Place("handin.data:Out", then(door("data export"), keys("enter"))),
    "tutorial-all": Place("confirm:Confirm", then(chosen("z", "● full"), keys("a"))),
}
"""By name."""
