"""Arithmetic as it is typed: `127/10.8`, `70e9 * 4 bit`, `(2 - 2**-23) * 2**127`, `1,319`.

A grammar of our own, worked out exactly in fractions; nothing typed is ever evaluated as Python.
Every operation's size is known before it is carried out, so that `9**9**9**9` is refused in words
and costs nothing.

    sum      = product (("+" | "-") product)*
    product  = group (("*" | "/") group)*
    group    = signed unit* (number unit)*  a unit binds closer than * and /: 10 GB / 2 GB = 5
    signed   = ("-" | "+") signed | power
    power    = atom ("**" signed)?
    atom     = number | unit | function atom | "C(" sum "," sum ")" | "(" sum ")"

Only where what is divided has no unit does one behind the divisor belong to the quotient: 3/4 GB is
0.75 GB. Numbers with smaller and smaller units are added: 1 h 20 min.
"""

from __future__ import annotations

import math
from fractions import Fraction

from lessons.kit import units
from lessons.kit.answers.quantity import (
    CHOOSING,
    FUNCTIONS,
    Quantity,
    add,
    called,
    chosen,
    over,
    power,
    times,
)
from lessons.kit.answers.tokens import COMMAS, Token, Unreadable
from lessons.kit.units import Unit, UnknownUnit

MOST_DEPTH = 25
"""Brackets, signs and powers within each other."""
CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
AMBIGUOUS = {"log": "ln (natural), log2 or log10"}
"""Names of functions that people use for two."""
SIZED = Unit(Fraction(1))
"""What million leaves behind a number: its size is worked in, and was said."""


def evaluate(words: list[Token], asked: Unit | None = None) -> Quantity:
    """The value of an expression.

    Args:
        words: What was typed.
        asked: The unit that is asked for, where letters may stand for what they mean there only
            (`units.loosely`); None reads strictly.

    Raises:
        Unreadable: It is no whole expression, adds what cannot be added, or grows too large.
    """
    reader = _Reader(words, asked)
    result = reader.sum(0)
    if reader.at < len(words):
        raise Unreadable(reader.unexpected())
    return result


class _Reader:
    """Goes through the words once, from left to right."""

    def __init__(self, words: list[Token], asked: Unit | None) -> None:
        self.words = words
        self.asked = asked
        self.at = 0

    def peek(self, *texts: str) -> bool:
        """Whether one of these operators comes next."""
        return (
            self.at < len(self.words)
            and self.words[self.at].kind == "op"
            and self.words[self.at].text in texts
        )

    def take(self, *texts: str) -> str:
        """The operator that comes next if it is one of these, and go on; else empty."""
        if not self.peek(*texts):
            return ""
        self.at += 1
        return self.words[self.at - 1].text

    def name(self) -> str:
        """The unit that comes next, else empty."""
        if self.at == len(self.words) or self.words[self.at].kind != "name":
            return ""
        text = self.words[self.at].text
        return "" if text in FUNCTIONS or (text in CHOOSING and self.opens(1)) else text

    def opens(self, ahead: int) -> bool:
        """Whether a bracket opens so many words on."""
        return self.words[self.at + ahead : self.at + ahead + 1] == [Token("op", "(")]

    def unit(self, name: str) -> Quantity:
        """One of the unit of that name."""
        loose = units.loosely(name, self.asked) if self.asked else None
        try:
            unit = loose or units.named(name)
        except UnknownUnit as error:
            raise Unreadable(str(error)) from None
        return Quantity(unit.factor, unit)

    def unexpected(self) -> str:
        """What is wrong with the word that comes next."""
        if self.at == len(self.words):
            return "Something is missing at the end."
        word, before = self.words[self.at], self.words[self.at - 1] if self.at else None
        if word.text == ")":
            return "A bracket is closed that was not opened."
        if word.text == ",":
            return COMMAS.format(before.text if before else word.text)
        if before is None or (word.kind == "op" and word.text != "("):
            return f"A number is missing before {word.text}."
        return f"Between {before.text} and {word.text} an operator is missing."

    def sum(self, depth: int) -> Quantity:
        total = self.product(depth)
        while op := self.take("+", "-"):
            right = self.product(depth)
            total = add(total, right, 1 if op == "+" else -1)
        return total

    def product(self, depth: int) -> Quantity:
        result, behind = self.group(depth)
        result = times(result, behind)
        while op := self.take("*", "/"):
            right, behind = self.group(depth)
            if op == "*":
                result = times(result, times(right, behind))
            elif behind and result.bare and right.bare:
                result = times(over(result, right), behind)
            else:
                result = over(result, times(right, behind))
        return result

    def group(self, depth: int) -> tuple[Quantity, Quantity | None]:
        """A number, and the unit behind it."""
        head, behind = self.behind(self.signed(depth), depth)
        least = behind
        while least and least.dimension and self.more():
            part, less = self.behind(self.atom(depth), depth)
            if not less or less.dimension != least.dimension or less.value >= least.value:
                raise Unreadable("Of 1 h 20 min each part has a smaller unit than the one before.")
            whole, least = times(head, behind), less
            part = times(part, less)
            signed = part if whole.value >= 0 else Quantity(-part.value, part.unit)
            head = Quantity(add(whole, signed).value / behind.value, head.unit)
        return head, behind

    def more(self) -> bool:
        """Whether a number with a unit comes next, as the 20 min of 1 h 20 min."""
        kinds = [word.kind for word in self.words[self.at : self.at + 2]]
        return kinds == ["number", "name"]

    def behind(self, head: Quantity, depth: int) -> tuple[Quantity, Quantity | None]:
        """The number with the sizes behind it, and its units."""
        behind = None
        while name := self.name():
            self.at += 1
            if name in CONSTANTS:
                head = times(head, Quantity(Fraction(CONSTANTS[name])))
                continue
            unit = self.raised(self.unit(name), depth)
            if unit.unit.sizes:
                head = Quantity(times(head, unit).value, head.unit or SIZED)
            else:
                behind = times(unit, behind)
        return head, behind

    def signed(self, depth: int) -> Quantity:
        _not_too_deep(depth)
        op = self.take("+", "-")
        if not op:
            return self.raised(self.atom(depth), depth)
        right = self.signed(depth + 1)
        return Quantity(-right.value, right.unit) if op == "-" else right

    def raised(self, low: Quantity, depth: int) -> Quantity:
        return power(low, self.signed(depth + 1)) if self.take("**") else low

    def atom(self, depth: int) -> Quantity:
        _not_too_deep(depth)
        if self.take("("):
            inner = self.sum(depth + 1)
            if not self.take(")"):
                raise Unreadable("A bracket is not closed.")
            return inner
        if self.at == len(self.words) or self.words[self.at].kind == "op":
            raise Unreadable(self.unexpected())
        word = self.words[self.at]
        self.at += 1
        if word.kind == "number":
            return Quantity(word.value)
        if word.text in FUNCTIONS:
            return called(word.text, self.atom(depth + 1))
        if word.text in CHOOSING and self.opens(0):
            return self.choice(depth + 1)
        if word.text in CONSTANTS:
            return Quantity(Fraction(CONSTANTS[word.text]))
        if word.text == "$" and self.at < len(self.words):
            return times(self.atom(depth + 1), self.unit("$"))
        if word.text in AMBIGUOUS:
            raise Unreadable(f"{word.text} could be {AMBIGUOUS[word.text]}: write which.")
        unit = self.unit(word.text)
        return Quantity(unit.value, SIZED) if unit.unit.sizes else unit

    def choice(self, depth: int) -> Quantity:
        """The (n, k) behind C."""
        self.take("(")
        total = self.sum(depth)
        if self.take(","):
            taken = self.sum(depth)
        else:  # C(300,150): the comma was taken for one between thousands
            total, taken = _split(self.words[self.at - 1])
        if not self.take(")"):
            raise Unreadable("C takes two numbers: C(n, k).")
        return chosen(total, taken)


def _not_too_deep(depth: int) -> None:
    if depth > MOST_DEPTH:
        raise Unreadable("Too many brackets, signs and powers stand within each other.")


def _split(word: Token) -> tuple[Quantity, Quantity]:
    total, comma, taken = word.text.partition(",")
    if word.kind != "number" or not comma or not (total + taken).isdecimal():
        raise Unreadable("C takes two numbers: C(n, k).")
    return Quantity(Fraction(total)), Quantity(Fraction(taken))
