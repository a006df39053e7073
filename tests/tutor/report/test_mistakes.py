"""A mistake of the tutor's own, in the app and on the command line."""

import pytest
from click.testing import CliRunner

from engine.runs.home import Home
from tests.tutor.lessons import ID, record, teach
from tutor.cli import main
from tutor.course import names as finding
from tutor.report import mistakes
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.threads.lessons import Study


def broken(*_):
    """What nobody has expected."""
    {}["shoe size"]


async def test_the_app_ends_in_words_and_keeps_what_was_typed(hand, monkeypatch, capsys):
    lesson = teach(monkeypatch)
    app = TutorApp(hand.home)
    with pytest.raises(KeyError):
        async with app.run_test() as pilot:
            app.open_lesson(ID, f"{ID}/question/half")
            await until(pilot, lambda: getattr(app.screen, "complete", False))
            await until(pilot, lambda: app.screen._view.asked is not None)
            await pilot.press(*"12")
            app.call_later(broken)
            app.call_later(broken)  # one mistake may lead to others: the first is told
            await pilot.pause()
    log = hand.home.path / "logs" / "tutor.log"
    said = " ".join(capsys.readouterr().err.split())
    assert "The tutor met what it did not expect: KeyError('shoe size')." in said
    assert str(log) in said.replace(" ", "")
    assert "What you typed is kept" in said
    assert "Traceback" not in said and "locals" not in said
    assert app.return_code == 1
    assert '{}["shoe size"]' in log.read_text()
    step = lesson.step("question/half")
    with record(hand.home) as learner:
        assert learner.sitting(step, "half").draft == "12"


def test_a_command_tells_it_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "lessons", broken)
    done = CliRunner().invoke(main, ["--home", str(tmp_path), "lessons"])
    assert done.exit_code == 1
    assert "Error: The tutor met what it did not expect: KeyError('shoe size')." in done.output
    assert "Traceback" not in done.output
    assert "broken" in (tmp_path / "logs" / mistakes.LOG).read_text()


def test_where_nothing_can_be_written_all_of_it_is_told(tmp_path):
    file = tmp_path / "home"
    file.write_text("no folder")
    try:
        broken()
    except KeyError as error:
        what, where = mistakes.told(Home(file), error)
    assert "KeyError" in what
    assert "could not be written" in where
    assert "KeyError: 'shoe size'" in where


def test_the_record_thread_lives_on_where_nothing_can_be_written(tmp_path):
    """Else every order after the mistake would be lost without a word."""
    file = tmp_path / "home"
    file.write_text("no folder")
    posted = []
    study = Study(Home(file), posted.append)
    study.begin()
    study.order(broken)
    study.order(lambda _: "still there")
    study.stop()
    assert posted[-1].answer == "still there"
