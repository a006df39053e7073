"""No screen cuts a word without a mark, at any width."""

import pytest

from tests.tutor.looking import lines
from tests.tutor.tui.screens.cutting import cut, said
from tests.tutor.tui.screens.places import PLACES, busy, called
from tutor import config
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until

WIDE, HIGH = 400, 120
WIDTHS = (60, 80, 100, 120, 160)
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
async def test_all_words_are_there_or_a_mark(hand, lesson, tmp_path, monkeypatch, part):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    busy(hand)
    faults = []
    app = TutorApp(hand.home, config.read())
    async with app.run_test(size=(WIDE, HIGH)) as pilot:
        await until(pilot, lambda: app.seen.machine != "" and app.course.ready)
        for name in list(PLACES)[part::PARTS]:
            await PLACES[name].go(app, pilot)
            assert called(type(app.screen)) == PLACES[name].screen, name
            faults += [f"{name} {each}" for each in await _cut(app, pilot)]
            while len(app.screen_stack) > 1:
                app.pop_screen()
            await pilot.pause()
    assert not faults, "\n".join(faults)


async def _cut(app, pilot):
    """What is cut on the screen that is open, at any of the widths; then it is wide again."""
    await pilot.pause(0.05)
    wide, faults = said(app.screen, lines(app)), []
    assert wide
    for width in WIDTHS:
        await pilot.resize_terminal(width, HIGH)
        await pilot.pause(0.02)
        faults += [f"at {width}: {each}" for each in cut(wide, said(app.screen, lines(app)))]
    await pilot.resize_terminal(WIDE, HIGH)
    return faults
