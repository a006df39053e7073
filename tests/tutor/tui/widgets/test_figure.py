import subprocess
import sys
from dataclasses import replace

import pytest
from textual.app import App
from textual.containers import VerticalScroll

from engine.figures import Heatmap, Line, LineChart, Several, Table
from tests.tutor.looking import lines, strips, text
from tests.tutor.report.drawing.test_figures import (
    ALL,
    BARS,
    FALLING,
    HEAT,
    HISTOGRAM,
    ONE,
    PI,
    TABLE,
)
from tutor.tui.palette import NIGHT
from tutor.tui.pictures import until
from tutor.tui.widgets.drawing import CELLS
from tutor.tui.widgets.figure import FigureView, Sheet


class Showing(App):
    def __init__(self, figure=None, symbols="braille"):
        super().__init__()
        self.view = FigureView(figure, symbols)
        self.clicked = []

    def compose(self):
        with VerticalScroll():
            yield self.view

    def on_mount(self):
        self.register_theme(NIGHT)
        self.theme = "night"

    def on_figure_view_bit_clicked(self, message):
        self.clicked.append(message.place)


def seen(app):
    return [row.rstrip() for row in lines(app)]


async def test_caption_numbers_and_table():
    app = Showing(TABLE)
    async with app.run_test(size=(60, 10)) as pilot:
        await until(pilot, lambda: "zero-point" in text(app))
        assert seen(app)[:6] == [
            "Zero-point against absmax.",
            "times smaller 2.83",
            "scheme      scale      MSE",
            "absmax       60.5  2.27e-5",
            "zero-point    102  8.02e-6",
            "none            –        –",
        ]


@pytest.mark.parametrize(
    ("symbols", "drawn", "absent"),
    [("braille", "⠑●○", "*▝"), ("block", "▀●○", "*⠑"), ("ascii", "*o|", "●┤⠑─")],
)
async def test_lines_are_told_apart_by_marks_in_every_kind_of_symbol(symbols, drawn, absent):
    app = Showing(FALLING, symbols)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "100" in text(app))
        shown = text(app)
        assert all(each in shown for each in drawn)
        assert not any(each in shown for each in absent)
        mark = drawn[-2] if symbols != "ascii" else "*"
        assert f"{mark} absmax" in shown


async def test_lines_have_colours_of_their_own():
    app = Showing(FALLING)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "100" in text(app))
        colours = {
            each.text: each.style.color.name
            for strip in strips(app)
            for each in strip
            if each.text.strip() in ("● absmax", "○ zero-point")
        }
        assert len(colours) == len(set(colours.values())) == 2


async def test_a_moved_control_changes_numbers_and_not_widgets():
    app = Showing(Several(figures=(TABLE, FALLING, HISTOGRAM, HEAT, PI), caption="All."))
    async with app.run_test(size=(80, 60)) as pilot:
        await until(pilot, lambda: "significand" in text(app))
        before = list(app.view.children)
        other = replace(TABLE, rows=(("absmax", 1, 2),), values={"times_smaller": 7.5})
        app.view.figure = Several(figures=(other, ONE, HISTOGRAM, HEAT, PI), caption="Others.")
        await until(pilot, lambda: "times smaller 7.5" in text(app))
        assert "Others." in seen(app)[0]
        assert list(app.view.children) == before
        assert "zero-point" not in text(app)  # neither in the table nor in the chart
        assert seen(app)[5] == ""  # the sheet is as high as its rows


async def test_a_figure_of_another_build_takes_the_place_of_the_first():
    app = Showing(PI)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "significand" in text(app))
        app.view.figure = BARS
        await until(pilot, lambda: "row-wise" in text(app))
        assert "significand" not in text(app)
        app.view.figure = None
        await until(pilot, lambda: not text(app).strip())


async def test_symbols_can_be_changed_while_it_is_seen():
    app = Showing(ONE)
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: "⠑" in text(app))
        app.view.symbols = "ascii"
        await until(pilot, lambda: "*" in text(app))
        assert text(app).isascii()


async def test_a_heatmap_has_its_value_on_a_ground_that_grows_with_it():
    heat = Heatmap(rows=((0.0, 1.0, 2.0, -2.0),), row_labels=(), column_labels=(), caption="c")
    app = Showing(heat)
    async with app.run_test(size=(40, 6)) as pilot:
        await until(pilot, lambda: "-2" in text(app))
        grounds = {
            each.text.strip(): each.style.bgcolor.triplet
            for each in strips(app)[1]
            if each.text.strip()
        }
        assert list(grounds) == ["0", "1", "2", "-2"]
        blue = [grounds[each].blue for each in ("0", "1", "2")]
        assert blue == sorted(set(blue))
        assert grounds["-2"].red > grounds["-2"].blue


async def test_a_huge_heatmap_says_what_it_leaves_out():
    huge = Heatmap(rows=((0.5,) * 90,) * 70, row_labels=(), column_labels=(), caption="c")
    app = Showing(huge)
    async with app.run_test(size=(300, 60)) as pilot:
        await until(pilot, lambda: f"the first {CELLS} x {CELLS} of 70 x 90" in text(app))
        assert seen(app)[1].split() == ["0.5"] * CELLS


async def test_a_click_on_a_bit_says_which():
    app = Showing(PI)
    async with app.run_test(size=(60, 12)) as pilot:
        await until(pilot, lambda: "significand" in text(app))
        row = next(y for y, each in enumerate(seen(app)) if "10010010000111111011011" in each)
        start = seen(app)[row].index("10010010000111111011011")
        for x in (0, start, start + 22, start - 1, 4):
            await pilot.click(offset=(x, row))
        await until(pilot, lambda: len(app.clicked) >= 3)
        assert app.clicked == [0, 9, 31]


async def test_bits_break_at_the_end_of_a_narrow_screen():
    app = Showing(PI)
    async with app.run_test(size=(24, 20)) as pilot:
        await until(pilot, lambda: "significand" in text(app))
        assert [each for each in seen(app) if each][2:6] == [
            "sign  exponent",
            "0     10000000",
            "significand",
            "10010010000111111011011",
        ]


async def test_only_rows_in_sight_are_drawn(monkeypatch):
    drawn = []
    real = Sheet.render_line
    monkeypatch.setattr(Sheet, "render_line", lambda self, y: drawn.append(y) or real(self, y))
    long = Table(columns=("n",), rows=tuple((n,) for n in range(150)), caption="c")
    app = Showing(long)
    async with app.run_test(size=(40, 10)) as pilot:
        await until(pilot, lambda: seen(app)[3].split()[:1] == ["1"])
        assert max(drawn) < 12


async def test_all_of_it_at_80x24_and_in_ascii():
    app = Showing(ALL, "ascii")
    async with app.run_test(size=(80, 160)) as pilot:
        await until(pilot, lambda: "2**(128-127) = 2" in text(app))
        assert text(app).replace("–", "-").isascii()
        app.view.figure = replace(ALL, figures=ALL.figures[::-1])
        await until(pilot, lambda: "pi in FP32." in seen(app)[1])


async def test_a_flat_or_empty_chart_is_no_trouble():
    flat = LineChart(lines=(Line("f", (3.0,), (0.0,)),), x="x", y="y", caption="flat")
    app = Showing(flat)
    async with app.run_test(size=(40, 20)) as pilot:
        await until(pilot, lambda: "●" in text(app))
        app.view.figure = replace(flat, lines=(), caption="empty")
        await until(pilot, lambda: "empty" in text(app))
        assert "●" not in text(app)


def test_it_loads_no_numpy():
    """In a process of its own: others may have loaded it here."""
    look = "import sys, tutor.tui.widgets.figure; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
