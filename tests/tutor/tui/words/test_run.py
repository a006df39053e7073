from tests.tutor.homes import write
from tutor.tui.words import run as outcome
from tutor.tutorial.reader import Reader


def view(hand, run_id):
    reader = Reader(hand.home)
    seen = reader.view(run_id)
    reader.close()
    return seen


def test_the_head_says_state_share_time_and_pace(hand):
    ids = hand.chain(upto="sft")
    write(hand.begin(), "sft", 0.5)
    words = outcome.head(view(hand, ids["sft"]), 76).plain
    assert words.startswith("▸ running  steps 23 of 46  █")
    assert "50%" in words
    assert "1,240 tok/s" in words
    assert len(words.splitlines()[0]) <= 76


def test_a_failed_run_says_why_and_the_way_out(hand):
    ids = hand.submit()
    hand.begin()
    error = {"what": "Too little memory.", "way_out": "Close something."}
    hand.client.store.end(ids["baseline"], "failed", error=error)
    assert (
        "Too little memory. Close something." in outcome.head(view(hand, ids["baseline"]), 76).plain
    )


def test_a_queued_run_says_what_it_waits_for_and_never_names_what_has_finished(hand):
    ids = hand.chain(upto="sft")

    def waits(name):
        runs = hand.client.runs()
        return outcome.why(hand.client.run(ids[name]), runs)

    assert waits("sft") == "It begins as soon as a worker is there."
    hand.begin()
    sft = "run 3 (sft acorn ← answers of run 2, r 32), which is running"
    assert waits("student") == f"It waits for {sft}."
    assert waits("teacher") == f"It waits for its turn, after {sft}."
    assert waits("cascade") == f"It waits for {sft}, and for 6 more."
    hand.client.pause(ids["sft"])
    hand.client.store.end(ids["sft"], "paused")
    assert waits("student") == f"It waits for {sft.replace('running', 'paused')}."
    hand.client.resume(ids["sft"])
    assert "It begins as soon" in waits("sft"), "what it needs has finished long ago"


def test_what_failed_for_anothers_sake_is_held_up_and_says_by_whom(hand):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.end(ids["sft"], "failed", error={"what": "No room.", "way_out": ""})
    words = outcome.head(view(hand, ids["student"]), 76).plain
    assert words.startswith("~ held up")
    assert "needs run 3 (sft acorn ← answers of run 2, r 32), which failed." in words


def test_facts_begin_with_the_result_and_tell_fallbacks(hand):
    ids = hand.chain()
    words = outcome.facts(view(hand, ids["teach"]).run).plain
    assert words.index("kept 371") < words.index("settings")
    assert "left out 29 wrong result" in words
    assert "adamw_torch" in outcome.facts(view(hand, ids["sft"]).run).plain


def test_the_record_holds_all_that_is_needed_to_repeat_it(hand):
    ids = hand.chain(upto="teach")
    words = outcome.record(view(hand, ids["baseline"]).run).plain
    for line in ("EM 0.09 (0.05 to 0.16)", "model acorn", "versions torch 2.13.0", "threads 2"):
        assert line in words


def test_nothing_is_left_of_a_day_in_a_log_line():
    assert outcome.without_date("2026-01-31 10:00:00  words") == "10:00:00  words"
    assert outcome.without_date("Traceback (most recent)") == "Traceback (most recent)"
