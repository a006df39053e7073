"""Runs with code of one's own, killed by kill -9 and resumed, are equal to ones never stopped."""

from pathlib import Path

import pytest

import lessons
from engine.data.problems import DataSpec
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, TeachSpec
from engine.runs.own import Own
from engine.training.dataset import fingerprint, read
from tests.engine.runs.deaths import DYING_OWN, chain_of

pytestmark = pytest.mark.slow  # some 10 workers, each of which imports torch


def own(lesson):
    file = Path(lessons.__file__).parent / "tutorial" / lesson / "solution.py"
    return Own(file.read_text(), reference=True)


DATA = DataSpec(limit=12)
CHAIN = [
    TeachSpec(
        teacher="acorn", data=DataSpec(split="train", limit=24), in_flight=6, max_new_tokens=30,
        own=own("distill"),
    ),
    EvaluateSpec(data=DATA, batch_size=4, max_new_tokens=20, own=own("quantize")),
    SampleSpec(data=DATA, k=3, temperature=1.0, batch_size=6, max_new_tokens=20),
    CascadeSpec(sample=3, student=2, k=3, threshold=1.0, batch_size=3, max_new_tokens=40,
                strong_model="acorn", own=own("confidence")),
]  # fmt: skip
DEATHS = [
    "1 engine.kinds.teach:trial:1",  # before anything is asked
    "1 engine.runs.evidence:add_answers:2:after",  # written, not committed
    "1 engine.kinds.teach:made:1",  # all is asked, the code is to begin
    "1 lessons.kit.worker.own:Host.serve:20",  # the code is at work, and asks
    "1 engine.kinds.teach:write:1:after",
    "2 lessons.kit.worker.own:Performed.run:1",
    "2 engine.runs.evidence:add_predictions:2",
    "4 lessons.kit.worker.own:Performed.run:1:after",
    "4 engine.runs.evidence:add_predictions:1:after",
]


def predictions(chain, run_id):
    return [
        {name: value for name, value in row.items() if name != "rowid"}
        for row in sorted(
            chain.client.predictions(run_id), key=lambda row: (row["problem_id"], row["sample"])
        )
    ]


def test_killed_at_every_turn_it_comes_to_the_same(tmp_path):
    whole = chain_of(tmp_path / "whole", CHAIN, worker=DYING_OWN)
    chain = chain_of(tmp_path / "home", CHAIN, DEATHS, worker=DYING_OWN)
    assert chain.attempts() == [6, 3, 1, 3]
    assert chain.results() == whole.results()
    assert 0 < chain.results()[0]["kept"] < 24
    for run_id in (2, 3, 4):
        assert predictions(chain, run_id) == predictions(whole, run_id)
    folder = chain.client.artifacts(1) / "dataset"
    assert fingerprint(read(folder)) == chain.results()[0]["fingerprint"]
    asked = [row["problem_id"] for row in chain.client.answers(1)]
    assert len(asked) == len(set(asked)) == chain.results()[0]["answered"]
