"""Review, progress, settings, and the first screen."""

import pytest

from engine.runs.home import Home as HomeFolder
from tests.tutor.lessons import miss, record
from tests.tutor.looking import keys, text
from tutor import config
from tutor.learner.newcomer import is_new
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.screens.home import Home
from tutor.tui.screens.mastery import Mastery
from tutor.tui.screens.settings import Settings
from tutor.tui.screens.welcome import Welcome


@pytest.fixture(autouse=True)
def own_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


async def test_a_review_asks_what_is_due_as_a_fresh_variant(hand, opened, lesson, right):
    miss(hand, lesson, "half")
    with record(hand.home) as learner:
        seeds = {attempt.seed for attempt in learner.history()}
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "1 question due" in text(app))
        await pilot.press("r")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        view = app.screen._view
        await until(pilot, lambda: view.asked is not None and app.focused is view._field)
        assert view.asked.sitting.seed not in seeds
        assert view.asked.sitting.purpose == "review"
        await pilot.press(*right(view), "enter")
        await until(pilot, lambda: "Right." in text(app))
        assert "It comes back" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: "That is all for now." in text(app))
        assert "✓ half" in text(app)
    with record(hand.home) as learner:
        assert learner.due() == []


async def test_review_says_why_where_nothing_is_due(hand, opened, lesson, told):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        assert "review" not in keys(app)
        await pilot.press("r")
        assert told == [("Not now", "No question is due.")]


async def test_progress_tells_what_is_shaky_and_when_it_was_learnt(hand, opened, lesson):
    miss(hand, lesson, "half")
    async with opened(hand.home, size=(80, 40)) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Mastery) and app.screen.complete)
        await until(pilot, lambda: "Shaky" in text(app))
        row = next(line for line in text(app).splitlines() if "▌" in line)
        assert row.split() == ["▌", "half", "Halves"]
        assert "Days of the last" in text(app)


async def test_a_setting_holds_at_once_and_is_written_down(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: isinstance(app.screen, Settings))
        assert app.theme == "night"
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == "day")
        assert "● light" in text(app)
        assert config.read().theme == "light"
        await pilot.press("down", "right")
        await until(pilot, lambda: app.symbols == "block")
        assert config.read().plot_symbols == "block"
        await pilot.press("down", "down", "right")
        await until(pilot, lambda: config.read().review_session == 30)
        await pilot.press("down", "down", "down")
        shown = str(app.screen.query_one("#about-setting").render())
        assert shown == str(hand.home.path), "in full, however long it is"


async def test_a_broken_file_of_settings_is_told_whole_and_not_written_over(hand, told):
    config.path().parent.mkdir(parents=True)
    config.path().write_text("plot_symbols =  # braille?\n")
    app = TutorApp(hand.home, config.read())
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("comma")
        await until(pilot, lambda: isinstance(app.screen, Settings))
        await until(
            pilot, lambda: "(at line 1, column 17). Mend it," in " ".join(text(app).split())
        )
        await pilot.press("right")
        await until(pilot, lambda: any("at line 1" in title for title, _ in told))
    assert config.path().read_text() == "plot_symbols =  # braille?\n"


async def test_the_editor_is_typed(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("comma")
        await until(pilot, lambda: isinstance(app.screen, Settings))
        await pilot.press("down", "down", "down", "down", "down", "enter")
        await until(pilot, lambda: "Your editor" in text(app))
        await pilot.press("v", "i", "enter")
        await until(pilot, lambda: app.config.editor == "vi")
        assert config.read().editor_command() == ["vi"]


async def test_keys_can_be_changed(hand):
    app = TutorApp(hand.home, config.Config(keys={"settings": "f9", "app.settings": "f9"}))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.seen.machine != "")
        await pilot.press("f9")
        await until(pilot, lambda: isinstance(app.screen, Settings))


async def test_the_first_screen_comes_once(hand):
    app = TutorApp(hand.home, welcomes=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, Welcome) and app.screen.complete)
        assert "This machine" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Home))
    app = TutorApp(hand.home, welcomes=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.course.ready and app.seen.machine != "")
        assert isinstance(app.screen, Home)


@pytest.mark.parametrize("theme", ["dark", "light", "contrast", "terminal"])
async def test_every_theme_can_be_worn(hand, theme):
    app = TutorApp(hand.home, config.Config(theme=theme))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.course.ready)
        assert "Continue" in text(app)


@pytest.mark.parametrize("runs", [False, True], ids=["an empty home", "runs, and no lesson"])
async def test_nothing_is_painted_before_the_first_screen(hand, tmp_path, monkeypatch, runs):
    if runs:
        hand.chain()
    painted, display = [], TutorApp._display

    def record_it(self, screen, renderable):
        painted.append(type(screen).__name__)
        display(self, screen, renderable)

    monkeypatch.setattr(TutorApp, "_display", record_it)
    app = TutorApp(hand.home, welcomes=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: isinstance(app.screen, Welcome) and app.screen.complete)
        assert painted and set(painted) == {"Welcome"}
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Home))


@pytest.mark.parametrize("content", [b"", b"this is no database " * 100])
def test_who_has_a_file_that_cannot_be_read_is_not_new(tmp_path, content):
    home = HomeFolder(tmp_path / "home").prepare()
    home.database.write_bytes(content)
    assert is_new(home) is (content == b"")


@pytest.mark.parametrize("did", ["go_to", "read"])
def test_who_did_anything_is_not_new(tmp_path, lesson, did):
    home = HomeFolder(tmp_path / "home")
    assert is_new(home)
    with record(home):
        assert is_new(home)
    assert is_new(home), "the file alone says nothing"
    with record(home) as learner:
        learner.go_to(lesson.steps[0].id) if did == "go_to" else learner.read(lesson.steps[0])
    assert not is_new(home)


@pytest.mark.parametrize("key", ["t", "u", "p"])
async def test_a_screen_that_is_opened_in_too_small_a_window_says_so(hand, opened, key):
    async with opened(hand.home, size=(45, 20)) as (app, pilot):
        await pilot.press(key)
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await until(pilot, lambda: "needs 60 columns and 16 rows" in " ".join(text(app).split()))
