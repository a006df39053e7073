from fractions import Fraction

import pytest

from lessons.kit.linting.worked import contains_answer
from lessons.kit.question import Bits, Choice, Matrix, Numeric, Option


@pytest.mark.parametrize(
    ("worked", "answer", "more"),
    [
        ("s = 127 / 10.8 = **11.76**.", 127 / 10.8, {}),
        ("One turn back: 200 - 256 = **-56**.", -56, {"tolerance": 0}),
        ("One turn back: 200 − 256 = −56.", -56, {"tolerance": 0}),
        ("That is 4,831,838,208 bytes.", 4831838208, {"tolerance": 0, "unit": "byte"}),
        ("That is 4.5 GiB.", 4831838208, {"tolerance": 0, "unit": "byte"}),
        ("That is 35 GB.", 35, {"unit": "GB"}),
        ("That is 35.", 35, {"unit": "GB"}),
        ("A quarter: 25%.", 0.25, {}),
        ("So 3/8.", Fraction(3, 8), {"tolerance": 0}),
        ("So 2^-149.", 2.0**-149, {}),
        ("So 2**-149.", 2.0**-149, {}),
        ("So 1.4 × 10^-45.", 1.4e-45, {}),
        ("So 6.4e-2.", 0.064, {}),
    ],
)
def test_a_number_in_a_worked_solution(worked, answer, more):
    assert contains_answer(Numeric(ask="", answer=answer, worked=worked, **more))


@pytest.mark.parametrize(
    ("worked", "answer", "more"),
    [
        ("s = 127 / 10.8.", 254 / 10.8, {}),
        ("About 12.", 127 / 10.8, {}),
        ("It is 56.", -56, {"tolerance": 0}),
        ("That is 35 GiB.", 32.6, {"unit": "GB"}),
        ("That is 4.5 GB.", 4831838208, {"tolerance": 0, "unit": "byte"}),
        ("", 0, {}),
    ],
)
def test_no_such_number(worked, answer, more):
    assert not contains_answer(Numeric(ask="", answer=answer, worked=worked, **more))


@pytest.mark.parametrize(
    ("worked", "there"),
    [
        ("It is `01000001`.", True),
        ("It is 0 1000 001.", True),
        ("Sign 0, exponent 1000, fraction 001.", True),
        ("It is 01000000.", False),
    ],
)
def test_bits(worked, there):
    fields = [("sign", 1), ("exponent", 4), ("fraction", 3)]
    assert contains_answer(Bits(ask="", answer="01000001", fields=fields, worked=worked)) == there


@pytest.mark.parametrize(
    ("worked", "there"),
    [("[[1.5, 2], [3, -4]]", True), ("1.5 and 2, then 3 and -4", True), ("1.5, 2, 3, 4", False)],
)
def test_a_matrix(worked, there):
    assert contains_answer(Matrix(ask="", answer=[[1.5, 2], [3, -4]], worked=worked)) == there


@pytest.mark.parametrize(
    ("worked", "there"),
    [("**-7 to 7**, of 16 patterns.", True), ("Patterns have no sign.", False), ("", False)],
)
def test_a_choice(worked, there):
    options = [
        Option("-7 to 7, so that x and -x become q and -q", "", right=True),
        Option("0 to 15, because patterns have no sign", ""),
    ]
    assert contains_answer(Choice(ask="", options=options, worked=worked)) == there
