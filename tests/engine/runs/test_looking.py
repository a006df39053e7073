"""Looking whether to stop, from within what does not look by itself."""

import threading

import pytest

from engine.runs import looking
from engine.runs.looking import beside, now_and_then


def test_it_looks_now_and_then(monkeypatch):
    seen = []
    tick = now_and_then(lambda: seen.append(1))
    monkeypatch.setattr(looking, "LOOK_SECONDS", 3600)
    for turn in range(1000):
        tick(turn)
    assert seen == []
    monkeypatch.setattr(looking, "LOOK_SECONDS", 0)
    tick()
    assert seen == [1]


def test_what_is_done_beside_gives_its_value_or_its_error():
    assert beside(lambda: 7, lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        beside(lambda: 1 / 0, lambda: None)


def test_whoever_waits_beside_can_leave(monkeypatch):
    monkeypatch.setattr(looking, "LOOK_SECONDS", 0.01)
    gate = threading.Event()

    def leave():
        raise KeyError("asked")

    with pytest.raises(KeyError):
        beside(gate.wait, leave)
    gate.set()
