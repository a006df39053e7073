import pytest

from engine.figures import (
    BarChart,
    BitField,
    BitLayout,
    Heatmap,
    Line,
    LineChart,
    Series,
    Several,
    Table,
)
from tutor.report.saving.tsv import count, tsv

TABLE = Table(
    columns=("way", "error"), rows=(("a\tb\nc", 1 / 3), ("none", float("nan"))), caption="Errors."
)
CHART = LineChart(
    lines=(Line("one", (1.0, 2.0), (0.5, 0.25)), Line("two", (1.0, 2.0), (3.0, 4e-9))),
    x="bits",
    y="error",
    caption="By bits.",
)


@pytest.mark.parametrize(
    ("figure", "rows"),
    [
        (TABLE, ["way\terror", f"a b c\t{1 / 3!r}", "none\t"]),
        (CHART, ["bits\tone\ttwo", "1.0\t0.5\t3.0", "2.0\t0.25\t4e-09"]),
        (
            LineChart(
                lines=(Line("p", (1.0,), (2.0,)), Line("q", (3.0,), (4.0,))),
                x="saved",
                y="EM",
                caption="c",
            ),
            ["line\tsaved\tEM", "p\t1.0\t2.0", "q\t3.0\t4.0"],
        ),
        (
            BarChart(labels=("x", "y"), series=(Series("", (1.0, 2.0)),), y="GB", caption="c"),
            ["\tGB", "x\t1.0", "y\t2.0"],
        ),
        (
            Heatmap(rows=((1.0, 2.0),), row_labels=("r",), column_labels=("p", "q"), caption="c"),
            ["\tp\tq", "r\t1.0\t2.0"],
        ),
        (
            BitLayout(fields=(BitField("sign", "0", "+"),), caption="c"),
            ["field\tbits\tmeans", "sign\t0\t+"],
        ),
    ],
    ids=["table", "lines of one x", "lines of their own", "bars", "heatmap", "bits"],
)
def test_the_rows_of_a_figure(figure, rows):
    assert tsv(figure) == "\n".join(rows) + "\n"
    assert count(figure) == len(rows) - 1


def test_several_stand_under_one_another_each_with_its_caption():
    both = Several(figures=(TABLE, CHART), caption="Both.")
    assert tsv(both) == f"Errors.\n{tsv(TABLE)}\nBy bits.\n{tsv(CHART)}"
    assert count(both) == 4


def test_numbers_are_read_back_as_they_were():
    rows = [line.split("\t") for line in tsv(CHART).splitlines()[1:]]
    assert [tuple(map(float, column)) for column in zip(*rows, strict=True)] == [
        CHART.lines[0].xs,
        CHART.lines[0].ys,
        CHART.lines[1].ys,
    ]
