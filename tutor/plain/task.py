"""A task of the tutorial at a prompt: how it stands, and `run` runs it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tutor.plain.session import MOVES, NEXT, Session

if TYPE_CHECKING:
    from lessons.kit.course.course import Stage
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from tutor.tutorial.reader import Reader
    from tutor.tutorial.snapshot import Snapshot


def take(session: Session, lesson: Lesson, step: Step) -> str:
    """Say how a task stands, and run it where that is wished."""
    from lessons.kit.course.course import load
    from tutor.tutorial import stages as progress
    from tutor.tutorial.reader import Reader

    stage = load().unit(lesson.id.partition("/")[0]).stage(step.name)
    session.begin()
    with closing(Reader(session.home)) as reader:
        while True:
            seen = reader.look(None, session.settings.device)
            place = progress.standing(stage, seen)
            session.say(task_text(stage, seen))
            if place.state == "finished":
                session.learner.computed(step, f"run {place.run.id}", session.seconds())
            words = {"": "go on", "run": "run this task and what it needs"}
            typed = session.choose(words, "Enter to go on, or run ")
            if typed in MOVES:
                return MOVES[typed][0]
            if not typed:
                return NEXT
            if typed == "run":
                _run(session, reader, stage)


def task_text(stage: Stage, seen: Snapshot) -> str:
    """What a task is, how it stands, and what it is worth."""
    from tutor.tutorial import run_words as wording
    from tutor.tutorial import stages as progress
    from tutor.tutorial.task_words import points, whose

    place = progress.standing(stage, seen)
    word = wording.STATES.get(place.state, ("", "not run yet", ""))[1]
    lines = [f"Task {stage.name}: {word}. {place.result}".rstrip(), stage.about]
    if place.task is not None:
        lines.append(f"{points(place.task)} · {whose(place.task, seen)}")
    return "\n".join(lines)


def _run(session: Session, reader: Reader, stage: Stage) -> None:
    from tutor.report.follow import follow_to_end

    try:
        ids = reader.chain().start(stage.runs)
        session.say(f"Runs {', '.join(map(str, ids.values()))}. Ctrl-C leaves them going on.")
        for at, number in enumerate(ids.values(), 1):
            run = follow_to_end(reader.client, number, session.say, stage=f"{at}/{len(ids)}")
            if run.state != "finished":
                return
    except EngineError as error:
        session.say(str(error))
    except KeyboardInterrupt:
        session.say("The runs go on without you.")
