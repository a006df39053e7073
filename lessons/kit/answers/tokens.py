"""The words of an answer that is a number: numbers, names and operators.

    tokens("4.5 GiB / 2")      4.5, GiB, /, 2

A number may have commas, spaces or underscores between thousands, and a power of ten; its size is
known before it is worked out. Full-width digits, `½` and `2²³` are read as what they stand for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

MOST_CHARACTERS = 300
MOST_EXPONENT = 400
"""Of a number's power of ten."""

COMMAS = "{} is no number: commas stand between thousands, and a point before decimals."
_NUMBER = (
    r"0[xX][0-9a-fA-F]+|0[bB][01]+|"
    r"(?:[0-9]{1,3}(?: [0-9]{3})+(?![0-9_,])|[0-9][0-9_]*(?:,[0-9]{3}(?![0-9]))*|(?=\.[0-9]))"
    r"(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?"
)
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{_NUMBER})|(?P<name>log2|log10|[A-Za-zµ]+|[%$¢√π])|"
    r"(?P<op>\*\*|[-+*/^(),]))"
)
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9][0-9_]*|[0-9]{1,3}( [0-9]{3})+|")
_SAME = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "⁄": "/", "\u00a0": " ", "\u202f": " "}
    | {"\u2009": " ", "’": "_", "\n": " ", "\t": " ", "μ": "µ"}
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_POWER = re.compile(r"[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FRACTION = re.compile(r"([0-9]*)\s?([¼-¾⅐-⅞])")
_WORDS = {"per": "/", "a": "/", "x": "*", "times": "*"}


class Unreadable(Exception):
    """What was typed cannot be read as what is asked for; it costs nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        """What is wrong with it, and what to type instead."""


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name or an operator."""

    kind: str
    text: str
    value: Fraction = Fraction(0)
    place: Fraction = Fraction(0)
    """What one more in a number's last digit, trailing zeros of whole numbers apart, would add."""


def tokens(typed: str) -> list[Token]:
    """The words of what was typed.

    Raises:
        Unreadable: It is empty, too long, or has a character or a number that is none.
    """
    if len(typed) > MOST_CHARACTERS:
        raise Unreadable(f"That is {len(typed):,} characters; {MOST_CHARACTERS} can be read.")
    text = _spelled_out(typed)
    if not text:
        raise Unreadable("Nothing is typed yet.")
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise Unreadable(f"{text[at:].lstrip()[:1]!r} cannot be read in a number.")
        at = match.end()
        kind, word = match.lastgroup, match[match.lastgroup]
        if kind == "number":
            found.append(_number(word, text[at : at + 2]))
        elif found and word in _WORDS:
            if at < len(text) or _WORDS[word] == "/":
                found.append(Token("op", _WORDS[word]))  # at the end, as in 3.2x, it says no more
        else:
            found.append(Token(kind, "**" if word == "^" else word))
    return found


def narrow(typed: str) -> str:
    """The same with full-width letters, digits and signs as the usual ones."""
    return typed.translate(_WIDE)


def _spelled_out(typed: str) -> str:
    """The same in characters that tokens are made of: `½` as (1/2), `²` as **(2)."""
    text = narrow(typed).translate(_SAME).strip()
    text = _POWER.sub(lambda match: f"**({match[0].translate(_RAISED)})", text)
    text = _FRACTION.sub(_mixed, text).replace("per cent", "%")
    return text[:-1] if text.endswith(".") and not text[-2:-1].isdigit() else text


def _mixed(match: re.Match) -> str:
    part = unicodedata.normalize("NFKC", match[2]).replace("⁄", "/")
    return f"({match[1]}+{part})" if match[1] else f"({part})"


def _number(word: str, behind: str) -> Token:
    if word[:2].lower() in ("0x", "0b"):
        return Token("number", word, Fraction(int(word, 0)), Fraction(1))
    mantissa, e, exponent = word.lower().partition("e")
    whole, point, part = mantissa.partition(".")
    if not e and behind[:1] in ("e", "E") and not behind[1:].isalpha():
        raise Unreadable(f"{word}{behind[0]} lacks its power of ten, as in {word}e9.")
    if not _GROUPED.fullmatch(whole):
        raise Unreadable(COMMAS.format(word))
    if e and (len(exponent) > 5 or abs(int(exponent)) > MOST_EXPONENT):
        size = "small" if exponent.startswith("-") else "large"
        raise Unreadable(f"{word} is too {size} for any number here.")
    digits = re.sub(r"[ ,_]", "", whole + part).lstrip("0")
    power = int(exponent or 0) - len(part.replace("_", ""))
    trailing = 0 if point else len(digits) - len(digits.rstrip("0"))
    place = Fraction(10) ** (power + trailing)
    return Token("number", word, int(digits or 0) * Fraction(10) ** power, place)
