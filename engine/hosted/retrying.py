"""What to do when a request comes to nothing: wait how long, and how often.

What the service asks for is obeyed. Where it asks for nothing, the wait doubles from try to try
and is drawn anew each time between nothing and that much ("full jitter"), so that many who failed
at the same moment do not come back at the same moment.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

FIRST_SECONDS = 2.0
LONGEST_SECONDS = 60.0
"""Of a wait that the service did not ask for."""
JITTER_SECONDS = 0.5
"""Added at most to a wait that it did ask for."""


class Trouble(Exception):
    """A request that came to nothing, and may do better next time."""

    def __init__(
        self,
        reason: str,
        *,
        says: str = "",
        after: float | None = None,
        full: bool = False,
        day: bool = False,
    ) -> None:
        """Say what happened, in words of our own, so that the like of it can be counted.

        Args:
            reason: Such as `server error 503`.
            says: What the service says of it, shortened, and without secrets.
            after: Seconds that the service asks to wait; None where it asks for nothing.
            full: A limit of the service is reached, so that nobody else should ask either.
            day: That limit is the day's.
        """
        super().__init__(reason)
        self.reason = reason
        self.says = says
        self.after = after
        self.full = full
        self.day = day

    def told(self) -> dict[str, Any]:
        """What it was made of, as JSON holds it."""
        names = ("reason", "says", "after", "full", "day")
        return {name: getattr(self, name) for name in names}


def seconds(trouble: Trouble, tries: int, rng: Random) -> float:
    """How long to wait before the next try.

    Args:
        trouble: What happened.
        tries: How often it has been tried, 1 at least.
        rng: Draws the jitter.
    """
    if trouble.after is not None:
        return trouble.after + rng.uniform(0, JITTER_SECONDS)
    return rng.uniform(0, min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** (tries - 1)))


def duration(text: object) -> float | None:
    """Seconds of a duration as JSON holds it, such as `27s` or `1.5s`; None where it is none."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]*)?)s", text) if isinstance(text, str) else None
    return float(found[1]) if found else None
