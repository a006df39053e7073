import pytest

from engine.figures import BarChart, Line, LineChart, Series, Several, Table
from tutor.course.predictions import Compared
from tutor.report.drawing.figures import text
from tutor.report.drawing.held import held

TABLE = Table(columns=("a",), rows=((1,),), caption="In a table.", values={"times": 2.83})
CURVE = LineChart(
    lines=(Line("MSE", (1.0, 2.0, 4.0), (3.0, 2.0, 1.0)),),
    x="bits",
    y="MSE",
    caption="A curve.",
    places={"times": "y", "best bits": "x"},
)
BARS = BarChart(
    labels=("p", "q"),
    series=(Series("", (1.0, 2.83)),),
    y="times",
    caption="Bars.",
    places={"times": "y"},
)


def guess(said, measured=2.83, value="times", unit=""):
    return Compared(said, measured, None, False, "", value, unit)


@pytest.mark.parametrize("figure", [CURVE, BARS], ids=["lines", "bars"])
@pytest.mark.parametrize("symbols", ["braille", "block", "ascii", "none"])
@pytest.mark.parametrize("said", [3.2, 1e6])
def test_what_was_said_and_measured_are_named_in_a_chart_that_has_a_place(figure, symbols, said):
    told = text(held(figure, [guess(said)]), 80, symbols)
    assert told.count("measured 2.83") == 1
    assert told.count("you said 3.2" if said < 5 else "you said 1,000,000") == 1


def test_a_value_may_lie_on_the_x_axis():
    drawn = held(CURVE, [guess(3.0, 2.0, "best bits")])
    assert {each.axis for each in drawn.references} == {"x"}
    assert "┊ you said 3" in text(drawn)


def test_the_part_that_has_the_place_takes_it():
    whole = Several(figures=(TABLE, CURVE, CURVE), caption="All.", values={"times": 2.83})
    drawn = held(whole, [guess(3.2)])
    assert [len(getattr(each, "references", ())) for each in drawn.figures] == [0, 2, 0]


def test_without_a_place_two_bars_stand_under_it_and_nothing_is_told_twice():
    drawn = held(TABLE, [guess(5.66, unit="time")])
    told = text(drawn, 40)
    assert told.count("In a table.") == told.count("times 2.83") == 1
    said, measured = (row for row in told.splitlines() if "█" in row)
    assert said.split()[:2] == ["you", "said"] and said.endswith(" 5.66")
    assert said.count("█") == pytest.approx(2 * measured.count("█"), abs=1)


@pytest.mark.parametrize("said", [-1.0, 0.0, 1e6, 1e-6])
def test_bars_that_could_not_be_compared_are_left_out(said):
    assert held(TABLE, [guess(said)]) is TABLE


def test_without_a_prediction_a_figure_is_as_it_is():
    assert held(CURVE, []) is CURVE
