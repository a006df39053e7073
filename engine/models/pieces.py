"""A batch in as many pieces as memory asks for: halved until one has room.

Each sample is drawn by a stream of random numbers of its own, so what shares its piece decides
nothing of it but rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine import machine_probe
from engine.device_errors import first_line, out_of_memory
from engine.errors import NotEnoughMemory
from engine.models.batches import Batch
from engine.models.precision import Fallback
from engine.models.sampling import Sample

Generate = Callable[[Batch], list[Sample]]
"""Answers all problems of a batch at once."""
Tell = Callable[[int, Fallback], None]
"""Told the number of problems that are asked together from now on, and what to say of it."""


def in_pieces(
    generate: Generate,
    batch: Batch,
    together: int,
    tell: Tell,
    make_room: Callable[[], bool] = lambda: False,
) -> list[Sample]:
    """Answer a batch, at most `together` problems at once; the whole of it in pieces of one size.

    Args:
        generate: Answers a batch.
        batch: All that is to be answered.
        together: Problems at once, to begin with.
        tell: Told each time that it takes fewer.
        make_room: Called before that; whether it could free anything, so that as many as before
            are tried once more.

    Returns:
        As if the batch had been generated whole.

    Raises:
        NotEnoughMemory: There is none for a single problem.
    """
    together = min(together, len(batch.problems))
    while True:
        try:
            return [sample for piece in pieces(batch, together) for sample in generate(piece)]
        except Exception as error:
            if not out_of_memory(error):
                raise
            why = first_line(error)
            if together == 1:
                raise NotEnoughMemory(
                    f"There was not enough memory to answer a single problem: {why}",
                    "Close other programs, or lower max_new_tokens or the samples of a problem.",
                ) from error
        # Out here, as the error holds on to the frames, and they to what has filled the memory.
        more = make_room()
        machine_probe.release()
        if not more:
            fewer = -(-together // 2)
            tell(fewer, Fallback(f"{fewer} problems together in place of {together}", why))
            together = fewer


def pieces(batch: Batch, together: int) -> Iterator[Batch]:
    """The batch's problems in their order, `together` at a time."""
    for start in range(0, len(batch.problems), together):
        stop = start + together
        yield Batch(batch.index, batch.problems[start:stop], batch.prompts[start:stop])
