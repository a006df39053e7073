"""Digests of what questions ask under 200 seeds: whether a rewritten one still asks the same.

    python -m lessons.kit.linting.variants QUESTION SEED    prints what goes into a digest

`variants.toml` has them, and `lessons.kit.linting.same` writes it. All that a learner sees or is
judged by goes in, and not how it was worked out: a number counts to twelve digits, so that a sum in
another order is the same sum.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from hashlib import sha256
from importlib.resources import files

from lessons.kit.course.lesson import Lesson, every_lesson
from lessons.kit.display import Real, typed
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric, variant

FILE = "variants.toml"
SEEDS = 200
"""From 0 on."""
HEAD = f"""\
# What each question asks under the seeds from 0 to {SEEDS - 1}, as a digest: one whose code is
# written in another way must keep it. `python -m lessons.kit.linting.same` writes this file.
"""


def recorded() -> dict[str, str]:
    """Digests by `<lesson>/question/<id>`, as they were last written."""
    told = tomllib.loads(files("lessons").joinpath(FILE).read_text(encoding="utf-8"))
    return {f"{of}/question/{id}": each for of, ids in told.items() for id, each in ids.items()}


def asked_by(lessons: Iterable[Lesson]) -> dict[str, str]:
    """Digests by `<lesson>/question/<id>`, of questions as they are now."""
    return {
        f"{lesson.id}/question/{id}": digest_of(each)
        for lesson in lessons
        for id, each in lesson.questions().items()
    }


def text(asked: Mapping[str, str]) -> str:
    """The file with these digests."""
    tables: dict[str, str] = {}
    for question, digest in asked.items():
        lesson, _, id = question.rsplit("/", 2)
        tables[lesson] = tables.get(lesson, f'["{lesson}"]\n') + f'{id} = "{digest}"\n'
    return "\n".join([HEAD, *tables.values()])


def digest_of(function: Callable, seeds: int = SEEDS) -> str:
    """Sixteen hexadecimal digits that change with any variant of a question.

    Raises:
        ValueError: A variant is not well made.
    """
    said = sha256()
    for seed in range(seeds):
        for line in lines(variant(function, seed).body):
            said.update(f"{line}\0".encode())
    return said.hexdigest()[:16]


def lines(body: Body) -> Iterator[str]:
    """All of a variant that a learner sees or is judged by."""
    yield f"{type(body).__name__}: {body.ask}"
    match body:
        case Numeric():
            yield f"unit {body.unit}, tolerance {number(body.tolerance)}"
        case Matrix():
            yield f"tolerance {number(body.tolerance)}"
        case Bits():
            yield f"fields {' '.join(f'{name}:{width}' for name, width in body.fields)}"
        case Choice():
            yield "several" if body.several else "one"
            for option in body.options:
                yield f"option {option.right:d} {option.slip}: {option.text}"
                yield f"says {option.says}"
        case Essay():
            yield from (f"rubric {each}" for each in body.rubric)
    if isinstance(body, Numeric | Matrix | Bits):
        yield f"answer {_value(body, body.answer)}"
        for slip in body.slips:
            yield f"slip {slip.name} {_value(body, slip.value)}"
            yield f"says {slip.says}"
    yield from (f"hint {each}" for each in body.hints)
    yield f"worked {body.worked}"


def number(value: Real) -> str:
    """A number to twelve digits; a whole one and a fraction in full."""
    if isinstance(value, Fraction):
        return str(value)
    if value == int(value) and abs(value) < 10**15:
        return str(int(value))
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _value(body: Numeric | Matrix | Bits, value: object) -> str:
    match body:
        case Numeric():
            exact = number(value)
        case Matrix():
            exact = "; ".join(" ".join(map(number, row)) for row in value)
        case Bits():
            exact = value
    return f"{exact} as {typed(body, value)}"


if __name__ == "__main__":
    every = {id: each for lesson in every_lesson() for id, each in lesson.questions().items()}
    print(*lines(variant(every[sys.argv[1]], int(sys.argv[2])).body), sep="\n")
