"""Hosted teachers with the real worker, a process of its own: killed, and searched for the key."""

import json
import os
import secrets
import signal
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from engine.data.problems import DataSpec
from engine.kinds.specs import EvaluateSpec, TeachSpec
from engine.runs.client import Client
from tests.engine.runs.waiting import ended, until
from tests.engine.teachers.conftest import DATA, oaks_answers, unlimited
from tests.engine.teachers.loopback import Loopback, Raw, gemini_said, openai_said

WORKER = (sys.executable, "-m", "engine.runs.worker", "--idle", "5")
GEMMA, OAK = "gemini:gemma-4-31b-it", "openai:oak"


@pytest.fixture
def client(home, monkeypatch):
    """A client with a real worker; none is left behind."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    client = Client(home, worker=WORKER)
    yield client
    process = client._launcher._started
    if process:
        process.kill()
        process.wait()
    client.close()


def everything_written(home):
    """The bytes of every file of a home."""
    return {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}


def command_lines():
    """Of every process that can be seen."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield process.read_bytes()
        except OSError:  # it has ended meanwhile
            continue


def test_the_key_is_in_no_log_database_error_artifact_or_process_list(
    client, server, home, problems, monkeypatch
):
    """A key that is right, and the same key refused by a server that repeats what it was sent."""
    key = secrets.token_hex(20)
    monkeypatch.setenv("GEMINI_API_KEY", key)
    monkeypatch.setenv("OPENAI_API_KEY", key)
    server.key, server.echo = key, True
    server.fault = lambda q, nth: "500" if nth == 1 and q == problems[0].question else None
    server.latency = lambda *_: 0.05
    runs = [
        client.submit("teach", TeachSpec(teacher=GEMMA, data=DATA, in_flight=2)),
        client.submit("evaluate", EvaluateSpec(model=OAK, data=DATA, batch_size=2)),
    ]
    seen = until(lambda: server.requests and list(command_lines()), seconds=300)
    assert any(b"engine.runs.worker" in each for each in seen)
    assert not any(key.encode() in each for each in seen)
    for run_id in runs:
        assert ended(client, run_id).state == "finished"
    server.key = "another"
    for spec in (TeachSpec(teacher=GEMMA, data=DATA), EvaluateSpec(model=OAK, data=DATA)):
        failed = ended(client, client.submit(spec.kind, spec))
        assert failed.state == "failed"
        assert "refused the key that" in failed.error["what"]
        assert key not in repr(failed)
        runs.append(failed.id)
    files = everything_written(home)
    assert {"tutor.db", "1.log", "dataset.jsonl"} <= {path.name for path in files}
    assert [path for path, held in files.items() if key.encode() in held] == []


KILLS, IN_FLIGHT = 10, 8
SOME = (
    "429 0.2", "500", "503", "reset", "malformed", "hang", "length", "empty",
    Raw(b"[" * 100_000), Raw(b'{"n": ' + b"9" * 6000 + b"}"), Raw(b"null"), Raw(b"", 204),
    Raw(b'{"error": {"code": 503}}'), Raw(b"", 302, {"Location": "http://localhost:9/"}),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [GEMMA, OAK])
def test_a_thousand_questions_with_faults_and_ten_kills(client, home, monkeypatch, name):
    """1,000 answers, each paid once, whenever the worker is killed; a tenth is hard to store."""
    data = DataSpec(split="train", level=1, limit=1000)
    answers = oaks_answers(data)
    rng = Random(11)
    plan = {
        question: [rng.random() < 0.2 and rng.choice(SOME) for _ in range(30)]
        for question in answers
    }
    said = gemini_said if name == GEMMA else openai_said
    texts = {question: reply.text for question, reply in answers.items()}
    halves = {}
    for question in [*answers][::10]:
        texts[question] += "\ufffd"
        body = said(f"{answers[question].text}\ud800", 60, -(10**30))
        halves[question] = Raw(json.dumps(body).encode())
    unlimited(home, timeout=1.5, tries=6)
    with Loopback(answers) as server:
        monkeypatch.setenv("GEMINI_API_KEY", server.key)
        monkeypatch.setenv("OPENAI_API_KEY", server.key)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.address}/v1")
        server.fault = lambda question, nth: plan[question][nth % 30] or halves.get(question)
        server.latency = lambda question, nth: 0.03 + 0.12 * (hash(question) % 97) / 97
        run_id = client.submit("teach", TeachSpec(teacher=name, data=data, in_flight=IN_FLIGHT))
        for kill in range(1, KILLS + 1):
            until(lambda kill=kill: len(_whole(server, halves)) >= kill * 90, seconds=600)
            worker = client._launcher._started
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            until(lambda: client.sweep() or client.run(run_id).state == "interrupted")
            client.resume(run_id)
        run = ended(client, run_id)
        assert run.state == "finished", run.error
        rows = client.answers(run_id)
        paid = Counter(_whole(server, halves))
        faults = sum(bool(each.fault) for each in server.requests)
    bill = run.result["hosted"]
    print(
        f"{name}: {len(rows)} answers, {sum(paid.values())} paid, {len(server.requests)} requests, "
        f"{faults} of them with a fault; {KILLS} kills, {bill['lost']} requests lost on their way"
    )
    assert run.attempts == KILLS + 1
    assert {row["question"]: row["text"] for row in rows} == texts
    assert paid == dict.fromkeys(answers, 1)
    assert faults >= 0.15 * len(server.requests)


def _whole(server, halves):
    """The questions that were answered whole, and so paid for, one for each time."""
    return [
        each.question
        for each in list(server.requests)
        if (each.tokens and not each.fault)
        or (each.fault and each.fault is halves.get(each.question))
    ]
