from fractions import Fraction
from itertools import count
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from lessons.kit.compare import MOST_DRAWS, NotDrawn, Redraw, apart, keep_apart, keep_if, redrawn
from lessons.kit.question import Numeric, question, variant
from lessons.kit.words import numeric


@redrawn
def even(rng: Random) -> int:
    number = rng.randrange(1000)
    keep_if(number % 2 == 0)
    return number


@given(st.integers())
def test_a_draw_that_is_not_kept_takes_the_next_numbers_of_the_same_generator(seed):
    plain = Random(seed)
    while (wanted := plain.randrange(1000)) % 2:
        pass
    rng = Random(seed)
    assert even(rng) == wanted
    assert rng.random() == plain.random()


@question("never")
def never(rng: Random) -> Numeric:
    number = rng.randrange(10)
    keep_if(
        number > 20
        and number < 30
    )  # fmt: skip
    return Numeric(ask="?", answer=number, worked="")


def test_a_condition_that_no_draw_meets_is_quoted_with_question_and_seed():
    with pytest.raises(EngineError) as error:
        variant(never, 7)
    assert "question never has no variant 7: none of 1,000 draws" in str(error.value)
    assert "number > 20 and number < 30 (test_compare.py, line" in str(error.value)
    assert f"{MOST_DRAWS:,} times)" in str(error.value)


def test_the_last_draw_that_is_allowed_is_kept_and_the_next_is_not():
    drawn = count(1)

    @redrawn
    def late(wanted: int) -> int:
        number = next(drawn)
        keep_if(number == wanted)
        return number

    assert late(MOST_DRAWS) == MOST_DRAWS
    drawn = count(0)
    with pytest.raises(NotDrawn):
        late(MOST_DRAWS)


@question("alike")
def alike(rng: Random) -> Numeric:
    return numeric(rng.choice([100, 101]), apart=0.02).asks("?\nnear = 100.4: x\nworked: y")


def test_answer_and_slip_that_are_never_apart_are_named():
    with pytest.raises(
        EngineError, match=r"the answer and near are to be apart by more than 0\.02"
    ):
        variant(alike, 0)


def test_what_an_inner_draw_does_not_meet_is_said_once_and_not_drawn_again():
    @redrawn
    def inner(rng: Random) -> int:
        keep_if(rng.random() > 1)

    @redrawn
    def outer(rng: Random) -> int:
        return inner(rng)

    rng, plain = Random(1), Random(1)
    with pytest.raises(NotDrawn, match=r"rng.random\(\) > 1"):
        outer(rng)
    assert [plain.random() for _ in range(MOST_DRAWS + 1)][-1] == rng.random()


@given(
    st.lists(st.floats(-1e9, 1e9) | st.integers(-100, 100), max_size=5), st.sampled_from([0, 0.1])
)
def test_values_are_apart_if_every_two_are(values, by):
    near = any(
        a == b if not by else abs(a - b) <= by * max(abs(a), abs(b))
        for at, a in enumerate(values)
        for b in values[:at]
    )
    assert apart(values, by) is not near


def test_patterns_and_grids_are_apart_if_they_differ():
    assert apart(["0101", "0110"]) and not apart(["01", "10", "01"])
    assert apart([[[1, 2]], [[2, 1]]]) and not apart([[[1, 2]], [[1.0, Fraction(2)]]])
    assert apart(iter([1, 2])) and not apart(iter([1, 2, 1]))


def test_two_slips_that_are_the_same_are_named_too():
    keep_apart(1, {"a": 2, "b": 3})
    with pytest.raises(Redraw, match="b and c are not to be the same"):
        keep_apart(1, {"a": 2, "b": 3, "c": 3})
