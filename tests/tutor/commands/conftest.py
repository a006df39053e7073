"""The command line on a course of one lesson, in process."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from engine.runs.home import Home
from tests.tutor.homes import worker
from tests.tutor.lessons_here import halves
from tutor.cli import main
from tutor.course import names as finding
from tutor.learner.record import Learner


@pytest.fixture(autouse=True)
def course(monkeypatch, tmp_path):
    lessons = (halves(),)
    monkeypatch.setattr(finding, "lessons", lambda: lessons)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return lessons


@pytest.fixture
def tutor():
    def tutor(*args, typed=None):
        done = CliRunner().invoke(main, [str(arg) for arg in args], input=typed, prog_name="tutor")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return tutor


@pytest.fixture
def told(tutor):
    """What a command says in JSON, and its exit code."""

    def told(*args):
        done = tutor(*args, "--json")
        return (json.loads(done.stdout) if done.stdout else None), done.exit_code

    return told


@pytest.fixture
def learner():
    with Learner(Home.find()) as learner:
        yield learner


@pytest.fixture
def chained(tmp_path):
    """A home with a finished chain, and nobody who learns in it yet."""
    with worker(tmp_path / "home") as hand:
        hand.chain()
        yield tmp_path / "home"
