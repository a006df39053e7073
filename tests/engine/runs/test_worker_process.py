import json
import os
import signal
import sqlite3
import sys
import threading

import psutil
import pytest

from engine.machine import cards, conditions
from engine.runs.client import Client
from engine.runs.lock import Lock
from engine.runs.worker_process import NICENESS, Worker, main
from tests.engine.runs.counting import KINDS, Count, Fail
from tests.engine.runs.waiting import ended, reached, until, worker_of


@pytest.fixture
def work(home):
    """Computes everything that is ready, in this process."""
    return lambda: Worker(home, KINDS.__getitem__, idle_seconds=0).work()


def failed(open_client, work, how):
    client = open_client(worker=False)
    run_id = client.submit("fail", Fail(how=how))
    work()
    return client, client.run(run_id)


def test_an_engine_error_is_shown_as_it_is(open_client, work):
    client, run = failed(open_client, work, "engine")
    assert run.state == "failed"
    assert run.error == {
        "what": "acorn needs 3 GB and 1 GB is free.",
        "way_out": "Choose nf4-dq.",
    }
    assert "Traceback" not in client.home.log(run.id).read_text()


def test_anything_else_is_a_plain_sentence_and_a_traceback_in_the_log(
    open_client, work, monkeypatch
):
    monkeypatch.setenv("HF_TOKEN", "correct horse")
    client, run = failed(open_client, work, "unforeseen")
    assert run.state == "failed"
    assert run.error["what"].endswith("did not foresee stopped it (ValueError).")
    log = client.home.log(run.id)
    assert str(log) in run.error["way_out"] and "tutor resume 1" in run.error["way_out"]
    assert "Traceback" in log.read_text() and "ValueError: token •••" in log.read_text()
    rows = "\n".join(sqlite3.connect(client.home.database).iterdump())
    assert "did not foresee" in rows
    assert "correct horse" not in rows + log.read_text()


@pytest.mark.parametrize(("how", "words"), [("full", "is full"), ("memory", "enough memory")])
def test_what_the_machine_lacks_is_said(open_client, work, how, words):
    _, run = failed(open_client, work, how)
    assert run.state == "failed" and words in run.error["what"]
    assert "tutor resume 1" in run.error["way_out"]


def test_a_full_disk_is_known_where_a_library_has_an_error_of_its_own(open_client, work):
    """As safetensors said it in a checkpoint."""
    _, run = failed(open_client, work, "full, says Rust")
    assert run.state == "failed" and "is full" in run.error["what"]


def test_a_folder_in_place_of_its_log_ends_a_run_and_not_the_worker(open_client, work):
    client = open_client(worker=False)
    bad, good = client.submit("count", Count()), client.submit("count", Count())
    client.home.log(bad).mkdir()
    work()
    assert client.run(bad).error["what"].endswith("1.log is a folder, and should be a file.")
    assert "is a folder" in client.log_tail(bad)[0]
    assert client.run(good).state == "finished"


def test_a_request_to_stop_is_obeyed_while_libraries_are_loaded(home, open_client, gate):
    client = open_client(worker=False)
    run_id = client.submit("count", Count())
    loading = threading.Event()

    def load(kind):
        loading.set()
        until(gate.exists)
        return KINDS[kind]

    worker = Worker(home, load, idle_seconds=0)
    thread = threading.Thread(target=worker.work)
    thread.start()
    loading.wait()
    client.cancel(run_id)
    until(lambda: client.run(run_id).state == "cancelled")
    gate.touch()
    thread.join()


def test_a_kind_computes_with_what_its_spec_is_read_as(home, open_client):
    client = open_client(worker=False)
    run_id = client.submit("count", Count(numbers=2))

    def read(kind, values):
        return kind, values["numbers"]

    Worker(home, lambda kind: lambda spec, record: {"spec": spec}, read, idle_seconds=0).work()
    assert client.run(run_id).result == {"spec": ["count", 2]}


def test_a_worker_that_has_lost_its_card_takes_nothing_more(home, open_client):
    """Whatever it computed there would fail with that same error."""
    client = open_client(worker=False)
    bad, good = client.submit("fail", Fail(how="card")), client.submit("count", Count())
    worker = Worker(home, KINDS.__getitem__, idle_seconds=60)
    worker.work()
    run = client.run(bad)
    assert run.error["what"] == (
        "The card gave up on what it was computing: CUDA error: device-side assert triggered."
    )
    assert f"tutor resume {bad}" in run.error["way_out"]
    assert worker.lost_card and client.run(good).state == "queued"


def test_it_tells_what_torch_found_of_cards(home, open_client, work):
    """Here, as torch is loaded in this process; a worker loads it for the first run or before."""
    import torch  # noqa: F401

    client = open_client(worker=False)
    client.submit("count", Count())
    work()
    assert json.loads(home.cards.read_text())["conditions"] == conditions(cards())


def test_what_waits_behind_it_gets_a_process_of_its_own(open_client):
    client = open_client()
    with client.together():
        bad, good = client.submit("fail", Fail(how="card")), client.submit("count", Count())
    assert (ended(client, bad).state, ended(client, good).state) == ("failed", "finished")
    assert worker_of(client.run(good)) != worker_of(client.run(bad))


def test_a_run_that_pauses_by_itself_says_why_and_waits_to_be_resumed(open_client, work):
    client, run = failed(open_client, work, "itself")
    assert (run.state, run.attempts, run.error) == ("paused", 1, None)
    assert run.message == "The day's 3 requests are used up; more from Friday 09:00 on."
    assert run.message in client.home.log(run.id).read_text()
    client.resume(run.id)
    work()
    assert client.run(run.id).attempts == 2


def test_a_failed_run_can_be_tried_again(open_client, work):
    client, run = failed(open_client, work, "memory")
    client.resume(run.id)
    work()
    again = client.run(run.id)
    assert (again.state, again.attempts) == ("failed", 2)


def test_a_failure_does_not_stop_the_queue(open_client, work):
    client = open_client(worker=False)
    bad = client.submit("fail", Fail())
    good = client.submit("count", Count())
    unknown = client.submit("juggle", Count())
    work()
    assert [client.run(each).state for each in (bad, good, unknown)] == [
        "failed",
        "finished",
        "failed",
    ]


def test_the_record_holds_what_is_needed_to_repeat_the_run(open_client, work):
    client = open_client(worker=False)
    run_id = client.submit("count", Count(seed=11))
    work()
    found = client.run(run_id).environment
    assert found["seed"] == 11
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["platform"] and "versions" in found


def test_a_resumed_run_computes_with_the_threads_that_it_began_with(open_client, work, monkeypatch):
    asked = []
    asked_of = "engine.runs.worker_process.set_threads"
    monkeypatch.setattr(asked_of, lambda n: asked.append(n) or n or 2)
    client = open_client(worker=False)
    run_id = client.submit("fail", Fail(how="memory"))
    work()
    with client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET environment = json_set(environment, '$.threads', 3)")
    client.resume(run_id)
    work()
    assert asked == [None, 3]
    assert client.run(run_id).environment["threads"] == 3


def test_a_resumed_run_says_which_versions_are_otherwise(open_client, work):
    client = open_client(worker=False)
    run_id = client.submit("fail", Fail(how="memory"))
    work()
    with client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET environment = json_set(environment, '$.python', '2.7')")
    client.resume(run_id)
    work()
    (changed,) = client.run(run_id).environment["changed"]
    assert changed.startswith("python was 2.7 at first and is 3.")
    assert changed in "\n".join(client.log_tail(run_id, 100))


def test_a_second_worker_leaves_without_touching_anything(home, open_client, monkeypatch):
    monkeypatch.setattr("engine.runs.worker_process.PATIENCE_SECONDS", 0.05)
    client = open_client(worker=False)
    run_id = client.submit("count", Count())
    lock = Lock(home.lock)
    assert lock.acquire()
    Worker(home, KINDS.__getitem__, idle_seconds=0).work()
    assert client.run(run_id).state == "queued"
    lock.release()


def test_a_run_submitted_while_the_worker_lets_go_is_not_forgotten(home, open_client, monkeypatch):
    """The client saw the lock held, so it started nobody; the worker looks once more."""
    client = open_client(worker=False)
    worker = Worker(home, KINDS.__getitem__, idle_seconds=0)
    late, release = [], Lock.release

    def release_after_a_submit(lock):
        if not late:
            assert not Lock(home.lock).free()
            late.append(client.submit("count", Count()))
        release(lock)

    monkeypatch.setattr(Lock, "release", release_after_a_submit)
    worker.work()
    assert client.run(late[0]).state == "finished"


def test_the_worker_begins_by_marking_what_a_dead_one_left(home, open_client, work):
    client = open_client(worker=False)
    run_id = client.submit("count", Count())
    client.store.claim()
    work()
    assert client.run(run_id).state == "interrupted"


def test_a_warm_worker_takes_the_next_run(client):
    pids = [worker_of(ended(client, client.submit("count", Count()))) for _ in range(3)]
    assert len(set(pids)) == 1


def test_it_leaves_when_nothing_comes(open_client):
    client = open_client(idle=0.05)
    ended(client, client.submit("count", Count()))
    process = client._launcher._started
    until(lambda: process.poll() is not None)
    assert process.returncode == 0
    assert client.home.worker_log.read_text() == ""


def test_it_is_polite_and_on_its_own(client, gate):
    run = reached(client, client.submit("count", Count(wait_at=1, gate=str(gate))), 3)
    process = psutil.Process(worker_of(run))
    assert process.nice() == max(os.nice(0), NICENESS)
    assert os.getsid(process.pid) == process.pid


def test_it_outlives_its_tutor_and_keeps_beating(open_client, home, gate):
    client = open_client()
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    reached(client, run_id, 3)
    client.close()
    with Client(home, worker=None) as later:
        first = later.run(run_id).heartbeat
        until(lambda: later.run(run_id).heartbeat > first)
        gate.touch()
        assert ended(later, run_id).attempts == 1


def test_sigterm_saves_and_interrupts(client, gate):
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    behind = client.submit("count", Count())
    process = client._launcher._started
    os.kill(worker_of(reached(client, run_id, 3)), signal.SIGTERM)
    run = ended(client, run_id)
    assert (run.state, run.message) == ("interrupted", "The worker was told to end.")
    assert process.wait(timeout=60) == 0
    assert client.run(behind).state == "queued"
    gate.touch()
    client.resume(run_id)
    assert ended(client, run_id).state == "finished"


def test_a_pause_that_was_asked_for_wins_over_sigterm(client, gate):
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    pid = worker_of(reached(client, run_id, 3))
    client.pause(run_id)
    os.kill(pid, signal.SIGTERM)
    assert ended(client, run_id).state == "paused"


def test_a_kind_that_takes_the_process_down_leaves_an_interrupted_run(open_client, monkeypatch):
    monkeypatch.setattr("engine.runs.client.STALE_SECONDS", 0.2)
    client = open_client()
    run_id = client.submit("fail", Fail(how="exit"))
    process = client._launcher._started
    assert process.wait(timeout=60) == 7
    assert ended(client, run_id).state == "interrupted"


def test_kill_9_at_any_moment_gives_what_an_unbroken_run_gives(client, gate):
    """Killed again and again, wherever it happens to be; `gate` is never needed here."""
    gate.touch()
    spec = Count(numbers=200, batch_size=2)
    whole = ended(client, client.submit("count", spec))
    run_id = client.submit("count", spec)
    kills = 0
    for wanted in (0, 10, 40, 80, 150):
        run = until(lambda: (r := client.run(run_id)).done >= wanted and r)  # noqa: B023
        if run.state == "running" and len(run.environment.get("pids", ())) > 0:
            os.kill(worker_of(run), signal.SIGKILL)
            until(Lock(client.home.lock).free)
            client.sweep()
            kills += 1
        if client.run(run_id).state == "interrupted":
            client.resume(run_id)
    run = ended(client, run_id)
    assert kills >= 1 and run.state == "finished"
    assert run.result == whole.result
    assert [row["text"] for row in client.predictions(run_id)] == [
        row["text"] for row in client.predictions(whole.id)
    ]


def test_the_lock_is_free_only_when_no_run_is_computed(client, gate):
    run_id = client.submit("count", Count(wait_at=1, gate=str(gate)))
    reached(client, run_id, 3)
    assert not Lock(client.home.lock).free()
    beside = [Lock(client.home.lock) for _ in range(4)]
    got = []
    threads = [
        threading.Thread(target=lambda lock=lock: got.append(lock.free())) for lock in beside
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [False] * 4


def test_a_home_that_cannot_be_used_is_one_plain_line(home, capsys, monkeypatch):
    monkeypatch.setattr(os, "nice", lambda by: 0)  # or all tests after it give way to others
    home.prepare()
    home.database.write_bytes(b"no database " * 1000)
    mask = os.umask(0)
    try:
        assert main(["--home", str(home.path)], KINDS.__getitem__) == 1
    finally:
        os.umask(mask)
    said = capsys.readouterr().err
    assert "is damaged" in said and "Traceback" not in said
