from types import SimpleNamespace

import pytest

from tutor.tutorial import run_words as wording


def run(**fields):
    default = {
        "state": "running", "request": None, "kind": "sft", "done": 86, "total": 200,
        "unit": "steps", "eta_seconds": 72.0, "message": "", "result": None,
        "error": None,
    }  # fmt: skip
    return SimpleNamespace(**(default | fields))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0, "0 s"), (41.4, "41 s"), (72, "1:12"), (59.6, "1:00"), (7400, "2:03:20")],
)
def test_durations(seconds, words):
    assert wording.duration(seconds) == words


def test_a_share_is_never_whole_before_the_last_one_is_done():
    assert wording.share(299.9, 300) == "99%"
    assert wording.share(300, 300) == "100%"
    assert wording.share(0, 0) == "0%"


@pytest.mark.parametrize("width", [8, 20, 53])
def test_a_bar_is_as_wide_as_asked_and_grows_with_what_is_done(width):
    bars = [wording.bar(done, 300, width) for done in range(301)]
    assert {len(bar) for bar in bars} == {width}
    assert bars[0] == "░" * width
    assert bars[-1] == "█" * width
    filled = [len(bar.rstrip("░")) for bar in bars]
    assert filled == sorted(filled)


def test_a_state_is_a_glyph_and_a_word_and_says_what_was_asked_of_it():
    assert wording.state(run()) == "▸ running"
    assert wording.state(run(request="pause")) == "▸ pausing"
    assert wording.state(run(request="cancel")) == "▸ cancelling"
    assert wording.state(run(state="failed")) == "✗ failed"


def test_states_differ_without_their_colours():
    assert len({glyph for glyph, _, _ in wording.STATES.values()}) == len(wording.STATES)
    assert len({word for _, word, _ in wording.STATES.values()}) == len(wording.STATES)


def test_the_top_line_says_kind_share_and_time_left():
    assert wording.short(run()) == "fine-tune 43% 1:12 left"
    assert wording.short(run(eta_seconds=None)) == "fine-tune 43%"


def test_how_far_a_run_is():
    assert wording.far(run()) == "steps 86 of 200 · 43% · 1:12 left"
    assert wording.far(run(state="paused")) == "steps 86 of 200 · 43%"
    assert wording.far(run(total=0, message="loading oak")) == "loading oak"


def test_rates():
    assert wording.rate(1240.4, "tok") == "1,240 tok/s"
    assert wording.rate(4.25, "problems") == "4.2 problems/s"
    assert wording.rate(None, "tok") == ""


def foreseen(seconds, size=None, dollars=None):
    return {"seconds": seconds, "like": None, "bytes": size, "dollars": dollars}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([foreseen(80, 34e6, 0.0031)], "forecast 1:20 · 34 MB · $0.0031"),
        ([foreseen(80, 34e6), foreseen(20, 2.1e9, 1.2)], "forecast 1:40 · 2.1 GB · $1.20"),
        ([foreseen(None, 34e6)], "first time here: no forecast of time · 34 MB"),
        (
            [foreseen(80), foreseen(None)],
            "forecast at least 1:20: some of it was never timed on this machine",
        ),
        ([], "first time here: no forecast of time"),
    ],
)
def test_a_forecast_in_words(told, words):
    assert wording.forecast(told) == words


def test_a_forecast_is_held_against_what_it_took():
    noted = {"forecast": foreseen(80)}
    done = run(state="finished", environment=noted, seconds=75.2)
    assert wording.held_against(done) == "forecast 1:20, took 1:15"
    assert wording.held_against(run(environment=noted, seconds=75.2)) == "", "it is not over"
    noted = {"forecast": foreseen(80, 2.6e9), "peak": {"bytes": 2.4e9, "of": "card"}}
    done = run(state="finished", environment=noted, seconds=75.2)
    assert wording.held_against(done) == "forecast 1:20 · 2.6 GB, took 1:15 · 2.4 GB"
    noted = {"forecast": foreseen(80, None, 0.5), "peak": None}
    done = run(
        state="finished", environment=noted, seconds=75.2, result={"hosted": {"dollars": 0.4}}
    )
    assert wording.held_against(done) == "forecast 1:20 · $0.50, took 1:15 · $0.40"
    assert wording.held_against(run(state="finished", environment={}, seconds=1.0)) == ""


@pytest.mark.parametrize(
    ("of", "size", "words"),
    [
        ("card", 2.6e9, "2.4 GB of the card; forecast 2.6 GB"),
        ("process", 34e6, "2.4 GB with all libraries; forecast 34 MB beside them"),
        ("process", None, "2.4 GB with all libraries"),
    ],
)
def test_the_most_memory_is_held_against_what_was_foreseen(of, size, words):
    noted = {"forecast": foreseen(80, size), "peak": {"bytes": 2.4e9, "of": of}}
    assert wording.memory(run(environment=noted)) == words
    assert wording.memory(run(environment={"peak": None})) == ""


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""), ([4], "run 4"), ([9, 4], "runs 4 and 9"), ([1, 2], "runs 1 and 2"),
        ([3, 4, 5, 6, 7], "runs 3 to 7"), ([10, 3, 4, 5, 9], "runs 3 to 5, 9 and 10"),
    ],
)  # fmt: skip
def test_numbers_of_runs_are_told_in_spans(numbers, words):
    assert wording.runs(numbers) == words
