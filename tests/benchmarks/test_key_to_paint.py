"""How long a key takes to be painted in a lesson, alone and while an SFT run computes.

The tutor runs in a real pseudo-terminal of 80 x 24; the run computes in its worker, with as many
threads as it takes. A key's time ends when what this key does can be read on the screen: the digit
in its line, the number of the step on the top line, the text a row higher. Whatever else is painted
meanwhile, such as the run's progress, does not end it. Beside it stands the processor time that the
tutor took for the key, all of its threads, until nothing more was painted.

    pytest tests/benchmarks/test_key_to_paint.py -m bench -s
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, quantiles

import psutil
import pytest

from engine.data.problems import DataSpec
from engine.kinds.specs import SftSpec, TeachSpec
from engine.runs.client import Client
from engine.runs.home import Home
from tests.benchmarks.pane import Pane
from tests.benchmarks.test_first_paint import opened
from tutor.learner.newcomer import WELCOMED

TUTOR = [sys.executable, "-m", "tutor"]
ROUNDS = 40
LAB, QUESTION = 4, 6
"""Steps of the first lesson; by the second one the column is four windows long."""
UP, DOWN, RIGHT, LEFT, BACKSPACE = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x7f"

Shown = Callable[[Pane], bool]


@dataclass
class Times:
    """What keys of one kind took, in milliseconds."""

    painted: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)


def row(pane: Pane, words: str) -> str:
    """The row that holds these words; empty where there is none."""
    return next((each for each in pane.rows if words in each), "")


def says(words: str, before: int = 24) -> Shown:
    """Whether a row holds these words, one of the first so many."""
    return lambda pane: any(words in each for each in pane.rows[:before])


def either(one: Shown, other: Shown) -> Shown:
    """Whether one or the other can be read."""
    return lambda pane: one(pane) or other(pane)


def at(step: int) -> Shown:
    """Whether the top line counts that step."""
    return says(f" {step} of ", before=1)


def line_is(typed: str) -> Shown:
    """Whether this is what stands in the answer's line."""
    return lambda pane: row(pane, "> ").strip(" ▌") == f"> {typed}".strip()


def moved(pane: Pane, by: int) -> Shown:
    """Whether the text stands so many rows higher than it does now."""
    text = slice(3, 21)

    def words(rows: list[str]) -> list[str]:
        return [each[:78] for each in rows[text]]  # without the scrollbar

    wanted = words(pane.rows)
    kept = wanted[by:] if by > 0 else wanted[:by]

    def shown(now: Pane) -> bool:
        there = words(now.rows)
        return kept == (there[:-by] if by > 0 else there[-by:])

    return shown


def other(pane: Pane, words: str) -> Shown:
    """Whether the row with these words is another one than now."""
    now = row(pane, words)
    return lambda later: row(later, words) not in ("", now)


@contextmanager
def lesson(home: Path) -> Iterator[tuple[Pane, psutil.Process]]:
    """The tutor, in the first lesson, at the question."""
    (Home(home).prepare().path / WELCOMED).touch()
    with opened(TUTOR, home) as (program, terminal):
        pane = Pane(terminal)
        pane.until(says("Integers  "))
        pane.settle(1.0)
        pane.press(b"\r")
        pane.until(says(" of 18 · ", before=1))
        pane.settle(1.0)
        now = int(pane.rows[0].partition(" of 18")[0].split()[-1])
        for step in range(now + 1, QUESTION + 1):
            if step == LAB + 1:  # its first control is a line that is typed in
                pane.press(DOWN)
                pane.settle()
            pane.press(b"s")
            pane.until(either(at(step), says("⏎ skips this step")))
            if not at(step)(pane):  # on a line that is typed in
                pane.press(b"\r")
            pane.until(at(step))
            if step == LAB:
                pane.until(says("in INT8."))  # its figure, which makes the column longer
            pane.settle(1.0)
        pane.until(says("worth 3"))
        yield pane, psutil.Process(program.pid)


def press(pane: Pane, tutor: psutil.Process, key: bytes, shown: Shown, times: Times) -> None:
    """Press a key and take down what it took."""
    spent = sum(tutor.cpu_times()[:2])
    begun = time.perf_counter()
    pane.press(key)
    times.painted.append(1000 * (pane.until(shown, patience=10.0) - begun))
    pane.settle()
    times.computed.append(1000 * (sum(tutor.cpu_times()[:2]) - spent))


def measure(home: Path, rounds: int = ROUNDS) -> dict[str, Times]:
    """Each kind of key, in turns."""
    taken: dict[str, Times] = {}

    def take(name: str, key: bytes, shown: Shown) -> None:
        press(pane, tutor, key, shown, taken.setdefault(name, Times()))

    with lesson(home) as (pane, tutor):
        for _ in range(rounds):
            take("typed", b"7", line_is("7"))
            take("taken back", BACKSPACE, line_is(""))
            take("step before", LEFT, at(QUESTION - 1))
            take("step after", RIGHT, at(QUESTION))
            take("line up", UP, moved(pane, -1))
            take("line down", DOWN, moved(pane, 1))
        for step in range(QUESTION - 1, LAB - 1, -1):
            pane.press(LEFT)
            pane.until(at(step))
            pane.settle(1.0)
        pane.until(says("in INT8."), patience=60)  # its first figure
        pane.press(DOWN)  # to the control that flips a bit
        pane.settle()
        for _ in range(rounds // 2):
            for key in (RIGHT, LEFT):
                figure = other(pane, "in INT8.")
                take("control", key, other(pane, "0 to 16"))
                pane.until(figure)
                take("its figure", key, other(pane, "in INT8."))
    return taken


def say(title: str, taken: dict[str, Times]) -> None:
    """A line for each kind of key, and one for all that paint at once."""
    keys = {name: times for name, times in taken.items() if name != "its figure"}
    every = Times(
        [each for times in keys.values() for each in times.painted],
        [each for times in keys.values() for each in times.computed],
    )
    print(f"\nKey to paint, {title}, milliseconds")
    print(f"  {'':<12} {'median':>7} {'95th':>6} {'worst':>6} {'computed':>9}  of")
    for name, times in [*keys.items(), ("all", every), ("its figure", taken["its figure"])]:
        cuts = quantiles(times.painted, n=20, method="inclusive")
        print(
            f"  {name:<12} {cuts[9]:7.1f} {cuts[18]:6.1f} {max(times.painted):6.1f} "
            f"{mean(times.computed):9.1f}  {len(times.painted)}"
        )


def train(client: Client) -> int:
    """An SFT run that is past its start and has minutes to go."""
    taught = client.submit("teach", TeachSpec(data=DataSpec(split="train", limit=100)))
    run = client.submit("sft", SftSpec(teach=taught, validation=8, epochs=400))
    while client.run(run).done < 2:
        assert client.run(run).state in ("queued", "running"), client.run(run).error
        time.sleep(0.2)
    return run


@pytest.mark.parametrize("training", [False, True], ids=["alone", "while training"])
def test_key_to_paint(tmp_path, training):
    home = Home(tmp_path / "home")
    with closing(Client(home)) as client:
        if training:
            run = train(client)
        say("while an SFT run computes" if training else "alone", measure(home.path))
        if training:
            assert client.run(run).state == "running", "it was to compute all the while"
            client.cancel(run)
