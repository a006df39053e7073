"""Problems are made in a loop that a client can leave."""

import pytest

from engine.data import word_problems
from engine.data.problems import DataSpec
from engine.kinds import problems
from engine.kinds.specs import EvaluateSpec
from engine.runs import looking
from engine.runs.record import Cancelled, Paused


@pytest.mark.parametrize(("asked", "left_by"), [("pause", Paused), ("cancel", Cancelled)])
def test_a_request_to_stop_is_obeyed_while_a_great_many_are_made(
    recorder, monkeypatch, asked, left_by
):
    spec = EvaluateSpec(data=DataSpec(split="train", limit=100_000))
    record = recorder("evaluate", spec)
    record.store.claim()
    monkeypatch.setattr(looking, "LOOK_SECONDS", 0)
    drawn = []

    def draw(*args):
        drawn.append(args)
        if len(drawn) == 50:
            getattr(record.store, asked)(record.run.id)
        return usual(*args)

    usual = word_problems.problem
    monkeypatch.setattr(word_problems, "problem", draw)
    with pytest.raises(left_by):
        problems.made(spec.data, record)
    assert len(drawn) == 50
    assert record.other(record.run.id).message.startswith("making problem 49 of 100,000")
