import os
import pty
import signal
import subprocess
import sys

from textual.command import CommandPalette

from engine.errors import EngineError
from tests.tutor.looking import text
from tutor.tui import app as module
from tutor.tui.pictures import until


async def test_nothing_is_animated(hand, opened):
    async with opened(hand.home) as (app, _):
        assert app.animation_level == "none"


async def test_an_error_is_told_with_its_way_out(hand, opened):
    def order(desk):
        raise EngineError("The disk is full.", "Free some space.")

    async with opened(hand.home, notices=True) as (app, pilot):
        app.order(order)
        await until(pilot, lambda: "Free some space." in text(app))
        assert "The disk is full." in text(app)


async def test_nothing_is_opened_over_the_words_that_a_window_is_too_small(hand, opened):
    async with opened(hand.home, size=(45, 15)) as (app, pilot):
        await until(pilot, lambda: "This window has" in text(app))
        await pilot.press("f2")
        await pilot.pause()
        assert not CommandPalette.is_open(app)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "This window has" not in text(app))
        await pilot.press("f2")
        await until(pilot, lambda: CommandPalette.is_open(app))


async def test_a_screen_that_is_open_already_is_gone_back_to(hand, opened):
    async with opened(hand.home) as (app, pilot):
        for key in ("t", "escape", "u", "t", "escape", "t"):
            await pilot.press(key)
            await pilot.pause()
        await pilot.press("escape", "u", "t")
        await pilot.pause()
        names = [type(screen).__name__ for screen in app.screen_stack]
        assert len(names) == len(set(names))


async def test_no_colour_where_none_is_wanted(hand, opened, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(hand.home) as (app, _):
        assert app.no_color
        assert "▌ Continue" in text(app), "the marked row has a bar"


def test_opening_says_afterwards_which_runs_go_on(hand, monkeypatch, capsys):
    hand.submit()
    hand.begin()

    def run(self):
        self.seen = module.Snapshot(ready=True, runs=tuple(hand.client.runs()))

    monkeypatch.setattr(module.TutorApp, "run", run)
    module.open_tutor(hand.home)
    said = capsys.readouterr().out
    assert "Run 1 goes on" in said
    assert said.count("goes on") == 1


def test_it_ends_when_its_terminal_is_gone_without_a_word(tmp_path):
    """A multiplexer that is killed sends no SIGHUP to who is in a session of its own."""
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "tutor", "--home", str(tmp_path / "home")]
    tutor = subprocess.Popen(
        command,
        stdin=inner,
        stdout=inner,
        stderr=inner,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),  # as `nohup` leaves it
        env={**os.environ, "TERM": "xterm-256color"},
    )
    os.close(inner)
    try:
        seen = b""
        while b"This machine" not in seen:
            seen += os.read(outer, 65536)
        os.close(outer)
        assert tutor.wait(timeout=60) == -signal.SIGHUP
    finally:
        tutor.kill()
        tutor.wait()


async def test_what_is_said_on_a_screen_is_not_said_over_the_next(hand, opened):
    async with opened(hand.home, notices=True) as (app, pilot):
        await pilot.press("escape")
        await until(pilot, lambda: "This is Home." in text(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: app.screen.is_modal)
        assert "This is Home." in text(app), "a window over the same screen"
        await pilot.press("escape", "u")
        await until(pilot, lambda: type(app.screen).__name__ == "Runs")
        await pilot.pause()
        assert "This is Home." not in text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "This is Home." not in text(app), "nor does it come back"


async def test_what_is_said_as_a_screen_opens_is_said_there_and_an_error_stays(hand, opened):
    async with opened(hand.home, notices=True) as (app, pilot):
        app.notify("Off we go.")
        app.action_runs()
        await until(pilot, lambda: "Off we go." in text(app))
        app.notify("Free some space.", title="The disk is full.", severity="error")
        await until(pilot, lambda: "Free some space." in text(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Off we go." not in text(app))
        assert "Free some space." in text(app)


async def test_the_palette_names_everything_once_on_every_screen(hand, opened):
    async with opened(hand.home) as (app, pilot):
        for place in ("", "tutorial", "runs", "mastery", "settings", "score", "search", "welcome"):
            if place:
                await app.run_action(place)
                await until(pilot, lambda p=place: type(app.screen).__name__.lower() == p)
            titles = [str(command.title) for command in app.get_system_commands(app.screen)]
            assert sorted(titles) == sorted(set(titles)), place or "home"
            if place:
                await pilot.press("escape")
                await pilot.pause()
