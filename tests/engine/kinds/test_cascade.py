"""A cascade over stored rows; where the strong model is asked, it is acorn, loaded for real."""

import json

import pytest

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import EngineError, SpecError
from engine.kinds.cascade import compute
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec
from engine.runs.home import Home
from engine.runs.record import Paused, Recorder
from engine.runs.store import Store

LOAD = {
    "precision": "nf4-dq", "quantized_params": 90, "unquantized_params": 9, "adapter_params": 1,
}  # fmt: skip
PROBLEMS = DataSpec(level=1, limit=6).problems()
SAID = {0: ["5"] * 3, 1: ["5", "5", None], 2: ["1", "2", "3"], 3: [None] * 3}
"""What the student said to the first four problems; the others it does not know either."""


class Bench:
    """A home with a finished sample run and, where asked for, one of the strong model."""

    def __init__(self, home):
        self.store = Store(home)

    def finished(self, kind, spec, rows, environment=None):
        number = self.store.submit(kind, spec.title(), spec.to_dict())
        record = Recorder(self.store, self.store.claim())
        record.environment(load=LOAD, fingerprints={"data": "the problems"})
        record.predictions(rows, len(rows), len(rows))
        self.store.end(number, "finished", result={"em": 0.4})
        return number

    def sample(self):
        rows = [
            row(problem, said, sample)
            for at, problem in enumerate(PROBLEMS)
            for sample, said in enumerate(SAID.get(at, [None] * 3))
        ]
        return self.finished("sample", SampleSpec(k=3), rows)

    def strong(self, problems=PROBLEMS, model="oak"):
        rows = [row(problem, problem.gold, 0) for problem in problems]
        return self.finished("evaluate", EvaluateSpec(model=model), rows)

    def cascade(self, **values):
        spec = CascadeSpec(prices=Prices(1, 1), **{"k": 3, **values})
        number = self.store.submit("cascade", spec.title(), spec.to_dict())
        return spec, Recorder(self.store, self.store.claim()), number


def row(problem, said, sample):
    return {
        "problem_id": problem.id,
        "sample": sample,
        "question": problem.question,
        "gold": problem.gold,
        "text": said or "",
        "extracted": said,
        "stage": "####" if said else "none",
        "correct": said == problem.gold,
        "tokens_in": 20,
        "tokens_out": 10,
        "cut_off": False,
    }


@pytest.fixture
def home(tmp_path):
    bench = Bench(Home(tmp_path / "home"))
    yield bench
    bench.store.close()


def test_with_all_strong_answers_stored_nothing_is_asked(home):
    sample, strong = home.sample(), home.strong()
    spec, record, number = home.cascade(sample=sample, strong=strong, student=strong)
    result = compute(spec, record)
    assert record.done_predictions() == []
    kept = sum(PROBLEMS[at].gold == "5" for at in (0, 1))
    assert result["sent"] == 4
    assert result["em"] == pytest.approx((4 + kept) / 6)
    assert result["cost_saving"] == pytest.approx(2 / 6)
    assert result["student_parameters"] == result["strong_parameters"] == 100
    assert result["compute_saving"] == pytest.approx(1 - (6 * 50 + 4 * 30) / (6 * 30))
    assert result["student_em"] == 0.4
    assert result["points"]["student_em"] == 20
    assert not result["estimated"]
    assert json.loads(json.dumps(result)) == result
    assert record.other(number).done == 6


def test_the_grid_replays_every_policy_without_asking(home):
    spec, record, _ = home.cascade(sample=home.sample(), strong=home.strong(), k=2)
    grid = compute(spec, record)["grid"]
    policies = [(line["k"], line["threshold"]) for line in grid]
    assert policies == [(1, 1), (2, 0.5), (2, 1), (3, 1 / 3), (3, 2 / 3), (3, 1)]
    sent = {
        policy: round(line["share_sent"] * 6) for policy, line in zip(policies, grid, strict=True)
    }
    assert sent[(3, 1 / 3)] == 3  # one valid sample is enough
    assert sent[(3, 1)] == 5  # only the first problem's samples all agree
    assert all(line["em"] is not None for line in grid)


def test_more_votes_than_were_drawn(home):
    spec, record, _ = home.cascade(sample=home.sample(), strong=home.strong(), k=5)
    with pytest.raises(SpecError, match="k is 5, and run 1 drew 3"):
        compute(spec, record)


def test_answers_of_another_model_are_not_taken_for_the_strong_ones(home):
    spec, record, _ = home.cascade(sample=home.sample(), strong=home.strong(model="acorn"))
    with pytest.raises(EngineError, match=r"Run 2 evaluated acorn in nf4-dq.*oak in nf4-dq"):
        compute(spec, record)


class StoppedAfter(Recorder):
    """Somebody asks for a pause once so many batches are there."""

    batches = 1

    def stopping(self):
        stored = {row["batch"] for row in self.done_predictions()}
        return "pause" if len(stored) >= self.batches else None


def test_what_is_missing_is_asked_and_a_pause_loses_nothing(home):
    """Two problems a batch, stopped after the first batch; then the whole in one go elsewhere."""
    sample, strong = home.sample(), home.strong(PROBLEMS[:2], model="acorn")
    asked = {"sample": sample, "strong": strong, "strong_model": "acorn", "batch_size": 2}
    spec, record, number = home.cascade(**asked, max_new_tokens=60)
    with pytest.raises(Paused):
        compute(spec, StoppedAfter(home.store, record.run, warm=record.warm))
    first = record.done_predictions()
    assert len(first) == 2
    resumed = compute(spec, record)
    home.store.end(number, "finished", result=resumed)

    spec, straight, _ = home.cascade(**asked, max_new_tokens=60)
    straight.warm = record.warm
    assert_equal_but_for_time(compute(spec, straight), resumed)
    assert plain(straight) == plain(record)
    assert plain(record)[:2] == [strip(row) for row in first]
    assert {row["problem_id"] for row in first} <= {problem.id for problem in PROBLEMS[2:]}
    assert resumed["sent"] == 4
    assert resumed["missing"] == 0
    assert resumed["strong_parameters"] > 100


def plain(record):
    return [strip(row) for row in record.done_predictions()]


def strip(row):
    return {name: value for name, value in row.items() if name != "rowid"}


def assert_equal_but_for_time(one, other):
    timed = {"seconds", "samples_per_second"}
    assert {k: v for k, v in one.items() if k not in timed} == {
        k: v for k, v in other.items() if k not in timed
    }
