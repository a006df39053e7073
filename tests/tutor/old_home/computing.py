"""Runs of every kind and in every state that stays: by the program, its worker, and a small server.

1 to 10   the tutorial's chain, with the learner's code and settings
11, 12    a hosted model teaches and is judged; it answers from the data's own solutions
13        teacher data brought in from a file
14, 15    labs that are runs
16        a cascade put together by hand
17, 18    the same training twice: once in one go, once paused in its middle
19, 20    the same evaluation twice, likewise
21, 22    one whose code of one's own is wrong, and one that was cancelled
23        the evaluation once more, whose worker was killed
"""

from __future__ import annotations

import json
from contextlib import closing

from engine.data.problems import DataSpec
from engine.hosted import services
from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from engine.runs.own import Own
from lessons.kit.worker.lab import WORKER
from tests.engine.runs.waiting import ended, reached, until
from tests.engine.teachers.loopback import Loopback, Reply
from tests.tutor.old_home.program import Program

WHOLE, PAUSED, ASKED, HALF_ASKED, KILLED = 17, 18, 19, 20, 23
TRAINING = (
    "--teach", 2, "--lora-r", 2, "--max-steps", 40, "--batch-size", 4, "--validation", 8,
    "--learning-rate", 0.002, "--warmup-steps", 4, "--logging-steps", 4, "--eval-steps", 10,
    "--checkpoint-steps", 5, "--device", "cpu",
)  # fmt: skip
HOSTS = """\
[openai]                    # llama.cpp, in the room next door
base_url = "{address}/v1"
timeout = 60                # it is slow when the children play
"""
ASKING = ("--limit", 60, "--batch-size", 5, "--level", 1, "--device", "cpu")
BROKEN = """\
def to_prompt_ground_truth_pair(sample):
    return {"prompt": sample["querstion"], "ground_truth": sample["answer"]}
"""


def compute(program: Program) -> None:
    """All of them, in their order."""
    program.run("pipeline", "--preset", "quick")
    _hosted(program)
    _from_file(program)
    program.run("lab", "load", "--predict", "0.5")
    program.run("lab", "tokens", "--skip", "bits=6")
    program.run("run", "cascade", "--sample", 9, "--strong", 8, "--k", 3, "--threshold", 0.6)
    program.run("run", "sft", *TRAINING)
    _paused(program, PAUSED, 14, "sft", *TRAINING)
    program.run("run", "evaluate", *ASKING)
    _paused(program, HALF_ASKED, 10, "evaluate", *ASKING)
    _others(program)
    _killed(program)


def _hosted(program: Program) -> None:
    """A server of OpenAI's kind on this machine: some of its replies come at the second try."""

    def answer(question: str) -> Reply:
        return Reply(answers[question], tokens_in=60, tokens_out=40)

    asked = {"teach": ("train", 8), "evaluate": ("test", 6)}
    answers = {
        problem.question: problem.answer
        for split, limit in asked.values()
        for problem in DataSpec(split=split, limit=limit).problems()
    }
    file = program.home / services.FILE
    with Loopback(answer, key=None) as server:
        server.fault = lambda question, nth: "503" if nth == 1 and len(question) % 3 == 0 else None
        file.write_text(HOSTS.format(address=server.address), encoding="utf-8")
        for kind, (_, limit) in asked.items():
            name = "--teacher" if kind == "teach" else "--model"
            program.run("run", kind, name, "openai:oak", "--limit", limit)
    file.write_text(HOSTS.format(address="http://localhost:8000"), encoding="utf-8")


def _from_file(program: Program) -> None:
    """Answers that somebody wrote down: of problems that are known here, and of one that is not."""
    known = DataSpec(split="train", limit=5).problems()
    pairs = [(each.question, each.answer) for each in known]
    pairs.append(("How many legs have three spiders?", "3 * 8 = 24 legs.\n#### 24"))
    file = program.folder / "answers.jsonl"
    lines = [
        {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": said}]}
        for asked, said in pairs
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    program.run("data", "import", file)
    file.unlink()


def _paused(program: Program, number: int, done: int, *asked: object) -> None:
    """Start a run and pause it when so much of it is done; its worker must have left then."""
    with closing(Client(program.home, worker=WORKER)) as client:
        program.run("run", *asked, "--detach")
        reached(client, number, done)
        client.pause(number)
        run = ended(client, number)
        assert run.state == "paused" and done <= run.done < run.total, run


def _others(program: Program) -> None:
    with closing(Client(program.home, worker=WORKER)) as client:
        data = DataSpec(limit=4)
        failing = client.submit("evaluate", EvaluateSpec(data=data, own=Own(BROKEN)))
        assert ended(client, failing).state == "failed"
    with closing(Client(program.home, worker=None)) as client:
        client.cancel(client.submit("evaluate", EvaluateSpec(data=data)))


def _killed(program: Program) -> None:
    """Kill the worker in the middle of an evaluation; the next client sees that it is dead."""
    spec = EvaluateSpec(data=DataSpec(limit=60, level=1), batch_size=5, device="cpu")
    until(Lock(Home(program.home).lock).free, 120)  # the worker that may still be there leaves
    with closing(Client(program.home, worker=WORKER)) as client:
        number = client.submit("evaluate", spec)
        reached(client, number, 10)
        client._launcher._started.kill()
        client._launcher._started.wait()
        client.sweep()
        assert client.run(number).state == "interrupted"
