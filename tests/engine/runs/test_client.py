import os
import signal
import subprocess
import sys
import threading
from itertools import pairwise
from pathlib import Path

import pytest

import engine
from engine.errors import EngineError, ModelNotFound, RunNotFound, SpecError
from engine.kinds.specs import EvaluateSpec, SftSpec, TeachSpec
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from tests.engine.runs.conftest import COUNTING
from tests.engine.runs.counting import Count
from tests.engine.runs.waiting import ended, reached, until, worker_of


@pytest.fixture
def idle_client(open_client):
    """A client whose runs wait, as nobody starts a worker."""
    return open_client(worker=False)


def test_a_spec_is_checked_before_anything_is_written(idle_client):
    with pytest.raises(SpecError, match="batch_size is 0"):
        idle_client.submit("evaluate", EvaluateSpec(batch_size=0))
    with pytest.raises(RunNotFound, match="no run 9"):
        idle_client.submit("sft", SftSpec(teach=9))
    assert idle_client.runs() == []


def test_a_spec_that_is_not_ready_says_why_and_nothing_is_written(idle_client):
    """Of any kind: the queue knows neither what it would compute nor what that lacks."""

    class NotYet(Count):
        def ready(self, home, spec_of):
            raise EngineError(f"{home.path} has no ball.", f"Throw run {spec_of(first)}.")

    first = idle_client.submit("count", Count(numbers=3))
    with pytest.raises(EngineError, match="has no ball") as caught:
        idle_client.submit("count", NotYet())
    assert "'numbers': 3" in caught.value.way_out
    assert [run.id for run in idle_client.runs()] == [first]


def test_a_run_waits_for_those_that_its_spec_names(idle_client):
    teach = idle_client.submit("teach", TeachSpec())
    other = idle_client.submit("evaluate", EvaluateSpec())
    sft = idle_client.submit("sft", SftSpec(teach=teach), after=[other])
    run = idle_client.run(sft)
    assert run.after == (teach, other)
    assert run.spec == SftSpec(teach=teach).to_dict() | {
        "target_modules": ["q_proj", "k_proj", "v_proj"]
    }
    with pytest.raises(SpecError, match="teach is run 2, which is of kind evaluate") as caught:
        idle_client.submit("sft", SftSpec(teach=other))
    assert caught.value.way_out == "Name a run of kind teach."


def test_what_is_submitted_together_is_seen_all_at_once_or_not_at_all(idle_client, open_client):
    beside = open_client(worker=False)
    with idle_client.together():
        teach = idle_client.submit("teach", TeachSpec())
        idle_client.submit("sft", SftSpec(teach=teach))
        assert beside.runs() == []
    assert [run.id for run in beside.runs()] == [2, 1]
    with pytest.raises(RunNotFound), idle_client.together():
        idle_client.submit("evaluate", EvaluateSpec())
        idle_client.submit("sft", SftSpec(teach=9))
    assert [run.id for run in beside.runs()] == [2, 1]


def test_a_client_opened_later_or_beside_sees_the_same(client, open_client):
    run_id = client.submit("count", Count(numbers=7))
    run = ended(open_client(), run_id)
    assert (run.state, run.done, run.total) == ("finished", 7, 7)
    beside = open_client()
    assert beside.run(run_id) == run
    assert len(beside.predictions(run_id)) == 7
    assert [metric["step"] for metric in beside.metrics(run_id)] == [0, 1, 2]
    assert beside.answers(run_id) == beside.failures(run_id) == []
    until(lambda: any(line.endswith("finished") for line in beside.log_tail(run_id)))
    assert beside.artifacts(run_id).parent == beside.home.path / "runs"


def test_following_shows_each_change_and_ends_with_the_run(client, gate):
    run_id = client.submit("count", Count(wait_at=2, gate=str(gate)))
    shown = []
    for run in client.follow(run_id, every=0.01):
        shown.append(run)
        if run.done == 6:
            gate.touch()
    states = [run.state for run in shown]
    assert states == sorted(states, key=["queued", "running", "finished"].index)
    assert states[-1] == "finished" and shown[-1].result == {"sum": sum_of(shown[-1], client)}
    assert all(a != b for a, b in pairwise(shown))
    with pytest.raises(RunNotFound):
        next(client.follow(99))


def sum_of(run, client):
    return sum(int(row["text"]) for row in client.predictions(run.id))


def test_pause_and_resume_give_what_an_unbroken_run_gives(client, gate):
    whole = client.submit("count", Count())
    run_id = client.submit("count", Count(wait_at=2, gate=str(gate)))
    assert reached(client, run_id, 6).message == ""
    assert client.pause(run_id).request == "pause"
    paused = ended(client, run_id)
    assert (paused.state, paused.done, paused.request) == ("paused", 6, None)
    assert paused.ended and paused.seconds > 0
    gate.touch()
    assert client.resume(run_id).active
    run = ended(client, run_id)
    assert (run.state, run.attempts) == ("finished", 2)
    assert run.seconds > paused.seconds
    assert run.result == ended(client, whole).result
    assert rows(client, run_id) == rows(client, whole)


def rows(client, run_id):
    return [
        {name: value for name, value in row.items() if name != "rowid"}
        for row in client.predictions(run_id)
    ]


def test_cancel_a_running_run_and_those_that_wait_for_it(client, gate):
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    follower = client.submit("count", Count(), after=[run_id])
    reached(client, run_id, 3)
    client.cancel(run_id)
    assert ended(client, run_id).state == "cancelled"
    assert client.run(follower).state == "cancelled"
    assert f"Cancelled with run {run_id} " in client.run(follower).message


def test_kill_9_is_found_by_the_next_client_and_resume_goes_on(client, open_client, gate):
    whole = client.submit("count", Count())
    expected = ended(client, whole)
    run_id = client.submit("count", Count(wait_at=2, gate=str(gate)))
    waiting = client.submit("count", Count(numbers=2))
    running = reached(client, run_id, 6)
    os.kill(worker_of(running), signal.SIGKILL)
    until(Lock(client.home.lock).free)

    later = open_client()
    found = later.run(run_id)
    assert found.state == "interrupted"
    assert found.heartbeat >= running.heartbeat
    assert "was last heard of at" in found.message
    assert ended(later, waiting).state == "finished", "what waited behind it goes on"

    gate.touch()
    later.resume(run_id)
    run = ended(later, run_id)
    assert (run.state, run.attempts, run.result) == ("finished", 2, expected.result)
    assert rows(later, run_id) == rows(later, whole)
    assert [(m["step"], m["value"]) for m in later.metrics(run_id)] == [
        (m["step"], m["value"]) for m in later.metrics(whole)
    ]
    assert len(set(run.environment["pids"])) == 2


def test_a_tutor_that_stays_open_finds_out_too(client, gate, monkeypatch):
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    running = reached(client, run_id, 3)
    monkeypatch.setattr("engine.runs.client.STALE_SECONDS", 0.2)
    os.kill(worker_of(running), signal.SIGKILL)
    assert ended(client, run_id).state == "interrupted"


def test_a_dead_worker_that_was_last_heard_of_in_the_future_is_found_out(client, gate):
    """Its clock was ahead; that it will be heard of in a day is no sign of life."""
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    running = reached(client, run_id, 3)
    os.kill(worker_of(running), signal.SIGKILL)
    until(lambda: Lock(client.home.lock).free())
    with client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET heartbeat = heartbeat + 86400")
    assert client.run(run_id).state == "interrupted"


def test_a_worker_that_is_only_slow_is_left_alone(client, gate, monkeypatch):
    """Its heartbeat is late, but it holds the lock."""
    monkeypatch.setattr("engine.runs.client.STALE_SECONDS", -1000.0)
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    reached(client, run_id, 3)
    assert client.sweep() == []
    gate.touch()
    assert ended(client, run_id).attempts == 1


def test_a_worker_that_cannot_start_is_said(home):
    with Client(home, worker=(sys.executable, "-c", "import no_such_engine")) as client:
        run_id = client.submit("count", Count(numbers=1))
        with pytest.raises(EngineError, match="No module named 'no_such_engine'"):
            ended(client, run_id)
        assert client.run(run_id).state == "queued", "nothing is lost"


def test_threads_may_share_a_client(client):
    wanted = [client.submit("count", Count(numbers=5, seed=seed)) for seed in range(3)]
    got = {}
    threads = [
        threading.Thread(target=lambda run_id=run_id: got.update({run_id: ended(client, run_id)}))
        for run_id in wanted
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {run.state for run in got.values()} == {"finished"} and set(got) == set(wanted)


TUTOR = """
import sys
sys.path[:0] = [sys.argv[3]]
from engine.runs.client import Client
from engine.runs.home import Home
from tests.engine.runs.counting import Count
client = Client(sys.argv[1], worker=(sys.executable, sys.argv[2], "--idle", "0"))
print("open", flush=True)
sys.stdin.readline()  # all begin at once
ids = []
for seed in range(4):
    ids.append(client.submit("count", Count(numbers=6, batch_size=2, seed=seed), after=ids[-1:]))
    client.wake()
for run_id in ids:
    *_, last = client.follow(run_id, every=0.01)
    assert last.state == "finished" and last.attempts == 1, last
    assert len(client.predictions(run_id)) == 6
print(*ids)
"""


def test_four_tutors_on_one_home_at_the_same_instant(home, open_client):
    """With workers that leave at once, so that many are started, and many at the same time."""
    root = str(Path(engine.__file__).parents[1])
    command = [sys.executable, "-c", TUTOR, str(home.path), str(COUNTING), root]
    tutors = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
            text=True,
        )
        for _ in range(4)
    ]
    for tutor in tutors:
        assert tutor.stdout.readline() == "open\n"
    for tutor in tutors:
        tutor.stdin.write("\n")
        tutor.stdin.flush()
    said = [tutor.communicate(timeout=120) for tutor in tutors]
    assert [tutor.returncode for tutor in tutors] == [0] * 4, said
    ids = sorted(int(each) for out, _ in said for each in out.split())
    assert ids == list(range(1, 17))
    assert not (home.path / "overlap").exists(), "two workers computed at once"
    client = open_client(worker=False)
    assert {run.state for run in client.runs()} == {"finished"}


def test_a_file_that_is_no_model_is_refused_before_a_run_is_queued(tmp_path):
    (tmp_path / "packed.gguf").write_bytes(b"GGUF")
    (tmp_path / "empty").mkdir()
    with Client(Home(tmp_path / "home"), worker=None) as client:
        for name, words in (("packed.gguf", "is a GGUF file"), ("empty", "has no config.json")):
            with pytest.raises(ModelNotFound, match=words):
                client.submit("evaluate", EvaluateSpec(model=str(tmp_path / name)))
        assert client.runs() == []
