"""What the names that are typed stand for: lessons, questions, labs and exercises of the course.

A name may be as short as it is clear: `numbers/absmax/question/absmax-scale`, `absmax/absmax-scale`
and `absmax-scale` are the same question as long as no other has that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from engine.errors import EngineError

if TYPE_CHECKING:
    from lessons.kit.course.course import Unit
    from lessons.kit.course.exercise import Exercise
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.lab import Lab
    from lessons.kit.question import Variant

T = TypeVar("T")


class NotThere(EngineError):
    """No lesson, question, lab or exercise of that name, or more than one."""


@dataclass(frozen=True, slots=True)
class FoundLab:
    """A lab, and where it stands."""

    lesson: Lesson
    lab: Lab
    step: Step | None
    """Its step; None for one that is only looked at in a prediction."""
    predictions: tuple[Step, ...]
    """Steps of its lesson that ask for a number before it runs, in their order."""


def lessons() -> tuple[Lesson, ...]:
    """All lessons, in their order."""
    from lessons.kit.course.lesson import every_lesson

    return every_lesson()


def stops() -> tuple[Lesson | Unit, ...]:
    """The course in its order: of each unit its lessons, then the unit itself if it has stages."""
    from lessons.kit.course.course import load

    there, found = lessons(), []
    for unit in load().units:
        found += [each for each in there if each.id.partition("/")[0] == unit.id]
        found += [unit] if unit.stages else []
    return tuple(found)


def lesson(name: str) -> Lesson:
    """The lesson of a name: `numbers/absmax` or `absmax`.

    Raises:
        NotThere: There is none, or there are several.
    """
    return _only("lesson", name, [((_folder(each), each.id), each) for each in lessons()])


def question(name: str) -> tuple[Lesson, Step]:
    """The question step of a name.

    Raises:
        NotThere: There is none, or there are several.
    """
    return _only("question", name, _steps("question"))


def lab(name: str) -> FoundLab:
    """The lab of a name.

    Raises:
        NotThere: There is none, or there are several.
    """
    known: dict[tuple[str, str], tuple[Lesson, str]] = {}
    for each in lessons():
        for step in each.steps:
            name_of = step.name if step.kind == "lab" else step.settings.get("lab")
            if step.kind in ("lab", "predict") and name_of:
                known[each.id, name_of] = (each, name_of)
    choices = [(_names(lesson, lab, f"lab/{lab}"), (lesson, lab)) for lesson, lab in known.values()]
    within, found = _only("lab", name, choices)
    labs = within.labs()
    if found not in labs:
        raise NotThere(f"The lesson {within.id} names a lab {found!r} that it does not have.")
    steps = [step for step in within.steps if step.kind == "lab" and step.name == found]
    asked = [
        step
        for step in within.steps
        if step.kind == "predict" and step.settings.get("lab") == found
    ]
    return FoundLab(within, labs[found], steps[0] if steps else None, tuple(asked))


def exercise(name: str) -> tuple[Lesson, Step, Exercise]:
    """The exercise of a name: its lesson's.

    Raises:
        NotThere: There is none, or there are several.
    """
    known = [
        ((_folder(each), each.id, step.id), (each, step))
        for each in lessons()
        for step in each.steps
        if step.kind == "exercise"
    ]
    within, step = _only("exercise", name, known)
    found = within.exercise()
    if found is None:
        raise NotThere(f"The exercise of {within.id} has no checks.py.")
    return within, step, found


def variant(lesson: Lesson, step: Step, seed: int) -> Variant:
    """A question step as a seed has it.

    Raises:
        NotThere: The lesson names a question that it does not have.
    """
    from lessons.kit.question import variant

    functions = lesson.questions()
    if step.name not in functions:
        raise NotThere(f"The lesson {lesson.id} names a question {step.name!r} that it lacks.")
    return variant(functions[step.name], seed)


def question_steps() -> dict[str, tuple[Lesson, Step]]:
    """All question steps of the course, by id."""
    return {step.id: (each, step) for each in lessons() for step in each.steps if _asks(step)}


def _asks(step: Step) -> bool:
    return step.kind == "question"


def _steps(kind: str) -> list[tuple[tuple[str, ...], tuple[Lesson, Step]]]:
    found = []
    for each in lessons():
        for step in each.steps:
            if step.kind == kind:
                label = step.id.rsplit("/", 1)[1]
                names = (*_names(each, step.name), *_names(each, label), step.id)
                found.append((names, (each, step)))
    return found


def _names(lesson: Lesson, *names: str) -> tuple[str, ...]:
    """A name alone, behind its lesson's folder, and behind its lesson's id."""
    return tuple(
        before + name for name in names for before in ("", f"{_folder(lesson)}/", f"{lesson.id}/")
    )


def _folder(lesson: Lesson) -> str:
    return lesson.id.rpartition("/")[2]


def _only(kind: str, name: str, known: Iterable[tuple[tuple[str, ...], T]]) -> T:
    """What alone has the name; the most exact of its names first."""
    known = list(known)
    wanted = name.strip().strip("/")
    for matches in (_exactly, _without_case):
        found = [(names, each) for names, each in known if matches(wanted, names)]
        if len(found) == 1:
            return found[0][1]
        if found:
            clear = ", ".join(names[-1] for names, _ in found)
            raise NotThere(f"{name} could be several: {clear}.", "Write one of these.")
    spoken = {names[0]: None for names, _ in known}
    from difflib import get_close_matches

    if close := get_close_matches(wanted, spoken, n=3):
        way_out = f"Did you mean {' or '.join(close)}?"
    else:
        way_out = f"There are {', '.join(spoken)}." if spoken else "There is none yet."
    raise NotThere(f"There is no {kind} {name!r}.", way_out)


def _exactly(wanted: str, names: tuple[str, ...]) -> bool:
    return wanted in names


def _without_case(wanted: str, names: tuple[str, ...]) -> bool:
    return wanted.casefold() in {each.casefold() for each in names}
