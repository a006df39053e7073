"""How much a chain is taught and judged on, and how sure its scores can be then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.chain.pipeline import PRESETS, Preset
from engine.evaluation.statistics import wilson

MEANS_SOMETHING = PRESETS["full"]
"""Below its numbers, a student's score says little about its training."""
JUDGED_ON = ("baseline", "student", "teacher")
"""Stages that judge a model on the test problems; they are the same for all."""


@dataclass(frozen=True, slots=True)
class Size:
    """Of a chain, as its specs have it."""

    taught: int
    """Training questions put to the teacher; at most so many answers are learnt from."""
    judged: int
    """Test problems."""

    @property
    def small(self) -> bool:
        """Whether it is too small for its scores to tell trainings apart."""
        full = MEANS_SOMETHING
        return self.taught < full.teacher_questions or self.judged < full.test_problems

    @property
    def widest(self) -> tuple[float, float, float]:
        """The score whose 95% interval is the widest, with its ends: that of one half."""
        right = self.judged // 2
        return (right / self.judged, *wilson(right, self.judged))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        score, low, high = self.widest
        widest = {"em": score, "low": low, "high": high}
        return {"taught": self.taught, "judged": self.judged, "small": self.small, "widest": widest}


def of_preset(preset: Preset) -> Size:
    """That of a chain with a preset's numbers."""
    return Size(preset.teacher_questions, preset.test_problems)


def size(specs: Mapping[str, Mapping[str, Any]]) -> Size | None:
    """That of a chain; None where too little of it is known.

    Args:
        specs: The specs of its stages, by their names; some may be left out.
    """
    judged = next((specs[name] for name in JUDGED_ON if specs.get(name)), None)
    taught = specs.get("teach")
    if not judged or not taught:
        return None
    return Size(taught["data"]["limit"], judged["data"]["limit"])
