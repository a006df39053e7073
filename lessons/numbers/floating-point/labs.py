"""Labs on floating point: a number's bits, one number in all formats, how far apart numbers are."""

import math
from typing import Annotated

from engine.errors import SpecError
from engine.figures import BitField, BitLayout, Figure, Line, LineChart, Several, Table
from engine.numerics.formats import FLOATS, Float
from lessons.kit.lab import Choice, Slider, Text, Toggle, lab


@lab(
    "bits",
    about="Type a number or a pattern, and flip a bit: 1 is the sign, 0 flips none.",
)
def bits_lab(
    typed: Annotated[str, Text(60)] = "3.2",
    format: Annotated[str, Choice(*FLOATS)] = "fp32",
    flip: Annotated[int, Slider(0, 32)] = 0,
) -> Figure:
    form = FLOATS[format]
    wanted, pattern = _read(typed, form)
    said = f"{form.name} of {typed.strip()}"
    if 0 < flip <= form.bits:
        pattern ^= 1 << form.bits - flip
        said += f" with bit {flip} flipped"
        wanted = None
    elif flip:
        said += f" (there is no bit {flip})"
    stored = form.decode(pattern)
    rows: list[tuple[str, str | float]] = [("stored", _plain(stored)), ("kind", form.kind(pattern))]
    values = {}
    if math.isfinite(stored):
        spacing = form.spacing(stored)
        rows.append(("to its neighbours", spacing))
        values = {"stored": stored, "spacing": spacing}
        if wanted is not None:
            rows.append(("off by", stored - wanted))
            values["error"] = stored - wanted
    layout = BitLayout(
        fields=tuple(
            BitField(name, bits, means)
            for (name, _), bits, means in zip(
                form.widths, form.split(pattern), _meanings(pattern, form), strict=True
            )
        ),
        caption=f"{said}: {_plain(stored)}.",
        values=values,
    )
    table = Table(columns=("", "value"), rows=tuple(rows), caption=f"What {form.name} makes of it.")
    return Several(
        figures=(layout, table),
        caption=layout.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("formats", about="One number as each format stores it.")
def formats_lab(number: Annotated[str, Text(40)] = "pi") -> Figure:
    wanted = _number(number)
    rows, values = [], {}
    for name, form in FLOATS.items():
        pattern = form.encode(wanted)
        stored = form.decode(pattern)
        off = stored - wanted
        percent = f"{100 * off / wanted:.2g}%" if wanted and math.isfinite(off) else "-"
        rows.append((form.name, " ".join(form.split(pattern)), _plain(stored), percent))
        if math.isfinite(stored):
            values[name] = stored
    return Table(
        columns=("format", "sign exponent significand", "stored", "off by"),
        rows=tuple(rows),
        caption=f"{number.strip()} in each format.",
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("spacing", about="How far apart each format's numbers are, beside INT8 over the same range.")
def spacing_lab(
    greatest: Annotated[float, Slider(1, 65_536, step=2, log=True)] = 16,
    relative: Annotated[bool, Toggle()] = False,
) -> Figure:
    lines, values = [], {}
    magnitudes = [greatest * 2 ** (-each / 4) for each in range(64, -1, -1)]
    for name, form in FLOATS.items():
        reached = [x for x in magnitudes if x <= form.greatest]
        gaps = [form.spacing(x) / (x if relative else 1) for x in reached]
        lines.append(Line(form.name, tuple(reached), tuple(gaps)))
        if greatest <= form.greatest:
            values[name] = gaps[-1]
    step = greatest / 127
    values["int8"] = step / (greatest if relative else 1)
    int8 = tuple(step / (x if relative else 1) for x in magnitudes)
    lines.append(Line("INT8 by absmax", tuple(magnitudes), int8))
    return LineChart(
        lines=tuple(lines),
        x="number",
        y="spacing, as a share of the number" if relative else "spacing to the next number",
        caption=f"Spacing of numbers up to {greatest:g}.",
        values=values,
        words={name: _apart(name, greatest, relative) for name in values},
        places=dict.fromkeys(values, "y"),
        log_x=True,
        log_y=True,
    )


def _apart(name: str, greatest: float, relative: bool) -> str:
    """How far apart a format's numbers are at the greatest of them, in words."""
    shown = FLOATS[name].name if name in FLOATS else "INT8"
    far = "{} of the number" if relative else "{} apart"
    return f"{shown} at {greatest:g}: {far}"


def _read(typed: str, form: Float) -> tuple[float | None, int]:
    """The number typed, None if a pattern was, and its pattern."""
    bits = typed.lower().replace(" ", "").replace("_", "").removeprefix("0b")
    marked = typed.strip().lower().startswith("0b")
    if bits and not set(bits) - set("01") and (marked or len(bits) == form.bits):
        if len(bits) != form.bits:
            what = f"{typed!r} has {len(bits)} bits."
            raise SpecError("typed", typed, what, f"{form.name} has {form.bits}.")
        return None, int(bits, 2)
    number = _number(typed, "typed")
    return number if math.isfinite(number) else None, form.encode(number)


def _number(typed: str, field: str = "number") -> float:
    text = typed.strip().lower().replace(",", "").replace("−", "-")
    try:
        return {"pi": math.pi, "-pi": -math.pi}.get(text) or float(text)
    except ValueError:
        way_out = "Type a number such as 3.2, -1e-5, pi or inf"
        more = ", or all bits of a pattern." if field == "typed" else "."
        raise SpecError(field, typed, f"{typed!r} is no number.", way_out + more) from None


def _meanings(pattern: int, form: Float) -> tuple[str, str, str]:
    fields, kind = form.fields(pattern), form.kind(pattern)
    sign = "negative" if fields.sign else "positive"
    if kind in ("infinity", "nan"):
        return sign, "all ones", "infinity" if kind == "infinity" else "not a number"
    fraction = fields.significand / 2**form.significand_bits
    if kind == "normal":
        power = fields.exponent - form.bias
        return sign, f"{fields.exponent} - {form.bias} = {power}", f"{1 + fraction:.10g}"
    return sign, f"all zeros: 1 - {form.bias} = {1 - form.bias}", f"{fraction:.10g}"


def _plain(number: float) -> str:
    """All digits that tell it from its neighbours."""
    return f"{number:.17g}" if number.is_integer() and abs(number) < 1e15 else repr(number)
