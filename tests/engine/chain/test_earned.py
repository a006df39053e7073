"""Points over all runs: the best counts, a worse one takes nothing away."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chain.earned import earned

STUDENT, CASCADE = ("student_em",), ("cascade_em", "cost_saving")
TEST = {"source": "word_problems", "split": "test", "level": 2, "limit": 300}


def run(number, kind, spec, result, state="finished", **environment):
    return SimpleNamespace(
        id=number, kind=kind, spec=spec, result=result, state=state, environment=environment
    )


def student(number, em, *, n=300, adapter=3, data=(), **more):
    spec = {"model": "acorn", "adapter": adapter, "data": {**TEST, **dict(data)}}
    return run(number, "evaluate", spec, {"em": em, "n": n}, **more)


def cascade(number, em, saving, *, n=300, data=(), model="acorn", **more):
    """Its samples are the run before it."""
    result = {"em": em, "cost_saving": saving, "n": n}
    drawn = run(number - 1, "sample", {"model": model, "data": {**TEST, **dict(data)}}, {"n": n})
    spec = {"sample": number - 1, "strong_model": "oak"}
    return [drawn, run(number, "cascade", spec, result, **more)]


def test_nothing_was_run():
    assert earned([]) == {}


def test_a_better_run_raises_the_points_and_a_worse_one_never_lowers_them():
    runs = [student(4, 0.2), student(5, 0.5), student(6, 0.1)]
    assert [earned(runs[:count])[STUDENT].points for count in (1, 2, 3)] == [10, 20, 20]
    best = earned(runs)[STUDENT]
    assert (best.run, best.values) == (5, {"student_em": 0.5})


def test_of_equal_runs_the_first_is_named():
    assert earned([student(9, 0.9), student(4, 0.5)])[STUDENT].run == 4


def test_em_and_saving_are_one_policys():
    """Sending everything saves nothing, sending nothing scores little: the two do not add up."""
    runs = [*cascade(3, 0.93, 0.0), *cascade(5, 0.28, 1.0), *cascade(7, 0.4, 0.2)]
    assert earned(runs)[CASCADE].points == 15
    runs += cascade(9, 0.68, 0.59)
    best = earned(runs)[CASCADE]
    assert (best.points, best.run) == (30, 9)
    assert best.values == {"cascade_em": 0.68, "cost_saving": 0.59}


@pytest.mark.parametrize(
    "wrong",
    [
        {"n": 99},
        {"adapter": None},
        {"data": {"split": "validation"}},
        {"data": {"split": "train"}},
        {"data": {"level": 1}},
        {"state": "running"},
        {"reference": True},
    ],
    ids=str,
)
def test_what_does_not_count(wrong):
    assert earned([student(4, 0.9, **wrong)]) == {}
    assert earned([student(4, 0.9)])[STUDENT].points == 20


@pytest.mark.parametrize(
    "wrong",
    [{"n": 99}, {"data": {"split": "validation"}}, {"data": {"level": 1}}, {"reference": True}],
    ids=str,
)
def test_a_cascade_that_does_not_count(wrong):
    assert earned(cascade(7, 0.9, 0.9, **wrong)) == {}


def test_gsm8k_has_no_level():
    assert earned([student(4, 0.4, data={"source": "gsm8k", "level": 1})])[STUDENT].points == 20


def test_a_cascade_whose_saving_is_not_known_has_the_points_of_its_em():
    assert earned(cascade(7, 0.7, None))[CASCADE].points == 15


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.randoms())
def test_more_runs_are_never_worth_less_whatever_their_order(scores, rng):
    runs = [student(4 + at, em) for at, em in enumerate(scores)]
    points = [earned(runs[:count])[STUDENT].points for count in range(1, len(runs) + 1)]
    assert points == sorted(points)
    rng.shuffle(runs)
    assert earned(runs)[STUDENT].points == points[-1]


def test_a_teacher_that_is_its_own_student_earns_nothing():
    teach = run(1, "teach", {"teacher": "oak"}, {})
    sft = run(3, "sft", {"teach": 1, "student": "oak"}, {})
    itself = student(4, 0.97)
    itself.spec["model"] = "oak"
    assert earned([teach, sft, itself]) == {}
    assert STUDENT in earned([teach, sft, student(4, 0.97)])
    assert earned(cascade(9, 0.97, 1.0, model="oak")) == {}
