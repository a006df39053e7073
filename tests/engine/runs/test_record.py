import sqlite3
from itertools import count

import pytest

from engine.runs import evidence
from engine.runs.record import Cancelled, Pace, Paused, Recorder
from engine.runs.store import Store
from tests.engine.runs.counting import judged


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(home):
    store = Store(home)
    store.submit("count", "count", {})
    yield store
    store.close()


@pytest.fixture
def record(store, clock):
    return Recorder(store, store.claim(), clock=clock)


def test_pace_goes_by_what_grew_lately(clock):
    pace = Pace(clock)
    assert pace.left(0, 1000) is None
    for done in range(1, 11):  # slow: one in ten seconds
        clock.now += 10
        slow = pace.left(done, 1000)
    assert slow == pytest.approx(9900)
    for done in range(20, 420, 10):  # then ten a second
        clock.now += 1
        fast = pace.left(done, 1000)
    assert fast == pytest.approx((1000 - 410) / 10)


def test_pace_begins_anew_when_a_run_is_resumed(clock):
    """What an earlier attempt did says nothing about this one's speed."""
    pace = Pace(clock)
    assert pace.left(700, 1000) is None
    clock.now += 10
    assert pace.left(710, 1000) == pytest.approx(290)
    clock.now += 1
    assert pace.left(500, 1000) is None
    clock.now += 1
    assert pace.left(501, 1000) == pytest.approx(499)


def test_pace_knows_nothing_while_nothing_grows(clock):
    pace = Pace(clock)
    for _ in range(3):
        clock.now += 100
        assert pace.left(5, 10) is None
    clock.now += 50
    assert pace.left(10, 10) == 0


def test_progress_is_seen_by_every_reader(store, record, home, clock):
    reader = Store(home)
    record.progress(0, 300, "problems", "loading acorn")
    clock.now += 10
    record.progress(50, 300, "problems", "sampling")
    run = reader.run(record.run.id)
    assert (run.done, run.total, run.unit, run.message) == (50, 300, "problems", "sampling")
    assert run.eta_seconds == pytest.approx(50, abs=5)
    assert run.heartbeat >= record.run.heartbeat


def test_steps_faster_than_the_eye_are_not_all_written_but_the_last_is(store, record, clock):
    written = []
    for step in range(1, 101):
        clock.now += 0.01
        record.progress(step, 200, "steps")
        written.append(store.run(1).done)
    assert 8 <= len(set(written)) <= 12
    record.flush()
    assert store.run(1).done == 100
    record.progress(200, 200)
    assert store.run(1).done == 200 and store.run(1).unit == "steps"


def test_rows_and_progress_are_one_transaction(store, record, home):
    reader = sqlite3.connect(home.database)
    seen = []

    def rows():
        for n in range(3):
            seen.append(reader.execute("SELECT count(*) FROM predictions").fetchone()[0])
            yield judged(n, 0, 0)

    record.predictions(rows(), 3, 12)
    assert seen == [0, 0, 0]
    assert reader.execute("SELECT count(*) FROM predictions").fetchone() == (3,)
    assert reader.execute("SELECT done, total FROM runs").fetchone() == (3, 12)
    with pytest.raises(KeyError):
        record.predictions([{"problem_id": "x", "sample": 0}], 4, 12)
    assert store.run(1).done == 3


def test_the_database_is_free_between_calls(record, home):
    """Another process writes at once, whatever the kind has in hand."""
    other = sqlite3.connect(home.database, timeout=0, isolation_level=None)
    calls = [
        lambda: record.progress(1, 9, "steps", "a"),
        lambda: record.metric(1, loss=0.5),
        lambda: record.predictions([judged(1, 0, 0)], 1, 9),
        lambda: record.failures([{"problem_id": "a", "reason": "timed out"}]),
        lambda: record.environment(device="cpu"),
        record.stopping,
        record.done_predictions,
    ]
    for call in calls:
        call()
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


def test_what_clients_ask_for_is_seen(store, record):
    assert record.stopping() is None
    record.leave_if_asked()
    store.pause(1)
    assert record.stopping() == "pause"
    with pytest.raises(Paused):
        record.leave_if_asked()
    store.cancel(1)
    assert record.stopping() == "cancel"
    with pytest.raises(Cancelled):
        record.leave_if_asked()


def test_a_worker_that_must_end_asks_for_a_pause(store):
    assert Recorder(store, store.claim(), leaving=lambda: True).stopping() == "pause"


def test_the_environment_grows(store, record):
    record.environment(device="cpu", fingerprints={"data": "d"}, fallbacks=[{"what": "fp16"}])
    record.environment(
        device="cuda:0", fingerprints={"model": "m"}, fallbacks=[{"what": "fp16"}, {"what": "b"}]
    )
    assert store.run(1).environment == {
        "device": "cuda:0",
        "fingerprints": {"data": "d", "model": "m"},
        "fallbacks": [{"what": "fp16"}, {"what": "b"}],
    }


def test_a_kind_reads_what_other_runs_gave(store, record):
    other = store.submit("count", "count", {})
    with store.database.transaction() as connection:
        evidence.add_predictions(connection, other, [judged(4, 0, 0)])
    assert [row["problem_id"] for row in record.done_predictions(other)] == ["n4"]
    assert record.done_predictions() == record.done_answers() == record.done_failures() == []
    assert record.other(other).kind == "count"


def test_artifacts_have_a_folder(record, home):
    assert record.folder == home.artifacts(1) and record.folder.is_dir()
    assert record.home is home


def test_no_secret_reaches_the_log_or_the_screen(record, store, home, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "correct horse battery")
    numbers = count()
    record.log("logged in with correct horse battery")
    record.progress(next(numbers), 9, message="using correct horse battery")
    assert "horse" not in home.log(1).read_text()
    assert store.run(1).message == "using •••"
