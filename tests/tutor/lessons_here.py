"""A course of one lesson, which is small and lies beside the tests."""

from __future__ import annotations

from pathlib import Path

from lessons.kit.course.lesson import Lesson, read_lesson
from lessons.kit.question import variant

FOLDER = Path(__file__).parent / "a_lesson" / "numbers" / "halves"


def halves() -> Lesson:
    """The lesson numbers/halves."""
    return read_lesson(FOLDER, "numbers/halves")


def right_answer(name: str, seed: int) -> str:
    """What answers a variant of one of its questions rightly."""
    return str(variant(halves().questions()[name], seed).body.answer)
