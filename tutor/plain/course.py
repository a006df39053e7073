"""The course from its first step to its last, one prompt after another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.runs.home import Home
from lessons.kit.course.course import Unit
from lessons.kit.course.lesson import Lesson
from tutor.course import names as finding
from tutor.learner.attempts import DONE, Place
from tutor.learner.record import Learner
from tutor.learner.snapshot import first_open
from tutor.plain import exercise, lab, question, stages, task
from tutor.plain.review import review
from tutor.plain.session import BACK, LESSONS, MOVES, NEXT, QUIT, REVIEW, Session
from tutor.report import lessons as report
from tutor.report import markdown
from tutor.report.question import counted
from tutor.report.reviews import portion_words

if TYPE_CHECKING:
    from lessons.kit.course.steps import Step

Stop = Lesson | Unit
"""A lesson, or a unit whose stages are run."""
TAKE = {
    "predict": lab.predict,
    "lab": lab.look,
    "question": question.ask,
    "exercise": exercise.take,
    "task": task.take,
}
WELCOME = (
    "Efficient AI, in plain mode: you read, predict, try, answer and write.\n"
    "Enter goes on; `help` lists the words that work at a prompt; `quit` leaves,\n"
    "and your place is remembered."
)


def open_plain(home: Home) -> None:
    """Go through the course in this terminal or pipe, from where the learner was."""
    with Learner(home) as learner, Session(home, learner) as session:
        for complaint in session.settings.complaints:
            session.say(complaint)
        session.say(WELCOME)
        walk(session, finding.stops())


def walk(session: Session, stops: Sequence[Stop]) -> None:
    """From the place that is remembered on, until the end or `quit`."""
    settings = session.settings
    portion = session.learner.agenda.portion(
        finding.question_steps(), settings.review_session, settings.review_day
    )
    if portion.due:
        session.say(f"Reviews: {portion_words(portion)}{' `review` asks.' * bool(portion.ask)}")
    at, step = where(session.learner, stops)
    new = True
    while at < len(stops):
        stop = stops[at]
        if isinstance(stop, Unit):
            move, new = stages.take(session, stop), True
        else:
            if new:
                session.say(_arrival(session, stop, step))
            move, new = take(session, stop, stop.steps[step]), False
        if move == QUIT:
            return
        if move == REVIEW:
            review(session)
        elif move == LESSONS:
            at, step = _choose(session, stops, at, step)
            new = True
        elif move == BACK:
            at, step = _before(stops, at, step)
        elif step < _last(stop):
            step += 1
        else:
            if not isinstance(stop, Unit):
                session.say(_departure(session, stop))
            at, step, new = at + 1, 0, True
    session.say("That was the end of the course.")


def take(session: Session, lesson: Lesson, step: Step) -> str:
    """One step; gives where to go."""
    learner = session.learner
    learner.go_to(step.id)
    place = learner.step(step.id)
    if place is not None and place.changed(step.hash):
        session.say("This step has changed since you saw it. Your points stay.")
    if step.kind == "reading":
        return _read(session, step)
    if place is not None and place.done(step.hash):
        session.say(f"{report.title(step).capitalize()}: done{_points(step, place)}.")
        typed = session.choose({"": "go on", "again": "take it again"}, "Enter to go on, or again ")
        if typed in MOVES:
            return MOVES[typed][0]
        if typed != "again":
            return NEXT
    return TAKE[step.kind](session, lesson, step)


def where(learner: Learner, stops: Sequence[Stop]) -> tuple[int, int]:
    """The stop and step to begin at: the place that is remembered, or what comes after it."""
    last = learner.place()
    for at, stop in enumerate(stops):
        for position, step in enumerate(() if isinstance(stop, Unit) else stop.steps):
            if step.id == last:
                if not learner.done(step.id, step.hash):
                    return at, position
                return _open_from(learner, stops, at)
    return _open_from(learner, stops, 0)


def _open_from(learner: Learner, stops: Sequence[Stop], at: int) -> tuple[int, int]:
    """The first step that is not done, from a stop on; the course's first where all are.

    Stages are never behind: they can always be run again, in another size.
    """
    for number in (*range(at, len(stops)), *range(at)):
        stop = stops[number]
        if isinstance(stop, Unit):
            return number, 0
        step = first_open(stop, learner.steps(stop.id))
        if step is not None:
            return number, [each.id for each in stop.steps].index(step)
    return 0, 0


def _last(stop: Stop) -> int:
    """The position of its last step; a unit's stages are one."""
    return 0 if isinstance(stop, Unit) else len(stop.steps) - 1


def _read(session: Session, step: Step) -> str:
    session.say(markdown.text(step.text))
    session.begin()
    while True:
        typed = session.choose({"": "go on"})
        if typed in MOVES:
            return MOVES[typed][0]
        if not typed:
            session.learner.read(step, session.seconds())
            return NEXT
        session.say("Enter goes on; `help` lists the words that work here.")


def _choose(session: Session, stops: Sequence[Stop], at: int, step: int) -> tuple[int, int]:
    """List lessons and units with stages, and go to one; back to where it was for Enter."""
    lessons = [stop for stop in stops if not isinstance(stop, Unit)]
    units = {stop.id: number for number, stop in enumerate(stops) if isinstance(stop, Unit)}
    records = session.learner.progress(lessons).lessons
    session.say(
        report.list_text(lessons, records),
        "\n".join(f"`{id}` goes to {stops[number].name}." for id, number in units.items()),
    )
    while True:
        typed = session.choose({"": "back to where you were"}, "lesson ")
        if not typed or typed in MOVES:
            return at, step
        if typed in units:
            return units[typed], 0
        try:
            chosen = stops.index(finding.lesson(typed))
        except finding.NotThere as error:
            session.say(str(error))
            continue
        places = session.learner.steps(stops[chosen].id)
        first = first_open(stops[chosen], places)
        ids = [each.id for each in stops[chosen].steps]
        return chosen, ids.index(first) if first else 0


def _before(stops: Sequence[Stop], at: int, step: int) -> tuple[int, int]:
    if step:
        return at, step - 1
    return (at - 1, _last(stops[at - 1])) if at else (0, 0)


def _arrival(session: Session, lesson: Lesson, step: int) -> str:
    if not step:
        return report.head_text(lesson)
    points = session.learner.lesson(lesson).points
    place = f"{lesson.title}, step {step + 1} of {len(lesson.steps)}"
    return f"{place} · {points:.3g} of {lesson.points} points"


def _departure(session: Session, lesson: Lesson) -> str:
    points = session.learner.lesson(lesson).points
    said = f"End of {lesson.title}: {counted(points)} of {lesson.points}."
    places = session.learner.steps(lesson.id)
    left = [
        report.title(step)
        for step in lesson.steps
        if step.kind != "reading" and (step.id not in places or places[step.id].state != DONE)
    ]
    if left:
        said += f"\nLeft for later: {', '.join(left)}."
    return f"{said}\n\n{report.sources_text(lesson)}"


def _points(step: Step, place: Place) -> str:
    return f", {place.points:.3g} of {counted(step.points)}" if step.points else ""
