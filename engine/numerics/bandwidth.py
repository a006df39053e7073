"""How many tokens a second a model can write at most: bytes have to be read, products computed.

    a step writes one token of every sequence
    seconds a step  >=  bytes it moves  /  bytes a second that memory gives
    seconds a step  >=  2 * weights * sequences  /  operations a second

A step reads every weight that multiplies once, however many sequences share it, and each sequence's
own keys and values. Of the embedding a token looks one row up; only where it is the output head too
is all of it read.

What is quantized is read in few bits only by a kernel that multiplies as it reads. Otherwise the
codes are read, 16-bit weights are written, and those are read again: more than 16 bits would take.

Williams et al., "Roofline: An Insightful Visual Performance Model" (2009). Programs stay below it.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.numerics.architecture import Architecture
from engine.numerics.footprint import DTYPE_BYTES, footprint


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model computes."""

    bytes_a_second: float
    """That its memory gives at most."""
    operations_a_second: float
    """Additions and multiplications, dense, in the dtype that is computed in."""


PLACES = {
    "laptop": Place(2 * 8 * 5.6e9, 8 * 4e9 * 32),
    "T4": Place(320e9, 65e12),
    "A100": Place(2039e9, 312e12),
    "H100": Place(3350e9, 989e12),
}
"""A laptop with two channels of DDR5-5600 and 8 cores at 4 GHz of 32 operations each; NVIDIA's data
sheets of T4, A100 80 GB SXM and H100 SXM for the cards."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a step cannot be faster than."""

    bytes_moved: int
    """By one step."""
    reading: float
    """Seconds to move them."""
    computing: float
    """Seconds for its products."""
    sequences: int

    @property
    def tokens_a_second(self) -> float:
        """Of all sequences together, at most."""
        return self.sequences / max(self.reading, self.computing)

    @property
    def by(self) -> str:
        """`memory` or `computing`: which of the two holds it up."""
        return "memory" if self.reading >= self.computing else "computing"


def bound(
    model: Architecture,
    precision: str,
    place: Place,
    *,
    sequences: int = 1,
    tokens: int = 0,
    fused: bool = True,
) -> Bound:
    """What holds a step up, and how much.

    Args:
        model: What writes.
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        place: Where.
        sequences: That are written at once.
        tokens: That each of them has already, keys and values of which are read.
        fused: Whether the kernel multiplies as it reads; False where quantized weights are turned
            back into 16 bits first.
    """
    kept = precision if precision in DTYPE_BYTES else "bf16"
    counted = footprint(model.weights, precision, kept)
    looked_up = 0 if model.tied else model.vocabulary * model.hidden
    moved = counted.total - looked_up * DTYPE_BYTES[kept]
    if not fused:
        moved += 2 * DTYPE_BYTES[kept] * counted.quantized_params  # written, and read again
    moved += model.kv_bytes(sequences * tokens, kept)
    return Bound(
        bytes_moved=moved,
        reading=moved / place.bytes_a_second,
        computing=2 * (model.params - looked_up) * sequences / place.operations_a_second,
        sequences=sequences,
    )
