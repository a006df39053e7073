import subprocess
import sys
import tempfile
import time
from dataclasses import FrozenInstanceError
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.errors import EngineError, RunNotFound
from engine.runs.chains import FOR_OTHERS
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.record import Recorder
from engine.runs.states import LEGAL, RESUMABLE, STATES
from engine.runs.store import Store


@pytest.fixture
def store(home):
    store = Store(home)
    yield store
    store.close()


def submit(store, after=()):
    return store.submit("count", "count to 3", {"numbers": 3}, after)


def test_a_new_run_waits_in_the_queue(store):
    run = store.run(store.submit("count", "count to 3", {"numbers": 3, "rate": float("nan")}))
    assert (run.state, run.title, run.spec) == (
        "queued",
        "count to 3",
        {"numbers": 3, "rate": None},
    )
    assert run.started is run.ended is run.heartbeat is run.result is run.error is None
    assert run.active and run.attempts == 0 and run.fraction == 0


def test_snapshots_do_not_change(store):
    run = store.run(submit(store))
    with pytest.raises(FrozenInstanceError):
        run.state = "finished"
    store.cancel(run.id)
    assert run.state == "queued"


def test_an_unknown_run_is_said(store):
    for ask in (store.run, store.pause, store.cancel, store.resume):
        with pytest.raises(RunNotFound, match="no run 7"):
            ask(7)
    with pytest.raises(RunNotFound, match="no run 7 to wait for"):
        submit(store, after=[7])
    assert store.runs() == []


def test_the_queue_goes_by_age_and_by_needs(store):
    first, second, third = submit(store), submit(store), submit(store)
    fourth = submit(store, after=[first, third])
    assert [run.id for run in store.runs()] == [fourth, third, second, first]
    taken = []
    while run := store.claim():
        taken.append(run.id)
        store.end(run.id, "finished", result={})
    assert taken == [first, second, third, fourth]
    store.pause(submit(store, after=[first]))
    assert store.claim() is None


def test_a_dependent_of_a_paused_or_interrupted_run_waits(store):
    first = submit(store)
    second = submit(store, after=[first])
    for state in ("paused", "interrupted"):
        store.claim()
        store.pause(first)
        store.end(first, state)
        assert store.claim() is None
        assert store.run(second).state == "queued"
        store.resume(first)
    assert store.claim().id == first


def test_a_chain_fails_in_words_and_comes_back_with_its_head(store):
    first = submit(store)
    second = submit(store, after=[first])
    third = submit(store, after=[second])
    other = submit(store)
    store.claim()
    store.end(first, "failed", error={"what": "No.", "way_out": "Yes."})
    assert [store.run(each).state for each in (second, third, other)] == [
        "failed",
        "failed",
        "queued",
    ]
    error = store.run(third).error
    assert error["what"] == "Run 3 needs run 2 (count to 3), which failed."
    assert error["way_out"] == "Resume run 2 (tutor resume 2); run 3 follows it."
    with pytest.raises(EngineError, match=r"needs run 1 .*, which failed"):
        store.resume(second)
    store.resume(first)
    assert [store.run(each).state for each in (first, second, third)] == ["queued"] * 3
    assert store.run(third).error is None


def test_what_two_failed_runs_hold_back_comes_back_with_the_second(store):
    first, second = submit(store), submit(store)
    third = submit(store, after=[first, second])
    for run_id in (first, second):
        store.claim()
        store.end(run_id, "failed", error={"what": "No.", "way_out": ""})
    store.resume(first)
    assert store.run(third).state == "failed"
    assert "needs run 2" in store.run(third).error["what"]
    store.resume(second)
    assert store.run(third).state == "queued"


def test_what_needs_a_cancelled_run_is_cancelled_with_it_and_says_so(store):
    first = submit(store)
    second = submit(store, after=[first])
    third = submit(store, after=[second])
    other = submit(store)
    assert [run.id for run in store.going_with(first)] == [second, third]
    assert store.cancel(first).message == ""
    states = [store.run(each).state for each in (second, third, other)]
    assert states == ["cancelled", "cancelled", "queued"]
    assert store.run(third).error is None
    assert store.run(third).message == "Cancelled with run 2 (count to 3), which it needs."
    with pytest.raises(EngineError, match="Run 2 is cancelled; it cannot be resumed"):
        store.resume(second)
    late = submit(store, after=[first])
    assert store.run(late).state == "cancelled"


def test_what_needs_a_running_run_is_cancelled_as_soon_as_that_is_asked(store):
    first = submit(store)
    second = submit(store, after=[first])
    store.claim()
    assert store.cancel(first).request == "cancel"
    assert store.run(second).state == "cancelled"
    store.end(first, "finished", result={})  # it was through before it saw the request
    assert store.run(second).state == "cancelled"


def test_what_was_only_for_a_cancelled_run_goes_with_it_unless_it_has_begun(store):
    lone, begun, unbegun, wanted = (
        store.submit("count", "count", {}, noted=noted)
        for noted in ({FOR_OTHERS: True}, {FOR_OTHERS: True}, {FOR_OTHERS: True}, {})
    )
    last = submit(store, after=[begun, unbegun, wanted])
    store.pause(lone)
    store.claim()
    store.cancel(last)
    states = [store.run(each).state for each in (lone, begun, unbegun, wanted)]
    assert states == ["paused", "running", "cancelled", "queued"]
    words = "Cancelled with run 5 (count to 3), which alone it was for."
    assert store.run(unbegun).message == words


def test_what_two_need_goes_on_for_the_other(store):
    shared = store.submit("count", "count", {}, noted={FOR_OTHERS: True})
    first, second = submit(store, after=[shared]), submit(store, after=[shared])
    store.cancel(first)
    assert store.run(shared).state == "queued"
    store.cancel(second)
    assert store.run(shared).state == "cancelled"


def test_a_run_that_failed_by_itself_stays_to_be_read_and_what_waits_for_it_is_cancelled(store):
    first = submit(store)
    second = submit(store, after=[first])
    store.claim()
    store.end(first, "failed", error={"what": "No.", "way_out": ""})
    assert store.cancel(first).state == "failed"
    assert store.run(second).state == "cancelled"
    with pytest.raises(EngineError, match="Run 1 is failed; it cannot be cancelled"):
        store.cancel(first)
    assert store.resume(first).state == "queued"


@pytest.mark.parametrize("read", ["claimed from", "opened"])
def test_an_older_releases_run_that_failed_for_a_cancelled_one_is_cancelled(store, home, read):
    first, second = submit(store), submit(store)
    third = submit(store, after=[second])
    with store.database.transaction() as connection:
        connection.execute("UPDATE runs SET state = 'cancelled' WHERE id = ?", (second,))
        connection.execute(
            "UPDATE runs SET state = 'failed', error = ? WHERE id = ?",
            ('{"what": "Run 3 needs run 2.", "way_out": "", "because": 2}', third),
        )
    if read == "opened":
        Client(home, worker=None).close()
    else:
        assert store.claim().id == first
    assert (store.run(third).state, store.run(third).error) == ("cancelled", None)


def test_a_queued_run_is_paused_and_cancelled_at_once(store):
    run_id = submit(store)
    assert store.pause(run_id).state == "paused"
    assert store.pause(run_id).state == "paused"
    assert store.resume(run_id).state == "queued"
    assert store.cancel(run_id).state == "cancelled"
    assert store.claim() is None


def test_a_running_run_is_asked(store):
    run_id = submit(store)
    store.claim()
    assert (store.pause(run_id).state, store.request(run_id)) == ("running", "pause")
    assert store.resume(run_id).request is None, "withdrawn before the worker saw it"
    assert store.pause(run_id).request == "pause"
    assert store.cancel(run_id).request == "cancel"
    assert store.pause(run_id).request == "cancel", "the stronger wish holds"
    store.end(run_id, "paused")
    assert store.run(run_id).state == "cancelled"


def test_a_pause_withdrawn_while_the_worker_stopped_goes_on(store):
    run_id = submit(store)
    store.claim()
    store.pause(run_id)
    store.resume(run_id)
    store.end(run_id, "paused")
    assert store.claim().id == run_id


def test_what_is_over_can_be_told_so(store):
    run_id = submit(store)
    store.claim()
    store.end(run_id, "finished", result={"sum": 3})
    for ask, wanted in ((store.pause, "paused"), (store.resume, "resumed")):
        with pytest.raises(EngineError, match=f"Run 1 is finished; it cannot be {wanted}") as told:
            ask(run_id)
        assert "Submit it again" in told.value.way_out
    assert store.run(run_id).result == {"sum": 3}


def test_a_dead_workers_run_is_interrupted_with_its_last_heartbeat(store):
    run_id, wished_away = submit(store), submit(store)
    started = store.claim()
    store.claim()
    store.cancel(wished_away)
    assert store.interrupt() == [run_id, wished_away]
    run = store.run(run_id)
    assert (run.state, run.heartbeat, run.ended) == (
        "interrupted",
        started.heartbeat,
        started.heartbeat,
    )
    assert "last heard of at 20" in run.message
    assert store.run(wished_away).state == "cancelled"


class Clocks:
    """The wall's clock, which is set, and the machine's own, which is not."""

    def __init__(self, monkeypatch):
        self.wall, self.own = 1_790_000_000.0, 500.0
        clock = SimpleNamespace(
            time=lambda: self.wall,
            monotonic=lambda: self.own,
            strftime=time.strftime,
            localtime=time.localtime,
        )
        for module in ("store", "snapshot", "record"):
            monkeypatch.setattr(f"engine.runs.{module}.time", clock)

    def pass_seconds(self, computed, wall=None):
        self.own += computed
        self.wall += computed if wall is None else wall


@pytest.fixture
def clocks(monkeypatch):
    return Clocks(monkeypatch)


@pytest.mark.parametrize("wall", [5, 86_400, 400 * 86_400, -3 * 86_400])
def test_computing_is_timed_by_a_clock_that_nobody_sets_and_that_sleeps_with_the_machine(
    store, clocks, wall
):
    run_id = submit(store)
    store.claim()
    clocks.pass_seconds(5, wall)
    assert store.run(run_id).seconds == 0, "nothing was heard of it yet"
    store.beat(run_id)
    assert store.run(run_id).seconds == 5
    clocks.pass_seconds(2, wall)
    store.end(run_id, "paused")
    assert store.run(run_id).seconds == 7
    store.resume(run_id)
    clocks.own = 3.0  # the machine was started anew
    store.claim()
    clocks.pass_seconds(4, wall)
    Recorder(store, store.run(run_id)).progress(1, 3)
    assert store.run(run_id).seconds == 11
    store.end(run_id, "finished", result={})
    assert store.run(run_id).seconds == 11


def test_a_dead_workers_run_keeps_what_its_last_heartbeat_knew(store, clocks):
    run_id = submit(store)
    store.claim()
    clocks.pass_seconds(6, 86_400)
    store.beat(run_id)
    clocks.wall -= 86_400
    clocks.own = 2.0
    store.interrupt()
    run = store.run(run_id)
    assert (run.seconds, run.ended) == (6, clocks.wall)


def test_no_time_is_left_that_was_not_left_before_the_clock_was_set_back(store, clocks):
    run_id = submit(store)
    record = Recorder(store, store.claim(), clock=lambda: clocks.own)
    record.progress(0, 10)
    clocks.pass_seconds(2)
    record.progress(5, 10)
    assert store.run(run_id).eta_seconds == 2
    clocks.wall -= 86_400
    assert store.run(run_id).eta_seconds == 2


class Storms(RuleBasedStateMachine):
    """Any order of what clients, workers and deaths do to a queue with dependencies."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = Store(Home(Path(self.folder.name) / "home"))
        self.seen = {}

    def teardown(self):
        self.store.close()
        self.folder.cleanup()

    def any_run(self, data, *states):
        ids = [run.id for run in self.seen.values() if not states or run.state in states]
        return data.draw(st.sampled_from(ids)) if ids else None

    @precondition(lambda self: len(self.seen) < 8)
    @rule(data=st.data())
    def submit(self, data):
        ids = sorted(self.seen)
        after = data.draw(st.sets(st.sampled_from(ids), max_size=2)) if ids else set()
        noted = {FOR_OTHERS: True} if data.draw(st.booleans()) else {}
        run_id = self.store.submit("count", "count", {}, after, noted)
        assert run_id not in self.seen
        self.seen[run_id] = self.store.run(run_id)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), wish=st.sampled_from(["pause", "cancel", "resume"]))
    def wish(self, data, wish):
        run_id = self.any_run(data)
        before = self.seen[run_id]
        try:
            after = getattr(self.store, wish)(run_id)
        except EngineError:
            assert self.now() == self.seen, "a refusal changes nothing"
            return
        if wish == "cancel":
            failed = before.state == "failed" and after.state == "failed"
            assert after.state == "cancelled" or after.request == "cancel" or failed
        elif wish == "pause":
            assert after.state == "paused" or after.request
        elif before.state in RESUMABLE:
            assert after.state == "queued"

    @rule()
    def claim(self):
        finished = {run.id for run in self.seen.values() if run.state == "finished"}
        ready = [
            run.id
            for run in self.seen.values()
            if run.state == "queued" and finished.issuperset(run.after)
        ]
        assert self.store.ready() == min(ready, default=None)
        run = self.store.claim()
        assert (run.id if run else None) == min(ready, default=None)
        if run:
            assert run.state == "running"
            assert run.attempts == self.seen[run.id].attempts + 1

    @rule(data=st.data(), state=st.sampled_from(STATES))
    def end(self, data, state):
        run_id = self.any_run(data, "running")
        if run_id is None:
            return
        error = {"what": "No.", "way_out": ""} if state == "failed" else None
        if state in LEGAL["running"]:
            self.store.end(run_id, state, error=error)
        else:
            with pytest.raises(EngineError, match="cannot be"):
                self.store.end(run_id, state)

    @rule()
    def die(self):
        running = [run.id for run in self.seen.values() if run.state == "running"]
        assert sorted(self.store.interrupt()) == sorted(running)

    def now(self):
        return {run.id: run for run in self.store.runs()}

    @invariant()
    def every_change_was_legal(self):
        now = self.now()
        for run_id, run in now.items():
            before = self.seen.get(run_id, run)
            withdrawn = before.state == "running" and run.state == "queued"
            assert run.state == before.state or run.state in LEGAL[before.state] or withdrawn
            assert run.request is None or run.state == "running"
            assert (run.error is not None) == (run.state == "failed")
            assert (run.ended is None) == (run.state in ("queued", "running"))
            needed = {now[each].state for each in run.after}
            if run.state == "queued":
                assert not needed & {"failed", "cancelled"}
            if "cancelled" in needed:
                assert run.state == "cancelled"
            began = run.attempts > before.attempts
            assert not began or needed <= {"finished"}
        self.seen = now


Storms.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],  # a failure is told at once, not made small for minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestStorms = Storms.TestCase


def test_a_second_store_in_one_process_keeps_the_first_ones_lock(tmp_path):
    """Closing any descriptor of a file drops all of a process's POSIX locks on it.

    The worker's heartbeat is a second store beside its first. If opening one touched the file by
    itself, SQLite's lock would be gone, and the next reader that closes would delete the log that
    the worker writes to: its rows would be lost without a word.
    """
    home = Home(tmp_path / "home")
    look = "import sys; from engine.runs.client import Client; c = Client(sys.argv[1], worker=None)"
    look += "; print([run.id for run in c.runs()]); c.close()"

    def seen_by_another() -> str:
        asked = [sys.executable, "-c", look, str(home.path)]
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()

    worker = Store(home)
    Store(home).close()
    submit(worker)
    assert seen_by_another() == "[1]"
    submit(worker)
    assert seen_by_another() == "[2, 1]"
    worker.close()
