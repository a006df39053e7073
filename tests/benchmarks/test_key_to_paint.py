"""How long a key takes to be painted in a lesson, alone and while an SFT run computes.

The tutor runs in a real pseudo-terminal of 80 x 24; the run computes in its worker, with as many
threads as it takes. A key's time ends when the first bytes that it caused have arrived.

    pytest tests/benchmarks/test_key_to_paint.py -m bench -s
"""

from __future__ import annotations

import os
import select
import sys
import time
from contextlib import closing
from statistics import quantiles

import pytest

from engine.data.problems import DataSpec
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.specs import SftSpec, TeachSpec
from tests.benchmarks.test_first_paint import opened, painted

TUTOR = [sys.executable, "-m", "tutor"]
KEYS = {
    "typed": b"7",
    "taken back": b"\x7f",
    "step before": b"\x1b[D",
    "step after": b"\x1b[C",
    "line down": b"\x1b[B",
    "line up": b"\x1b[A",
}
ROUNDS = 40


def settle(terminal, quiet=0.15):
    """Read until nothing has been painted for a while."""
    while select.select([terminal], [], [], quiet)[0]:
        os.read(terminal, 65536)


def press(terminal, key, patience=5.0):
    """Milliseconds from a key to the first bytes that it painted; None where nothing came."""
    begun = time.perf_counter()
    os.write(terminal, key)
    if not select.select([terminal], [], [], patience)[0]:
        return None
    taken = 1000 * (time.perf_counter() - begun)
    settle(terminal)
    return taken


def measure(home):
    """Milliseconds of each kind of key, in the first question of the first lesson."""
    taken = {name: [] for name in KEYS}
    with opened(TUTOR, home) as (_, terminal):
        painted(terminal, b"begin")  # the welcome screen's key
        os.write(terminal, b"\r")
        painted(terminal, b"Begin with")
        settle(terminal, 1.0)
        os.write(terminal, b"\r")
        painted(terminal, b"UINT8")
        settle(terminal, 1.0)
        os.write(terminal, b"\r")
        painted(terminal, b"worth 3")
        settle(terminal, 1.0)
        for _ in range(ROUNDS):
            for name, key in KEYS.items():
                each = press(terminal, key, patience=1.0)
                if each is not None:
                    taken[name].append(each)
    return taken


def say(title, taken):
    every = [each for times in taken.values() for each in times]
    print(f"\nKey to paint, milliseconds, {title}: median, 95th percentile, worst")
    for name, times in [*taken.items(), ("all", every)]:
        if len(times) > 1:
            cuts = quantiles(times, n=20)
            print(f"  {name:<12} {cuts[9]:6.1f} {cuts[18]:6.1f} {max(times):6.1f}  of {len(times)}")


def train(client):
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
