from fractions import Fraction
from random import Random

import pytest

from lessons.kit.question import (
    Bits,
    Choice,
    Essay,
    Matrix,
    Numeric,
    Option,
    Slip,
    question,
    slip_names,
    variant,
)


@question("draws-one")
def draws_one(rng: Random) -> Numeric:
    number = rng.randrange(10**6)
    return Numeric(ask=f"{number}?", answer=number, tolerance=0, worked=f"{number}")


@question("draws-options")
def draws_options(rng: Random) -> Choice:
    options = [Option(text, "because", right=text == "a") for text in "abcdef"]
    return Choice(ask="Which?", options=options, worked="a")


def numeric(**more) -> Numeric:
    return Numeric(**{"ask": "?", "answer": 1, "worked": "1"} | more)


def test_a_variant_can_be_called_back_by_its_id_and_seed():
    made = variant(draws_one, 4127)
    assert made == variant(draws_one, 4127)
    assert str(made) == "draws-one #4127"
    assert len({variant(draws_one, seed).body.answer for seed in range(50)}) > 45


def test_two_questions_with_the_same_seed_draw_different_numbers():
    @question("draws-two")
    def draws_two(rng: Random) -> Numeric:
        return draws_one(rng)

    assert variant(draws_two, 1).body != variant(draws_one, 1).body


def test_options_are_shuffled_by_the_seed_and_none_is_lost():
    orders = {
        "".join(option.text for option in variant(draws_options, seed).body.options)
        for seed in range(50)
    }
    assert len(orders) > 30
    assert all(sorted(order) == list("abcdef") for order in orders)


@pytest.mark.parametrize("id", ["", "Absmax", "absmax scale", "-a", "a--b", "ä"])
def test_an_id_is_in_kebab_case(id):
    with pytest.raises(ValueError, match="no name like"):
        question(id)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: numeric(answer=float("nan")), "no number"),
        (lambda: numeric(answer=float("inf")), "no number"),
        (lambda: numeric(slips=[Slip("a", float("inf"), "")]), "no number"),
        (lambda: numeric(tolerance=-0.1), "tolerance"),
        (lambda: numeric(slips=[Slip("a", 2, ""), Slip("a", 3, "")]), "one name"),
        (lambda: numeric(slips=[Slip("Bad name", 2, "")]), "no name like"),
        (lambda: Bits(ask="", answer="012", worked=""), "no pattern"),
        (lambda: Bits(ask="", answer="01", slips=[Slip("a", "1", "")], worked=""), "2 bits"),
        (lambda: Bits(ask="", answer="01", fields=[("sign", 1)], worked=""), "wide"),
        (lambda: Matrix(ask="", answer=[[1, 2], [3]], worked=""), "no grid"),
        (lambda: Matrix(ask="", answer=[], worked=""), "no grid"),
        (lambda: Matrix(ask="", answer=[[1]], slips=[Slip("a", [[1, 2]], "")], worked=""), "shape"),
        (lambda: Choice(ask="", options=[Option("a", "", right=True)], worked=""), "2 to 26"),
        (
            lambda: Choice(ask="", options=[Option("a", ""), Option("b", "")], worked=""),
            "0 options",
        ),
        (lambda: two_right(several=False), "2 options are right"),
        (lambda: Essay(ask="", rubric=[], sample=""), "rubric"),
    ],
)
def test_a_question_that_cannot_be_graded_is_refused_where_it_is_made(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def two_right(several: bool) -> Choice:
    options = [Option("a", "", right=True), Option("b", "", right=True), Option("c", "", slip="c")]
    return Choice(ask="", options=options, several=several, worked="")


def test_slip_names_of_every_kind():
    assert slip_names(two_right(several=True)) == ("c",)
    assert slip_names(numeric(slips=[Slip("a", 2, ""), Slip("b", Fraction(3), "")])) == ("a", "b")
    assert slip_names(Essay(ask="", rubric=["one"], sample="")) == ()
