"""Keys that come at once answer a window once, and leave what lies below it."""

import pytest

from tests.tutor.settling import settle
from tests.tutor.tui.screens.quiet import key
from tutor.tui.screens.ask import Ask
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.jump import Jump, targets
from tutor.tui.widgets.reading import Reading


@pytest.mark.parametrize(
    "window",
    [
        lambda app: Jump(targets(app.screen)),
        lambda app: Confirm("Do it?", "All of it.", "Do it"),
        lambda app: Ask("Which?", "A name.", "one"),
        lambda app: Reading("A text", "It goes on."),
    ],
    ids=["jump", "confirm", "ask", "reading"],
)
async def test_it_is_answered_once(hand, opened, window):
    async with opened(hand.home) as (app, pilot):
        app.action_runs()
        await settle(pilot)
        answers, room, shown = [], app.screen, window(app)
        app.push_screen(shown, answers.append)
        await settle(pilot)

        def twice():
            shown.dismiss(1)
            shown.dismiss(2)

        shown.call_later(twice)
        await settle(pilot)
        assert answers == [1]
        assert app.screen is room


async def test_two_keys_at_once_in_jump_mode_leave_home(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("f3")
        await settle(pilot)
        assert isinstance(app.screen, Jump)
        for _ in range(2):
            app.post_message(key("9"))
        await settle(pilot)
        assert app.screen is app.screen_stack[0]
