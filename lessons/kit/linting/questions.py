"""Questions under many seeds: what is right must be right, and every mistake must be recognised.

For each variant the answer, each slip's value and an answer that means nothing are typed as a
learner would type them, read, and graded: nothing is taken from the question but what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random
from string import ascii_lowercase

from engine.errors import EngineError
from lessons.kit.answers.closeness import close, near_miss
from lessons.kit.answers.grading import grade, grade_essay
from lessons.kit.answers.reading import Number, unit_of
from lessons.kit.course.lesson import Lesson
from lessons.kit.display import answer_text, typed
from lessons.kit.linting.asked import faults_asked
from lessons.kit.linting.finding import Notes, Tried
from lessons.kit.linting.worked import contains_answer
from lessons.kit.question import (
    Bits,
    Body,
    Choice,
    Essay,
    Matrix,
    Numeric,
    Variant,
    slip_names,
    variant,
)
from lessons.kit.units import many

MOST_FINDINGS = 3
"""For one question; more of them say the same."""
SEEDS_ALIKE = 20
"""So many seeds that give one and the same variant are too many."""


def check_question(lesson: Lesson, id: str, function: Callable, seeds: int, notes: Notes) -> None:
    """One question under the seeds from 0 on."""
    texts: set[str] = set()
    slips: set[str] = set()
    answers = found = tried = 0
    kind = ""
    for seed in range(seeds):
        tried += 1
        try:
            made = variant(function, seed)
            if seed < 3 and variant(function, seed) != made:
                notes.add(lesson.id, f"question {id}", "The same seed gives two variants.", seed)
        except Exception as error:  # whatever an author's code may raise is for the author to read
            plain = isinstance(error, EngineError)
            says = str(error) if plain else f"{type(error).__name__}: {error}"
            notes.add(lesson.id, f"question {id}", says, seed)
            found += 1
        else:
            kind = type(made.body).__name__
            texts.add(_text(made.body))
            slips.update(slip_names(made.body))
            for says, count in _faults(made):
                answers += count
                if says and found < MOST_FINDINGS:
                    notes.add(lesson.id, f"question {id}", says, seed)
                found += bool(says)
        if found >= MOST_FINDINGS:
            break
    if tried >= SEEDS_ALIKE and len(texts) == 1 and kind not in ("Choice", "Essay"):
        notes.add(lesson.id, f"question {id}", "It is the same under every seed.")
    notes.tried.append(Tried(lesson.id, id, kind, tried, len(texts), len(slips), answers))
    notes.counts["questions"] += 1
    notes.counts["variants"] += tried
    notes.counts["answers"] += answers


def _faults(made: Variant) -> Iterator[tuple[str, int]]:
    """What is wrong with a variant, and how many answers were graded to see it."""
    body = made.body
    if not body.ask.strip() or not body.hints:
        yield "It asks nothing." if body.hints else "It has no hint.", 0
    if not contains_answer(body):
        yield f"The worked solution does not contain {answer_text(body)!r}.", 0
    if isinstance(body, Essay):
        verdict = grade_essay(body, range(len(body.rubric)))
        yield ("" if verdict.outcome == "right" else "A full rubric is not right."), 1
        return
    if isinstance(body, Numeric):
        yield from ((says, 0) for says in faults_asked(body))
    unreadable = grade(made, "wibble").outcome
    yield ("" if unreadable == "unreadable" else f"'wibble' is {unreadable}."), 1
    for text, outcome, slip in _expected(body, Random(f"garbage of {made}")):
        verdict = grade(made, text)
        if (verdict.outcome, verdict.slip) == (outcome, slip):
            yield "", 1
        else:
            got = f"{verdict.outcome} {verdict.slip}".strip()
            yield f"{text!r} is {got}, and should be {f'{outcome} {slip}'.strip()}.", 1


def _expected(body: Body, rng: Random) -> Iterator[tuple[str, str, str]]:
    """What may be typed, and the outcome and slip that it must have."""
    yield answer_text(body), "right", ""
    if isinstance(body, Choice):
        yield from _choices(body)
        return
    for slip in body.slips:
        yield typed(body, slip.value), "slip", slip.name
    if garbage := _garbage(body, rng):
        yield garbage, "wrong", ""


def _choices(body: Choice) -> Iterator[tuple[str, str, str]]:
    right = [letter for letter, option in _lettered(body) if option.right]
    for letter, option in _lettered(body):
        if not option.right:
            picks = [*right, letter] if body.several else [letter]
            yield " ".join(picks), "slip" if option.slip else "wrong", option.slip
    if body.several and len(right) > 1:
        yield right[0], "wrong", ""


def _lettered(body: Choice) -> Iterator[tuple]:
    return zip(ascii_lowercase, body.options, strict=False)


def _garbage(body: Numeric | Bits | Matrix, rng: Random) -> str:
    """An answer that can be read and means nothing; empty where every one means something."""
    match body:
        case Bits():
            taken = {body.answer, *(slip.value for slip in body.slips)}
            width = len(body.answer)
            drawn = (f"{rng.getrandbits(width):0{width}b}" for _ in range(100))
            return next((each for each in drawn if each not in taken), "")
        case Matrix():
            rows = [[cell * 3 + 17 for cell in row] for row in body.answer]
            return typed(body, rows)
    size = max(abs(float(body.answer)), 1e-30)
    values = [Fraction(body.answer), *(Fraction(slip.value) for slip in body.slips)]
    for _ in range(100):
        drawn = Fraction(f"{size * rng.uniform(1.2, 7.5):.5g}")
        drawn = drawn if body.tolerance else Fraction(round(drawn))  # others show it by themselves
        if not any(close(drawn, value, 0.1) for value in values) and not _usual(drawn, body):
            return f"{float(drawn):.5g} {many(body.unit)}".rstrip()
    return ""


def _usual(drawn: Fraction, body: Numeric) -> bool:
    """Whether it is wrong in a way that shows by itself, or by about a factor of units."""
    if near_miss(Number(drawn, "", digits=5), body.answer, body.tolerance):
        return True
    if not body.answer or not unit_of(body.unit).informs:
        return False
    ratio = float(drawn / Fraction(body.answer))
    return any(abs(ratio / factor - 1) < 0.02 for factor in (8, *(1.024**n for n in range(1, 6))))


def _text(body: Body) -> str:
    return f"{body.ask}\0{answer_text(body)}"
