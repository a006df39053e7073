from dataclasses import replace

import pytest

from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client
from tutor.report.runs import headline, list_text, show_text


@pytest.fixture
def run(tmp_path):
    with Client(tmp_path / "home", worker=None) as client:
        return client.run(client.submit("evaluate", EvaluateSpec()))


def test_a_failed_run_says_why_and_what_to_do(run):
    failed = replace(run, state="failed", error={"what": "No room.", "way_out": "Make some."})
    assert "No room. Make some." in show_text(failed, {}, "/somewhere")


def test_fallbacks_are_said_in_words(run):
    told = {"fallbacks": [{"what": "the CPU in place of CUDA", "why": "there is none"}]}
    shown = show_text(replace(run, environment=told), {}, "/somewhere")
    assert "the CPU in place of CUDA: there is none" in shown


def test_a_grid_of_policies_is_counted_and_not_printed_whole(run):
    shown = show_text(replace(run, result={"em": 0.5, "grid": [{"k": 1}] * 15}), {}, "/somewhere")
    assert "15 rows" in shown


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ({"em": 0.25}, "EM 0.250"),
        ({"em": 0.05, "n": 20, "cut_off": 15}, "EM 0.050, 75% cut off"),
        ({"kept": 1900}, "kept 1,900"),
        ({"validation_loss": 0.41}, "loss 0.410"),
        (None, ""),
        ({"em": None}, ""),
    ],
)
def test_a_result_in_a_few_characters(run, result, said):
    assert headline(replace(run, result=result)) == said


def test_a_list_says_state_and_how_far(run):
    listed = list_text([replace(run, state="paused", done=150, total=300)])
    assert "paused" in listed
    assert "50%" in listed


@pytest.mark.parametrize("width", [45, 60, 80])
def test_a_list_in_a_narrow_window_has_few_lines_a_run(run, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    title = "Score of acorn with adapter 3 on 100 test problems"
    runs = [
        replace(run, id=10, state="finished", title=title, started=1.0, result={"em": 0.46}),
        replace(run, id=11, state="running", title=title, started=1.0, done=1, total=4, seconds=90),
    ]
    lines = list_text(runs).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) <= 1 + 2 * {45: 4, 60: 3, 80: 2}[width]
    words = " ".join(" ".join(lines).split())
    for said in ("EM 0.460", "25%", "1:30", "running"):
        assert said in words
