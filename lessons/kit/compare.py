"""Draws that are kept only if they make a fair question: conditions, and a loop that ends.

    @redrawn
    def spread(rng: Random) -> list[float]:
        weights = [round(rng.uniform(-4, 4), 2) for _ in range(6)]
        keep_if(max(weights) > 0.5 > -0.5 > min(weights))
        keep_if(apart(map(abs, weights), 0.02))
        return weights

A draw that meets every condition is given back; another takes the next numbers of the same
generator. `@question` redraws by itself. What no draw meets is an error that quotes the condition.
"""

from __future__ import annotations

import ast
import linecache
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from itertools import combinations
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

MOST_DRAWS = 1000
"""After so many a condition is taken to be one that cannot be met."""

_KIT = str(Path(__file__).parent) + os.sep

P = ParamSpec("P")
T = TypeVar("T")


class Redraw(Exception):
    """This draw makes no fair question: take another. Its words, if any, say why."""


class NotDrawn(ValueError):
    """No draw met all conditions; the words say which were not met."""


def redrawn(function: Callable[P, T]) -> Callable[P, T]:
    """A function that is called again, with the same generator, until its draw is kept.

    Raises:
        NotDrawn: Of MOST_DRAWS draws none was; it says which conditions they did not meet.
    """

    @wraps(function)
    def until_kept(*given: P.args, **named: P.kwargs) -> T:
        missed: Counter[tuple[str, int, str]] = Counter()
        for _ in range(MOST_DRAWS):
            try:
                return function(*given, **named)
            except Redraw as why:
                missed[(*_place(why.__traceback__), str(why))] += 1
        told = "; ".join(_told(*each, times) for each, times in missed.most_common(3))
        raise NotDrawn(f"none of {MOST_DRAWS:,} draws is kept. Not met: {told}.")

    return until_kept


def keep_if(condition: object) -> None:
    """Keep this draw if the condition holds, else take another.

    Raises:
        Redraw: It does not hold.
    """
    if not condition:
        raise Redraw


def apart(values: Iterable[Any], by: float = 0) -> bool:
    """Whether no two values are equal, nor numbers closer than a share of the larger one.

    Args:
        values: Numbers; without a share also patterns, grids, or whatever can be equal.
        by: The share.
    """
    pairs = combinations(values, 2)
    return all(abs(a - b) > by * max(abs(a), abs(b)) if by else a != b for a, b in pairs)


def keep_apart(answer: Any, slips: Mapping[str, Any], by: float = 0) -> None:
    """Keep this draw if the answer and all slips can be told apart, as `apart` has it.

    Raises:
        Redraw: Two cannot be; it names them.
    """
    for (name, a), (other, b) in combinations([("the answer", answer), *slips.items()], 2):
        if not apart((a, b), by):
            wanted = f"to be apart by more than {by:g}" if by else "not to be the same"
            raise Redraw(f"{name} and {other} are {wanted}")


def _place(trace: TracebackType | None) -> tuple[str, int]:
    """File and line of the author's that did not keep the draw: the last outside of the kit."""
    place = ("", 0)
    while trace:
        if not (file := trace.tb_frame.f_code.co_filename).startswith(_KIT):
            place = (file, trace.tb_lineno)
        trace = trace.tb_next
    return place


def _told(file: str, line: int, says: str, times: int) -> str:
    place = f"{Path(file).name}, line {line}; {times:,} times"
    return f"{says or _condition(file, line)} ({place})"


def _condition(file: str, line: int) -> str:
    """The condition in that line as it is written, on however many lines."""
    source = "".join(linecache.getlines(file))
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id="keep_if"), args=[condition]) if (
                node.lineno <= line <= node.end_lineno
            ):
                return " ".join(ast.get_source_segment(source, condition).split())
    return "a condition"
