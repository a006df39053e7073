"""Numbers as people and models write them, brought to one form.

    1,000   1000.00   $1000   1000.   1 000   1{,}000      ->  1000
    -$3.50   $-3.5   −3.50                                 ->  -3.5
    20%                                                    ->  20       (asked "what percent")
    1/2   \\frac{1}{2}   ½   1 1/2   1 and a half           ->  0.5, 0.5, 0.5, 1.5, 1.5
    1e3   10^3   2 \\times 10^3   12k   3.2 million         ->  1000, 1000, 2000, 12000, 3200000
    1,5   5.000.000   1:30   3'000   2^n   2\\pi            not read: no one number, or ambiguous
    15th   103rd                                           places in a row: `numerals` passes over
    2:00                                                   2, the full hour

A numeral is read whole or not at all. So it is taken in two steps: `NUMBER` takes as much as
belongs together, whatever it may mean, and gives nothing of it back; `read` then says what the
whole of it means, if it means one number.

A canonical decimal is a string: no sign but a minus, no leading or trailing zeros, no exponent,
`0` for every zero. Two numbers are equal if and only if their canonical decimals are. Fractions
that do not end, such as 1/3, are given to 28 significant digits.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext

_GAP = "[ \u00a0\u2009\u202f]"
"""A plain, no-break, thin or narrow no-break space."""
_GLUE = r"(?: [.,:'’_] | [xX](?!10[\^*]) )"
"""What holds digits together when it stands between two of them."""
_VULGAR, _RAISED = "¼½¾⅐-⅞", "⁰¹²³⁴-⁹"
_TIMES = r"(?: [*xX×·⋅] | \\times | \\cdot )"
_SCALES = {
    "hundred": 2, "thousand": 3, "lakh": 5, "million": 6, "crore": 7, "billion": 9, "trillion": 12,
    "k": 3, "M": 6, "mln": 6, "B": 9, "bn": 9,
}  # fmt: skip
"""Powers of ten by name. A dozen is a unit: problems ask "how many dozen"."""
_WORDS = "|".join(name for name in _SCALES if len(name) > 3)
NUMBER = re.compile(
    rf"""
    (?<! [A-Za-z_\d] ) (?<! [\d{_VULGAR}][.,:'’/] )            # not the tail of another, nor x2
    (?<! [√^{_RAISED}{_VULGAR}] ) (?<! [√^_]\{{ ) (?<! \^- ) (?<! \^\{{- )   # nor √2, m^2, x_{{2}}
    (?: (?<! [\w)%\]] ) (?<! [\d)%\]]\  ) (?P<minus> [-\u2212\u2013] ) )?   # 5-3 is no -3
    [$€£¥₹]? [ ]? (?P<minus2> (?<= [$€£¥₹] ) [-\u2212] )?
    (?: (?P<whole> \d{{1,3}} (?: ,\d{{3}} )++ | \d++ )
        {_GAP} (?= \d+ / \d+ (?! [\d.,:'’_/]?\d ) ) (?! \d{{3}}/ ) )?+
    (?P<digits> (?: \d{{1,3}}+ (?: {_GAP}\d{{3}} (?!\d) )++ | \d++ | \.\d++ ) (?: {_GLUE}\d++ )*+ )
    (?: / (?P<over> \d++ ) )?+
    (?: (?: [eE] | \s?{_TIMES}\s?10\s?(?:\^|\*\*) ) \s?\{{? (?P<tens> [-\u2212+]?\d++ ) \}}?
      | (?: \s?\^ | \*\* (?=[\d-]) ) \s?\{{? (?P<power> [-\u2212+]?\d++ ) \}}?
    )?+
    (?: (?:(?P<apart>{_GAP})|-)? (?P<scale> (?i: {_WORDS} ) ) s?\b (?(apart) (?!-) )
      | (?<=\d) (?P<short> [kKMB] | mln | bn ) \b )?+
    (?P<more> (?: [.,:'’_/^xX] | \*\* ) \d | (?<=\b0)[xX][0-9a-fA-F]+\b | \s?[√π] | [{_VULGAR}]
      | (?:{_GAP}|-)? (?: ten|{_WORDS} ) ths?\b
      | \s?\^ (?! \s?\{{?\s? (?: \\circ | (?:st|nd|rd|th)\b ) ) )?+
    (?P<place> (?: \s?\^\s?\{{?\s? )? (?i: st|nd|rd|th ) \b )?+
    """,
    re.VERBOSE,
)
"""One numeral with all that belongs to it; `read` says which number that is, if it is one.

Each part keeps what it has taken (`++`, `*+`, `?+`), so that no guard behind it can be met by
giving back a digit.
"""
_READABLE = re.compile(
    rf"""
    (?: \d{{1,3}} (?: ,\d{{2,3}} )* ,\d{{3}}      # 1,000,000; Indian 10,00,000
      | \d{{1,3}} (?: {_GAP}\d{{3}} )+            # 5 000
      | \d+
    ) (?: \.\d+ )? | \.\d+
      | (?: 1?\d | 2[0-4] ) :00                    # 2:00, the full hour
    """,
    re.VERBOSE,
)
_SHORT = 9
"""The most digits of a fraction's or a power's numbers: short enough to be worked out exactly, or
to end clearly nowhere."""
_FARTHEST = 999
"""The largest power of ten that is written out."""


_VULGAR_NUMBER = re.compile(
    rf"""
    (?<! [\w^√{_RAISED}{_VULGAR}] ) (?<! \d[.,:'’/] )
    (?: (?P<whole> \d{{1,3}} (?: ,\d{{3}} )+ | \d+ ) {_GAP}? )? (?P<part> [{_VULGAR}] )
    (?! [\d{_RAISED}{_VULGAR}] | [.,:'’_/]\d | \s?\^ )
    """,
    re.VERBOSE,
)
"""`½`, `7½`, `7 ½`; what hangs on more than that stays as it is, and is not read."""


def _vulgar(found: re.Match[str]) -> str:
    top, bottom = unicodedata.normalize("NFKC", found["part"]).split("\u2044")
    return f"{found['whole'] or ''} {top}/{bottom}"


def _raised(found: re.Match[str]) -> str:
    return f"^{unicodedata.normalize('NFKC', found[0])}".replace("\u2212", "-")


_PLAINLY: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"<<[^<>\n]*>>"), ""),  # GSM8K's calculator annotations
    (re.compile(r"\\[dtc]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}"), r" \1/\2"),
    (re.compile(r"\\[dtc]?frac\s*(\d)\s*(\d)"), r" \1/\2"),
    (_VULGAR_NUMBER, _vulgar),
    (re.compile(r"(?<=\d) and a half\b"), " 1/2"),
    (re.compile(r"(?<=\d) and (?=\d{1,2}/\d{1,2}\b)"), " "),
    (re.compile(rf"(?<=\d)[⁺⁻]?[{_RAISED}]+"), _raised),
    (re.compile(r"(?:<sup>|\\textsuperscript\{)\s*([^<>{}\n]{1,9}?)\s*(?:</sup>|\})"), r"^{\1}"),
    (re.compile(r"(?<=\d)\{,\}(?=\d)"), ","),
    (re.compile(r"(?<=\d,)\\[,;:! ](?=\d{3})"), ""),
    (re.compile(r"(?<=\d)\\[,;:! ](?=\d{3})"), " "),
    (re.compile(r"\\([$%])"), r"\1"),
    (re.compile(r"\\sqrt\b\s*"), "√"),
    (re.compile(r"\\pi\b"), "π"),
    (re.compile(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}"), r" \1"),
)
"""LaTeX's, HTML's and Unicode's ways to write numbers, and the plain ones."""


def plain(text: str) -> str:
    """The text without calculator annotations and with LaTeX's numbers written plainly."""
    for pattern, instead in _PLAINLY:
        text = pattern.sub(instead, text)
    return text


def plain_with_places(text: str) -> tuple[str, list[int]]:
    """The text as `plain` gives it, and where each of its characters, and its end, was before."""
    places = list(range(len(text) + 1))
    for pattern, instead in _PLAINLY:
        parts: list[str] = []
        moved: list[int] = []
        at = 0
        for found in pattern.finditer(text):
            new = instead(found) if callable(instead) else found.expand(instead)
            parts += [text[at : found.start()], new]
            moved += places[at : found.start()] + [places[found.start()]] * len(new)
            at = found.end()
        text, places = "".join([*parts, text[at:]]), moved + places[at:]
    return text, places


def read(found: re.Match[str]) -> str | None:
    """The canonical decimal of a match of `NUMBER`.

    None where it means no one number: `1,5`, `1:30`, `2^n`, a division by zero.
    """
    value = None if found["more"] else _value(found)
    if value is None:
        return None
    digits = canonical(format(value, "f"))
    return f"-{digits}" if digits != "0" and (found["minus"] or found["minus2"]) else digits


def numerals(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
    """The matches of `NUMBER` in `text[start:end]` that count something: no 15th, but 1/15th."""
    for found in NUMBER.finditer(text, start, end):
        if not found["place"] or found["over"]:
            yield found


def canonical(digits: str) -> str:
    """Digits with at most one point, in canonical form."""
    whole, _, fraction = digits.partition(".")
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _value(found: re.Match[str]) -> Decimal | None:
    """What a match is worth, without its sign."""
    if not _READABLE.fullmatch(found["digits"]):
        return None
    digits = re.sub(rf"{_GAP}|,|:00", "", found["digits"])
    tens = int(found["tens"].replace("\u2212", "-")) if _is_short(found["tens"]) else None
    if found["tens"] and tens is None:
        return None
    if found["power"]:
        digits = None if found["over"] else _power(digits, found["power"].replace("\u2212", "-"))
    elif found["over"]:
        digits = _quotient(found["whole"] or "0", digits, found["over"])
    scale = (found["scale"] or "").lower() or (found["short"] or "").replace("K", "k")
    tens = (tens or 0) + _SCALES.get(scale, 0)
    return None if digits is None or abs(tens) > _FARTHEST else Decimal(f"{digits}e{tens}")


def _is_short(digits: str | None) -> bool:
    return digits is not None and len(digits) <= _SHORT


def _quotient(whole: str, top: str, bottom: str) -> str | None:
    """`top / bottom`, and a whole number more."""
    whole = whole.replace(",", "")
    if not (all(map(_is_short, (whole, top, bottom))) and int(bottom)):
        return None
    with localcontext(prec=28):
        return format((int(whole) * int(bottom) + Decimal(top)) / int(bottom), "f")


def _power(base: str, exponent: str) -> str | None:
    if not (_is_short(base) and _is_short(exponent)) or abs(int(exponent)) > _FARTHEST:
        return None
    if base == "10":
        return f"{Decimal(f'1e{int(exponent)}'):f}"
    if not 0 <= int(exponent) < 100 or not (float(base) or int(exponent)):
        return None
    with localcontext(prec=_SHORT * 100):
        return format(Decimal(base) ** int(exponent), "f")
