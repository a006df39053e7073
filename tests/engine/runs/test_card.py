from types import SimpleNamespace

import pytest

from engine.errors import RunNotFound
from engine.runs.card import card


def score(em, problems=300):
    return {"em": em, "low": em - 0.05, "high": em + 0.05, "n": problems}


def run(number, state="finished", result=None, seconds=2.0):
    started = 1.0 if state != "queued" else None
    return SimpleNamespace(id=number, state=state, result=result, seconds=seconds, started=started)


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


def test_a_threshold_that_would_earn_more_is_known():
    """From the replayed policies of the same K."""
    rows = [(5, 0.4, 0.68, 0.59), (5, 0.6, 0.93, 0.19), (3, 0.5, 0.9, 0.9)]
    grid = [dict(zip(("k", "threshold", "em", "cost_saving"), row, strict=True)) for row in rows]
    done = card(Rows(run(7, result=CASCADE | {"grid": grid})), {"cascade": 7})
    assert done.better == grid[0] | {"points_more": 7.5}
    best = CASCADE | {"cost_saving": 0.5, "grid": grid}
    assert card(Rows(run(7, result=best)), {"cascade": 7}).better is None


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
