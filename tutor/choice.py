"""What the tutorial is run with: a size, fine-tuning settings and two models."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Names that `engine.runs.pipeline` knows; they stand on the tutorial's screen."""

    preset: str = "quick"
    """How much of everything."""
    settings: str = "tuned"
    """How the student is fine-tuned."""
    student: str = "acorn"
    """The small model."""
    teacher: str = "oak"
    """The large one."""
