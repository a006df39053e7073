"""What an error of the libraries says of the device: out of memory, or lost to this process.

Each library and each device says it in a class and in words of its own; torch on the CPU and on
MPS has but a RuntimeError. Read here by name and by words, as not all who ask have loaded torch.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

_FULL = (
    "out of memory",
    "can't allocate memory",
    "not enough memory",
    "cublas_status_alloc_failed",
)
_LOST = ("cuda error", "triton error [cuda]", "hip error", "cublas_status", "cudnn_status")


def out_of_memory(error: BaseException) -> bool:
    """Whether an error, or what it came from, is want of memory on whatever device."""
    return any(_is_full(each) for each in _with_causes(error))


def lost(error: BaseException) -> bool:
    """Whether the card can no longer be used by this process, so that it must end.

    After an error in one of its kernels (an index beyond a table, an address that is not its own)
    CUDA answers whatever is asked of it with that same error. Out of memory is none of these, nor
    is a kernel that this card has not: nothing was begun.
    """
    return not out_of_memory(error) and any(_is_lost(each) for each in _with_causes(error))


def of_the_card(error: BaseException) -> bool:
    """Whether it is the card's or its driver's doing, rather than a file's or the program's."""
    return any(_is_of_the_card(each) for each in _with_causes(error))


def first_line(error: BaseException) -> str:
    """What it says, without the paragraphs of advice and traces that CUDA's errors carry."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _is_full(error: BaseException) -> bool:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    return isinstance(error, RuntimeError) and any(each in str(error).lower() for each in _FULL)


def _is_lost(error: BaseException) -> bool:
    return _is_of_the_card(error) and "no kernel image" not in str(error)


def _is_of_the_card(error: BaseException) -> bool:
    if not isinstance(error, RuntimeError):
        return False
    named = type(error).__name__ == "AcceleratorError"
    return named or any(each in str(error).lower() for each in _LOST)


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and those that it was raised from or while handling."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
