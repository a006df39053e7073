"""Labs on integers: a pattern in each convention, and a sum that does not fit."""

from typing import Annotated

from engine.errors import SpecError
from engine.figures import BitField, BitLayout, Figure, Several, Table
from engine.numerics.integers import Integer
from lessons.kit.lab import Choice, Number, Slider, Text, lab


@lab(
    "pattern",
    about="Type an integer, or 0b and a pattern; flip a bit, 1 being the leftmost and 0 none.",
)
def pattern_lab(
    typed: Annotated[str, Text(24)] = "-37",
    bits: Annotated[int, Choice(4, 8, 16)] = 8,
    flip: Annotated[int, Slider(0, 16)] = 0,
) -> Figure:
    form = Integer(bits)
    number, is_pattern = _read(typed)
    pattern = number % 2**bits
    said = [] if is_pattern else _fit(number, form)
    if 0 < flip <= bits:
        pattern ^= 1 << bits - flip
        said.append(f"Bit {flip} from the left is flipped.")
    elif flip:
        said.append(f"There is no bit {flip} in {bits} bits.")
    written = f"{pattern:0{bits}b}"
    rest = pattern % 2 ** (bits - 1)
    signed = form.decode(pattern)
    top = pattern >> bits - 1
    readings = (
        ("two's complement", signed, f"{form.least} to {form.greatest}"),
        ("unsigned", pattern, f"0 to {2**bits - 1}"),
        ("sign and size", -rest if top else rest, f"{-form.greatest} to {form.greatest}"),
    )
    layout = BitLayout(
        fields=(
            BitField("top", written[0], f"{form.least * top}"),
            BitField("rest", written[1:], f"{rest}"),
        ),
        caption=" ".join([*said, f"In INT{bits} this is {form.least * top} + {rest} = {signed}."]),
        values={"signed": signed, "unsigned": pattern},
    )
    table = Table(
        columns=("read as", "integer", "range"),
        rows=readings,
        caption=f"The pattern {written} in three conventions.",
    )
    return Several(
        figures=(layout, table),
        caption=f"{written}: {signed} in INT{bits}.",
        values=layout.values,
        words=dict.fromkeys(layout.values, ""),
    )


@lab("sum", about="Add two INT8 numbers as an adder does, and as a quantizer would.")
def sum_lab(
    a: Annotated[int, Number(-128, 127)] = 100,
    b: Annotated[int, Number(-128, 127)] = 100,
) -> Figure:
    import torch

    first, second = (torch.tensor(each, dtype=torch.int8) for each in (a, b))
    wrapped = (first + second).item()
    wide = (first.int() + second.int()).item()
    clipped = (first.int() + second.int()).clamp(-128, 127).to(torch.int8).item()
    too_late = (first + second).clamp(-128, 127).item()
    return Table(
        columns=("how", "result", "off by"),
        rows=(
            ("added in INT32", wide, 0),
            ("added in INT8", wrapped, wrapped - wide),
            ("added in INT32, clipped, then INT8", clipped, clipped - wide),
            ("added in INT8, then clipped", too_late, too_late - wide),
        ),
        caption=f"{a} + {b} in torch: "
        + ("it fits." if wrapped == wide else "it does not fit in INT8."),
        values={"true": wide, "wraps": wrapped, "saturates": clipped},
        words=dict.fromkeys(("true", "wraps", "saturates"), ""),
    )


def _read(typed: str) -> tuple[int, bool]:
    """The integer typed, and whether it was typed as a pattern."""
    text = typed.strip().replace("_", "").replace(" ", "").replace("−", "-")
    is_pattern = text.lower().startswith("0b")
    try:
        return int(text, 2 if is_pattern else 10), is_pattern
    except ValueError:
        raise SpecError(
            "typed",
            typed,
            f"{typed!r} is no integer and no pattern.",
            "Type an integer such as -37, or 0b and zeros and ones.",
        ) from None


def _fit(number: int, form: Integer) -> list[str]:
    if form.least <= number <= form.greatest:
        return []
    return [
        f"{number} is out of {form.name} ({form.least} to {form.greatest}): its last {form.bits} "
        "bits are kept."
    ]
