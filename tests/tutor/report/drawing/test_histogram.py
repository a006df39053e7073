from dataclasses import replace

from engine.figures import BarChart, Reference, Series
from tests.tutor.report.drawing.test_figures import BARS, HISTOGRAM
from tutor.report.drawing.grid import plain
from tutor.report.drawing.histogram import many, upright


def rows(chart, width=60, symbols="block", more=0):
    return plain(upright(chart, width, symbols, more))


def test_many_bars_stand_upright_and_keep_their_peak():
    assert many(HISTOGRAM) and not many(BARS)
    drawn = rows(HISTOGRAM)
    assert drawn[0] == "count"
    assert drawn[1].startswith("1,000 ┤")
    assert drawn[1].index("█") == len("1,000 ┤") + 20  # x = 0 is the twentieth
    narrow = rows(HISTOGRAM, 30)
    assert max(map(len, narrow)) <= 30 and "█" in narrow[1]


def test_numbers_that_name_bars_are_an_axis_with_round_values():
    assert rows(HISTOGRAM)[-1].split() == ["-2", "-1", "0", "1"]
    ticks = rows(HISTOGRAM)[-2]
    assert [at - len("1,000 └") for at, each in enumerate(ticks) if each == "┬"] == [0, 10, 20, 30]


def test_names_of_bars_stand_under_them_as_there_is_room():
    names = tuple(f"layer {at}" for at in range(26))
    chart = BarChart(labels=names, series=(Series("", tuple(range(26))),), y="n", caption="c")
    assert many(chart)
    for width in (30, 60, 120):
        under = rows(chart, width)[-1]
        assert under.strip().split("  ")[0] == "layer 0"
        assert len(under) <= width
    assert not many(replace(chart, stacked=True))


def test_several_series_have_one_scale_and_a_name_each():
    twice = replace(HISTOGRAM, series=(HISTOGRAM.series[0], Series("half", (5.0,) * 40)))
    drawn = rows(twice)
    assert [row for row in drawn if row in ("weights", "half")] == ["weights", "half"]
    assert sum("1,000 ┤" in row for row in drawn) == 2


def test_a_line_across_has_its_name_where_no_bar_is():
    drawn = rows(replace(HISTOGRAM, references=(Reference("even", 500.0),)))
    (row,) = [row for row in drawn if "even" in row]
    assert row.count("╌") > 10 and "█" in row
    assert "↑ far" in rows(replace(HISTOGRAM, references=(Reference("far", 1e6),)))[0]


def test_on_a_large_screen_they_are_higher():
    assert len(rows(HISTOGRAM, more=20)) == len(rows(HISTOGRAM)) + 20
