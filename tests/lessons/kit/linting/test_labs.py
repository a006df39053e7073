from dataclasses import replace

import pytest

from engine.figures import BarChart, Line, LineChart, Several
from lessons.kit.bench.bench import Bench
from lessons.kit.linting.finding import Notes
from lessons.kit.linting.labs import _faults, check_labs
from tests.lessons.kit.small_lesson import LABS, write


@pytest.fixture(scope="module")
def bench():
    with Bench() as bench:
        yield bench


def checked(made, bench, long: bool = False) -> Notes:
    notes = Notes()
    check_labs(made, bench, long, notes)
    return notes


def test_a_lab_is_computed_at_its_defaults_its_ends_and_as_the_lesson_sets_it(tmp_path, bench):
    notes = checked(write(tmp_path), bench)
    assert notes.findings == []
    assert notes.counts == {"labs": 1, "figures": 3}  # 8, 2, and 4, which is also the prediction's


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("values = {", "assert bits < 8\n    values = {", "lab row bits=8: "),
        ('"mse": 2.0', '"mae": 2.0', "lab row bits=4: A prediction is held against 'mse'"),
        ('"mse": 2.0**-bits', '"mse": float("nan")', "which is nan"),
        ('"Its error."', '" "', "Its caption says nothing"),
        ('words = {"mse"', 'words = {"mae"', "It has no words for 'mse'"),
        ('words = {"mse"', 'words = {"mae"', "It has words for 'mae', which it did not measure"),
        ("{} on average", "on average", "The words for 'mse' are to have one {} for the number"),
        ("return Table", "return None or list", "lab row bits=2: "),
    ],
)
def test_what_is_wrong_with_a_lab(tmp_path, bench, old, new, says):
    assert old in LABS
    found = checked(write(tmp_path, labs=LABS.replace(old, new)), bench).findings
    assert any(says in f"{each.where}: {each.says}" for each in found), found


def test_a_long_lab_is_left_out_unless_asked_for_and_counted(tmp_path, bench):
    made = write(tmp_path, labs=LABS.replace('weights.")', 'weights.", long=True)'))
    assert checked(made, bench).counts == {"labs left out": 1}
    assert checked(made, bench, long=True).counts == {"labs": 1, "figures": 3}


def test_what_a_chart_does_not_say_of_its_axes():
    line = Line("", (1.0, 2.0), (3.0, 4.0))
    chart = LineChart(lines=(line,), x="bits", y=" ", caption="", places={"mse": "y", "k": "x"})
    whole = Several(figures=(chart,), caption="Both.", values={"k": 2.0}, words={"k": ""})
    assert list(_faults(whole, set())) == [
        "Its y axis has no name.",
        "It has a place for 'mse' on y, where there is no such number.",
    ]
    bars = BarChart(labels=("a",), series=(), y="MB", caption="", places={"k": "x"})
    assert list(_faults(replace(whole, figures=(bars,)), set())) == [
        "It has a place for 'k' on x, where there is no such number."
    ]
