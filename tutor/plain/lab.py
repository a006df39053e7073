"""Predictions and labs by prompts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError, SpecError
from engine.figures import Figure
from tutor.course import measuring
from tutor.course import predictions as prediction
from tutor.course.names import FoundLab
from tutor.plain import computing
from tutor.plain.session import MOVES, NEXT, SKIP, Session
from tutor.report import markdown
from tutor.report.drawing import figures
from tutor.report.drawing.held import held
from tutor.report.question import many

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step


def predict(session: Session, lesson: Lesson, step: Step) -> str:
    """Ask for a number, then run the lab and hold one against the other."""
    from lessons.kit.answers.reading import Unreadable

    unit = step.settings["unit"]
    session.say(f"Prediction {step.name}\n{markdown.text(step.text)}")
    session.say(f"Any number will do{f', in {many(unit)}' if unit else ''}; then you see.")
    session.begin()
    while True:
        typed = session.choose({}, "prediction")
        if typed == SKIP:
            session.learner.skipped(step, session.seconds())
            return SKIP
        if typed in MOVES:
            return MOVES[typed][0]
        if not typed:
            continue
        try:
            number = prediction.read(step, typed)
        except Unreadable as error:
            session.say(f"? Not read. {error.why}")
            continue
        break
    learner = session.learner
    attempt = learner.predicted(step, typed, number.read_as, session.seconds())
    found = _found(lesson, step.settings["lab"])
    figure = _compute(session, found, step.settings["set"])
    if figure is None:
        session.say("Your number is kept; it is held against the lab when that has computed.")
        return NEXT
    compared = prediction.compare(step, float(number.value), figure)
    learner.measured(attempt, compared)
    session.say(figures.text(held(figure, [compared]), symbols=session.symbols), compared.words)
    return NEXT


def look(session: Session, lesson: Lesson, step: Step) -> str:
    """Run a lab with the values that are typed, again and again, until Enter."""
    found = _found(lesson, step.name)
    given = dict(step.settings.get("set", {}))
    about = markdown.text(f"Lab {step.name}. {found.lab.about}")
    session.say(about, controls_text(found, given))
    session.begin()
    ran = False
    while True:
        enter = "go on" if ran else "run"
        words = {"": enter, "run": "compute with the values as they are", "NAME=VALUE": "set it"}
        typed = session.choose(words, f"values, or Enter to {enter} ")
        if typed == SKIP:
            session.learner.skipped(step, session.seconds())
            return SKIP
        if typed in MOVES:
            return MOVES[typed][0]
        if not typed and ran:
            return NEXT
        try:
            given |= read_values(typed if typed != "run" else "")
            found.lab.values(given)
        except EngineError as error:
            session.say(str(error))
            continue
        figure = _compute(session, found, given)  # at its defaults, if Enter came first
        if figure is not None:
            session.learner.computed(step, values_text(found, given), session.seconds())
            values = found.lab.values(given)
            measured = measuring.measure(session.learner, lesson, found.lab, values, figure)
            drawn = figures.text(held(figure, measured), symbols=session.symbols)
            session.say(drawn, *(each.words for each in measured))
            ran = True


def read_values(typed: str) -> dict[str, str]:
    """`bits=4 outlier=10` as it is typed.

    Raises:
        SpecError: A word has no equals sign, or a quotation has no end.
    """
    import shlex

    try:
        words = shlex.split(typed)
    except ValueError as error:
        raise SpecError("values", typed, f"That cannot be read: {error}.") from error
    values = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            way_out = "Write name=value, such as bits=4."
            raise SpecError("values", word, f"{word!r} sets nothing.", way_out)
        values[name.replace("-", "_").replace(" ", "_")] = value
    return values


def controls_text(found: FoundLab, given: Mapping[str, Any]) -> str:
    """What can be set, and to what it is set now."""
    values = found.lab.values(given)
    lines = [
        f"  {each.name}={each.written(values[each.name])}  ({each.control.says()})"
        for each in found.lab.parameters
    ]
    return "\n".join(lines) or "  Nothing can be set in it."


def values_text(found: FoundLab, given: Mapping[str, Any]) -> str:
    """All values, as they could be typed."""
    values = found.lab.values(given)
    return " ".join(f"{p.name}={p.written(values[p.name])}" for p in found.lab.parameters)


def _found(lesson: Lesson, name: str) -> FoundLab:
    return FoundLab(lesson, lesson.labs()[name], None, ())


def _compute(session: Session, found: FoundLab, values: Mapping[str, Any]) -> Figure | None:
    """The figure, or what went wrong, said."""
    try:
        return computing.figure(found, values, session.home, session.say, session.bench)
    except EngineError as error:
        session.say(str(error))
        return None
