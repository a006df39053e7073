"""Two runs on the same problems, compared on real rows of every kind that answers problems."""

import json

import pytest

from engine.cascades.stored import SAID
from engine.chain import answers as judgements
from engine.chain.comparison import compare
from engine.data.problems import DataSpec
from engine.errors import EngineError, RunNotFound
from engine.evaluation.paired import mcnemar
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from tests.engine.runs.answering import answered, said


@pytest.fixture
def client(open_client):
    return open_client(worker=False)


def right(*problems):
    return [said(n, 10 * n) for n in problems]


def wrong(*problems):
    return [said(n, 1) for n in problems]


def test_two_evaluations(client):
    one = answered(client, EvaluateSpec(), [*right(1, 2), *wrong(3, 4, 5)])
    other = answered(client, EvaluateSpec(seed=1), [*wrong(1), *right(3, 4, 2), *wrong(5)])
    found = compare(client, one, other)
    table = found.table
    assert (table.both, table.lost, table.gained, table.neither) == (1, 1, 2, 1)
    assert (table.first.em, table.second.em) == (0.4, 0.6)
    assert [(flip.problem_id, flip.gained) for flip in found.flips] == [
        ("p3", True), ("p4", True), ("p1", False),
    ]  # fmt: skip
    assert found.flips[0].first["extracted"] == "1"
    assert found.flips[0].second["extracted"] == "30"
    assert found.verdict.startswith("Run 2 is ahead of run 1")
    assert "this difference is within noise" in found.verdict
    assert found.notes == []


@pytest.mark.parametrize("gained", range(4, 9))
def test_the_words_stand_exactly_where_the_test_says_so(client, gained):
    problems = range(1, gained + 3)
    one = answered(client, EvaluateSpec(), wrong(*problems))
    other = answered(
        client, EvaluateSpec(), [*right(*problems[:gained]), *wrong(*problems[gained:])]
    )
    verdict = compare(client, one, other).verdict
    assert ("this difference is within noise" in verdict) == (mcnemar(0, gained) >= 0.05)
    assert ("Run 2 is better than run 1" in verdict) == (mcnemar(0, gained) < 0.05)
    assert f"Run 2 is {'better than' if gained > 5 else 'ahead of'} run 1" in verdict
    assert "Run 2" in compare(client, other, one).verdict, "whichever is named first"


def test_equal_scores_are_within_noise(client):
    one = answered(client, EvaluateSpec(), [*right(1), *wrong(2)])
    other = answered(client, EvaluateSpec(), [*wrong(1), *right(2)])
    assert (
        "equally good here: this difference is within noise" in compare(client, one, other).verdict
    )


def test_only_shared_problems_count_and_it_is_said_how_many_do_not(client):
    one = answered(client, EvaluateSpec(), right(1, 2, 3))
    rows = [*right(3), *wrong(2), said(4, 40), said(1, 10, question="Another question?")]
    other = answered(client, EvaluateSpec(), rows)
    found = compare(client, one, other)
    assert found.table.n == 2
    assert (found.first.answered, found.first.left_out) == (3, 1)
    assert (found.second.answered, found.second.left_out) == (4, 2)
    assert [note.split(" are left out")[0] for note in found.notes] == [
        "1 of the 3 problems of run 1",
        "2 of the 4 problems of run 2",
    ]


def test_runs_that_share_nothing_are_refused_and_it_says_what_they_are_on(client):
    one = answered(client, EvaluateSpec(data=DataSpec(level=3)), right(1))
    other = answered(client, EvaluateSpec(data=DataSpec(split="validation", seed=4)), right(2))
    with pytest.raises(EngineError) as caught:
        compare(client, one, other)
    assert "Runs 1 and 2 share no problem." in caught.value.what
    assert "Run 1 is on word_problems test level 3 seed 0, 300." in caught.value.what
    assert "Run 2 is on word_problems validation level 2 seed 4, 300." in caught.value.what


def test_a_sample_run_is_compared_by_its_vote(client):
    """The first sample of p1 is wrong and the vote right; ties go to the value seen first."""
    votes = {1: (9, 10, 10), 2: (20, 20, 3), 3: (30, 4, 5), 4: ("no", "no", "no")}
    rows = [
        said(n, value, sample) for n, each in votes.items() for sample, value in enumerate(each)
    ]
    one = answered(client, EvaluateSpec(), wrong(1, 2, 3, 4))
    other = answered(client, SampleSpec(k=3), rows[::-1])
    found = compare(client, one, other)
    assert found.second.by == "the vote of 3 samples"
    assert {flip.problem_id for flip in found.flips} == {"p1", "p2", "p3"}
    p1 = next(flip for flip in found.flips if flip.problem_id == "p1")
    assert p1.second["sample"] == 1, "the first sample that says what won"


def test_a_cascade_is_compared_by_its_final_answers(client):
    samples = {1: (10, 10), 2: (2, 20), 3: (3, 4), 4: (5, 5)}
    rows = [said(n, value, at) for n, each in samples.items() for at, value in enumerate(each)]
    student = answered(client, EvaluateSpec(), wrong(1, 2, 3, 4))
    sample = answered(client, SampleSpec(k=2), rows)
    strong = answered(client, EvaluateSpec(model="oak"), right(1, 2, 4))
    spec = CascadeSpec(sample=sample, strong=strong, k=2, threshold=1.0)
    cascade = answered(client, spec, right(3))  # what its own run asked
    run = client.run(cascade)
    finals = {row["problem_id"]: row["extracted"] for row in judgements.finals(client, run)}
    assert finals == {"p1": "10", "p2": "20", "p3": "30", "p4": "5"}
    by = {row["problem_id"]: row["by"] for row in judgements.finals(client, run)}
    assert by == {"p1": "student", "p2": "teacher", "p3": "teacher", "p4": "student"}
    found = compare(client, student, cascade)
    assert found.table.gained == 3
    assert found.second.by == "the cascade's, K 2, threshold 1"
    assert judgements.data_of(client, run) == client.run(sample).spec["data"]


def test_a_cascade_whose_strong_answers_are_missing_is_compared_on_what_it_has(client):
    sample = answered(
        client, SampleSpec(k=2), [said(1, 10), said(1, 2, 1), said(2, 20), said(2, 20, 1)]
    )
    cascade = answered(client, CascadeSpec(sample=sample, k=2, threshold=1.0), [], "failed")
    assert [row["problem_id"] for row in judgements.finals(client, client.run(cascade))] == ["p2"]


def test_a_cascade_with_code_of_ones_own_is_compared_by_what_that_answered(client):
    """p1 by a sample that says so, p2 by what no sample said, p3 sent for want of confidence."""
    rows = [
        said(n, n, at) if (n, at) != (1, 1) else said(1, 10, 1) for n in (1, 2, 3) for at in (0, 1)
    ]
    sample = answered(client, SampleSpec(k=2), rows)
    strong = answered(client, EvaluateSpec(model="oak"), right(3))
    spec = CascadeSpec(sample=sample, strong=strong, k=2, threshold=0.5)
    cascade = answered(client, spec, [])
    by_k = {
        "p1": [["1", 1.0], ["10", 1.0]],
        "p2": [["2", 1.0], ["20", 0.9]],
        "p3": [["3", 1], ["3", 0]],
    }
    client.artifacts(cascade).mkdir(parents=True, exist_ok=True)
    (client.artifacts(cascade) / SAID).write_text(json.dumps(by_k))
    found = {row["problem_id"]: row for row in judgements.judged(client, client.run(cascade))}
    assert {name: row["extracted"] for name, row in found.items()} == {
        "p1": "10", "p2": "20", "p3": "30",
    }  # fmt: skip
    assert all(row["correct"] for row in found.values())
    assert (found["p1"]["sample"], found["p2"]["text"]) == (1, "20")


def test_teachers_can_be_compared_and_get_the_harnesss_scores(client):
    one = answered(client, TeachSpec(), [*right(1), said(2, "$20")])
    other = answered(client, TeachSpec(teacher="acorn"), wrong(1, 2))
    assert compare(client, one, other).table.lost == 2
    rows = judgements.judged(client, client.run(one))
    assert [(row["correct"], row["strict"], row["flexible"]) for row in rows] == [
        (True, True, True),
        (True, False, True),
    ]


def test_what_cannot_be_compared(client):
    teach = answered(client, TeachSpec(), right(1))
    sft = answered(client, SftSpec(teach=teach), [])
    empty = client.submit("evaluate", EvaluateSpec())
    with pytest.raises(EngineError, match="Run 2 is of kind sft, which answers no problems"):
        compare(client, teach, sft)
    with pytest.raises(EngineError, match="Run 3 is queued and has judged nothing yet"):
        compare(client, empty, teach)
    with pytest.raises(EngineError, match="Run 1 cannot be compared with itself"):
        compare(client, teach, teach)
    with pytest.raises(RunNotFound):
        compare(client, teach, 99)


def test_a_comparison_as_json(client):
    one = answered(client, EvaluateSpec(), [*right(1), *wrong(2)])
    other = answered(client, EvaluateSpec(), right(1, 2))
    whole = compare(client, one, other).as_dict()
    assert json.loads(json.dumps(whole)) == whole
    assert whole["gained"] == ["p2"] and whole["lost"] == []
    assert whole["first"]["em"] == 0.5
    assert whole["paired"]["test"] == "exact McNemar test, two-sided"
    assert whole["flips"][0]["second"]["text"] == "It is so.\n#### 20"
