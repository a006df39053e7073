"""No screen cuts a word without a mark, at any width."""

import pytest

from tests.tutor.looking import lines
from tests.tutor.screens.cutting import cut, said
from tests.tutor.screens.places import PLACES, busy
from tutor import config
from tutor.app import TutorApp
from tutor.picture import until

WIDE, HIGH = 400, 120
WIDTHS = (60, 80, 100, 120, 160)


@pytest.mark.parametrize("name", PLACES)
async def test_all_words_are_there_or_a_mark(hand, lesson, tmp_path, monkeypatch, name):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    busy(hand)
    app = TutorApp(hand.home, config.read())
    async with app.run_test(size=(WIDE, HIGH)) as pilot:
        await until(pilot, lambda: app.seen.machine != "" and app.course.ready)
        await PLACES[name](app, pilot)
        await pilot.pause(0.05)
        wide, faults = said(app.screen, lines(app)), []
        for width in WIDTHS:
            await pilot.resize_terminal(width, HIGH)
            await pilot.pause(0.05)
            faults += [f"at {width}: {each}" for each in cut(wide, said(app.screen, lines(app)))]
    assert wide
    assert not faults, "\n".join(faults)
