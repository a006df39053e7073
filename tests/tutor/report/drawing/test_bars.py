import pytest

from engine.figures import BarChart, Reference, Series
from tests.tutor.report.drawing.test_figures import BARS
from tutor.report.drawing.bars import lying
from tutor.report.drawing.grid import plain

PARTS = BarChart(
    labels=("run", "train"),
    series=(Series("weights", (3.0, 3.0)), Series("optimizer", (0.0, 9.0))),
    y="GB",
    caption="c",
    stacked=True,
)


def rows(chart, width=60, symbols="block", more=0):
    return plain(lying(chart, width, symbols, more))


def test_bars_are_as_long_as_their_numbers_and_go_both_ways():
    head, *drawn = rows(BARS, 60, "ascii")
    drawn = [row for row in drawn if row]
    assert head == "perplexity"
    assert [row.count("#") for row in drawn] == [26, 6, 13, 13]
    assert [row.split()[-1] for row in drawn] == ["10", "2.5", "5", "-5"]
    zero = drawn[0].index("#")
    assert drawn[3].rindex("#") == zero - 1


def test_a_number_stands_right_behind_its_bar():
    chart = BarChart(labels=("a", "bb"), series=(Series("", (8.0, 2.0)),), y="n", caption="c")
    assert rows(chart, 17)[1:] == ["a   ███████████ 8", "bb  ██▊ 2"]


def test_a_small_bar_is_seen_and_none_is_not():
    small = BarChart(
        labels=("a", "b", "c"), series=(Series("", (1e9, 1.0, 0.0)),), y="n", caption="c"
    )
    assert [row.count("#") for row in rows(small, 40, "ascii")[2:]] == [1, 0]


@pytest.mark.parametrize(("symbols", "fills"), [("block", "█▓"), ("ascii", "#=")])
def test_parts_of_a_whole_follow_one_another_in_one_bar(symbols, fills):
    head, run, train = rows(PARTS, 50, symbols)
    assert head == f"GB   {fills[0]} weights   {fills[1]} optimizer"
    assert run.split() == ["run", fills[0] * 10, "3"]
    assert train.split() == ["train", fills[0] * 10 + fills[1] * 30, "12"]


def test_a_line_across_runs_through_all_rows_and_has_its_name_below():
    chart = BarChart(
        labels=("a", "b"),
        series=(Series("", (1.0, 10.0)),),
        y="n",
        caption="c",
        references=(Reference("ideal 5", 5.0), Reference("you said 9,000", 9000.0)),
    )
    head, first, second, name = rows(chart)
    assert head == "n   → you said 9,000"
    assert first.index("┊") == name.index("┊ ideal 5")
    assert second[name.index("┊")] == "█"  # it lies behind the bar


def test_beside_long_names_a_bar_has_a_row_of_its_own():
    chart = BarChart(
        labels=("a name that is as long as the whole line", "b"),
        series=(Series("one", (1.0, 2.0)), Series("two", (3.0, 4.0))),
        y="",
        caption="c",
    )
    drawn = rows(chart, 45)
    assert max(map(len, drawn)) <= 45
    assert max(row.count("█") for row in drawn) > 30
    assert {row.split()[-1] for row in drawn if "█" in row} == {"1", "2", "3", "4"}


def test_on_a_large_screen_bars_are_thicker():
    chart = BarChart(labels=("a", "b"), series=(Series("", (1.0, 2.0)),), y="", caption="c")
    assert [len(rows(chart, more=more)) for more in (0, 2, 5, 50)] == [2, 4, 7, 7]
    tall = rows(chart, more=5)
    assert sum("a  " in row for row in tall) == sum(row.endswith(" 1") for row in tall) == 1
