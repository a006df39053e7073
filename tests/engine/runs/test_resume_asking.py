"""The proof of resuming for evaluate, sample and cascade: killed by kill -9, all is equal.

Every prediction of a chain whose worker was killed within each of its runs is that of a chain
whose worker was not: the same texts, drawn from the same streams, in the same batches.
"""

import pytest

from engine.data.problems import DataSpec
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec
from tests.engine.runs.deaths import chain_of

DATA = DataSpec(limit=12)
CHAIN = [
    EvaluateSpec(model="acorn", data=DATA, batch_size=3, max_new_tokens=20),
    SampleSpec(data=DATA, k=3, temperature=1.0, batch_size=3, max_new_tokens=20),
    CascadeSpec(sample=2, student=1, k=3, threshold=1.0, batch_size=3, max_new_tokens=60),
]

DEATHS = [
    "1 engine.runs.evidence:add_predictions:2:after",  # written, not committed
    "2 engine.models.sampling:pick:9",  # within a batch
    "3 engine.runs.evidence:add_predictions:2",  # judged, not written
]
OTHER_DEATHS = [
    "1 engine.models.sampling:pick:2",
    "2 engine.runs.evidence:add_predictions:1",
    "2 engine.runs.evidence:add_predictions:3:after",
    "3 engine.runs.evidence:add_predictions:1:after",
    "3 engine.models.sampling:pick:30",
]
"""In which run, and where; calls are counted anew in every process."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Never stopped."""
    return chain_of(tmp_path_factory.mktemp("whole") / "home", CHAIN)


def predictions(chain, run_id):
    return [
        {name: value for name, value in row.items() if name != "rowid"}
        for row in sorted(
            chain.client.predictions(run_id), key=lambda row: (row["problem_id"], row["sample"])
        )
    ]


def test_the_chain_has_something_to_lose(whole):
    rows = [predictions(whole, run_id) for run_id in (1, 2, 3)]
    assert (len(rows[0]), len(rows[1])) == (12, 36)
    assert 3 < len(rows[2]) <= 12
    assert len({row["text"] for row in rows[1]}) > len({row["text"] for row in rows[0]})
    assert whole.attempts() == [1, 1, 1]


@pytest.mark.parametrize(
    ("deaths", "attempts"),
    [(DEATHS, [2, 2, 2]), pytest.param(OTHER_DEATHS, [2, 3, 3], marks=pytest.mark.slow)],
)
def test_killed_in_each_and_resumed_they_are_equal(whole, tmp_path, deaths, attempts):
    chain = chain_of(tmp_path / "home", CHAIN, deaths)
    assert chain.attempts() == attempts
    for run_id in (1, 2, 3):
        assert predictions(chain, run_id) == predictions(whole, run_id)
    assert chain.results() == whole.results()
