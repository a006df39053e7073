"""What a walk through the tutor did, and what it found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a walk did and found."""

    moves: Counter = field(default_factory=Counter)
    places: Counter = field(default_factory=Counter)
    """Moves made on each screen."""
    quits: int = 0
    """How often it asked to be closed."""
    named: int = 0
    """Keys that the footer named, pressed."""
    homeward: int = 0
    """How often `escape` was pressed until this was Home."""
    most: int = 0
    """Presses of `escape` that it took at most, beyond one for each screen and window."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """A line for each count."""
        moves = ", ".join(f"{count:,} {name}" for name, count in self.moves.most_common())
        places = ", ".join(f"{name} {count:,}" for name, count in self.places.most_common())
        return (
            f"{self.moves.total():,} moves: {moves}\non {len(self.places)} screens: {places}\n"
            f"{self.named:,} keys of the footer; {self.homeward} times home by escape, "
            f"at most {self.most} presses more than screens\n{len(self.faults)} faults"
        )
