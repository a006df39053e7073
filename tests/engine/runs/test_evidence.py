import pytest

from engine.runs import evidence
from engine.runs.store import Store
from tests.engine.runs.counting import judged


@pytest.fixture
def store(home):
    store = Store(home)
    for _ in range(2):
        store.submit("count", "count", {})
    yield store
    store.close()


def add(store, function, *arguments):
    with store.database.transaction() as connection:
        function(connection, *arguments)


def answer(problem_id, **more):
    return {
        "problem_id": problem_id, "question": "2 + 2?", "gold": "4", "text": "#### 4",
        "extracted": "4", "stage": "####", "correct": True, "tokens_in": 9, "tokens_out": 3, **more,
    }  # fmt: skip


def test_predictions_come_back_as_they_were_in_the_order_in_which_they_came(store):
    rows = [judged(n, seed=0, batch=0) for n in (3, 1, 2)]
    add(store, evidence.add_predictions, 1, rows)
    found = evidence.predictions(store.database, 1)
    assert [{k: v for k, v in row.items() if k != "rowid"} for row in found] == rows
    assert found[0]["correct"] is True and found[0]["cut_off"] is False
    assert evidence.predictions(store.database, 2) == []


def test_a_reader_gets_only_what_is_new(store):
    add(store, evidence.add_predictions, 1, [judged(n, 0, 0) for n in range(5)])
    first = evidence.predictions(store.database, 1, limit=3)
    add(store, evidence.add_predictions, 2, [judged(9, 0, 0)])
    rest = evidence.predictions(store.database, 1, after_rowid=first[-1]["rowid"])
    assert [row["problem_id"] for row in first + rest] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_sample_is_kept_once_and_the_latest_holds(store):
    add(store, evidence.add_predictions, 1, [judged(1, seed=0, batch=0)])
    again = judged(1, seed=5, batch=0) | {"extracted": None, "correct": False, "strict": None}
    add(store, evidence.add_predictions, 1, [again])
    (row,) = evidence.predictions(store.database, 1)
    assert (row["text"], row["extracted"], row["correct"], row["strict"]) == (
        again["text"],
        None,
        False,
        None,
    )


def test_a_row_that_lacks_a_column_is_refused_whole(store):
    broken = judged(2, 0, 0)
    del broken["text"]
    with pytest.raises(KeyError, match="text"):
        add(store, evidence.add_predictions, 1, [judged(1, 0, 0), broken])
    assert evidence.predictions(store.database, 1) == []


def test_an_answer_clears_the_failure_that_went_before(store):
    failures = [{"problem_id": "a", "reason": "timed out"}, {"problem_id": "b", "reason": "429"}]
    add(store, evidence.add_failures, 1, failures)
    add(store, evidence.add_failures, 2, failures[:1])
    add(store, evidence.add_answers, 1, [answer("a", asked_at=12.5)])
    assert [row["problem_id"] for row in evidence.failures(store.database, 1)] == ["b"]
    assert [row["tries"] for row in evidence.failures(store.database, 2)] == [1]
    (row,) = evidence.answers(store.database, 1)
    assert row["asked_at"] == 12.5 and row["correct"] is True


def test_metrics_come_by_step_and_a_step_computed_again_replaces(store):
    for step, loss in ((5, 1.0), (10, 0.8), (5, 0.9)):
        add(store, evidence.add_metrics, 1, step, {"loss": loss, "learning_rate": 5e-4})
    found = [(m["name"], m["step"], m["value"]) for m in evidence.metrics(store.database, 1)]
    assert found == [
        ("learning_rate", 5, 5e-4),
        ("loss", 5, 0.9),
        ("learning_rate", 10, 5e-4),
        ("loss", 10, 0.8),
    ]
    later = evidence.metrics(store.database, 1, after_step=5)
    assert {metric["step"] for metric in later} == {10}


def test_a_loss_that_exploded_is_none(store):
    add(store, evidence.add_metrics, 1, 1, {"a": float("nan"), "b": float("inf"), "c": 2})
    assert [metric["value"] for metric in evidence.metrics(store.database, 1)] == [None, None, 2.0]
