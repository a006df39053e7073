"""Questions ask what they asked before, and a digest of their variants would tell."""

from dataclasses import fields, replace
from fractions import Fraction
from importlib.resources import files
from random import Random

import pytest

from lessons.kit.course.lesson import every_lesson, lesson
from lessons.kit.linting.variants import (
    FILE,
    asked_by,
    digest_of,
    lines,
    number,
    recorded,
    text,
)
from lessons.kit.question import Bits, Choice, Essay, Matrix, Numeric, Option, Slip, question

LESSONS = [each.id for each in every_lesson()]
RECORDED = recorded()
SLIP = Slip("half", 1, "You have halved it.")
TOLD = {"ask": "How many?", "hints": ["Count."], "worked": "Two."}
BODIES = [
    Numeric(answer=2, unit="byte", slips=[SLIP], **TOLD),
    Matrix(answer=[[1, 2]], slips=[replace(SLIP, value=[[1, 1]])], **TOLD),
    Bits(answer="10", fields=[("sign", 1), ("rest", 1)], slips=[replace(SLIP, value="01")], **TOLD),
    Choice(options=[Option("1", "No.", slip="half"), Option("2", "Yes.", right=True)], **TOLD),
    Essay(ask="Why?", rubric=["It says why."], sample="So.", hints=["Think."]),
]
OTHERWISE = {
    "ask": "How much?", "hints": ["Count them."], "worked": "2.", "unit": "bit", "tolerance": 0.01,
    "slips": (), "several": True, "fields": (), "rubric": ["It says how."], "sample": "Because.",
    "options": [Option("1", "No!"), Option("2", "Yes.", right=True)],
}  # fmt: skip
ANSWERS = {Numeric: 3, Matrix: [[1, 3]], Bits: "11"}


@pytest.mark.parametrize("id", LESSONS)
def test_questions_ask_what_they_asked(id):
    """Of one that is meant to ask otherwise, `python -m lessons.kit.linting.same` is told so."""
    before = {step: digest for step, digest in RECORDED.items() if step.startswith(f"{id}/")}
    assert asked_by([lesson(id)]) == before


def test_the_file_is_as_it_is_written():
    there = files("lessons").joinpath(FILE).read_text(encoding="utf-8")
    assert there == text(RECORDED)
    assert {step.rsplit("/", 2)[0] for step in RECORDED} <= set(LESSONS)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_whatever_a_learner_sees_or_is_judged_by_counts(body):
    before = list(lines(body))
    for field in fields(body):
        told = OTHERWISE.get(field.name, ANSWERS.get(type(body)))
        assert list(lines(replace(body, **{field.name: told}))) != before, field.name
    assert list(lines(replace(body))) == before


@pytest.mark.parametrize(
    "change", [{"name": "third"}, {"value": 1.5}, {"says": "It is the half."}], ids=str
)
def test_all_of_a_slip_counts(change):
    other = replace(BODIES[0], slips=[replace(SLIP, **change)])
    assert list(lines(other)) != list(lines(BODIES[0]))


def test_a_number_counts_as_it_is_and_not_as_it_was_worked_out():
    assert number(0.1 + 0.2) == number(0.3) == "0.3"
    assert number(2.0) == number(2) == "2"
    assert number(Fraction(1, 3)) == "1/3" != number(1 / 3)
    assert number(10**20 + 1) == "100000000000000000001"
    assert number(1 + 1e-11) != number(1)


def test_every_seed_counts():
    @question("drawn")
    def drawn(rng: Random) -> Numeric:
        return Numeric(answer=rng.randrange(10**6), **TOLD)

    assert digest_of(drawn, 3) == digest_of(drawn, 3) != digest_of(drawn, 4)
