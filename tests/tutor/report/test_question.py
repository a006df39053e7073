"""How questions are put."""

import pytest

from lessons.kit.answers.grading import grade
from lessons.kit.answers.reading import read
from lessons.kit.question import Matrix, Numeric, Variant
from tutor.report.question import how_to_answer


@pytest.mark.parametrize(
    ("unit", "asked"), [("byte", "in bytes unless"), ("bit", "in bits "), ("GB", "in GB "),
                        ("percent", "in percent ")]
)  # fmt: skip
def test_the_unit_that_is_asked_for(unit, asked):
    body = Numeric(ask="How many?", answer=3, unit=unit, slips=(), hints=("Count.",), worked="3")
    assert asked in how_to_answer(body)


def test_what_is_counted_has_no_other_unit():
    body = Numeric(ask="", answer=3, unit="standard error", hints=("Count.",), worked="3")
    assert how_to_answer(body).startswith("Answer with a number of standard errors; arithmetic")


def test_the_example_of_arithmetic_fits_what_is_asked():
    exact = Numeric(ask="", answer=7, tolerance=0, worked="7")
    assert how_to_answer(exact) == (
        "Answer with the exact number; arithmetic such as 2**3 - 1 is read too."
    )
    assert grade(Variant("a", 1, exact), "2**3 - 1").outcome == "right"
    assert "127/10.8" in how_to_answer(Numeric(ask="", answer=11.76, worked=""))


@pytest.mark.parametrize(
    ("rows", "columns", "ends"),
    [(2, 3, "row, such as: 1 2 3; 4 5 6"), (1, 2, "row, such as: 1 2"), (4, 4, "ends a row.")],
)
def test_a_grid_is_typed_like_its_example(rows, columns, ends):
    body = Matrix(ask="", answer=[[1.0] * columns] * rows, worked="")
    said = how_to_answer(body)
    assert said.endswith(ends)
    if "such as: " in said:
        assert read(body, said.rpartition(": ")[2]).read_as
