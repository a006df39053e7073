import subprocess
import sys

import pytest
from textual.app import App

from tests.tutor.looking import lines, text
from tutor.tui.palette import NIGHT
from tutor.tui.pictures import until
from tutor.tui.widgets.curve import Curve
from tutor.tutorial.run_curve import Figure, Line, chart

LOSS = Line("loss", tuple((float(step), 1.5 / (1 + step / 20)) for step in range(1, 101)))
BOTH = Figure(
    "loss", (LOSS, Line("validation", ((50.0, 0.6), (100.0, 0.4)), joined=False)), low=0.0
)
EM = Figure("EM", (Line("EM so far", ((1.0, 1.0), (2.0, 0.5), (3.0, 0.67))),), low=0.0, high=1.0)


class Showing(App):
    def __init__(self, symbols="braille"):
        super().__init__()
        self.curve = Curve(symbols)

    def compose(self):
        yield self.curve

    def on_mount(self):
        self.register_theme(NIGHT)
        self.theme = "night"
        self.curve.styles.height = "1fr"


def grid(app):
    return [row for row in lines(app) if "│" in row or "┤" in row]


async def test_it_takes_all_of_its_room_and_follows_it():
    app = Showing()
    async with app.run_test(size=(60, 9)) as pilot:
        app.curve.figure = BOTH
        await until(pilot, lambda: "● loss   ○ validation" in text(app))
        assert lines(app)[-1].split()[-1] == "100"
        assert "step" not in text(app)  # there is no row for it
        small = len(grid(app))
        await pilot.resize_terminal(60, 30)
        await until(pilot, lambda: len(grid(app)) > small)
        assert lines(app)[-1].strip() == "step"
        assert text(app).count("○") == 3  # two points, and the mark in the head


async def test_the_axis_reaches_what_a_score_can_be():
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        app.curve.figure = EM
        await until(pilot, lambda: "●" in text(app))
        assert grid(app)[0].startswith("1.0 ┤") and grid(app)[-1].startswith("  0 ┤")


@pytest.mark.parametrize(("symbols", "seen"), [("ascii", "*"), ("block", "▄"), ("none", "0.67")])
async def test_every_kind_of_symbol_works(symbols, seen):
    app = Showing(symbols)
    async with app.run_test(size=(60, 12)) as pilot:
        app.curve.figure = EM
        await until(pilot, lambda: seen in text(app))
        assert symbols != "ascii" or text(app).isascii()


async def test_it_goes_on_as_the_run_does():
    app = Showing()
    async with app.run_test(size=(60, 12)) as pilot:
        app.curve.figure = Figure("loss", (Line("loss", LOSS.points[:1]),))
        await until(pilot, lambda: "●" in text(app))
        app.curve.figure = Figure("loss", (LOSS,))
        await until(pilot, lambda: lines(app)[-1].split()[-1] == "100")
        app.curve.figure = Figure("nothing yet", ())
        await until(pilot, lambda: not text(app).strip())


def test_points_that_are_marked_are_not_joined():
    assert [line.joined for line in chart(BOTH).lines] == [True, False]


def test_it_loads_no_numpy():
    """In a process of its own: others may have loaded it here."""
    look = "import sys, tutor.tui.screens.run; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
