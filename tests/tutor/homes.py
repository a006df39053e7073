"""Homes with real rows: a test is the worker, so it holds the lock and moves the rows itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

from engine.chain import pipeline
from engine.evaluation.answers import judge
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from engine.runs.own import Own
from engine.runs.record import Recorder
from lessons.kit.course import exercise as files
from lessons.kit.course.lesson import lesson
from tutor.learner.record import Learner
from tutor.tutorial import reader, tasks

NOW = 1_790_000_000.0
"""The time in a home whose pictures are compared."""

QUESTION = (
    "Mara packs {n} boxes with 12 pens each. She gives 4 pens to her brother. "
    "How many pens does she have left?"
)
SCORES = {
    "baseline": {"em": 0.09, "low": 0.048, "high": 0.162, "n": 100},
    "student": {"em": 0.46, "low": 0.366, "high": 0.557, "n": 100},
    "teacher": {"em": 0.93, "low": 0.863, "high": 0.966, "n": 100},
    "teach": {"asked": 400, "correct": 371, "kept": 371, "dropped": {"wrong result": 29}},
    "sft": {"validation_loss": 0.482, "steps": 46},
    "sample": {"em": 0.44, "low": 0.347, "high": 0.538, "n": 100},
    "cascade": {
        "em": 0.71, "low": 0.615, "high": 0.79, "n": 100, "cost_saving": 0.27,
        "compute_saving": -0.4, "share_sent": 0.73, "policy": {"k": 5, "threshold": 0.5},
        "grid": [
            {"k": k, "threshold": t / k, "em": 0.5 + 0.08 * t, "cost_saving": 0.7 - 0.12 * t}
            for k in (1, 3, 5) for t in range(1, k + 1)
        ],
    },
}  # fmt: skip


def code() -> dict[str, Own]:
    """The code that the tutor gives a chain of a learner who has written none."""
    return tasks.solutions(reader.load().unit("tutorial"))


def own_code(home: Home) -> None:
    """Code of the learner's own for every exercise of the tutorial, each with its checks passed."""
    unit = reader.load().unit("tutorial")
    with Learner(home) as learner:
        for stage in (each for each in unit.stages if each.exercise):
            within = lesson(f"{unit.id}/{stage.exercise}")
            made = within.exercise()
            files.create(home, made).write_text(f"# mine\n{made.solution.read_text()}")
            learner.checked(next(s for s in within.steps if s.kind == "exercise"), "passed")


class Worker:
    """What a worker does to rows, without the computing."""

    def __init__(self, home: Home) -> None:
        """No process is started: this holds the lock."""
        self.home = home.prepare()
        self.lock = Lock(home.lock)
        assert self.lock.acquire()
        self.client = Client(home, worker=None)

    def submit(self, preset: str = "quick", settings: str = "untouched") -> dict[str, int]:
        """Queue the whole chain."""
        stages = pipeline.build(preset, settings=settings, own=code())
        return pipeline.submit(self.client, stages)

    def begin(self) -> Recorder:
        """Claim the next run."""
        return Recorder(self.client.store, self.client.store.claim())

    def compute(self, name: str) -> None:
        """Take the next run, which must be that stage's, to its end."""
        record = self.begin()
        write(record, name)
        self.client.store.end(record.run.id, "finished", result=SCORES[name])

    def chain(self, *, upto: str | None = None, settings: str = "untouched") -> dict[str, int]:
        """A whole chain, computed until just before the stage `upto`."""
        ids = self.submit(settings=settings)
        for name in pipeline.ORDER:
            if name == upto:
                break
            self.compute(name)
        return ids


SCORES |= {f"validation_{name}": SCORES[name] for name in ("sample", "teacher", "cascade")}


def write(record: Recorder, name: str, share: float = 1.0) -> None:
    """What a stage of that name leaves behind when it is `share` through."""
    record.environment(device="cpu", threads=2, versions={"torch": "2.13.0"})
    record.log(f"{name} begins")
    if name == "sft":
        record.environment(
            fallbacks=[{"what": "adamw_torch", "why": "paged_adamw_8bit needs CUDA"}]
        )
        steps = int(46 * share)
        for step in range(1, steps + 1):
            loss = 0.35 + 1.1 * math.exp(-step / 12) + 0.03 * math.sin(step)
            record.metric(step, loss=loss, tokens_per_second=1240.0, learning_rate=2e-3)
            if step % 10 == 0:
                record.metric(step, validation_loss=loss + 0.05)
        record.progress(steps, 46, "steps", "training")
    elif name == "teach":
        rows = samples(int(400 * share), right=13, of=14)
        record.progress(0, 400, "questions")
        record.answers(rows, done=len(rows), total=400)
    elif not name.endswith("cascade"):
        k = 5 if name.endswith("sample") else 1
        rows = samples(int(100 * share), right=3, of=7, k=k)
        record.progress(0, 100, "problems")
        record.predictions(rows, len(rows) / k, 100)
    record.log(f"{name} has written its rows")
    record.flush()


ENDINGS = {
    "####": "#### {said}",
    "answer is": "So the answer is {said}.",
    "last number": "She has {said} pens.",
    "none": "She has some pens left.",
}
"""How an answer ends that a rule is to find a number in."""


def worked(boxes: int, said: int | str, stage: str) -> str:
    """An answer with its steps, none of them where no number is to be found."""
    pens = 12 * boxes
    steps = f"{boxes} * 12 = <<{boxes}*12={pens}>>{pens} pens.\n{pens} - 4 are left."
    ending = ENDINGS[stage].format(said=said)
    return ending if stage == "none" else f"{steps}\n{ending}"


def samples(count: int, *, right: int, of: int, k: int = 1) -> list[dict]:
    """Judged answers, `right` in each `of` of them right; some with a $, which strict misses."""
    stages = ("####", "####", "answer is", "last number", "none")
    rows = []
    for n in range(count):
        for sample in range(k):
            correct = (n + sample) % of < right
            gold = 12 * (n + 2) - 4
            stage = "####" if correct else stages[(n + sample) % len(stages)]
            said = f"${gold}" if correct and n % 10 == 3 else gold if correct else gold + n % 9 + 1
            text = worked(n + 2, said, stage)
            rows.append(
                {
                    "problem_id": f"test-{n}", "sample": sample,
                    "question": QUESTION.format(n=n + 2), "gold": str(gold), "text": text,
                    **asdict(judge(text, str(gold))),
                    "tokens_in": 52, "tokens_out": 38, "cut_off": stage == "none", "batch": n // 50,
                }
            )  # fmt: skip
            assert (rows[-1]["correct"], rows[-1]["stage"]) == (correct, stage)
    return rows


@contextmanager
def worker(path: Path) -> Iterator[Worker]:
    """A home at `path`, and its only worker."""
    hand = Worker(Home(path))
    try:
        yield hand
    finally:
        hand.client.close()
        hand.lock.release()


def stop_the_clock(hand: Worker, monkeypatch) -> None:
    """Give every row the same times, and let the engine read the clock at `NOW`."""
    clock = SimpleNamespace(time=lambda: NOW)
    monkeypatch.setattr("engine.runs.snapshot.time", clock)
    monkeypatch.setattr("engine.runs.client.time", clock)
    with hand.client.store.database.transaction() as connection:
        connection.execute(
            "UPDATE runs SET created = :now - 600 + id, started = iif(started, :now - 500, NULL), "
            "ended = iif(ended, :now - 400 + id, NULL), heartbeat = iif(heartbeat, :now, NULL), "
            "attempt_started = iif(attempt_started, :now - 40, NULL), attempt_seconds = 40, "
            "progressed = iif(progressed, :now, NULL), "
            "seconds = iif(state = 'running', 0, 12 * id), "
            "eta_seconds = iif(state = 'running', 72, NULL)",
            {"now": NOW},
        )
