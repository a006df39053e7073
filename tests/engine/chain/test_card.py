from types import SimpleNamespace

import pytest

from engine.chain.card import card
from engine.errors import RunNotFound


def score(em, problems=300):
    return {"em": em, "low": em - 0.05, "high": em + 0.05, "n": problems}


def run(number, state="finished", result=None, seconds=2.0, spec=None):
    started = 1.0 if state != "queued" else None
    return SimpleNamespace(
        id=number, state=state, result=result, seconds=seconds, started=started, spec=spec or {}
    )


class Rows:
    def __init__(self, *runs):
        self.runs = {each.id: each for each in runs}

    def run(self, number):
        if number not in self.runs:
            raise RunNotFound(f"There is no run {number}.")
        return self.runs[number]


IDS = {"baseline": 1, "teach": 2, "sft": 3, "student": 4, "teacher": 5, "sample": 6, "cascade": 7}
CASCADE = score(0.71) | {
    "cost_saving": 0.2,
    "compute_saving": -0.1,
    "share_sent": 0.8,
    "policy": {"k": 5, "threshold": 0.5},
}


def test_a_finished_chain():
    done = card(
        Rows(
            run(1, result=score(0.08)),
            run(2, result={"kept": 1900}),
            run(3, result={}),
            run(4, result=score(0.47)),
            run(5, result=score(0.93)),
            run(6, result={}),
            run(7, result=CASCADE),
        ),
        IDS,
    )
    assert done.finished
    assert (done.baseline_em, done.student_em, done.teacher_em) == (0.08, 0.47, 0.93)
    assert done.intervals["cascade_em"] == pytest.approx((0.66, 0.76))
    assert done.points.total == 20 + 15 + 7.5
    as_json = done.as_dict()
    assert as_json["points"] == 42.5
    assert as_json["runs"] == IDS
    assert as_json["seconds"]["sft"] == 2.0


ROWS = [(5, 0.4, 0.68, 0.59), (5, 0.6, 0.93, 0.19), (3, 1 / 3, 0.9, 0.35), (1, 1.0, 0.5, 0.9)]
GRID = [dict(zip(("k", "threshold", "em", "cost_saving"), row, strict=True)) for row in ROWS]


def test_a_policy_that_would_earn_more_is_known_from_validation():
    """Of those worth all points, the one farthest from the bands' ends."""
    tried = run(5, result=CASCADE | {"grid": GRID})
    ids = {"validation_cascade": 5, "cascade": 7}
    done = card(Rows(tried, run(7, result=CASCADE)), ids)
    assert done.best == GRID[0]
    more = {"points_more": 7.5, "own_em": 0.93, "own_cost_saving": 0.19}
    assert done.better == GRID[0] | more, "0.5 decides as 0.6 does"
    assert done.grid == tuple(GRID)
    chosen = CASCADE | {"policy": {"k": 5, "threshold": 0.35}}
    done = card(Rows(tried, run(7, result=chosen)), ids)
    assert (done.best, done.better) == (GRID[0], None)
    assert card(Rows(tried), {"validation_cascade": 5}).best == GRID[0], "before any is counted"


def test_what_the_test_problems_would_have_liked_is_never_said():
    done = card(Rows(run(7, result=CASCADE | {"grid": GRID})), {"cascade": 7})
    assert done.best is done.better is None


def test_the_policy_is_that_of_the_votes_and_of_the_samples():
    drawn = {"temperature": 0.7, "top_p": 0.9, "k": 8}
    runs = Rows(run(6, result={}, spec=drawn), run(7, result=CASCADE))
    done = card(runs, {"sample": 6, "cascade": 7})
    assert done.policy == {"k": 5, "threshold": 0.5, "temperature": 0.7, "top_p": 0.9}


def test_single_samples_are_those_of_test_or_before_that_of_validation():
    warm, cool = ({"temperature": each} for each in (0.7, 0.3))
    tried = run(5, result=score(0.17), spec=warm)
    counted = run(6, result=score(0.41), spec=cool)
    done = card(Rows(tried, counted), {"validation_sample": 5, "sample": 6})
    assert (done.sample_em, done.temperature) == (0.41, 0.3)
    waiting = card(Rows(tried, run(6, state="queued")), {"validation_sample": 5, "sample": 6})
    assert (waiting.sample_em, waiting.temperature) == (0.17, 0.7)
    assert waiting.as_dict()["sample_em"] == 0.17


def test_what_is_not_known_yet_is_none_and_brings_no_points():
    early = card(
        Rows(
            run(1, result=score(0.08)),
            run(4, state="running"),
            run(5, state="queued"),
            run(7, state="queued"),
        ),
        {"baseline": 1, "student": 4, "teacher": 5, "cascade": 7},
    )
    assert not early.finished
    assert early.student_em is None
    assert early.points.student_em is None
    assert early.points.total == 0
    assert early.cost_saving is None
    assert set(early.seconds) == {"baseline", "student"}
    assert early.states["teacher"] == "queued"


def test_a_result_of_a_run_that_did_not_finish_does_not_count():
    half = card(Rows(run(1, state="failed", result=score(0.9))), {"baseline": 1})
    assert half.baseline_em is None


def test_a_run_of_another_home():
    with pytest.raises(RunNotFound):
        card(Rows(), {"baseline": 1})
