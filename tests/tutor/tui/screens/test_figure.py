"""A figure alone, as large as the window."""

import pytest

from engine.figures import Line, LineChart, Several, Table
from tests.tutor.looking import lines
from tutor.report.saving.shown import Shown
from tutor.tui.pictures import until
from tutor.tui.screens.figure import FigureRoom

TABLE = Table(
    columns=("a", "b"),
    rows=((1, 2), (3, 4)),
    caption="All of it.",
    values={f"value {at}": at for at in range(12)},
)
CHART = LineChart(
    lines=(Line("up", (0.0, 50.0, 100.0), (0.0, 1.0, 0.5)),), x="step", y="loss", caption="A chart."
)
BOTH = Several(figures=(TABLE, CHART), caption="All of it.", values=TABLE.values)


def room(app):
    """Rows between the two lines of the frame, and those of them that belong to the grid."""
    shown = [row.rstrip() for row in lines(app)][2:-2]
    return shown, [row for row in shown if "│" in row or "┤" in row]


def whole(app):
    """Whether all of it is in sight, and no more than a row or two is empty below it."""
    shown, _ = room(app)
    return any("step" in row for row in shown[-3:])


@pytest.mark.parametrize("figure", [CHART, BOTH], ids=["one", "several"])
async def test_the_drawing_is_as_high_as_the_window_and_follows_it(hand, opened, figure):
    async with opened(hand.home, size=(160, 50)) as (app, pilot):
        app.push_screen(FigureRoom("Here", Shown(figure)))
        await until(pilot, lambda: "A chart." in "\n".join(lines(app)) and whole(app))
        large = len(room(app)[1])
        assert large > 30
        await pilot.resize_terminal(100, 30)
        await until(pilot, lambda: whole(app) and len(room(app)[1]) < large)
        await pilot.resize_terminal(160, 50)
        await until(pilot, lambda: whole(app) and len(room(app)[1]) == large)


async def test_on_a_small_screen_it_is_lower_but_not_too_low_to_be_read(hand, opened):
    async with opened(hand.home, size=(80, 18)) as (app, pilot):
        app.push_screen(FigureRoom("Here", Shown(CHART)))
        await until(pilot, lambda: whole(app))
        assert 6 <= len(room(app)[1]) < 12
        await pilot.resize_terminal(80, 16)
        app.pop_screen()
        app.push_screen(FigureRoom("Here", Shown(BOTH)))  # this has to be scrolled
        await until(pilot, lambda: "value 11 11" in "\n".join(lines(app)))
        await pilot.press("end")
        await until(pilot, lambda: whole(app))


async def test_no_value_is_broken_between_two_lines(hand, opened):
    async with opened(hand.home, size=(60, 20)) as (app, pilot):
        app.push_screen(FigureRoom("Here", Shown(BOTH)))
        await until(pilot, lambda: "value 11 11" in "\n".join(lines(app)))
        shown = "\n".join(lines(app))
        assert all(shown.count(f"value {at} {at}  ") == 1 for at in range(12))
        assert shown.count("All of it.") == 1
