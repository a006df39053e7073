"""The course in words: rows of Home's tree, and what is said of the marked one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.course.sources import about_documents
from tutor.report.reviews import portion_words, questions
from tutor.tui.words.prose import Part, Prose, plain

if TYPE_CHECKING:
    from lessons.kit.course.course import Unit
    from tutor.course.syllabus import Entry, Syllabus
    from tutor.tutorial.tasks import Task

FAINT = "$foreground 60%"
GLYPHS = {"new": "○", "begun": "◐", "done": "●"}
"""How far a lesson is; the points beside it say the same."""


def lesson_row(entry: Entry) -> tuple[str, str]:
    """Both ends of a lesson's row."""
    if entry.record is None:
        return f"  ! {entry.title}", "cannot be read"
    record = entry.record
    far = f"{record.points:.3g}/{record.of:g}" if record.state != "new" else ""
    return f"  {GLYPHS[record.state]} {entry.title}", far


def unit_row(unit: Unit, entries: tuple[Entry, ...], stages: str = "") -> tuple[str, str]:
    """Both ends of a unit's row.

    Args:
        unit: The unit.
        entries: Its lessons.
        stages: How far its stages are; empty where it has none.
    """
    states = [entry.record.state if entry.record else "new" for entry in entries]
    states += [stages] if stages else []
    state = "done" if set(states) == {"done"} else "new" if set(states) <= {"new"} else "begun"
    lessons = f"{states[: len(entries)].count('done')} of {len(entries)}" if entries else ""
    return f"{GLYPHS[state]} {unit.name}", lessons


def continue_words(course: Syllabus) -> str:
    """What Enter on the first row does: `Zero-point, step 4 of 9`."""
    entry = course.goes_on()
    if entry is None:
        return ""
    if entry.record.state == "new" and course.step_of(entry) == 0:
        return f"{'Begin with' if course.new else 'Next'}: {entry.title}"
    return f"{entry.title}, step {course.step_of(entry) or 1} of {len(entry.lesson.steps)}"


def about_lesson(entry: Entry, course: Syllabus) -> Prose:
    """What one will be able to do, how long it takes, what it needs, and where it is from."""
    if entry.lesson is None:
        return (Part(Content.styled(entry.title, "bold")), Part(Content(entry.trouble)))
    lesson = entry.lesson
    parts = [
        _title(lesson.title, lesson.minutes, lesson.points),
        *_listed("You will be able to", lesson.can),
    ]
    if lesson.needs:
        names = []
        for id in lesson.needs:
            needed = course.entry(id)
            state = needed.record.state if needed and needed.record else "new"
            names.append(f"{needed.title if needed else id} {GLYPHS[state]}")
        parts.append(_labelled("Needs", ", ".join(names)))
    if left := _left(entry):
        parts.append(_labelled("Left to do", left))
    if entry.slips:
        said = ", ".join(f"{slip.name} ({slip.variants} of {slip.of})" for slip in entry.slips[:3])
        parts.append(_labelled("Shaky here", said))
    parts += _listed("From", lesson.sources)
    if said := about_documents(lesson.sources):
        parts.append(Part(Content.styled(said, FAINT)))
    return tuple(parts)


def _left(entry: Entry) -> str:
    """What is left of a lesson that was begun; empty where nothing is, or all of it."""
    record = entry.record
    if record is None or record.state == "new":
        return ""
    steps, points = record.steps - record.done, record.of - record.points
    said = [f"{steps} step{'s' if steps > 1 else ''}"] if steps else []
    said += [f"{points:.3g} point{'s' if points > 1 else ''}"] if points > 0 else []
    return f"{' and '.join(said)}; o lists them" if said else ""


def about_unit(unit: Unit, entries: tuple[Entry, ...]) -> Prose:
    """What a unit is about."""
    minutes = sum(e.lesson.minutes for e in entries if e.lesson) or unit.minutes
    about = Part(Content(unit.about))
    return (_title(unit.name, minutes), about, *_listed("You will be able to", unit.can))


def about_tasks(unit: Unit, tasks: Sequence[Task]) -> Prose:
    """The tasks of a unit with their points."""
    lines = [f"{t.name}  {t.points:g} of {t.of:g}" for t in tasks]
    return (_title("The five tasks", unit.minutes), *_listed("Points", lines))


def about_due(course: Syllabus) -> Prose:
    """Which questions are due."""
    if not course.ready:
        return plain("What is due is being read …")
    if not course.review.due:
        return plain("Questions come back here after days, each as a fresh variant.")
    names = [due.step.rpartition("/")[2] for due in course.review.ask[:10]]
    if len(course.review.ask) > len(names):
        names.append(f"and {len(course.review.ask) - len(names)} more")
    said = plain(portion_words(course.review))
    return (*said, *_listed("The next of them", names)) if names else said


def due_row(course: Syllabus) -> str:
    """How much there is to review today: `3 questions due`, `40 of 92 today`."""
    if not course.ready:
        return "…"
    due, today = course.review.due, course.review.today
    if not due:
        return "nothing due"
    if not today:
        return f"done for today; {due} wait{'s' if due == 1 else ''}"
    return f"{questions(due)} due" if today == due else f"{today} of {due} today"


def _title(name: str, minutes: int, points: int = 0) -> Part:
    more = f"  {minutes} min" + (f" · {points} points" if points else "")
    return Part(Content.assemble((name, "bold"), (more, FAINT)))


def _labelled(label: str, words: str) -> Part:
    return Part(Content.assemble((f"{label}  ", FAINT), words), rest=" " * (len(label) + 2))


def _listed(label: str, lines: Iterable[str]) -> Prose:
    items = (Part(Content(each), "· ", "  ", close=True) for each in lines)
    return (Part(Content.styled(label, FAINT)), *items)
