import math
import re
from dataclasses import replace

import pytest

from engine.figures import (
    BarChart,
    BitField,
    BitLayout,
    Heatmap,
    Line,
    LineChart,
    Reference,
    Series,
    Several,
    Table,
)
from tutor.report.drawing.figures import ROWS, text

NAN = float("nan")
TABLE = Table(
    columns=("scheme", "scale", "MSE"),
    rows=(("absmax", 60.5, 2.27e-5), ("zero-point", 102, 8.02e-6), ("none", None, NAN)),
    caption="Zero-point against absmax.",
    values={"times_smaller": 2.8304},
)
FALLING = LineChart(
    lines=(
        Line("absmax", tuple(range(101)), tuple(math.exp(-x / 20) for x in range(101))),
        Line("zero-point", tuple(range(101)), tuple(0.5 - x / 200 for x in range(101))),
    ),
    x="step",
    y="error",
    caption="Two lines.",
)
ONE = LineChart(lines=(FALLING.lines[0],), x="step", y="error", caption="One line.")
BARS = BarChart(
    labels=("absmax", "row-wise"),
    series=(Series("plain", (10.0, 5.0)), Series("split", (2.5, -5.0))),
    y="perplexity",
    caption="Bars.",
)
HISTOGRAM = BarChart(
    labels=tuple(f"{at / 10}" for at in range(-20, 20)),
    series=(Series("weights", tuple(1000 * math.exp(-((at / 7) ** 2)) for at in range(-20, 20))),),
    y="count",
    caption="Histogram.",
)
HEAT = Heatmap(
    rows=((1.5, -2.25), (4.0, 600.125)),
    row_labels=("r1", "r2"),
    column_labels=("c1", "c2"),
    caption="Heat.",
)
PI = BitLayout(
    fields=(
        BitField("sign", "0", "+"),
        BitField("exponent", "10000000", "2**(128-127) = 2"),
        BitField("significand", "10010010000111111011011", "1.5708"),
    ),
    caption="pi in FP32.",
    values={"value": 3.14159274},
)
ALL = Several(figures=(TABLE, FALLING, ONE, BARS, HISTOGRAM, HEAT, PI), caption="All of it.")


def test_a_table_is_aligned_after_its_caption_and_numbers():
    assert text(TABLE).splitlines() == [
        "Zero-point against absmax.",
        "",
        "times smaller 2.83",
        "",
        "scheme      scale      MSE",
        "absmax       60.5  2.27e-5",
        "zero-point    102  8.02e-6",
        "none            –        –",
    ]


def test_a_table_that_is_too_wide_is_told_row_by_row():
    told = text(TABLE, width=20)
    assert "scheme  absmax\nscale   60.5\nMSE     2.27e-5\n\nscheme  zero-point" in told


def test_a_long_table_says_what_it_leaves_out():
    long = Table(columns=("n",), rows=tuple((n,) for n in range(ROWS + 1234)), caption="c")
    *_, last, more = text(long).splitlines()
    assert (last, more) == (f"{ROWS - 1}", "and 1,234 more rows")


def test_a_line_chart_tells_its_points_before_it_draws_them():
    told = text(FALLING, width=80)
    assert told.index("absmax        1  0.42") < told.index("┤")
    assert "step          0      17     33       50       67       83       100" in told
    assert "● absmax   ○ zero-point" in told


def test_lines_of_other_xs_are_told_one_after_another():
    uneven = LineChart(
        lines=(Line("a", (0.0, 1.0), (1.0, 2.0)), Line("b", (5.0,), (3.0,))),
        x="x",
        y="y",
        caption="c",
    )
    assert "   x  y\na  0  1\na  1  2\nb  5  3" in text(uneven, symbols="none")


def test_many_bars_are_told_one_after_another_before_they_are_drawn():
    told = text(HISTOGRAM, width=60)
    assert "-2.0 0.2849   -1.9" in told and "0.0 1,000" in told
    assert told.index("0.0 1,000") < told.index("┤")
    assert len(told.splitlines()) < 30
    assert "0.0 1,000" in text(HISTOGRAM, symbols="none")


def test_a_heatmap_has_a_value_in_each_cell_and_breaks_into_blocks():
    assert text(HEAT).splitlines()[2:] == ["     c1     c2", "r1  1.5  -2.25", "r2    4  600.1"]
    assert text(HEAT, width=12).splitlines()[2:] == [
        "     c1", "r1  1.5", "r2    4", "", "       c2", "r1  -2.25", "r2  600.1",
    ]  # fmt: skip


def test_bits_stand_under_their_fields():
    told = text(PI).splitlines()
    assert told[4:6] == [
        "sign  exponent  significand",
        "0     10000000  10010010000111111011011",
    ]
    assert "exponent     2**(128-127) = 2" in told
    assert "exponent     10000000                 2**(128-127) = 2" in text(PI, width=30)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("symbols", ["braille", "block", "ascii", "none"])
def test_everything_fits_its_width(width, symbols):
    told = text(ALL, width, symbols)
    assert max(map(len, told.splitlines())) <= width
    if symbols == "ascii":
        assert told.isascii()
    if symbols == "none":
        assert not set(told) & set("●○█▌┤│└─#")
    for caption in (each.caption for each in ALL.figures):
        assert caption in told


def test_a_reader_without_drawings_still_has_every_bar():
    told = text(BARS, symbols="none").splitlines()
    assert told[-3:] == [
        "          plain  split",
        "absmax       10    2.5",
        "row-wise      5     -5",
    ]


def test_what_the_figure_around_has_told_is_not_told_again():
    inner = Table(columns=("a",), rows=((1,),), caption="In.", values={"error": 0.25, "bits": 4.0})
    around = Several(figures=(inner,), caption="Around.", values={"error": 0.25})
    told = text(around)
    assert told.count("error") == 1
    assert "bits" in told


def test_one_series_without_drawings_has_no_head_to_repeat():
    one = BarChart(labels=("a", "bb"), series=(Series("n", (1.0, 20.5)),), y="GB", caption="c")
    assert text(one, symbols="none").splitlines()[-3:] == ["GB", "a      1", "bb  20.5"]


def test_a_chart_without_drawings_names_what_goes_across():
    across = replace(FALLING, references=(Reference("random 0.5", 0.5), Reference("you said 3", 3)))
    assert "Across it: random 0.5; you said 3." in text(across, symbols="none")


def test_lines_that_are_too_wide_for_rows_stand_in_columns():
    many = replace(
        FALLING, lines=tuple(replace(FALLING.lines[0], name=f"n{at}") for at in range(5))
    )
    told = text(many, 56)
    assert re.search(r"^step +n0 +n1 +n2 +n3 +n4\n +0 +1 +1 +1 +1 +1$", told, re.MULTILINE)


def test_a_part_does_not_repeat_the_headline():
    inner = replace(TABLE, caption="All of it.", values={})
    told = text(Several(figures=(inner, ONE), caption="All of it."))
    assert told.count("All of it.") == 1 and "One line." in told
