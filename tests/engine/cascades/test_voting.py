from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cascades.voting import vote
from engine.evaluation.answers import extract

values = st.lists(st.one_of(st.none(), st.sampled_from(["1", "2", "3", "40"])), min_size=1)


@pytest.mark.parametrize(
    ("said", "answer", "votes"),
    [
        (["18", "18", "20", "18", "7"], "18", 3),
        (["20", "18", "18", "20"], "20", 2),  # a tie goes to the first seen
        ([None, None, None, "7", "8"], "7", 1),  # an invalid sample never wins
        ([None, None], None, 0),
    ],
)
def test_the_most_frequent_valid_value_wins(said, answer, votes):
    result = vote(said)
    assert (result.answer, result.votes) == (answer, votes)
    assert result.confidence == votes / len(said)


def test_an_invalid_sample_counts_in_k():
    assert vote(["5", None, None, None]).confidence == 0.25


def test_one_number_written_two_ways_is_one_answer():
    """lm-evaluation-harness votes on raw strings, where 1,000 and 1000 split."""
    texts = ["#### 1,000", "#### 7", "The answer is $1000.", "#### 7", "#### 1000.00"]
    assert vote([extract(text).value for text in texts]).confidence == 0.6


def test_nothing_to_count():
    with pytest.raises(ValueError, match="at least one sample"):
        vote([])


@given(values)
def test_nothing_valid_is_more_frequent_than_the_winner(said):
    result = vote(said)
    counts = Counter(value for value in said if value is not None)
    assert result.votes == max(counts.values(), default=0)
    assert result.samples == len(said)
    assert 0 <= result.confidence <= 1
    rivals = [value for value, n in counts.items() if n == result.votes]
    assert result.answer == min(rivals, key=said.index, default=None)


@given(values, st.integers(min_value=1, max_value=9))
def test_more_invalid_samples_never_change_the_answer_but_lower_confidence(said, more):
    before, after = vote(said), vote([*said, *[None] * more])
    assert after.answer == before.answer
    assert after.votes == before.votes
    assert after.confidence < before.confidence or before.votes == 0
