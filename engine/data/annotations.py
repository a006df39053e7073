"""GSM8K's calculator annotations, `<<12*4=48>>`: exact arithmetic on what they hold.

Nothing is ever run as Python: an expression is read by a grammar of numbers and four operators.
"""

import re
from fractions import Fraction

ANNOTATION = re.compile(r"<<([^=<>]+)=([^<>]+)>>")
_TOKEN = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+|[-+*/()])")


def evaluate(expression: str) -> Fraction:
    """The exact value of an expression such as `12*(4+1)/3`.

    Raises:
        ValueError: It is not an expression of numbers, + - * / and brackets.
        ZeroDivisionError: It divides by zero.
    """
    tokens, at = [], 0
    expression = expression.strip()
    while at < len(expression):
        found = _TOKEN.match(expression, at)
        if not found:
            raise ValueError(f"cannot read {expression[at:]!r} in {expression!r}")
        tokens.append(found[1])
        at = found.end()
    value, rest = _sum(tokens)
    if rest:
        raise ValueError(f"cannot read {rest[0]!r} in {expression!r}")
    return value


def _sum(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _product(tokens)
    while tokens and tokens[0] in "+-":
        sign = 1 if tokens[0] == "+" else -1
        more, tokens = _product(tokens[1:])
        value += sign * more
    return value, tokens


def _product(tokens: list[str]) -> tuple[Fraction, list[str]]:
    value, tokens = _factor(tokens)
    while tokens and tokens[0] in "*/":
        operator = tokens[0]
        more, tokens = _factor(tokens[1:])
        value = value * more if operator == "*" else value / more
    return value, tokens


def _factor(tokens: list[str]) -> tuple[Fraction, list[str]]:
    if not tokens:
        raise ValueError("the expression ends too early")
    first, rest = tokens[0], tokens[1:]
    if first == "-":
        value, rest = _factor(rest)
        return -value, rest
    if first == "(":
        value, rest = _sum(rest)
        if rest[:1] != [")"]:
            raise ValueError("a bracket is not closed")
        return value, rest[1:]
    if first[0].isdigit() or first[0] == ".":
        return Fraction(first), rest
    raise ValueError(f"cannot read {first!r}")


def check_annotations(answer: str) -> None:
    """Raise ValueError unless every annotation is true and the last one is the final answer."""
    steps = ANNOTATION.findall(answer)
    if not steps:
        raise ValueError(f"no annotation in {answer!r}")
    for expression, claimed in steps:
        if evaluate(expression) != Fraction(claimed):
            raise ValueError(f"{expression} is {evaluate(expression)}, not {claimed}")
    final = answer.rsplit("#### ", 1)[-1]
    if Fraction(steps[-1][1]) != Fraction(final):
        raise ValueError(f"the steps end at {steps[-1][1]}, the answer says {final}")
