"""The course's own lessons, each walked through from its first step to its end by skipping.

pytest tests/tutor/tui/screens/test_unit.py -m slow
"""

import pytest

from lessons.kit.course.course import load
from tests.tutor.looking import skips, text
from tutor.tui.pictures import until
from tutor.tui.widgets.steps.end import EndOfLesson

IDS = [f"{unit.id}/{name}" for unit in load().units for name in unit.lessons]


@pytest.mark.slow
@pytest.mark.parametrize("id", IDS)
async def test_a_lesson_can_be_walked_through(hand, opened, told, id):
    async with opened(hand.home) as (app, pilot):
        app.open_lesson(id)
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        room = app.screen
        for page in room.opened.pages:
            view = room._view
            assert view.step.id == page.step.id
            if view.step.kind == "question":
                await until(pilot, lambda view=view: view.asked is not None)
                named = f"{view.step.name} #{view.asked.sitting.seed}"
                await until(pilot, lambda named=named: named in text(app))
            elif view.step.kind == "lab":
                await until(pilot, lambda view=view: view.lab is not None)
            await pilot.press(*skips(app))
            await until(pilot, lambda view=view: room._view is not view)
        assert isinstance(room._view, EndOfLesson)
        assert [words for words in told if words[0] != "Not now"] == []
