"""One type for every problem, whatever its data set.

The answer is in GSM8K's format (Cobbe et al., 2021): worked steps that carry calculator
annotations such as `<<12*4=48>>`, and a last line `#### 48`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A question with its worked gold answer."""

    id: str
    """Stable: the same id is the same problem on every machine."""
    question: str
    """What is asked, in plain English."""
    answer: str
    """Worked steps with annotations; the last line is `#### ` and the number."""
    gold: str
    """The number alone, as a decimal string."""
