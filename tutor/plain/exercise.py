"""An exercise by prompts: a file that is edited with anything, and checked on Enter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tutor.learner import points
from tutor.plain.session import MOVES, NEXT, SKIP, Session
from tutor.report.checks import outcome, report_text, summary
from tutor.report.question import counted

if TYPE_CHECKING:
    from lessons.kit.course.exercise import Exercise
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step

WORDS = {
    "": "check the file",
    "check": "check the file",
    "edit": "open it in your editor",
    "show": "print it",
    "solution": "one way to write it; before a pass it costs half of the points",
    "reset": "begin again; what you have is kept beside it",
}


def take(session: Session, lesson: Lesson, step: Step) -> str:
    """Check the learner's file until it passes; gives where to go."""
    from lessons.kit.course import exercise as files

    exercise = lesson.exercise()
    if exercise is None:
        raise EngineError(f"The exercise of {lesson.id} has no checks.py.")
    file = files.create(session.home, exercise)
    session.say(
        f"Exercise of {lesson.title} · {counted(step.points)}",
        f"Write it in {file}\nwith anything you like, save, and press Enter here to check.",
        _docstring(exercise.shipped),
    )
    session.begin()
    while True:
        typed = session.choose(WORDS, "check, edit, show ")
        if typed in ("", "check"):
            if _check(session, step, exercise, file):
                return NEXT
        elif typed == SKIP:
            session.learner.skipped(step, session.seconds())
            return SKIP
        elif typed in MOVES:
            return MOVES[typed][0]
        elif typed == "edit":
            if not session.edit(file):
                session.say("No editor is set. Set $EDITOR, or `editor` in config.toml.")
        elif typed == "show":
            session.say(file.read_text(encoding="utf-8-sig", errors="replace").rstrip())
        elif typed == "solution":
            _solution(session, step, exercise)
        elif typed == "reset":
            _reset(session, exercise)
        else:
            session.say("`help` lists the words that work here.")


def _check(session: Session, step: Step, exercise: Exercise, file: Path) -> bool:
    report = session.grader.check(exercise, file)
    came_to = outcome(report)
    attempt = session.learner.checked(step, came_to, summary(report), session.seconds())
    session.say(report_text(report))
    if came_to == "passed":
        session.say(f"{counted(attempt.points)} of {step.points:g}.")
    return came_to == "passed"


def _solution(session: Session, step: Step, exercise: Exercise) -> None:
    place = session.learner.step(step.id)
    if place is None or not (place.opened or place.state == "done"):
        worth = counted(points.exercise(step.points, opened=True))
        said = session.choose({"yes": "", "no": ""}, f"Then {worth} are left. Open it? yes or no ")
        if said.casefold() not in ("yes", "y"):
            session.say("Not opened.")
            return
    session.learner.opened(step)
    session.say(exercise.solution.read_text(encoding="utf-8").rstrip())


def _reset(session: Session, exercise: Exercise) -> None:
    from lessons.kit.course import exercise as files

    said = session.choose({"yes": "", "no": ""}, "Begin again? yes or no ")
    if said.casefold() not in ("yes", "y"):
        session.say("Nothing was changed.")
        return
    kept = files.reset(session.home, exercise)
    session.say(f"As shipped. What you had is in {kept}." if kept else "It is as shipped.")


def _docstring(file: Path) -> str:
    """What the file as it is shipped says it is for."""
    import ast

    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8-sig"))) or ""
