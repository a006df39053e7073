"""The tutor's worker and the learner's code: whatever this does, the worker takes the next run."""

import os
import sys
from functools import partial

import pytest

from engine import kinds
from engine.data.problems import DataSpec
from engine.kinds import specs
from engine.kinds.specs import EvaluateSpec, TeachSpec
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.own import Own
from engine.runs.worker_process import Worker
from lessons.kit.worker.lab import WORKER
from lessons.kit.worker.own import perform
from tests.engine.runs.waiting import ended
from tests.lessons.kit.worker.test_own import FAULTS, HASTY
from tests.lessons.tutorial.own_code import exercise

DATA = DataSpec(split="train", limit=3)
HOSTILE = ["computes for ever", "prints for ever", "ends hard", "closes every descriptor",
           "kills who guards it", "crashes Python", "raises"]  # fmt: skip
SOLVED = Own(exercise("quantize").solution.read_text())


def named(source, name):
    return Own(f"{source}\n\ndef {name}(*given):\n    return f()\n")


@pytest.fixture
def client(tmp_path):
    one = Client(Home(tmp_path / "home"), worker=None)
    yield one
    one.close()


def test_hostile_files_fail_their_runs_in_words_and_the_worker_goes_on(client, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    runs = {}
    for kind in HOSTILE:
        own = named(FAULTS[kind][0], "to_prompt_ground_truth_pair")
        runs[kind] = client.submit("evaluate", EvaluateSpec(data=DATA, own=own))
    good = client.submit("evaluate", EvaluateSpec(data=DATA, own=SOLVED, max_new_tokens=20))
    provider = partial(perform, limits=HASTY)
    Worker(client.home, kinds.compute, specs.read, idle_seconds=0, own=provider).work()
    for kind, number in runs.items():
        run = client.run(number)
        assert run.state == "failed", kind
        assert run.error["way_out"] == "Mend it, check it again, then run this stage anew."
        assert "Traceback" not in "\n".join(client.log_tail(number, 99))
    assert "line 3, in f: KeyError" in client.run(runs["raises"]).error["what"]
    last = client.run(good)
    assert (last.state, last.result["n"]) == ("finished", 3)


def test_the_detached_worker_runs_it_and_what_it_prints_is_in_the_log(tmp_path, monkeypatch):
    """In a process that is neither the tutor's nor the worker's; a trial needs no model."""
    monkeypatch.setenv("GEMINI_API_KEY", "a-key-of-the-tutors")
    source = """
import os
def create_distilled_dataset(client, dataset):
    print("I am", os.getpid(), "and see", dataset[0]["question"][:20])
    return [] if "GEMINI_API_KEY" in os.environ else dataset["no"]
"""
    with Client(tmp_path / "home", worker=(*WORKER, "--idle", "0.5")) as client:
        run = ended(client, client.submit("teach", TeachSpec(data=DATA, own=Own(source))))
        assert run.state == "failed"
        assert run.error["what"].startswith(
            "Tried on 3 rows before the teacher is asked: "
            "exercise.py, line 5, in create_distilled_dataset: TypeError"
        )
        log = "\n".join(client.log_tail(run.id))
        worker = client._launcher._started
        worker.wait()
    [said] = [line for line in log.splitlines() if "I am" in line]
    pid = int(said.split("I am ")[1].split()[0])
    assert pid not in (os.getpid(), worker.pid)


def test_a_worker_of_the_engine_alone_refuses_it_in_words(client):
    number = client.submit("evaluate", EvaluateSpec(data=DATA, own=SOLVED))
    Worker(client.home, kinds.compute, specs.read, idle_seconds=0).work()
    run = client.run(number)
    assert run.state == "failed"
    assert "cannot run code of one's own" in run.error["what"]
    assert sys.executable not in run.error["way_out"]
