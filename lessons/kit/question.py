"""What a question is: a function of a seeded random generator that gives one of five kinds.

A question holds its answer, the mistakes that are known to be made (slips), a ladder of hints and
a worked solution with the numbers of this variant. It does not know how answers are typed
(`lessons.kit.answers.reading`) or graded (`lessons.kit.answers.grading`).

    @question("absmax-scale")
    def absmax_scale(rng: Random) -> Numeric: ...

    variant(absmax_scale, seed=4127).body.ask

`ask`, `says`, `hints` and `worked` are Markdown, a paragraph or a few; `lessons.kit.words` makes
all of them of one text, and shows a whole question. What is wrong with the content of a question
raises a ValueError where it is made, so that `tutor lint` can say which seed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

from engine.errors import EngineError
from lessons.kit.compare import NotDrawn, redrawn

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
"""How names of questions and slips are written."""

F = TypeVar("F", bound=Callable[[Random], "Body"])


@dataclass(frozen=True, slots=True)
class Slip:
    """A known mistake: what it leads to, and what to say to who made it."""

    name: str
    """Stable, in kebab-case, and the same for all variants: slips are counted by it."""
    value: Any
    """What is answered by who makes it: of the same form, and in the same unit, as the answer."""
    says: str
    """What went wrong, without giving the answer away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric:
    """A number is asked for."""

    ask: str
    answer: float | int | Fraction
    """Worked out from the numbers as `ask` displays them."""
    unit: str = ""
    """The unit of `answer` and of the slips' values, as `lessons.kit.units` names it;
    empty for a plain number."""
    tolerance: float = 0.005
    """How far off may be right, as a share of the answer; 0 asks for the exact number."""
    slips: Sequence[Slip] = ()
    hints: Sequence[str] = ()
    """A ladder: a clue, the idea, the worked step."""
    worked: str

    def __post_init__(self) -> None:
        for name, value in [("answer", self.answer), *((s.name, s.value) for s in self.slips)]:
            if not math.isfinite(value):
                raise ValueError(f"{name} is {value}, which is no number to type.")
        if not 0 <= self.tolerance < 1:
            raise ValueError(f"A tolerance of {self.tolerance} is no share of the answer.")
        _check_slips(self.slips)


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    text: str
    says: str
    """Why it is right or wrong; shown to who chose it."""
    right: bool = False
    slip: str = ""
    """The name of the mistake that leads here; empty if it is just wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option, or several, are to be chosen. `variant` shuffles them."""

    ask: str
    options: Sequence[Option]
    several: bool = False
    """Whether any number of options may be right; all of those are then to be chosen."""
    hints: Sequence[str] = ()
    worked: str

    def __post_init__(self) -> None:
        right = sum(option.right for option in self.options)
        if not 2 <= len(self.options) <= 26:
            raise ValueError(f"{len(self.options)} options: 2 to 26 can be chosen from.")
        if not right or (right > 1 and not self.several):
            raise ValueError(f"{right} options are right, of {len(self.options)}.")
        if len({option.text for option in self.options}) < len(self.options):
            raise ValueError("Two options read the same.")
        for option in self.options:
            if option.slip and (option.right or not KEBAB.fullmatch(option.slip)):
                raise ValueError(f"{option.slip!r} cannot name the mistake behind {option.text!r}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bits:
    """A pattern of bits is asked for."""

    ask: str
    answer: str
    """Zeros and ones, the most significant first."""
    fields: Sequence[tuple[str, int]] = ()
    """Names and widths of neighbouring bits, which are as many as the answer's; may be empty."""
    slips: Sequence[Slip] = ()
    """Their values are patterns as wide as the answer."""
    hints: Sequence[str] = ()
    worked: str

    def __post_init__(self) -> None:
        for pattern in (self.answer, *(slip.value for slip in self.slips)):
            if not pattern or set(pattern) - set("01") or len(pattern) != len(self.answer):
                raise ValueError(f"{pattern!r} is no pattern of {len(self.answer)} bits.")
        if self.fields and sum(width for _, width in self.fields) != len(self.answer):
            raise ValueError(f"The fields are not {len(self.answer)} bits wide together.")
        _check_slips(self.slips)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A small grid of numbers is asked for."""

    ask: str
    answer: Sequence[Sequence[float | int | Fraction]]
    """Rows, all of one length."""
    tolerance: float = 0.005
    """As a number's, for each cell."""
    slips: Sequence[Slip] = ()
    """Their values are grids of the answer's shape."""
    hints: Sequence[str] = ()
    worked: str

    def __post_init__(self) -> None:
        shape = [len(row) for row in self.answer]
        if not shape or not shape[0] or len(set(shape)) > 1:
            raise ValueError(f"Rows of {shape} numbers are no grid.")
        for slip in self.slips:
            if [len(row) for row in slip.value] != shape:
                raise ValueError(f"The grid of {slip.name} has another shape than the answer.")
        for rows in (self.answer, *(slip.value for slip in self.slips)):
            if not all(math.isfinite(cell) for row in rows for cell in row):
                raise ValueError("A cell is no number to type.")
        _check_slips(self.slips)


@dataclass(frozen=True, slots=True, kw_only=True)
class Essay:
    """A few sentences, which the learner holds against a rubric."""

    ask: str
    rubric: Sequence[str]
    """What a good answer says; each line is met or not."""
    sample: str
    """A good answer."""
    hints: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not self.rubric:
            raise ValueError("A rubric without a line grades nothing.")

    @property
    def worked(self) -> str:
        """The sample, under the name that the other kinds have for a solution."""
        return self.sample


Body = Numeric | Choice | Bits | Matrix | Essay


@dataclass(frozen=True, slots=True)
class Variant:
    """A question with the numbers of one seed: these two call it back."""

    question_id: str
    seed: int
    body: Body

    def __str__(self) -> str:
        return f"{self.question_id} #{self.seed}"


def question(id: str) -> Callable[[F], F]:
    """Marks a function of a random generator as a question; a draw that is not kept is redrawn.

    Args:
        id: In kebab-case; one of its kind in its lesson. It is the function's `question_id`.

    Raises:
        ValueError: The id is not in kebab-case.
    """
    if not KEBAB.fullmatch(id):
        raise ValueError(f"{id!r} is no name like absmax-scale.")

    def mark(function: F) -> F:
        function = redrawn(function)
        function.question_id = id
        return function

    return mark


def variant(function: Callable[[Random], Body], seed: int) -> Variant:
    """The question as this seed has it; the same seed gives the same variant.

    Raises:
        EngineError: No draw meets the question's conditions.
        ValueError: The question is not well made for this seed.
    """
    id = function.question_id
    rng = Random(f"{id}#{seed}")
    try:
        body = function(rng)
    except NotDrawn as error:
        says = f"The question {id} has no variant {seed}: {error}"
        raise EngineError(
            says, "That is a fault in the lesson: go on with another step."
        ) from error
    if not isinstance(body, Body):
        raise ValueError(f"The question {id} gives no question: is `.asks(...)` missing?")
    if isinstance(body, Choice):
        options = list(body.options)
        rng.shuffle(options)
        body = replace(body, options=tuple(options))
    return Variant(id, seed, body)


def slip_names(body: Body) -> tuple[str, ...]:
    """The mistakes that this question knows."""
    if isinstance(body, Choice):
        return tuple(option.slip for option in body.options if option.slip)
    return () if isinstance(body, Essay) else tuple(slip.name for slip in body.slips)


def _check_slips(slips: Sequence[Slip]) -> None:
    for slip in slips:
        if not KEBAB.fullmatch(slip.name):
            raise ValueError(f"{slip.name!r} is no name like bits-for-bytes.")
    names = [slip.name for slip in slips]
    if len(set(names)) < len(names):
        raise ValueError(f"Two slips have one name: {', '.join(sorted(names))}.")
