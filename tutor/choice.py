"""What the tutorial is run with: a size, two models, and whose settings and policy hold."""

from __future__ import annotations

from dataclasses import dataclass

YOURS, REFERENCE = "yours", "reference"
"""Whose: the learner's, from `tutor.tuning`, or the reference's, which brings no points."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Names that `engine.runs.pipeline` knows; they stand on the tutorial's screen."""

    preset: str = "quick"
    """How much of everything."""
    settings: str = YOURS
    """Whose fine-tuning settings."""
    policy: str = YOURS
    """Whose K, temperature, top-p and threshold."""
    student: str = "acorn"
    """The small model."""
    teacher: str = "oak"
    """The large one."""
    device: str = "auto"
    """Where its runs compute; the learner's settings say it, not the tutorial's screen."""
