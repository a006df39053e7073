"""Every quick lab of the course, drawn at every width and in every kind of symbols."""

import math
import re
from itertools import pairwise, product

import pytest

from engine.figures import BarChart, LineChart, Several
from lessons.kit.course.lesson import every_lesson
from lessons.kit.display import show
from tests.tutor.report.drawing.test_ticks import evenly_round, is_round
from tutor.course import predictions as prediction
from tutor.report.drawing.bars import lying
from tutor.report.drawing.figures import text
from tutor.report.drawing.grid import plain
from tutor.report.drawing.held import held
from tutor.report.drawing.histogram import many, upright
from tutor.report.drawing.lines import lines
from tutor.report.drawing.phrases import told
from tutor.tui.widgets.drawing import drawing

WIDTHS = (45, 60, 80, 120, 160)
DRAWN = ("braille", "block", "ascii")
LABS = {
    f"{lesson.id}/{name}": lab
    for lesson in every_lesson()
    for name, lab in lesson.labs().items()
    if not lab.long
}
ASKED = {
    step.id: (step, lesson.labs()[step.settings["lab"]])
    for lesson in every_lesson()
    for step in lesson.steps
    if step.kind == "predict" and not lesson.labs()[step.settings["lab"]].long
}


def parts(whole):
    """The figures within, none of which is several."""
    if isinstance(whole, Several):
        return [each for part in whole.figures for each in parts(part)]
    return [whole]


def words(told):
    return " ".join(told.split())


def number(text):
    return float(text.replace(",", ""))


def along(rows):
    """The numbers under a chart's axis, which has a tick for each."""
    at = max(at for at, row in enumerate(rows) if re.match(r" *[└+]", row))
    ticks = re.sub(r"^ *[└+]", "", rows[at])
    found = rows[at + 1].split() if at + 1 < len(rows) else []
    assert len(found) == len(re.findall(r"[┬+]", ticks))
    return list(map(number, found))


def beside(rows):
    """The numbers beside a chart's axis, from the top, and their rows."""
    found = [(at, re.match(r" *(\S+) [┤|]", row)) for at, row in enumerate(rows)]
    return [(at, number(match[1])) for at, match in found if match]


def all_round(at, log):
    powers = [math.log2(each).is_integer() for each in at if each > 0]
    return (
        len(at) < 2 or evenly_round(sorted(at)) or (log and (all(map(is_round, at)) or all(powers)))
    )


@pytest.mark.parametrize("name", LABS)
def test_a_figure_is_read_at_every_width(name):
    whole = LABS[name].compute()
    told_once(whole)
    for width, symbols in product(WIDTHS, (*DRAWN, "none")):
        fits(whole, width, symbols)
        for part in parts(whole) if symbols != "none" else ():
            if isinstance(part, LineChart):
                has_axes(part, width, symbols)
            elif isinstance(part, BarChart) and many(part):
                stands_over_numbers(part, width, symbols)
            elif isinstance(part, BarChart):
                carries_its_numbers(part, width, symbols)


def told_once(whole):
    """No caption and no value stands twice."""
    phrases = told(whole)
    if isinstance(whole, Several):
        phrases += [each for part in parts(whole) for each in told(part, whole.values)]
    assert len(set(phrases)) == len(phrases)
    shown = words(text(whole))
    for caption in {each.caption for each in (whole, *parts(whole))} - {""}:
        assert shown.count(words(caption)) == 1, caption


def fits(whole, width, symbols):
    """No row is wider than the screen, as text and in the app."""
    shown = text(whole, width, symbols)
    assert max(map(len, shown.splitlines())) <= width
    assert symbols != "ascii" or not set(shown) & set("┤│└┬╌┊█●")
    for part in parts(whole):
        rows = [row.plain for row in drawing(part, width, symbols).rows]
        assert max(map(len, rows), default=0) <= width, (width, symbols)


def has_axes(chart, width, symbols):
    """Round numbers that do not touch along both axes, and everything by name."""
    rows = plain(lines(chart, width, symbols))
    shown = words("\n".join(rows))
    x, y = along(rows), beside(rows)
    assert 2 <= len(x) <= 11 and x == sorted(x) and all_round(x, chart.log_x), x
    assert 2 <= len(y) <= 11 and all_round([at for _, at in y], chart.log_y), y
    assert all(b - a >= 2 for (a, _), (b, _) in pairwise(y))
    named = [line.name for line in chart.lines] if len(chart.lines) > 1 else []
    for each in (*named, chart.x, chart.y, *(each.name for each in chart.references)):
        assert words(each) in shown, each


def stands_over_numbers(chart, width, symbols):
    """A histogram: round numbers below and beside, and every series by name."""
    rows = plain(upright(chart, width, symbols))
    assert all_round(along(rows), False)
    assert any(number == 0 for _, number in beside(rows))
    assert all(each.name in rows for each in chart.series if len(chart.series) > 1)


def carries_its_numbers(chart, width, symbols):
    """Bars along the line: each with its number, its label and its series."""
    shown = words("\n".join(plain(lying(chart, width, symbols))))
    heights = [each for series in chart.series for each in series.heights]
    if chart.stacked:
        heights = list(map(sum, zip(*(each.heights for each in chart.series), strict=True)))
    named = [each.name for each in chart.series] if len(chart.series) > 1 else []
    for each in heights:
        assert f" {show(each)}" in shown, each
    for each in (*chart.labels, *named, *(each.name for each in chart.references)):
        assert words(each) in shown, each


@pytest.mark.parametrize("asked", ASKED)
def test_a_prediction_and_what_was_measured_are_named(asked):
    step, lab = ASKED[asked]
    whole = lab.compute(step.settings["set"])
    measured = whole.values[step.settings["value"]]
    compared = prediction.compare(step, 1.3 * measured, whole)
    drawn = held(whole, [compared])
    placed = any(compared.value in getattr(each, "places", ()) for each in parts(whole))
    assert placed or measured <= 0 or len(parts(drawn)) == len(parts(whole)) + 1
    for width, symbols in product((60, 120), (*DRAWN, "none")):
        shown = words(text(drawn, width, symbols))
        if placed:
            assert shown.count(f"measured {show(measured)}") == 1
            assert shown.count(f"you said {show(1.3 * measured)}") == 1
        elif drawn is not whole:
            assert "you said" in shown and "measured" in shown
