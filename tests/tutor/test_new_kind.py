"""A kind of run that is added in one file, this one, is known wherever runs are.

It squares numbers. As `python -m tests.tutor.test_new_kind` this file is the worker that computes
them: it waits at a gate, so that a test can pause it there.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

import pytest
from click.testing import CliRunner

from engine import kinds
from engine.kinds.kind import KINDS, Kind, Metric, register
from engine.kinds.rules import Choice, Label, Number, Whole
from engine.kinds.spec import Spec
from engine.runs import worker_process
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from tests.engine.runs.waiting import ended, reached, until
from tests.tutor.looking import text
from tutor.cli import main
from tutor.tui.pictures import until as shown

WORKER = (sys.executable, "-m", __spec__.name if __spec__ else "", "--idle", "30")


@dataclass(frozen=True, slots=True)
class SquareSpec(Spec):
    """Add up squares."""

    kind: ClassVar[str] = "square"

    numbers: Annotated[int, Whole(1, 1000), "How many are squared.", Label("amount")] = 4
    scale: Annotated[float, Number(0, above=True), "What each square is multiplied by."] = 1.0
    order: Annotated[str, Choice(("up", "down")), "Whether the least is the first."] = "up"
    gate: Annotated[str, Choice(("open", "shut")), "Whether it waits before its last number."] = (
        "open"
    )

    def title(self) -> str:
        """Such as `square 4 numbers`."""
        return f"square {self.numbers} numbers"


def compute(spec: SquareSpec, record: Any) -> dict[str, Any]:
    """The sum, number by number; it goes on where a pause left it."""
    clock = time.monotonic()
    state = record.folder / "sum.json"
    done, total = json.loads(state.read_text()) if state.exists() else (0, 0.0)
    began = done
    for number in range(done, spec.numbers):
        while spec.gate == "shut" and number == spec.numbers - 1 and not gate(record.home).exists():
            record.flush()
            record.leave_if_asked()
            time.sleep(0.005)
        total += spec.scale * (number + 1) ** 2
        state.write_text(json.dumps((number + 1, total)))
        record.metric(number, total=total)
        record.progress(number + 1, spec.numbers, "numbers")
    return {"total": total, "began_at": began, "seconds": time.monotonic() - clock}


def gate(home: Home) -> Path:
    """A file, once the last number may be squared."""
    return home.path / "gate"


def work(spec: Mapping[str, Any], *_: object) -> float:
    """Numbers."""
    return spec["numbers"]


SQUARE = Kind(
    "square",
    SquareSpec,
    compute,
    word="square up",
    about="Square some numbers and add them up.",
    example="--numbers 9",
    shows=("numbers", "order"),
    curve=Metric("total"),
    unjudged="Squares are not judged.",
    work=work,
)

if __name__ == "__main__":
    register(SQUARE)
    sys.exit(worker_process.main(sys.argv[1:], kinds.compute, kinds.read))


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(KINDS, SQUARE.name, SQUARE)
    monkeypatch.setattr("lessons.kit.worker.lab.WORKER", WORKER)


@pytest.fixture
def client():
    """On the home of this test; at the end no worker is left."""
    home = Home.find().prepare()
    with closing(Client(home, worker=WORKER)) as client:
        yield client
        if process := client._launcher._started:
            process.kill()
            process.wait()
    until(Lock(home.lock).free)


def tutor(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args], prog_name="tutor")


def test_help_tells_the_kind_its_options_and_their_words():
    assert "square    Square some numbers and add them up." in tutor("run", "--help").stdout
    told = tutor("run", "square", "--help").stdout
    assert "Example: tutor run square --numbers 9" in told
    for option in ("--numbers INTEGER", "--scale FLOAT", "--order TEXT"):
        assert option in told
    assert "How many are squared.  [default: 4]" in told


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--numbers", "0", "numbers is 0; it must be from 1 to 1,000."),
        ("--scale", "0", "scale is 0; it must be more than 0."),
        ("--order", "sideways", "order is 'sideways'. Choose up or down."),
    ],
)
def test_a_wrong_value_is_told_in_its_rules_words(option, value, says):
    done = tutor("run", "square", option, value, "--detach")
    assert done.exit_code == 2
    assert says in " ".join(done.stderr.split())
    assert json.loads(tutor("runs", "--json").stdout) == []


async def test_it_is_computed_paused_resumed_shown_drawn_and_foreseen(client, opened):
    first = client.submit("square", SquareSpec(numbers=5, gate="shut"))
    reached(client, first, 4)
    assert tutor("pause", first).exit_code == 0
    assert ended(client, first).state == "paused"
    gate(client.home).touch()
    assert tutor("resume", first).exit_code == 0
    run = ended(client, first)
    assert (run.state, run.result["total"], run.result["began_at"]) == ("finished", 55.0, 4)

    again = tutor("run", "square", "--numbers", "3", "--scale", "2", "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["result"]["total"] == 28.0
    told = tutor("show", first).stdout
    for words in ("square 5 numbers", "numbers  5", "total", "55"):
        assert words in told
    assert json.loads(tutor("show", first, "--json").stdout)["spec"]["order"] == "up"

    async with opened(client.home, size=(120, 40)) as (app, pilot):
        await pilot.press("u")
        await shown(pilot, lambda: "square 5 numbers" in text(app))
        await pilot.press("F")  # the last filter is the newest kind's
        await shown(pilot, lambda: "square up: 2 of 2 runs" in text(app))
        app.open_run(first)
        await shown(pilot, lambda: "total 1.00 to 55.00" in text(app))
        assert "amount 5" in text(app)
        assert app.screen.why_not("samples") == "Squares are not judged."


def test_a_second_one_is_foreseen_from_the_first(client):
    from engine.chain.forecast import Foresight

    number = client.submit("square", SquareSpec(numbers=5))
    run = ended(client, number)
    told = Foresight(client.finished()).of("square", SquareSpec(numbers=50).to_dict())
    assert told.like == number
    computed = run.result["seconds"]
    assert told.seconds == pytest.approx(run.seconds - computed + 10 * computed)
    assert (told.bytes, told.dollars) == (None, None)
