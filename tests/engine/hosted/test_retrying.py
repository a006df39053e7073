from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hosted.retrying import (
    FIRST_SECONDS,
    JITTER_SECONDS,
    LONGEST_SECONDS,
    Trouble,
    duration,
    seconds,
)


@given(st.integers(1, 60), st.integers())
def test_the_wait_is_drawn_from_a_range_that_doubles_up_to_an_end(tries, seed):
    wait = seconds(Trouble("x"), tries, Random(seed))
    assert 0 <= wait <= min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (tries - 1))


def test_those_who_failed_together_do_not_come_back_together():
    rng = Random(0)
    waits = sorted(seconds(Trouble("x"), 4, rng) for _ in range(200))
    assert waits[0] < 1 and waits[-1] > 15
    assert 6.5 < sum(waits) / 200 < 9.5  # half of 16


@given(st.floats(0, 1e4), st.integers(1, 9), st.integers())
def test_what_the_service_asks_for_is_never_cut_short(after, tries, seed):
    wait = seconds(Trouble("x", after=after), tries, Random(seed))
    assert after <= wait <= after + JITTER_SECONDS


@pytest.mark.parametrize(
    ("text", "told"),
    [("27s", 27), ("1.5s", 1.5), ("0s", 0), ("27", None), (None, None), (27, None), ("-1s", None)],
)
def test_a_duration_as_json_holds_it(text, told):
    assert duration(text) == told
