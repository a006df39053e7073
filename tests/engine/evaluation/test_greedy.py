import pytest

from engine.data.problems import DataSpec
from engine.evaluation.greedy import are_right, exact_match_of
from engine.evaluation.statistics import exact_match
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches

PROBLEMS = DataSpec(split="validation", level=1, limit=6).problems()


@pytest.fixture(scope="module")
def oak():
    return load("oak", "fp32", device="cpu")


def test_it_is_the_share_of_answers_that_are_right(oak):
    [batch] = plan_batches(PROBLEMS, oak.tokenizer)
    samples = generate_batch(oak, batch, temperature=0.0, max_new_tokens=100)
    right = are_right(samples, PROBLEMS)
    for sample, each in zip(samples, right, strict=True):
        gold = next(p.gold for p in PROBLEMS if p.id == sample.problem_id)
        assert each == (sample.text.rsplit("#### ", 1)[-1].strip() == gold)
    assert any(right)
    assert exact_match_of(oak, PROBLEMS) == exact_match(right)


def test_smaller_batches_give_the_same_and_say_how_far_it_is(oak):
    told = []
    score = exact_match_of(oak, PROBLEMS, batch_size=4, tell=lambda *far: told.append(far))
    assert score == exact_match_of(oak, PROBLEMS)
    assert set(told) == {(0, 6), (4, 6)}


def test_an_answer_that_is_cut_off_is_wrong(oak):
    assert exact_match_of(oak, PROBLEMS[:2], max_new_tokens=1).em == 0


def test_no_problem_is_an_error(oak):
    with pytest.raises(ValueError):
        exact_match_of(oak, [])
