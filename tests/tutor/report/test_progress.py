import io
from dataclasses import replace

import pytest

from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client
from tutor.report.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def run(tmp_path):
    with Client(tmp_path / "home", worker=None) as client:
        number = client.submit("evaluate", EvaluateSpec())
        return replace(client.run(number), state="running", total=300, unit="problems")


def test_a_log_gets_a_line_a_tenth_and_none_twice(run):
    stream = io.StringIO()
    progress = Progress(stream)
    for done in range(0, 301, 3):
        progress.show(replace(run, done=done), "2/7")
    progress.show(replace(run, done=300, state="finished"), "2/7")
    progress.close()
    lines = stream.getvalue().splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("[2/7]  run 1  running")
    assert "finished" in lines[-1]


def test_a_terminal_gets_one_line_that_fits_it_and_says_how_long(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    progress = Progress(stream)
    progress.show(replace(run, done=30, eta_seconds=21.0))
    progress.show(replace(run, done=90, eta_seconds=14.0))
    progress.close()
    shown = stream.getvalue()
    assert shown.count("\n") == 1
    lines = [line.strip() for line in shown.split("\r\x1b[K") if line]
    assert all(len(line) < 80 for line in lines)
    assert "10% · 21 s left" in lines[0]


def test_nothing_shown_leaves_no_empty_line():
    stream = Terminal()
    Progress(stream).close()
    assert stream.getvalue() == ""
