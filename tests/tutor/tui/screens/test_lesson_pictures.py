"""Every screen of the lessons as a picture at 80x24: dark, light, and without colour.

A change that is meant is taken over with `pytest --snapshot-update` on this file, after a look.
"""

from functools import partial
from random import Random

import pytest

from engine.machine import Machine
from engine.runs.home import Home as Folder
from lessons.kit import question
from lessons.kit.answers.grading import grade
from lessons.kit.display import answer_text
from tests.tutor.lessons import ID, record, teach
from tests.tutor.settling import settle
from tutor.config import Config
from tutor.learner.record import Learner
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.screens.ask import Ask
from tutor.tui.screens.exercise import ExerciseRoom
from tutor.tui.widgets.rows import Rows

NOW = 1_790_000_000.0
MODES = {"dark": "dark", "light": "light", "no-colour": "dark"}


@pytest.fixture(params=MODES)
def app(request, hand, monkeypatch, lent_bench):
    """The tutor on a home whose clock and chance stand still, in one of the modes."""
    for named in ("NO_COLOR", "VISUAL", "EDITOR"):
        monkeypatch.delenv(named, raising=False)
    if request.param == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere/config")
    monkeypatch.setattr(
        "tutor.tui.widgets.editor.find_spec", lambda name: None
    )  # no extra `syntax`
    monkeypatch.setattr(
        "tutor.tutorial.reader.machine", lambda *_: Machine(2, 12 * 2**30, 9 * 2**30, ())
    )
    machine = Machine(cores=2, memory=12 * 2**30, available=9 * 2**30, cards=())
    monkeypatch.setattr("tutor.tui.classroom.classroom.machine", lambda *_: machine)
    still = partial(Learner, clock=lambda: NOW, rng=Random(3))
    monkeypatch.setattr("tutor.tui.classroom.classroom.Learner", still)
    app = TutorApp(hand.home, Config(theme=MODES[request.param]))
    app.lesson = teach(monkeypatch)
    return app


@pytest.fixture
def looks(app, snap_compare):
    """Whether the screen looks as it did, after something was done."""

    def compare(*steps, size=(80, 24)):
        async def before(pilot):
            await until(pilot, lambda: app.seen.machine != "" and app.course.ready)
            for step in steps:
                await step(app, pilot)
                await settle(pilot)

        return snap_compare(app, terminal_size=size, run_before=before)

    return compare


def lesson_at(step):
    """Opens the lesson at a step, ready for the first key."""

    async def go(app, pilot):
        app.open_lesson(ID, f"{ID}/{step}")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        if step.startswith("question"):
            await until(pilot, lambda: app.screen._view.asked is not None)
            await until(pilot, lambda: app.focused is app.screen._view._field)
        if step.startswith("lab"):
            await until(pilot, lambda: app.screen._view.figure is not None)

    return go


def answers(right, *, times=1):
    """Types an answer, right or 0, and has it graded."""

    async def go(app, pilot):
        view = app.screen._view
        made = question.variant(app.lesson.questions()[view.step.name], view.asked.sitting.seed)
        typed = answer_text(made.body) if right else str(4 * int(answer_text(made.body)))
        for _ in range(times):
            before = view.told
            await pilot.press(*typed)
            await pilot.press("enter")
            await until(pilot, lambda before=before: view.told is not before)

    return go


def presses(*keys, until_says=""):
    """Presses keys, and waits until the step or the screen says something."""

    async def go(app, pilot):
        from tests.tutor.looking import text

        await pilot.press(*keys)
        await until(pilot, lambda: until_says in text(app))

    return go


def opens(action):
    """Opens a room by its action, and waits until it is complete."""

    async def go(app, pilot):
        bottom = app.screen
        await app.run_action(action)
        await until(pilot, lambda: app.screen is not bottom)
        await until(pilot, lambda: getattr(app.screen, "complete", True))

    return go


def missed(app, name="half", typed="0"):
    """Three misses of a question, long enough ago that it is due."""
    step = app.lesson.step(f"question/{name}")
    with record(app.home) as learner:
        learner._clock, learner._rng = (lambda: NOW - 86_400), Random(5)
        sitting = learner.sitting(step, name)
        variant = question.variant(app.lesson.questions()[name], sitting.seed)
        for _ in range(3):
            learner.answer(step, sitting, typed, grade(variant, typed), 40)


def test_home(app, looks):
    missed(app)
    assert looks()


def test_reading(looks):
    assert looks(lesson_at("reading/before-half"))


def test_question(looks):
    assert looks(lesson_at("question/half"))


def test_question_with_a_slip(looks):
    assert looks(
        lesson_at("question/half"), answers(False), presses("h", "enter", until_says="Hint 1")
    )


def test_question_answered(looks):
    assert looks(lesson_at("question/half"), answers(True))


def test_question_missed_three_times(looks):
    assert looks(lesson_at("question/half"), answers(False, times=3))


def test_choice(looks):
    assert looks(lesson_at("question/even"), presses("a"))


def test_bits_half_typed(looks):
    assert looks(lesson_at("question/pattern"), presses("1", "0", until_says="2 are typed"))


def test_prediction(looks):
    compared = presses("6", "0", "enter", until_says="20% off")
    assert looks(lesson_at("predict/after-one"), compared)


def test_lab_with_a_pin(looks):
    assert looks(lesson_at("lab/halving"), presses("x", "left", until_says="halved 2 times."))


def test_figure(looks):
    assert looks(lesson_at("lab/halving"), presses("g", until_says="› halving"))


def test_end_of_the_lesson(looks):
    async def at_the_end(app, pilot):
        with record(app.home) as learner:
            for step in app.lesson.steps:
                learner.attempt(step, outcome="right", points=step.points)
        await lesson_at("reading/end")(app, pilot)

    assert looks(at_the_end, presses("enter", until_says="The end of this lesson"))


def test_exercise(looks):
    async def checked(app, pilot):
        step = app.lesson.step("exercise/exercise")
        app.push_screen(ExerciseRoom(app.lesson, step))
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.screen.report is not None)

    assert looks(checked, presses(until_says="0 of 2 checks passed."))


def opens_exercise(*keys, until_says):
    async def go(app, pilot):
        app.push_screen(ExerciseRoom(app.lesson, app.lesson.step("exercise/exercise")))
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        await presses(*keys, until_says=until_says)(app, pilot)

    return go


def test_beginning_an_exercise_again_asks_first(looks):
    assert looks(opens_exercise("escape", "R", until_says="Begin the file anew?"))


def test_review(app, looks):
    missed(app)

    async def ready(app, pilot):
        await until(pilot, lambda: app.screen._view.asked is not None)
        await until(pilot, lambda: app.focused is app.screen._view._field)

    assert looks(opens("review"), ready)


def test_progress(app, looks):
    missed(app)
    assert looks(opens("mastery"))


def test_settings(app, looks):
    async def elsewhere(app, pilot):
        app.home = Folder("/nowhere/tutor")

    assert looks(elsewhere, opens("settings"))


def test_one_line_to_type(looks):
    async def the_editor(app, pilot):
        rows = app.screen.query_one(Rows)
        while rows.value != "editor":
            await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Ask))

    async def elsewhere(app, pilot):
        app.home = Folder("/nowhere/tutor")

    assert looks(elsewhere, opens("settings"), the_editor)


def test_welcome(looks):
    assert looks(opens("welcome"))


def test_search(looks):
    async def half(app, pilot):
        await pilot.press("slash")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        await pilot.press(*"half")

    assert looks(half)


def test_the_outline_of_a_lesson(looks):
    async def outline(app, pilot):
        await pilot.press("o")
        await until(pilot, lambda: getattr(app.screen, "complete", False))

    assert looks(outline)


def test_jump_mode(looks):
    assert looks(presses("f3"))
