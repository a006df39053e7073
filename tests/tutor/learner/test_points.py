from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from tutor.learner import points


def test_a_third_less_for_each_hint_and_miss_and_never_under_one():
    worth = [points.question(3, hints=h, misses=m) for h, m in ((0, 0), (1, 0), (0, 1), (1, 1))]
    assert worth == approx([3, 2, 2, 1])
    assert points.question(3, hints=3, misses=2) == 1
    assert points.question(3, hints=0, misses=0, opened=True) == 1


@given(
    st.integers(0, 20), st.integers(0, 5), st.integers(0, 2), st.booleans()
)  # fmt: skip
def test_no_price_goes_under_the_least_or_over_the_whole(of, hints, misses, opened):
    worth = points.question(of, hints=hints, misses=misses, opened=opened)
    assert min(of, points.LEAST) <= worth <= of
    assert worth >= points.question(of, hints=hints + 1, misses=misses, opened=opened)


def test_an_exercise_is_worth_half_after_its_solution():
    assert points.exercise(10, opened=False) == 10
    assert points.exercise(10, opened=True) == 5


def test_a_rubric_brings_its_share():
    assert [points.essay(3, held, 3) for held in range(4)] == approx([0, 1, 2, 3])
    assert points.essay(3, 0, 0) == 0
