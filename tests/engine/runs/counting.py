"""Small real kinds for the tests of runs, and a worker that computes them.

`count` squares the numbers below `numbers`, a batch at a time, as evaluate answers problems; it
carries on from its rows. At the batch `wait_at` it waits until the file `gate` is there, so that a
test can do something while it surely runs.
"""

import os
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from engine.errors import NotEnoughMemory
from engine.runs import worker_process
from engine.runs.record import Cancelled, Paused


@dataclass(frozen=True)
class Count:
    numbers: int = 12
    batch_size: int = 3
    wait_at: int = -1
    gate: str = ""
    seed: int = 0
    kind = "count"
    needs_kinds = ()

    def check(self): ...
    def needs(self):
        return {}

    def ready(self, home, spec_of): ...

    def anchored(self):
        return self

    def title(self):
        return f"count to {self.numbers}"

    def titled(self, spec_of):
        return self.title()

    def to_dict(self):
        return asdict(self)


@dataclass(frozen=True)
class Fail(Count):
    how: str = "unforeseen"
    kind = "fail"


def count(spec, record):
    total, size = spec["numbers"], spec["batch_size"]
    record.environment(pids=[os.getpid()])
    with Alone(record):
        done = {row["problem_id"] for row in record.done_predictions()}
        for batch in range(-(-total // size)):
            wait_for_gate(spec, record, batch)
            numbers = range(batch * size, min(total, (batch + 1) * size))
            rows = [judged(n, spec["seed"], batch) for n in numbers if f"n{n}" not in done]
            if rows:
                record.predictions(rows, numbers[-1] + 1, total)
            record.metric(batch, sum=float(sum(numbers)))
    return {"sum": sum(int(row["text"]) for row in record.done_predictions())}


def wait_for_gate(spec, record, batch):
    while True:
        record.leave_if_asked()
        if batch != spec["wait_at"] or Path(spec["gate"]).exists():
            return
        time.sleep(0.005)


def judged(n, seed, batch):
    noise = Random(f"{seed}/{n}").randrange(1000)
    return {
        "problem_id": f"n{n}", "sample": 0, "question": f"{n} squared?", "gold": str(n * n),
        "text": str(n * n + noise), "extracted": str(n * n), "stage": "####", "correct": True,
        "strict": True, "flexible": False, "tokens_in": 3, "tokens_out": 2, "cut_off": False,
        "batch": batch,
    }  # fmt: skip


class Alone:
    """Notes it in the home when two computations overlap."""

    def __init__(self, record):
        self.mark = record.home.path / "computing"
        self.overlap = record.home.path / "overlap"

    def __enter__(self):
        if self.mark.exists() and alive(int(self.mark.read_text())):
            self.overlap.touch()
        self.mark.write_text(str(os.getpid()))

    def __exit__(self, *_):
        self.mark.unlink()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return pid != os.getpid()


def fail(spec, record):
    match spec["how"]:
        case "itself":
            raise Paused("The day's 3 requests are used up; more from Friday 09:00 on.")
        case "engine":
            raise NotEnoughMemory("acorn needs 3 GB and 1 GB is free.", "Choose nf4-dq.")
        case "unforeseen":
            raise ValueError(f"token {os.environ.get('HF_TOKEN')}")
        case "full":
            raise OSError(28, "No space left on device")
        case "full, says Rust":
            said = "No space left on device (os error 28)"
            raise RuntimeError(f"Error while serializing: I/O error: {said}")
        case "memory":
            raise MemoryError
        case "card":
            record.environment(pids=[os.getpid()])
            raise AcceleratorError("CUDA error: device-side assert triggered\nSee the manual.")
        case "pause":
            raise Paused
        case "cancel":
            raise Cancelled
        case "exit":
            os._exit(7)


class AcceleratorError(RuntimeError):
    """Named as torch's, which takes seconds to import."""


KINDS = {"count": count, "fail": fail}

if __name__ == "__main__":
    sys.exit(worker_process.main(sys.argv[1:], KINDS.__getitem__))
