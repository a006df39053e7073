'''A question in its author's form: draw, then say.

    @question("cascade-em")
    def cascade_em(rng: Random) -> Numeric:
        sent, kept = rng.randint(15, 70), rng.randint(70, 97)
        hard, strong = rng.randint(60, 90), rng.randint(88, 97)
        keep_if(strong > hard + 3)
        answer = ((100 - sent) * kept + sent * hard) / 100
        return numeric(answer, unit="percent", tolerance=0.003, apart=0.012).asks(f"""
        A cascade sends {sent}% of the problems on. The student gets {kept}% of those right that it
        keeps, and the strong model {hard}% of those that are sent. What is the exact match of the
        cascade, in percent?

        shares-swapped = {(sent * kept + (100 - sent) * hard) / 100}: You gave the sent share to the
          student. It answers what is *not* sent.
        plain-mean = {(kept + hard) / 2}: That would be so if half of the problems were sent.

        hint: Who answers which share of the problems?
        hint: A mixture: share kept * EM on the kept + share sent * EM on the sent.
        hint: The student brings {(100 - sent) / 100:g} * {kept}%.
        worked: {(100 - sent) / 100:g} * {kept}% + {sent / 100:g} * {hard}% = **{show(answer)}%**;
          a line that goes on is indented.""")

**Draw** with `rng` alone. `keep_if` (`lessons.kit.compare`) says what a draw must be like. It is
also kept only if answer and slips are apart: by more than the tolerance, or by the share that
`apart` names. One that is not kept is drawn again, from the top of the function; `@redrawn` makes a
smaller function that is drawn again by itself. What is to be drawn only once all that is settled
stands behind a `keep_apart` of its own.

**Say** it in one block of Markdown. What is asked comes first; then each part begins a line with
its label:

    NAME = {VALUE}:  a slip: what who made it answers, and what is said to them
    hint:            a rung of the ladder
    worked:          the solution, with the numbers of this variant
    right:           in a choice, OPTION -> what is said to who chose it; so do `wrong:` and `NAME:`
    rubric:          in an essay, a line of the rubric; its good answer is `sample:`

A slip's value is put in as it is, without a format, and is read back exactly; a pattern of bits is
put in as its bits, and None where the slip is not made in this variant. As in Markdown, the lines
of a paragraph are one, a blank line parts paragraphs, and one that is indented by four is code. A
value of several lines is put in as `block(...)`, `table(...)` or `bullets(...)`
(`lessons.kit.display`), on a line of its own. What is put in may also be a whole part with its
label, as where the right option depends on the draw; if that is all that does, `choice` is told
which one is `right`.
'''

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any, Generic, TypeVar

from lessons.kit.compare import keep_apart
from lessons.kit.display import BREAK, Real
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric, Option, Slip

B = TypeVar("B", bound=Body)

_LABEL = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)(?: = (.*?))?:(?: +|$)")
_ARROW = re.compile(r"\s->\s")


@dataclass(frozen=True, slots=True)
class Unasked(Generic[B]):
    """A question whose words are to come."""

    make: Callable[[Words], B]

    def asks(self, text: str) -> B:
        """The question, in these words.

        Raises:
            ValueError: A part is missing, is there twice, or has a label that means nothing here.
            Redraw: Answer and slips are not apart.
        """
        return self.make(Words(tuple(_parts(text))))


def numeric(
    answer: Real, *, unit: str = "", tolerance: float = 0.005, apart: float | None = None
) -> Unasked[Numeric]:
    """A number is asked for.

    Args:
        answer: Worked out from the numbers as they are displayed.
        unit: The answer's and the slips', as `lessons.kit.units` names it; empty for none.
        tolerance: How far off may be right, as a share of the answer; 0 asks for the exact number.
        apart: How far answer and slips lie from one another, as a share; None for the tolerance.
    """
    by = tolerance if apart is None else apart
    return Unasked(
        lambda words: Numeric(
            answer=answer, unit=unit, tolerance=tolerance, **words.with_slips(_number, answer, by)
        )
    )


def bits(answer: str, fields: Sequence[tuple[str, int]] = ()) -> Unasked[Bits]:
    """A pattern of bits is asked for, which may be parted into named fields."""
    return Unasked(
        lambda words: Bits(answer=answer, fields=fields, **words.with_slips(str, answer))
    )


def matrix(answer: Sequence[Sequence[Real]], *, tolerance: float = 0.005) -> Unasked[Matrix]:
    """A small grid of numbers is asked for, row by row; so are the slips' values."""
    return Unasked(
        lambda words: Matrix(
            answer=answer, tolerance=tolerance, **words.with_slips(ast.literal_eval, answer)
        )
    )


def choice(
    options: Sequence[Option] = (), *, several: bool = False, right: str = "", because: str = ""
) -> Unasked[Choice]:
    """One option, or several, are to be chosen.

    Args:
        options: Those that are drawn; others are parts of the words, and come after them.
        several: Whether all that are right are to be chosen, however many.
        right: The option that is right in this variant, where that is drawn. Its part is written
            as where it is wrong.
        because: What is said to who chose that one.
    """
    return Unasked(
        lambda words: Choice(
            ask=words.ask,
            options=[*options, *words.options(right, because)],
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
class Part:
    """A stretch of the words."""

    label: str
    """Empty for what is asked."""
    value: str
    """A slip's, as it was put in; empty for other parts."""
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a text, in their order; what is asked comes first."""

    parts: tuple[Part, ...]

    @property
    def ask(self) -> str:
        """What comes before the first label."""
        return self.parts[0].text

    def all(self, label: str) -> tuple[str, ...]:
        """The texts of all parts of that label."""
        return tuple(part.text for part in self.parts if part.label == label)

    def one(self, label: str) -> str:
        """The text of the only part of that label. Raises ValueError: There is none, or several."""
        texts = self.all(label)
        if len(texts) != 1 or not texts[0]:
            there = f"{len(texts)} parts of the words begin" if texts else "No part begins"
            raise ValueError(f"{there} with '{label}:', and one should, with a text behind it.")
        return texts[0]

    def only(self, known: Collection[str]) -> None:
        """Refuse parts that are neither slips nor have a known label. Raises ValueError."""
        for part in self.parts[1:]:
            if part.label not in known and not part.value:
                raise ValueError(
                    f"'{part.label}: {part.text[:30]}' begins a line as a part does, and there are "
                    f"{', '.join(sorted(known))}. A slip is 'NAME = VALUE:'; if it is text, break "
                    "the line elsewhere."
                )

    def with_slips(self, read: Callable[[str], Any], answer: Any, by: float = 0) -> dict[str, Any]:
        """What a body is made of that has slips.

        Args:
            read: A slip's value from its text.
            answer: The body's.
            by: How far it and the slips are to be apart, as a share.

        Raises:
            Redraw: They are not.
            ValueError: A value cannot be read, or a part is no right one.
        """
        self.only({"hint", "worked"})
        made = [part for part in self.parts if part.value not in ("", "None")]
        slips = [Slip(part.label, _value(part, read), self.one(part.label)) for part in made]
        keep_apart(answer, {slip.name: slip.value for slip in slips}, by)
        hints = self.all("hint")
        return {"ask": self.ask, "slips": slips, "hints": hints, "worked": self.one("worked")}

    def options(self, right: str = "", because: str = "") -> Iterator[Option]:
        """Parts that are neither hint nor solution. Raises ValueError: One says nothing.

        Args:
            right: The option that is the right one, whatever its label; empty for none.
            because: What is said of it.
        """
        for part in self.parts[1:]:
            if part.label in ("hint", "worked"):
                continue
            text, *says = _ARROW.split(part.text, maxsplit=1)
            if not says:
                lacks = "lacks '-> what is said to who chose it'"
                raise ValueError(f"'{part.label}: {text[:30]}' {lacks}.")
            if text == right:
                yield Option(text, because, right=True)
                continue
            slip = "" if part.label in ("right", "wrong") else part.label
            yield Option(text, says[0], right=part.label == "right", slip=slip)


def _value(part: Part, read: Callable[[str], Any]) -> Any:
    try:
        return read(part.value)
    except (ValueError, SyntaxError):
        raise ValueError(f"'{part.label} = {part.value}' is not as the answer is.") from None


def _number(text: str) -> Real:
    if "/" in text:
        return Fraction(text)
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _parts(text: str) -> Iterator[Part]:
    label, value, lines = "", "", []
    for line in _dedented(text):
        if found := _LABEL.match(line):
            yield Part(label, value, _paragraphs(lines))
            label, value, line, lines = found[1], found[2] or "", line[found.end() :], []
        lines.append(line)
    yield Part(label, value, _paragraphs(lines))


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
