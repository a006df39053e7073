'''A question in its author's form: draw, work out, say.

    @question("cascade-em")
    def cascade_em(rng: Random) -> Numeric:
        sent, kept = rng.randint(15, 70), rng.randint(70, 97)
        hard, strong = rng.randint(60, 90), rng.randint(88, 97)
        keep_if(strong > hard + 3)
        answer = ((100 - sent) * kept + sent * hard) / 100
        slips = {
            "shares-swapped": (sent * kept + (100 - sent) * hard) / 100,
            "plain-mean": (kept + hard) / 2,
        }
        return numeric(answer, slips, unit="percent", tolerance=0.003, apart=0.012).asks(f"""
        A cascade sends {sent}% of the problems on. The student gets {kept}% of those right that it
        keeps, and the strong model {hard}% of those that are sent. What is the exact match of the
        cascade, in percent?

        shares-swapped: You gave the sent share to the student. It answers what is *not* sent.
        plain-mean: That would be so if half of the problems were sent.

        hint: Who answers which share of the problems?
        hint: A mixture: share kept * EM on the kept + share sent * EM on the sent.
        hint: The student brings {(100 - sent) / 100:g} * {kept}%.
        worked: {(100 - sent) / 100:g} * {kept}% + {sent / 100:g} * {hard}% = **{show(answer)}%**;
          a line that goes on is indented.""")

**Draw** with `rng` alone. `keep_if` (`lessons.kit.compare`) says what a draw must be like, and a
draw is kept only if answer and slips are apart: by more than the tolerance, or by the share that
`apart` names. One that is not kept is drawn again, from the top of the function; `@redrawn` makes a
smaller function that is drawn again by itself. What is drawn between `numeric(...)` and `.asks`
is drawn once, when the numbers are settled.

**Work out** each mistake once, under its name, from numbers as they are displayed. A slip that is
None is not made in this variant, and its words are passed over.

**Say** it in one block of Markdown. What is asked comes first; then each part begins a line with
its label:

    NAME:    what is said to who made that slip
    hint:    a rung of the ladder
    worked:  the solution, with the numbers of this variant
    right:   in a choice, OPTION -> what is said to who chose it; so do `wrong:` and a slip's NAME
    rubric:  in an essay, a line of the rubric; its good answer is `sample:`

As in Markdown, the lines of a paragraph are one, a blank line parts paragraphs, and one that is
indented by four is code. A value of several lines is put in as `block(...)`, `table(...)` or
`bullets(...)` (`lessons.kit.display`), on a line of its own.
'''

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Generic, TypeVar

from lessons.kit.compare import keep_apart
from lessons.kit.display import BREAK
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric, Option, Slip

B = TypeVar("B", bound=Body)

_LABEL = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*):(?: +|$)")
_ARROW = re.compile(r"\s->\s")


@dataclass(frozen=True, slots=True)
class Unasked(Generic[B]):
    """A question whose numbers are settled, and whose words are to come."""

    make: Callable[[Words], B]

    def asks(self, text: str) -> B:
        """The question, in these words.

        Raises:
            ValueError: A part is missing, is there twice, or has a label that means nothing here.
        """
        return self.make(Words(tuple(_parts(text))))


def numeric(
    answer: float | int | Fraction,
    slips: Mapping[str, float | int | Fraction | None] | None = None,
    *,
    unit: str = "",
    tolerance: float = 0.005,
    apart: float | None = None,
) -> Unasked[Numeric]:
    """A number is asked for.

    Args:
        answer: Worked out from the numbers as they are displayed.
        slips: What each known mistake leads to, in the answer's unit; None where it is not made.
        unit: The answer's, as `lessons.kit.units` names it; empty for a plain number.
        tolerance: How far off may be right, as a share of the answer; 0 asks for the exact number.
        apart: How far answer and slips lie from one another, as a share; None for the tolerance.

    Raises:
        Redraw: They do not.
    """
    made = _made(slips)
    keep_apart(answer, made, tolerance if apart is None else apart)
    return Unasked(
        lambda words: Numeric(
            answer=answer, unit=unit, tolerance=tolerance, **words.with_slips(made, slips)
        )
    )


def bits(
    answer: str, slips: Mapping[str, str | None] | None = None, fields: Sequence[tuple] = ()
) -> Unasked[Bits]:
    """A pattern of bits is asked for; its slips are patterns as wide.

    Raises:
        Redraw: Two are the same.
    """
    made = _made(slips)
    keep_apart(answer, made)
    return Unasked(
        lambda words: Bits(answer=answer, fields=fields, **words.with_slips(made, slips))
    )


def matrix(
    answer: Sequence[Sequence[float | int | Fraction]],
    slips: Mapping[str, Sequence[Sequence[float | int | Fraction]] | None] | None = None,
    *,
    tolerance: float = 0.005,
) -> Unasked[Matrix]:
    """A small grid of numbers is asked for, row by row; its slips are grids of that shape.

    Raises:
        Redraw: Two are the same.
    """
    made = _made(slips)
    keep_apart(answer, made)
    return Unasked(
        lambda words: Matrix(answer=answer, tolerance=tolerance, **words.with_slips(made, slips))
    )


def choice(options: Sequence[Option] = (), *, several: bool = False) -> Unasked[Choice]:
    """One option, or several, are to be chosen.

    Args:
        options: Those that are drawn; others are parts of the words, and come after them.
        several: Whether all that are right are to be chosen, however many.
    """
    return Unasked(
        lambda words: Choice(
            ask=words.ask,
            options=[*options, *words.options()],
            several=several,
            hints=words.all("hint"),
            worked=words.one("worked"),
        )
    )


def essay() -> Unasked[Essay]:
    """A few sentences are asked for, which the learner holds against a rubric."""
    return Unasked(_essay)


def _essay(words: Words) -> Essay:
    words.only({"rubric", "sample", "hint"})
    return Essay(
        ask=words.ask,
        rubric=words.all("rubric"),
        sample=words.one("sample"),
        hints=words.all("hint"),
    )


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a text, in their order."""

    parts: tuple[tuple[str, str], ...]
    """Label and text; what is asked comes first and has no label."""

    @property
    def ask(self) -> str:
        """What comes before the first label."""
        return self.parts[0][1]

    def all(self, label: str) -> tuple[str, ...]:
        """The texts of all parts of that label."""
        return tuple(text for each, text in self.parts if each == label)

    def one(self, label: str) -> str:
        """The text of the only part of that label. Raises ValueError: There is none, or several."""
        texts = self.all(label)
        if len(texts) != 1 or not texts[0]:
            there = f"{len(texts)} parts of the words begin" if texts else "No part begins"
            raise ValueError(f"{there} with '{label}:', and one should, with a text behind it.")
        return texts[0]

    def only(self, known: Collection[str]) -> None:
        """Refuse a label that means nothing. Raises ValueError."""
        for label, text in self.parts[1:]:
            if label not in known:
                raise ValueError(
                    f"'{label}: {text[:30]}' begins a line as a part of the words does, and there "
                    f"are {', '.join(sorted(known))}. If it is text, break the line elsewhere."
                )

    def with_slips(self, made: Mapping[str, Any], known: Mapping[str, Any] | None) -> dict:
        """What a body is made of that has slips: those that are made, of those that are known."""
        self.only({"hint", "worked", *(known or ())})
        slips = [Slip(name, value, self.one(name)) for name, value in made.items()]
        hints = self.all("hint")
        return {"ask": self.ask, "slips": slips, "hints": hints, "worked": self.one("worked")}

    def options(self) -> Iterator[Option]:
        """Parts that are neither hint nor solution. Raises ValueError: One says nothing."""
        for label, text in self.parts[1:]:
            if label in ("hint", "worked"):
                continue
            text, *says = _ARROW.split(text, maxsplit=1)
            if not says:
                raise ValueError(f"'{label}: {text[:30]}' lacks '-> what is said to who chose it'.")
            slip = "" if label in ("right", "wrong") else label
            yield Option(text, says[0], right=label == "right", slip=slip)


def _made(slips: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (slips or {}).items() if value is not None}


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Labels and texts; the first is what is asked, and its label empty."""
    label, lines = "", []
    for line in _dedented(text):
        if found := _LABEL.match(line):
            yield label, _paragraphs(lines)
            label, line, lines = found[1], line[found.end() :], []
        lines.append(line)
    yield label, _paragraphs(lines)


def _dedented(text: str) -> Iterator[str]:
    """Lines without the indentation of the first; `textwrap` would break them where BREAK is."""
    lines = text.strip("\n").split("\n")
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip(" "))]
    for line in lines:
        if line.strip() and not line.startswith(indent):
            raise ValueError(
                f"{line.strip()[:30]!r} begins farther left than the first line of the words. A "
                "value of several lines is put in as block(...), table(...) or bullets(...)."
            )
        yield line[len(indent) :].rstrip(" ")


def _paragraphs(lines: Sequence[str]) -> str:
    paragraphs = (list(each) for filled, each in groupby(lines, key=bool) if filled)
    return "\n\n".join(map(_paragraph, paragraphs)).replace(BREAK, "\n")


def _paragraph(lines: Sequence[str]) -> str:
    if lines[0].startswith("    "):
        return "\n".join(lines)
    first, *others = map(str.strip, lines)
    return first + "".join(f"{chr(10) if line.startswith('- ') else ' '}{line}" for line in others)
