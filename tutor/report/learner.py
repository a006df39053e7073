"""What the learner has mastered, what is shaky, which slips recur, and when they were at it."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from tutor.learner.mastery import CLEAN, SHAKY
from tutor.report import markdown
from tutor.report.paragraphs import prose_width, room
from tutor.report.question import counted, when
from tutor.report.reviews import coming_text
from tutor.report.table import table

if TYPE_CHECKING:
    from tutor.learner.agenda import Due
    from tutor.learner.mastery import Slip
    from tutor.learner.measurements import Tally
    from tutor.learner.snapshot import Day, Snapshot

SHADES = {"block": "·░▒▓█", "ascii": ".-+*#"}
"""From a day on which nothing was done to a busy one."""
STEPS_OF_TIME = (1, 15 * 60, 30 * 60, 60 * 60)
"""Seconds from which a day's shade is the next one."""
WEEKS = 16
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def progress_text(seen: Snapshot, symbols: Literal["block", "ascii"] = "block") -> str:
    """All of it."""
    if not (seen.days or seen.notes):
        return "Nothing yet. `tutor --plain`, or `tutor` alone, begins the course."
    done = sum(each.state == "done" for each in seen.lessons)
    rows = [
        ("lessons", f"{done} of {len(seen.lessons)} done"),
        ("points", f"{seen.points:.4g} of {seen.of:g}"),
        ("time spent", time_words(seen)),
        ("predictions", predictions(seen.predictions)),
        ("due for review", due_words(seen)),
        ("mastered", mastered_words(seen)),
        ("shaky", names(seen.shaky, "nothing")),
    ]
    if seen.reviews.leeches:
        rows.append(("read up", leeches(seen)))
    if seen.reviews.set_aside:
        rows.append(("set aside", names(seen.reviews.set_aside)))
    parts = ["\n".join(_row(*row) for row in rows)]
    if text := coming_text(seen.reviews.coming, symbols):
        parts.append(text)
    if seen.slips:
        parts.append("Slips that recur\n" + "\n".join(slip_text(slip) for slip in seen.slips))
    if said := about_record(seen):
        parts.append("About your record\n" + "\n".join(map(_note, said)))
    today = date.fromtimestamp(seen.at)
    return "\n\n".join([*parts, heat_text(seen.days, today, SHADES[symbols])])


def slip_text(slip: Slip) -> str:
    """A slip with what to remember about it."""
    head = f"  {slip.name}, in {_question(slip.step)}: on {slip.variants} of {slip.of} variants"
    return head + "\n" + textwrap.indent(markdown.text(slip.says, prose_width(76) - 4), "    ")


def heat_text(days: Sequence[Day], today: date, shades: str, weeks: int = WEEKS) -> str:
    """The last weeks, a column each, Monday on top; and the same in words."""
    by_date = {day.date: day for day in days}
    monday = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    grid = []
    for weekday, name in enumerate(DAYS):
        dates = [monday + timedelta(days=weekday + 7 * week) for week in range(weeks)]
        cells = [_shade(by_date.get(str(each)), shades) if each <= today else " " for each in dates]
        grid.append(f"  {name}  {' '.join(cells)}".rstrip())
    shown = [day for day in days if str(monday) <= day.date <= str(today)]
    told = [
        f"{_day(day.date)} {f'{spent(day.seconds)}, ' if day.seconds else ''}"
        f"{_counted(day.attempts, 'step')}"
        for day in shown[-7:]
    ]
    title = f"Days of the last {weeks} weeks: {len(shown)} with work on them"
    legend = f"  {shades[0]} none  {shades[1]} under 15 min  {shades[2]} under 30 min  "
    legend += f"{shades[3]} under an hour  {shades[4]} more"
    legend = textwrap.fill(legend, prose_width(80), subsequent_indent="  ")
    return "\n".join([title, *grid, legend, *(f"  {each}" for each in told)])


def due_text(due: Sequence[Due], titles: dict[str, str]) -> str:
    """The questions that are due."""
    rows = [
        (
            _question(each.step),
            titles.get(each.step, ""),
            f"{each.recall:.0%}",
            f"{_counted(each.slips, 'slip')} lately" if each.slips else "",
        )
        for each in due
    ]
    return table(rows, ("question", "lesson", "recall", ""), right=(2,), width=room())


def due_words(seen: Snapshot) -> str:
    """`3 questions`, or when the next one comes."""
    if seen.due:
        return f"{_counted(seen.due, 'question')}: tutor review"
    if seen.next_due is None:
        return "nothing"
    return f"nothing; the next question {when(seen.next_due, seen.at)}"


def about_record(seen: Snapshot) -> tuple[str, ...]:
    """What is to be said of the record itself, a paragraph each."""
    if not seen.gone:
        return seen.notes
    shown = [f"{_question(each.step)} ({counted(each.points)})" for each in seen.gone[:5]]
    if more := len(seen.gone) - len(shown):
        shown.append(f"and {more} more")
    what = _counted(len(seen.gone), "step")
    verb = "is" if len(seen.gone) == 1 else "are"
    said = (
        f"{what} that you have done {verb} no longer in the course, and {verb} not counted above: "
        f"{', '.join(shown)}."
    )
    return (*seen.notes, said)


def leeches(seen: Snapshot) -> str:
    """Questions that were lost again and again."""
    return f"{names(seen.reviews.leeches)}: lost on several days, asked once a week"


def time_words(seen: Snapshot) -> str:
    """`2 h 5 min`, or why it is not known."""
    if seen.days and not seen.seconds:
        return "not known: what is done in one line shows no time"
    return spent(seen.seconds)


def mastered_words(seen: Snapshot) -> str:
    """Questions by their short names, and how many were mastered until they fell due."""
    due = sum(
        each.clean >= CLEAN and each.state != SHAKY and each.due is not None and each.due <= seen.at
        for each in seen.standings
    )
    if not due:
        return names(seen.mastered)
    again = f"{due} {'is' if due == 1 else 'are'} due again"
    return f"{names(seen.mastered, 'none now')}; {again}"


def predictions(tally: Tally) -> str:
    """`5 named, 3 within their tolerance, 1 not measured yet`."""
    if not tally.named:
        return "none yet"
    parts = [f"{tally.named} named", f"{tally.near} within their tolerance"]
    if left := tally.named - tally.measured:
        parts.append(f"{left} not measured yet")
    return ", ".join(parts)


def names(steps: Sequence[str], none: str = "none yet") -> str:
    """Questions by their short names."""
    return ", ".join(map(_question, steps)) or none


def spent(seconds: float) -> str:
    """`2 h 5 min`, `40 s`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _note(note: str) -> str:
    return textwrap.fill(note, prose_width(), initial_indent="  ", subsequent_indent="  ")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _row(label: str, value: str) -> str:
    wide, before = prose_width(80), f"{label:<16}"
    return textwrap.fill(value, wide, initial_indent=before, subsequent_indent=" " * 16)


def _shade(day: Day | None, shades: str) -> str:
    if day is None:
        return shades[0]
    return shades[max(1, sum(day.seconds >= each for each in STEPS_OF_TIME))]


def _day(day: str) -> str:
    return time.strftime("%a %d %b", date.fromisoformat(day).timetuple())


def _question(step: str) -> str:
    lesson, _, name = step.rsplit("/", 2)
    return f"{lesson.rpartition('/')[2]}/{name}"
