"""Reviews in words: how much is asked, what became of a question, and the coming days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from tutor.learner.agenda import Coming, Portion

PUT_OFF = "It is asked again from tomorrow on."
SET_ASIDE = "It is set aside: no review asks it until you bring it back."
TAKEN_BACK = "Your last answer is taken back: its variant does not count."
BROUGHT_BACK = "It is asked again."
NOTHING_DONE = "There is nothing to take back: no review of today has an answer."
WIDTH = 24
"""Cells of the longest bar."""


def portion_words(portion: Portion) -> str:
    """How much a review asks of what is due, and when the rest comes; empty if nothing is due."""
    if not portion.due:
        return ""
    due = f"{questions(portion.due)} {'is' if portion.due == 1 else 'are'} due."
    if not portion.ask:
        waits = f"{questions(portion.due)} wait{'s' if portion.due == 1 else ''}"
        done = "review is" if portion.asked == 1 else f"{portion.asked} reviews are"
        return f"Today's {done} done. {waits}; {_rest(portion)}."
    if not portion.waiting:
        return due
    return f"{due} This review asks {len(portion.ask)}, the most forgotten first; {_rest(portion)}."


def left_words(portion: Portion) -> str:
    """What is still due after a review, and when it is asked; empty if nothing is."""
    if not portion.due:
        return ""
    waits = "question waits" if portion.due == 1 else "questions wait"
    return f"{portion.due} more {waits}; {_rest(portion)}."


def leech_words(lesson: Lesson, text: Step | None) -> str:
    """What is said of a question that was lost again and again."""
    where = f" in step {lesson.steps.index(text) + 1} of {lesson.title}" if text else ""
    return f"It was lost on several days. Read it up{where} first; then it is asked once a week."


def coming_text(coming: Sequence[Coming], symbols: str) -> str:
    """A bar for each of the coming days until the last with reviews, as long as it has some."""
    most = max((each.asked for each in coming), default=0)
    if not most:
        return ""
    full = "#" if symbols == "ascii" else "█"
    last = max(at for at, each in enumerate(coming) if each.asked)
    rows = []
    for each in coming[: last + 1]:
        bar = full * max(each.asked > 0, round(WIDTH * each.asked / max(most, WIDTH)))
        rows.append(f"  {_day(each.date)}  {f'{bar} {each.asked}' if each.asked else '·'}")
    return "\n".join([f"Reviews of the next {len(coming)} days", *rows])


def questions(count: int) -> str:
    """`1 question`, `3 questions`."""
    return f"{count} question{'' if count == 1 else 's'}"


def _rest(portion: Portion) -> str:
    if not portion.days:
        return "the rest can be asked today, too"
    after = "tomorrow" if portion.days == 1 else f"in {portion.days} days"
    return f"a day asks {portion.daily}, so all have been asked {after}"


def _day(day: str) -> str:
    there = date.fromisoformat(day)
    return f"{there:%a} {there.day:>2} {there:%b}"
