"""What is said of a chain before it is queued, while it goes on, and before it is cancelled."""

import pytest

from engine.chain.forecast import Forecast
from engine.runs.chains import chains
from tests.tutor.homes import write
from tutor.tutorial import chain_words
from tutor.tutorial.choice import Choice


@pytest.mark.parametrize(
    ("ahead", "teacher", "words"),
    [
        (Forecast(), "oak", "First time here: no forecast of time."),
        (Forecast(seconds=80, bytes=10**8), "oak", "Forecast 1:20 · 100 MB."),
        (Forecast(seconds=80, dollars=0.12), "oak",
         "Forecast 1:20 · $0.12. Nobody is paid: oak runs here"),
        (Forecast(seconds=80, dollars=0.12), "gemini:gemma-4-31b-it",
         "Forecast 1:20 · $0.12. The teacher is hosted by somebody else and may cost money.\n"),
        (Forecast(seconds=80), "openai:mine",
         "Forecast 1:20. The teacher is hosted by somebody else and may cost money; how much is "
         "not known before"),
    ],
)  # fmt: skip
def test_time_memory_and_money_are_said_before_anything_is_queued(ahead, teacher, words):
    assert chain_words.before_start([ahead], Choice(teacher=teacher)).startswith(words)


def test_a_chain_in_a_line(hand):
    def line(foreseen=None):
        return chain_words.one_line(chains(hand.client.runs()), foreseen or {})

    assert line() == ""
    ids = hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.5)
    assert line() == (
        "▸ running: 2 of 10 runs finished · time left not known: "
        "8 of the 8 runs to go have never been timed on this machine"
    )
    known = dict.fromkeys(ids.values(), 60.0)
    assert line(known) == "▸ running: 2 of 10 runs finished · 7:30 left in all"
    known[ids["student"]] = None
    told = "at least 6:30 left: 1 of the 8 runs to go has never been timed on this machine"
    assert line(known) == f"▸ running: 2 of 10 runs finished · {told}"
    hand.client.pause_all(ids.values())
    assert line(known).startswith("▸ pausing")
    hand.client.store.end(record.run.id, "failed", error={"what": "No.", "way_out": ""})
    assert line(known).startswith("✗ failed: 2 of 10 runs finished, run 3 failed")
    hand.client.cancel_all(ids.values())
    assert line(known).startswith("✗ failed: 1 of 2 runs finished, run 3 failed")


def test_what_is_lost_is_said_before_it_is(hand):
    ids = hand.chain(upto="sft")
    runs = hand.client.runs()
    words = chain_words.cancelling(hand.client.run(ids["sample"]), runs)
    assert "Cancelled with it: run 10, needing it; run 8, being only for that." in words
    [chain] = chains(runs)
    words = chain_words.cancelling_all([chain])
    assert words.startswith("Not over yet: 8 queued. The 2 that have finished stay")
