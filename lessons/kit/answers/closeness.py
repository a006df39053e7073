"""How a typed number lies to the one that is asked for.

Four things are told apart: equal within the tolerance, right to the digits that were typed, off by
a factor that everyone slips on in this field (8 bits a byte, 1024 against 1000, percent), and wrong
in a way that can be seen whatever the question is (the sign, the power of ten, one off, not whole,
rounded too far).
"""

from __future__ import annotations

import math
from fractions import Fraction

from lessons.kit.answers.numerals import Number
from lessons.kit.question import Slip
from lessons.kit.units import Unit

NOISE = 1e-9
"""What the last bits of a float may be off by, as a share: below any tolerance."""
_NAMED = Fraction(1, 500)
"""How close, as a share, a number has to be to a usual slip to be taken for it."""
_PREFIXES = "KMGTP"
_NOT_WHOLE = "A whole number is asked for: which way does this one go here, up or down, and why?"
_NO_WHOLE = "A whole number is asked for, and this is none."
_TOO_COARSE = "If that is rounded, it is rounded too far: give two more digits."
_OFF_BY_ONE = "It is off by one: is something at an end counted that should not be, or left out?"
_POWER_OF_TEN = "The digits are right; the power of ten is not. Look at thousands and millions."


def close(value: Fraction, wanted: float | int | Fraction, tolerance: float) -> bool:
    """Whether it is equal within the tolerance, a share of `wanted`; 0 is exact.

    Exact leaves a float its last bits: what is worked out in two ways differs there.
    """
    share = max(tolerance, NOISE) if isinstance(wanted, float) else tolerance
    off = abs(float(value) - float(wanted))
    if off > (share + 1e-12) * abs(float(wanted)):  # floats tell most numbers apart, and quicker
        return False
    wanted = Fraction(wanted)
    return abs(value - wanted) <= Fraction(share) * abs(wanted)


def to_its_digits(number: Number, wanted: float | int | Fraction, tolerance: float) -> bool:
    """Whether it is `wanted`, rounded or cut to as many digits as were typed.

    Within a tenth, so that 1 is not right for 1.4; a whole number that is asked for exactly needs
    three digits, so that 130 is not right for 127.
    """
    # a float's last bits decide no tie: 0.175 may be rounded to 0.18, and 0.18 is not cut to 0.17
    noise = Fraction(NOISE) * abs(Fraction(wanted)) if isinstance(wanted, float) else 0
    wanted = Fraction(wanted)
    off = abs(number.value - wanted)
    if number.place is None or not number.value or off * 10 > abs(wanted) + noise:
        return False
    if not tolerance and wanted.denominator == 1 and number.digits < 3:
        return False
    cut = off + noise < number.place and abs(number.value) < abs(wanted)
    return cut or off * 2 <= number.place + noise


def usual_slip(number: Number, wanted: float | int | Fraction, asked: Unit) -> Slip | None:
    """The slip with units that leads to this number, whatever the question is about.

    Args:
        number: What was typed, in the unit that is asked for.
        wanted: The answer in that unit.
        asked: That unit; only information and percent have slips here.
    """
    wanted = Fraction(wanted)
    if not wanted or not number.value:
        return None
    ratio = number.value / wanted
    for name, factor, says in _information(number, asked):
        if abs(ratio - factor) <= _NAMED * factor:
            return Slip(name, number.value, says)
    for name, factor, says in _percent(number, wanted, asked):
        if abs(ratio - factor) <= _NAMED * factor or _to_digits(number, wanted * factor):
            return Slip(name, number.value, says)
    return None


def near_miss(number: Number, wanted: float | int | Fraction, tolerance: float) -> Slip | None:
    """The slip that a wrong number shows by itself; it says what kind, and never what is right."""
    exact = Fraction(wanted)
    if not exact or not number.value:
        return None
    if close(-number.value, wanted, tolerance) or _to_digits(number, -exact):
        return Slip("other-sign", number.value, "The size is right; the sign is not.")
    whole = not tolerance and exact.denominator == 1
    broken, off = number.value.denominator > 1, abs(number.value - exact)
    if whole and broken and off < 1:
        return Slip("not-whole", number.value, _NOT_WHOLE)
    if whole and off == 1:
        return Slip("off-by-one", number.value, _OFF_BY_ONE)
    if not whole and number.digits == 1 and number.place and off * 2 <= number.place:
        return Slip("too-coarse", number.value, _TOO_COARSE)
    if not (whole and len(str(abs(int(exact))).rstrip("0")) < 2):  # of 3, most have the digits
        ratio = abs(number.value / exact)  # no float: 1e300 / 1e-30 is none
        tens = round(math.log10(ratio.numerator) - math.log10(ratio.denominator))
        if tens and close(number.value / Fraction(10) ** tens, wanted, tolerance):
            return Slip("power-of-ten", number.value, _POWER_OF_TEN)
    return Slip("not-whole", number.value, _NO_WHOLE) if whole and broken else None


def _to_digits(number: Number, wanted: Fraction) -> bool:
    """Whether it is rounded from `wanted` to two digits or more."""
    return number.digits > 1 and to_its_digits(number, wanted, NOISE)


def _information(number: Number, asked: Unit) -> list[tuple[str, Fraction, str]]:
    if not asked.informs:
        return []
    eight = Fraction(8)
    found = [
        (
            "bits-for-bytes",
            eight,
            "That is 8 times as much: bits, where bytes are. 8 bits = 1 byte.",
        ),
        ("bytes-for-bits", 1 / eight, "That is an eighth: bytes, where bits are. 8 bits = 1 byte."),
    ]
    shown = number.unit or asked
    for power in _powers(number.unit, asked):
        letter, factor = _PREFIXES[power - 1], Fraction(1024**power, 1000**power)
        binary, decimal = f"{letter}iB", "kB" if letter == "K" else f"{letter}B"
        sizes = f"1 {binary} = {1024**power:,} bytes, 1 {decimal} = {1000**power:,} bytes."
        for ratio in (factor, 1 / factor):
            if _binary(shown) or (not _prefixed(shown) and ratio < 1):
                says = (
                    f"{decimal} are taken for {binary}: it is off by just the factor between them."
                )
                found.append(("gb-for-gib", ratio, f"{says} {sizes}"))
            else:
                says = (
                    f"{binary} are taken for {decimal}: it is off by just the factor between them."
                )
                found.append(("gib-for-gb", ratio, f"{says} {sizes}"))
    return found


def _powers(*typed_and_asked: Unit | None) -> list[int]:
    """Powers of 1000 that the prefixes stand for; all of them where only bytes are named."""
    found = {
        _PREFIXES.index(unit.symbol[0].upper()) + 1
        for unit in typed_and_asked
        if unit and _prefixed(unit)
    }
    return sorted(found) or [3, 2, 1, 4, 5]


def _prefixed(unit: Unit) -> bool:
    return unit.symbol[:1].upper() in tuple(_PREFIXES) and unit.factor > 8


def _binary(unit: Unit) -> bool:
    return _prefixed(unit) and unit.symbol[1:2] == "i"


def _percent(number: Number, wanted: Fraction, asked: Unit) -> list[tuple[str, Fraction, str]]:
    if number.unit:
        return []
    if asked.factor == Fraction(1, 100) and not asked.dimension:
        says = (
            "That is the share; in points it is 100 times the number."
            if asked.symbol == "point"
            else "That is the share; in percent it is 100 times the number. Type % behind a "
            "percentage."
        )
        return [("share-for-percent", Fraction(1, 100), says)]
    if not asked.symbol and abs(wanted) < 1:
        says = "That is the percentage; a share of 1 is asked for. Type % behind a percentage."
        return [("percent-for-share", Fraction(100), says)]
    return []
