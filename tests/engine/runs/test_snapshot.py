import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.runs import snapshot
from engine.runs.snapshot import to_json
from engine.runs.store import Store

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_whatever_a_kind_returns_becomes_json_that_every_reader_takes(value):
    def refuse(constant):
        raise AssertionError(constant)

    json.loads(to_json(value), parse_constant=refuse)


def test_what_json_lacks_becomes_what_it_has():
    value = {"nan": float("nan"), "far": [float("inf"), 1.5], "path": Path("a/b"), 3: (1, "×")}
    assert json.loads(to_json(value)) == {
        "nan": None,
        "far": [None, 1.5],
        "path": "a/b",
        "3": [1, "×"],
    }


def test_the_time_left_runs_down_between_two_words_of_the_worker(home, monkeypatch):
    store = Store(home)
    run_id = store.submit("count", "count", {})
    store.claim()
    with store.database.transaction() as connection:
        connection.execute(
            "UPDATE runs SET eta_seconds = 60, progressed = 1000, done = 3, total = 4"
        )

    def left_at(now):
        monkeypatch.setattr(snapshot.time, "time", lambda: now)
        return store.run(run_id).eta_seconds

    assert [left_at(1000), left_at(1045), left_at(2000)] == [60, 15, 0]
    assert store.run(run_id).fraction == 0.75
    store.end(run_id, "paused")
    store.pause(run_id)
    assert store.run(run_id).eta_seconds is None


def test_all_of_it_goes_into_json(home):
    store = Store(home)
    first = store.submit("count", "count", {"numbers": 3})
    run = store.run(store.submit("count", "count", {}, [first]))
    values = json.loads(to_json(run.as_dict()))
    assert (values["after"], values["state"], values["spec"]) == ([1], "queued", {})
