"""What the tutorial is run with: its size, models and problems, and whose settings hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.chain.tuning import Tuning
    from engine.kinds.specs import SftSpec

YOURS, REFERENCE = "yours", "reference"
"""Whose: the learner's (`tutor.tutorial.settings`), or the reference's, which brings no points."""
BUILT_IN, GSM8K = "built-in", "gsm8k"
"""Problems: the built-in generator's, or the data set from the hub; anything else is a folder."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Names that `engine.chain.pipeline` knows; they stand on the tutorial's screen."""

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
    precision: str = "nf4-dq"
    """How the weights of both are held."""
    source: str = "word_problems"
    """Where problems come from, as a DataSpec names it."""
    path: str = ""
    """The folder that they are in."""
    max_new_tokens: int | None = None
    """Where answers are cut off; None goes by who writes them."""
    code: str = YOURS
    """Whose code; of a task whose checks yours has not passed, it is the reference's anyway."""

    @property
    def problems(self) -> str:
        """Their source and folder in a word or a path, as it is typed."""
        return self.path or (GSM8K if self.source == GSM8K else BUILT_IN)

    def with_problems(self, typed: str) -> Choice:
        """The same with other problems; raises nothing, as whether they are there is seen later."""
        source = Choice().source if typed == BUILT_IN else GSM8K
        return replace(self, source=source, path="" if typed in (BUILT_IN, GSM8K) else typed)

    def with_whose(self, **whose: str) -> Choice:
        """The same with somebody else's settings, policy or code.

        The reference's own chain has all three of it: who changes one has their own code again.
        """
        return replace(self, **{"code": YOURS, **whose})


def trained(choice: Choice, tuning: Tuning) -> SftSpec:
    """The student's training as it would be asked for, to hold it against the machine."""
    from engine.kinds.specs import SftSpec

    return SftSpec(
        teach=1,
        student=choice.student,
        precision=choice.precision,
        device=choice.device,
        **tuning.sft,
    )
