"""A task by prompts, and as `tutor read` shows it."""

import pytest
from click.testing import CliRunner

from engine.runs.home import Home
from tests.tutor.homes import Worker
from tests.tutor.task_lesson import ID, task_lesson
from tutor.cli import main
from tutor.course import names as finding
from tutor.learner.record import Learner
from tutor.tutorial import settings as tuning

STEP = f"{ID}/task/fine-tune"


@pytest.fixture
def hand():
    """The hand that moves the rows of this test's home."""
    hand = Worker(Home.find())
    yield hand
    hand.client.close()
    hand.lock.release()


@pytest.fixture(autouse=True)
def course(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    lesson = task_lesson(tmp_path)
    monkeypatch.setattr(finding, "lessons", lambda: (lesson,))
    return lesson


def typed(*lines):
    done = CliRunner().invoke(main, ["--plain"], input="".join(f"{each}\n" for each in lines))
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_it_says_how_the_task_stands_and_enter_goes_on(hand):
    said = typed("", "")
    assert "Task Fine-tune: not run yet." in said
    assert "0 of 20 points · your settings (e: edit)" in said
    assert "0 of 5 done · 0 of 100 points" in said, "after the last lesson come all tasks"


def test_it_is_done_once_its_runs_have_finished(hand):
    ids = hand.chain(upto="validation_sample")
    assert "Task Fine-tune: finished. EM 0.46" in typed("", "")
    with Learner(hand.home) as learner:
        assert learner.step(STEP).state == "done"
        assert learner.history(STEP)[0].typed == f"run {ids['student']}"


def test_what_cannot_be_run_is_said(hand):
    file = tuning.path(hand.home)
    file.parent.mkdir()
    file.write_text("[sft]\nlora_r = 0\n")
    assert "lora_r is 0; it must be from 1 to 1,024." in typed("", "run", "quit")
    assert hand.client.runs() == []


def test_read_names_the_command():
    shown = CliRunner().invoke(main, ["read", ID]).stdout
    assert "--- task fine-tune" in shown
    assert "tutor pipeline --task fine-tune" in shown
