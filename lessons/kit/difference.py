"""Whether a value is the one wanted, and how it is shown. Only plain kinds are ever the same.

Both values lie in the judge's process, so neither has methods of the learner's.
"""

from __future__ import annotations

import math
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

LONGEST = 400
"""Characters of a value as it is shown."""
LONGEST_ITEM = 60
"""Characters of an element as it is named."""
SHORT, AROUND = 24, 16
"""Characters of a text that is seen at a glance, and of it on both sides of where two part."""
NEAR_ZERO = 1e-4
"""Times the relative tolerance: how far from 0 is still 0."""

_NUMBERS = (int, float, complex, Fraction, Decimal)
_OTHERS = (bool, str, bytes, bytearray, list, tuple, dict, set, frozenset)
_COMPARED = _NUMBERS + _OTHERS


def difference(got: Any, wanted: Any, within: float) -> str:
    """Why `got` is not `wanted`, with the first element that differs; empty where it is.

    Args:
        got: What the learner's code gave.
        wanted: What it should have given.
        within: Relative tolerance of floating-point numbers. With 0 they are equal to the last
            bit: 0.0 and -0.0 are apart. Not-a-number is not-a-number either way.
    """
    return _apart(got, wanted, within, "")


def _apart(got: Any, wanted: Any, within: float, at: str) -> str:
    """The same of an element: `at` is its place, as in `[2]['prompt']`; empty for the whole."""
    what = f"its item at {at}" if at else "it"
    if _is_array(wanted):
        why = _arrays(got, wanted, within)
        return f"{what} differs: {why}" if why and at else why
    got, wanted = _plain(got), _plain(wanted)
    if wanted is not None and type(wanted) not in _COMPARED:
        raise TypeError(f"expect() cannot compare with {_kind(wanted)}")
    if type(wanted) in _NUMBERS and type(got) in _NUMBERS:
        if _near(got, wanted, within):
            return ""
        return f"{what} is {_instead(got, wanted)}" if at else "it is another number"
    if type(got) is not type(wanted):
        return f"{what} is {_kind(got)}, and {_kind(wanted)} is wanted"
    if type(wanted) in (list, tuple, bytes, bytearray):
        return _items(got, wanted, range(len(wanted)), within, at)
    if type(wanted) in (dict, set, frozenset) and set(got) != set(wanted):
        lacks = [_short(key) for key in wanted if key not in got]
        said = f"lacks {', '.join(lacks[:3])}" if lacks else ""
        more = [_short(key) for key in got if key not in wanted]
        said += " and " * bool(lacks and more)
        said += f"has {', '.join(more[:3])}, which is not wanted" if more else ""
        return f"{what} {said}"
    if type(wanted) is dict:
        return _items(got, wanted, list(wanted), within, at)
    if got == wanted:
        return ""
    if type(wanted) is str and max(len(got), len(wanted)) > SHORT:
        return f"{what} {_part(got, wanted)}"
    return f"{what} is {_instead(got, wanted)}" if at else "it is another value"


def _items(got: Any, wanted: Any, keys: Any, within: float, at: str) -> str:
    """The first item that differs, and how many do where that is not the only one."""
    enough = range(min(len(got), len(wanted))) if isinstance(keys, range) else keys
    found = ((key, _apart(got[key], wanted[key], within, f"{at}[{key!r}]")) for key in enough)
    others = [why for _, why in found if why]
    what = f"its item at {at}" if at else "it"
    if len(got) != len(wanted):
        said = f"{what} has {len(got):,} items, and {len(wanted):,} are wanted"
        return f"{said}; {others[0]}" if others else said
    if len(others) < 2 or at:
        return others[0] if others else ""
    first = others[0].removeprefix("its item")
    return f"{len(others):,} of its {len(wanted):,} items are others; the one{first}"


def _part(got: str, wanted: str) -> str:
    """Where two long texts part."""
    pairs = enumerate(zip(got, wanted, strict=False))
    at = next((at for at, (one, other) in pairs if one != other), min(len(got), len(wanted)))
    begin = max(0, at - AROUND)

    def around(text: str) -> str:
        piece = text[begin : at + AROUND]
        return f"{'…' * bool(begin)}{piece!r}{'…' * (len(text) > at + AROUND)}"

    return f"differs from character {at + 1:,}: {around(got)}, and {around(wanted)} is wanted"


def _instead(got: Any, wanted: Any) -> str:
    return f"{_short(got)}, and {_short(wanted)} is wanted"


def _short(value: Any) -> str:
    text = show(value)
    return text if len(text) <= LONGEST_ITEM else f"{text[:LONGEST_ITEM]}…"


def no_number(value: Any) -> str:
    """Why a value is no number, as in `is a str, and a number is wanted`; empty where it is one."""
    value = _plain(value)
    if _is_array(value):
        one = math.prod(value.shape) == 1 and "bool" not in str(value.dtype)
        return "" if one else f"is {_kind(value)}, and a number is wanted"
    fine = type(value) in _NUMBERS and type(value) is not complex
    return "" if fine else f"is {_kind(value)}, and a number is wanted"


def show(value: Any) -> str:
    """A value in one line or a small block, cut where it is long."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach()
        text = f"{value!r}"
        text += "" if value.numel() <= 1000 else f" of shape {tuple(value.shape)}"
    else:
        try:
            text = repr(value)
        except ValueError:  # an int of more digits than Python writes
            text = f"a number of {value.bit_length():,} bits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def _near(got: Any, wanted: Any, within: float) -> bool:
    if type(got) not in (float, complex) and type(wanted) not in (float, complex):
        return got == wanted
    if complex in (type(got), type(wanted)):
        got, wanted = complex(got), complex(wanted)
        return _near(got.real, wanted.real, within) and _near(got.imag, wanted.imag, within)
    try:
        got, wanted = float(got), float(wanted)
    except OverflowError:  # a whole number beyond every float
        return False
    if math.isnan(got) or math.isnan(wanted):
        return math.isnan(got) and math.isnan(wanted)
    if within == 0:
        return got == wanted and math.copysign(1, got) == math.copysign(1, wanted)
    return math.isclose(got, wanted, rel_tol=within, abs_tol=within * NEAR_ZERO)


def _arrays(got: Any, wanted: Any, within: float) -> str:
    """Tensors with tensors, arrays with arrays: shape, then kind of number, then the numbers."""
    torch = sys.modules.get("torch")
    tensors = torch is not None and isinstance(wanted, torch.Tensor)
    name = "tensor" if tensors else "array"
    if type(got) is not type(wanted) and not (tensors and type(got) is torch.Tensor):
        return f"it is {_kind(got)}, and a {name} is wanted"
    if got.shape != wanted.shape:
        return f"its shape is {tuple(got.shape)}, and {tuple(wanted.shape)} is wanted"
    both_floats = _floating(got) and _floating(wanted)
    if got.dtype != wanted.dtype and not (both_floats and within):
        return f"its numbers are {got.dtype}, and {wanted.dtype} is wanted"
    if tensors:
        got, wanted = got.detach().cpu(), wanted.detach().cpu()
    library = torch if tensors else sys.modules["numpy"]
    if not both_floats:
        apart = got != wanted
    else:
        got, wanted = (each.double() if tensors else each.astype(float) for each in (got, wanted))
        near = {"rtol": within, "atol": within * NEAR_ZERO, "equal_nan": True}
        apart = ~library.isclose(got, wanted, **near)
        if within == 0:
            apart = apart | (library.signbit(got) != library.signbit(wanted))
    return _where(apart, got, wanted)


def _where(apart: Any, got: Any, wanted: Any) -> str:
    """The first of the numbers that are apart, and how many there are."""
    places = (
        [tuple(map(int, place)) for place in zip(*apart.nonzero(), strict=True)]
        if (type(apart).__module__.startswith("numpy"))
        else [tuple(place) for place in apart.nonzero().tolist()]
    )
    if not places:
        return ""
    first = places[0]
    what = f"{got[first].item()!r}, and {wanted[first].item()!r} is wanted"
    if not first:
        return f"it is {what}"
    at = f"[{', '.join(map(str, first))}]"
    if len(places) == 1:
        return f"its number at {at} is {what}"
    total = math.prod(got.shape)
    return f"{len(places):,} of its {total:,} numbers are others; the one at {at} is {what}"


def _is_array(value: Any) -> bool:
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    return (torch is not None and isinstance(value, torch.Tensor)) or (
        numpy is not None and isinstance(value, numpy.ndarray)
    )


def _floating(array: Any) -> bool:
    dtype = array.dtype
    return dtype.is_floating_point if hasattr(dtype, "is_floating_point") else dtype.kind == "f"


def _plain(value: Any) -> Any:
    """Scalars of numpy as Python's numbers."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.generic):
        return value.item()
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    torch = sys.modules.get("torch")
    if torch is not None and type(value) in (torch.Tensor, torch.nn.Parameter):
        return f"a tensor of shape {tuple(value.shape)}"
    name = value.__dict__["_kind"] if "_kind" in getattr(value, "__dict__", ()) else None
    name = name or type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
