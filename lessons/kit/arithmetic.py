"""Arithmetic as it is typed: `127/10.8`, `70e9 * 4 bit`, `(2 - 2**-23) * 2**127`, `1,319`.

A grammar of our own, worked out exactly in fractions; nothing typed is ever evaluated as Python.
Every operation's size is known before it is carried out, so that `9**9**9**9` is refused in words
and costs nothing.

    sum      = product (("+" | "-") product)*
    product  = group (("*" | "/") group)*
    group    = signed unit*                 a unit binds closer than * and /: 10 GB / 2 GB = 5
    signed   = ("-" | "+") signed | power
    power    = atom ("**" signed)?
    atom     = number | unit | function atom | "(" sum ")"

Only where what is divided has no unit does one behind the divisor belong to the quotient: 3/4 GB is
0.75 GB.
"""

from __future__ import annotations

import math
from fractions import Fraction

from lessons.kit import units
from lessons.kit.quantity import FUNCTIONS, Quantity, add, called, over, power, times
from lessons.kit.tokens import Token, Unreadable
from lessons.kit.units import UnknownUnit

MOST_DEPTH = 25
"""Brackets, signs and powers within each other."""
CONSTANTS = {"pi": math.pi, "π": math.pi}


def evaluate(words: list[Token]) -> Quantity:
    """The value of an expression.

    Raises:
        Unreadable: It is no whole expression, adds what cannot be added, or grows too large.
    """
    reader = _Reader(words)
    result = reader.sum(0)
    if reader.at < len(words):
        raise Unreadable(reader.unexpected())
    return result


class _Reader:
    """Goes through the words once, from left to right."""

    def __init__(self, words: list[Token]) -> None:
        self.words = words
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
        return "" if text in FUNCTIONS else text

    def unexpected(self) -> str:
        """What is wrong with the word that comes next."""
        if self.at == len(self.words):
            return "Something is missing at the end."
        word, before = self.words[self.at], self.words[self.at - 1] if self.at else None
        if word.text == ")":
            return "A bracket is closed that was not opened."
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
            elif behind and result.unit is None and right.unit is None:
                result = times(over(result, right), behind)
            else:
                result = over(result, times(right, behind))
        return result

    def group(self, depth: int) -> tuple[Quantity, Quantity | None]:
        """A number, and the unit behind it."""
        head, behind = self.signed(depth), None
        while name := self.name():
            self.at += 1
            if name in CONSTANTS:
                head = times(head, Quantity(Fraction(CONSTANTS[name])))
                continue
            unit = self.raised(_unit(name), depth)
            if unit.dimension or unit.unit.factor < 1000:
                behind = times(unit, behind)
            else:
                head = Quantity(times(head, unit).value, head.unit)  # million: a number's size
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
        if word.text in CONSTANTS:
            return Quantity(Fraction(CONSTANTS[word.text]))
        if word.text == "$" and self.at < len(self.words):
            return times(self.atom(depth + 1), _unit("$"))
        return _unit(word.text)


def _not_too_deep(depth: int) -> None:
    if depth > MOST_DEPTH:
        raise Unreadable("Too many brackets, signs and powers stand within each other.")


def _unit(name: str) -> Quantity:
    try:
        unit = units.named({"$": "dollar"}.get(name, name))
    except UnknownUnit as error:
        raise Unreadable(str(error)) from None
    return Quantity(unit.factor, unit)
