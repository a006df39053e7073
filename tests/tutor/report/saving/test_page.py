"""Every kind of figure, drawn by the real matplotlib: no word is lost, cut or under another."""

from dataclasses import replace
from itertools import combinations

import matplotlib
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

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
from tutor.course.predictions import Compared
from tutor.report.saving.page import page
from tutor.report.saving.shown import Shown
from tutor.report.saving.style import RULES

LINES = LineChart(
    lines=(
        Line("absmax", tuple(range(1, 9)), (3, 4, 5, 6, 7, 7.5, 7.8, 8)),
        Line("zero-point", tuple(range(1, 9)), (1, 2, 2, 2, 3, 3, 3, 3)),
        Line("a name that takes much of the legend's line", (1, 8), (0, 0)),
        Line("another name that takes much of it, so that a second line begins", (1, 8), (1, 1)),
    ),
    x="bits",
    y="$ of error, times $1e-3",
    caption="A chart whose caption names $5 and $6, and is so long that it goes on and on until a "
    "second line is begun.",
    values={"ratio": 7.75, "best": 3.0},
    words={"ratio": "{} times more error than with a zero-point", "best": "least at {} bits"},
    places={"ratio": "y", "best": "x"},
    references=(
        Reference("ideal: nothing is lost at all by rounding", 8),
        Reference("what the lesson said", 7.9),
        Reference("random", 1e6),
        Reference("INT4", 4, "x"),
        Reference("what is set here", 4.2, "x"),
        Reference("the widest", 8, "x"),
    ),
)
LOGS = LineChart(
    lines=(Line("p", (1, 10, 100), (1e-9, 5, 3), joined=False), Line("", (2, 20), (0, 4))),
    x="weights in a block",
    y="error",
    caption="Logarithms.",
    log_x=True,
    log_y=True,
    references=(Reference("none", 0), Reference("never", 0, "x")),
)
BARS = BarChart(
    labels=("full FP32", "QLoRA", "run"),
    series=(Series("weights", (6.0, -1.2, 1.2)), Series("optimizer", (12.0, 0.1, float("nan")))),
    y="GB",
    caption="Grouped.",
    references=(Reference("16 GB card", 16),),
)
EVERY = {
    "lines": LINES,
    "logs": LOGS,
    "one point": LineChart(lines=(Line("", (2.0,), (5.0,)),), x="x", y="y", caption="One."),
    "no point": LineChart(lines=(Line("", (), ()),), x="x", y="y", caption="None."),
    "bars": BARS,
    "stacked": replace(BARS, stacked=True, series=(BARS.series[0], Series("KV", (1.0, 2.0, 3.0)))),
    "histogram": BarChart(
        labels=tuple(f"{at / 20:+.3f}" for at in range(-20, 20)),
        series=(Series("NF4", tuple(range(40))), Series("FP4", tuple(range(40, 0, -1)))),
        y="% of the weights",
        caption="Two histograms.",
    ),
    "heatmap": Heatmap(
        rows=tuple(tuple((i - 3) * j / 7 for j in range(6)) for i in range(7)),
        row_labels=tuple(f"layer {i}" for i in range(7)),
        column_labels=tuple(f"channel {i}" for i in range(6)),
        caption="A map of errors.",
    ),
    "large heatmap": Heatmap(
        rows=tuple(tuple(float(i * j) for j in range(64)) for i in range(64)),
        row_labels=tuple(map(str, range(64))),
        column_labels=tuple(map(str, range(64))),
        caption="A large map.",
    ),
    "bits": BitLayout(
        fields=(
            BitField("sign", "0", "positive"),
            BitField("exponent", "10000000", "128 - 127 = 1, " * 9),
            BitField("significand", "1" * 52, "1.6"),
        ),
        caption="FP32 and more.",
    ),
    "table": Table(
        columns=("", "a column with a long name", "another column with a long name", "x", "y"),
        rows=tuple((f"row {at}", at / 7, "some words in a cell", at, None) for at in range(50)),
        caption="A table.",
    ),
    "wide table": Table(
        columns=tuple(f"column {at}" for at in range(16)),
        rows=(tuple(float(at) * 1e9 / 7 for at in range(16)),),
        caption="A wide table.",
    ),
}
EVERY["several"] = Several(
    figures=(EVERY["table"], replace(LINES, caption="Everything.")),
    caption="Everything.",
    values=LINES.values,
    words=LINES.words,
)
SAID = Compared(
    7.5, 7.75, 0.03, True, "You said 7.5, measured 7.75: 3% off.", value="ratio", unit=""
)


def drawn(figure, *compared):
    """The words on the page, and where each of them is, in dots."""
    with matplotlib.rc_context(RULES):
        made = page(Shown(figure, "Zero-point › zero-point: bits 8", tuple(compared)))
        canvas = FigureCanvasAgg(made)
        canvas.draw()
        texts = [text for text in made.findobj(Text) if text.get_text().strip()]
        renderer = canvas.get_renderer()
        seen = [(t.get_text(), t.get_window_extent(renderer)) for t in texts if t.get_visible()]
    return made, seen


@pytest.mark.parametrize("holds", [(), (0.0, 1.0)])
def test_an_axis_reaches_what_it_is_to_hold(holds):
    chart = LineChart(lines=(Line("EM", (1, 2), (0.5, 0.6)),), x="judged", y="", caption="EM.")
    with matplotlib.rc_context(RULES):
        axes = [each for each in page(Shown(chart, holds=holds)).axes if each.lines]
    low, high = axes[-1].get_ylim()
    assert (low <= 0 and high >= 1) == bool(holds)
    assert low <= 0.5 and high >= 0.6


@pytest.mark.parametrize("name", EVERY)
def test_every_word_has_its_place(name):
    figure = EVERY[name]
    made, words = drawn(figure, SAID)
    for text, box in words:
        assert made.bbox.padded(1).containsx(box.x0), text
        assert made.bbox.padded(1).containsx(box.x1), text
        assert made.bbox.padded(1).containsy(box.y0), text
        assert made.bbox.padded(1).containsy(box.y1), text
    for (one, its), (other, others) in combinations(words, 2):
        across = min(its.x1, others.x1) - max(its.x0, others.x0)
        down = min(its.y1, others.y1) - max(its.y0, others.y0)
        assert across < 1.5 or down < 3, f"{one!r} and {other!r} lie over one another"
    said = " ".join(text for text, _ in words)
    assert said.count(figure.caption.split()[-1]) >= 1


def test_what_is_told_is_told_once_and_in_words():
    _, words = drawn(EVERY["several"], SAID)
    said = [text for text, _ in words]
    assert said.count("Everything.") == 1
    assert said[1:3] == [
        "7.75 times more error than with a zero-point · least at 3 bits",
        "You said 7.5, measured 7.75: 3% off.",
    ]
    for name in ("you said 7.5", "measured 7.75", "↑ random", "INT4", "$ of error, times $1e-3"):
        assert said.count(name) == 1, name
    assert said.count("Zero-point › zero-point: bits 8") == 1


def test_bars_carry_their_numbers_and_a_missing_one_a_dash():
    _, words = drawn(EVERY["bars"])
    said = [text for text, _ in words]
    assert {"6", "-1.2", "1.2", "0.1", "–", "16 GB card"} <= set(said)


def test_more_rows_than_a_picture_holds_are_counted():
    _, words = drawn(EVERY["table"])
    assert "and 10 more rows" in [text for text, _ in words]
