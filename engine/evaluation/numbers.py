"""Numbers as people and models write them, brought to one form.

    1,000   1000.00   $1000   1000.   1 000   1{,}000      ->  1000
    -$3.50   $-3.5   −3.50                                 ->  -3.5
    20%                                                    ->  20       (asked "what percent")
    1/2   \\frac{1}{2}   1 1/2                             ->  0.5, 0.5, 1.5
    1,5   5.000.000   1e3   1.5 million                    not read as one number: ambiguous

A canonical decimal is a string: no sign but a minus, no leading or trailing zeros, no exponent,
`0` for every zero. Two numbers are equal if and only if their canonical decimals are. Fractions
that do not end, such as 1/3, are given to 28 significant digits.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

_GAP = "[ \u00a0\u2009\u202f]"
"""A plain, no-break, thin or narrow no-break space."""
_SHORT = "[0-9]{1,9}"
"""The whole numbers of a fraction, short enough that any quotient is exact or clearly endless."""
_DIGITS = rf"""
    (?: [0-9]{{1,3}} (?: ,[0-9]{{2,3}} )* ,[0-9]{{3}} (?!\d)    # 1,000,000; Indian 10,00,000
      | [0-9]{{1,3}} (?: {_GAP}[0-9]{{3}} )+ (?!\d|,\d|/)       # 5 000
      | [0-9]+
    ) (?: \.[0-9]+ )?
    | \.[0-9]+
"""
NUMBER = re.compile(
    rf"""
    (?<! [A-Za-z_\d] ) (?<! \d\. )                        # not the tail of another, nor x2
    (?: (?<! [\w)%\]] ) (?<! [\d)%\]]\  ) (?P<minus> [-\u2212\u2013] ) )?   # 5-3 is no -3
    [$€£]? [ ]? (?P<minus2> (?<= [$€£] ) [-\u2212] )?
    (?: (?P<whole> {_SHORT} ) {_GAP} (?P<part> {_SHORT} ) / (?P<of> {_SHORT} ) (?! [\d/] )
      | (?P<top> {_SHORT} ) / (?P<bottom> {_SHORT} ) (?! [\d/] )
      | (?P<digits> {_DIGITS} )
    )
    (?! (?: st|nd|rd|th) \b )
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
    else:
        top, bottom = part["top"] or part["part"], part["bottom"] or part["of"]
        if not int(bottom):
            return None
        value = _quotient(int(part["whole"] or 0) * int(bottom) + int(top), int(bottom))
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
