"""What the tutorial is run with: a size, fine-tuning settings, a threshold and two models."""

from __future__ import annotations

from dataclasses import dataclass

THRESHOLDS = (0.2, 0.4, 0.5, 0.6, 0.8, 1.0)
"""The thresholds that the tutorial's screen offers."""


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
    threshold: float = 0.5
    """The least share of votes that keeps the student's answer in the cascade."""
    device: str = "auto"
    """Where its runs compute; the learner's settings say it, not the tutorial's screen."""
