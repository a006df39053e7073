"""Numbers as people and models write them, brought to one form.

    1,000   1000.00   $1000   1000.   1 000   1{,}000      ->  1000
    -$3.50   $-3.5   −3.50                                 ->  -3.5
    20%                                                    ->  20       (asked "what percent")
    1/2   \\frac{1}{2}   1 1/2   1½                         ->  0.5, 0.5, 1.5, 1.5
    1e3   10^3   2 \\times 10^3   12k   3.2 million         ->  1000, 1000, 2000, 12000, 3200000
    1,5   5.000.000   1:30   3/4/2020   5^2   12th         not read: ambiguous, or no number of it

A numeral is read whole or not at all: no piece of one that cannot be read passes for a number.

A canonical decimal is a string: no sign but a minus, no leading or trailing zeros, no exponent,
`0` for every zero. Two numbers are equal if and only if their canonical decimals are. Fractions
that do not end, such as 1/3, are given to 28 significant digits.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext

_GAP = "[ \u00a0\u2009\u202f]"
"""A plain, no-break, thin or narrow no-break space."""
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SHORT = "[0-9]{1,9}"
"""The numbers of a fraction, short enough that any quotient is exact or clearly endless."""
_WHOLE = rf"(?: [0-9]{{1,3}} (?: ,[0-9]{{3}} ){{1,2}} | {_SHORT} )"
_DIGITS = rf"""
    (?: [0-9]{{1,3}} (?: ,[0-9]{{2,3}} )* ,[0-9]{{3}} (?!\d)    # 1,000,000; Indian 10,00,000
      | [0-9]{{1,3}} (?: {_GAP}[0-9]{{3}} )+ (?! \d | /\d )       # 5 000
      | [0-9]+
    ) (?: \.[0-9]+ )?
    | \.[0-9]+
"""
_TEN = r"10 (?: \^ | \*\* ) (?: \{ [+-]?[0-9]{1,2} \} | [+-]?[0-9]{1,2} )"
_POWER = rf"(?: [eE][+-]?[0-9]{{1,2}} | {_GAP}? (?: [x×*·] | \\times | \\cdot ) {_GAP}? {_TEN} )"
"""Times a power of ten, of at most two digits."""
SCALES = {
    "hundred": 2, "thousand": 3, "k": 3, "million": 6, "M": 6, "billion": 9, "B": 9, "bn": 9,
    "trillion": 12,
}  # fmt: skip
"""Words for a power of ten; `M` and `B` stand close to their number, as metres do not."""
_SCALE = rf"""
    (?: (?: {_GAP} | - )? (?P<word> (?i: hundred|thousand|million|billion|trillion ) )
      | (?P<letter> [kK] | M | B | bn )
    ) (?! [A-Za-z_\d] )
"""
NUMBER = re.compile(
    rf"""
    (?<! [A-Za-z_\d] ) (?<! \d[.,:'’/^] ) (?<! \^ ) (?<! \^[{{+\-\ ] ) (?<! \^\{{[+-] )
    (?<! \d[eE][+-] ) (?<! \d\*\* ) (?<! [{_RAISED}{_VULGAR}] )    # not the tail of another, nor x2
    (?: (?<! [\w)%\]] ) (?<! [\d)%\]]\  ) (?P<minus> [-\u2212\u2013] ) )?   # 5-3 is no -3
    [$€£]? [ ]? (?P<minus2> (?<= [$€£] ) [-\u2212] )?
    (?>                                                        # once read, not read again as less
        (?: (?P<count> {_WHOLE} ) {_GAP}? )? (?P<vulgar> [{_VULGAR}] )
      | (?P<whole> {_WHOLE} ) {_GAP} (?P<part> {_SHORT} ) / (?P<of> {_SHORT} ) (?! [\d/] | [.,]\d )
      | (?P<top> {_SHORT} ) / (?P<bottom> {_SHORT} ) (?! [\d/] | [.,]\d )
      | (?P<ten> {_TEN} )
      | (?P<digits> {_DIGITS} ) (?P<power> {_POWER} )?
    )
    (?: {_SCALE} )?+
    (?! \d | [.,:'’/_]\d | \ ?\^ | \*\*\d | [{_RAISED}{_VULGAR}] | [eE][+-]?\d
      | [x×*·] {_GAP}? 10\ ?\^ | (?<= \b0 ) [xX][0-9A-Fa-f] | (?: st|nd|rd|th ) \b )
    """,
    re.VERBOSE,
)
"""One number; `read` turns its match into a canonical decimal."""

_LATEX = (
    (re.compile(r"<<[^<>\n]*>>"), ""),  # GSM8K's calculator annotations
    (re.compile(r"\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}"), r" \1/\2"),
    (re.compile(r"(?<=\d)\{,\}(?=\d)"), ","),
    (re.compile(r"(?<=\d)\\[,;:! ](?=\d{3})"), " "),
    (re.compile(r"\\([$%])"), r"\1"),
    (re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}"), r" \1"),
)


def plain(text: str) -> str:
    """The text without calculator annotations and with LaTeX's numbers written plainly."""
    for pattern, instead in _LATEX:
        text = pattern.sub(instead, text)
    return text


def plain_with_places(text: str) -> tuple[str, list[int]]:
    """The text as `plain` gives it, and where each of its characters, and its end, was before."""
    places = list(range(len(text) + 1))
    for pattern, instead in _LATEX:
        parts: list[str] = []
        moved: list[int] = []
        at = 0
        for found in pattern.finditer(text):
            new = found.expand(instead)
            parts += [text[at : found.start()], new]
            moved += places[at : found.start()] + [places[found.start()]] * len(new)
            at = found.end()
        text, places = "".join([*parts, text[at:]]), moved + places[at:]
    return text, places


def read(found: re.Match[str]) -> str | None:
    """The canonical decimal of a match of `NUMBER`; None for a division by zero."""
    part = found.groupdict()
    if part["digits"]:
        value = canonical(re.sub(rf"{_GAP}|,", "", part["digits"]))
    elif part["ten"]:
        value = "1"
    else:
        top, bottom = part["top"] or part["part"], part["bottom"] or part["of"]
        if part["vulgar"]:
            top, bottom = unicodedata.normalize("NFKC", part["vulgar"]).split("\u2044")
        if not int(bottom):
            return None
        whole = int((part["whole"] or part["count"] or "0").replace(",", ""))
        value = _quotient(whole * int(bottom) + int(top), int(bottom))
    value = _shifted(value, _exponent(part["power"] or part["ten"] or "") + _scale(part))
    return _negated(value) if part["minus"] or part["minus2"] else value


def canonical(digits: str) -> str:
    """Digits with at most one point, in canonical form."""
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _negated(value: str) -> str:
    return value if value == "0" else f"-{value}"


def _quotient(top: int, bottom: int) -> str:
    with localcontext(prec=28):
        return canonical(format(Decimal(top) / Decimal(bottom), "f"))


def _exponent(power: str) -> int:
    """Of `e3`, `x 10^3` or `10**{-3}`; 0 of nothing."""
    found = re.search(r"([+-]?\d+)\}?\Z", power)
    return int(found[1]) if found else 0


def _scale(part: dict[str, str | None]) -> int:
    if part["word"]:
        return SCALES[part["word"].lower()]
    letter = part["letter"]
    return SCALES["k" if letter == "K" else letter] if letter else 0


def _shifted(value: str, places: int) -> str:
    """A canonical decimal times a power of ten."""
    if not places:
        return value
    whole, _, fraction = value.partition(".")
    digits, point = whole + fraction, len(whole) + places
    padded = digits.rjust(len(digits) - min(point, 0) + 1, "0")
    point += len(padded) - len(digits)
    padded = padded.ljust(point, "0")
    return canonical(f"{padded[:point]}.{padded[point:]}")
