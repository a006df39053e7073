"""What the cards say and what Enter on Home does, read off real rows."""

import pytest

from engine.errors import EngineError
from lessons.kit.course.course import load
from tests.tutor.homes import write
from tutor.tutorial import stages as progress
from tutor.tutorial.reader import Reader

UNIT = load().unit("tutorial")


def seen(hand):
    reader = Reader(hand.home)
    snapshot = reader.look(None)
    reader.close()
    return snapshot


def following(hand):
    return progress.what_next(UNIT, seen(hand))


def states(hand):
    return [place.state for place in progress.standings(UNIT, seen(hand))]


def test_a_new_home_offers_to_run_everything(hand):
    assert following(hand).does == "start"
    assert states(hand) == ["new"] * 5


def test_a_running_run_is_offered_to_be_watched(hand):
    ids = hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.5)
    assert following(hand).does == "run"
    assert following(hand).run == ids["sft"]
    assert states(hand) == ["finished", "finished", "running", "queued", "queued"]


def test_a_task_of_two_runs_says_which_runs_and_what_is_left_of_both(hand):
    hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.5)
    with hand.client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET eta_seconds = 72, progressed = 4e9 WHERE id = 3")
    [place] = [each for each in progress.standings(UNIT, seen(hand)) if each.state == "running"]
    assert (place.at, place.left) == (1, "at least 1:12 left")
    hand.client.store.end(record.run.id, "finished", result={})
    write(hand.begin(), "student", 0.25)
    [place] = [each for each in progress.standings(UNIT, seen(hand)) if each.state == "running"]
    assert (place.stage.id, place.at) == ("fine-tune", 2)


def test_what_a_failed_run_holds_up_has_not_failed(hand):
    ids = hand.chain(upto="sft")
    hand.begin()
    error = {"what": "No room.", "way_out": ""}
    hand.client.store.end(ids["sft"], "failed", error=error)
    assert states(hand)[2:] == ["failed", "queued", "queued"], "the teacher is judged all the same"
    hand.compute("validation_teacher")
    hand.compute("teacher")
    assert states(hand)[2:] == ["failed", "held up", "held up"]
    assert (following(hand).does, following(hand).run) == ("run", ids["sft"])


def test_an_interrupted_run_comes_first(hand):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.interrupt()
    assert following(hand).does == "resume"
    assert following(hand).run == ids["sft"]
    assert "last checkpoint" in following(hand).about


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ("cpu", "gives the same result as if it had never stopped."),
        ("cuda:0", "its result is the same but for how a card rounds its sums."),
        ("mps", "its result is the same but for how a card rounds its sums."),
        ("hosted", "nothing that it has is computed again."),
    ],
)
def test_a_resumed_runs_result_is_promised_where_it_holds(hand, device, words):
    hand.chain(upto="sft")
    hand.begin().environment(device=device)
    hand.client.store.interrupt()
    assert following(hand).about.endswith(words)


def test_a_failed_stage_says_why_and_the_way_out(hand):
    ids = hand.chain(upto="sft")
    hand.begin()
    error = EngineError("The disk is full.", "Free some space.")
    words = {"what": error.what, "way_out": error.way_out}
    hand.client.store.end(ids["sft"], "failed", error=words)
    assert following(hand).run == ids["sft"]
    assert following(hand).about == "The disk is full. Free some space."


def test_a_paused_stage_can_be_resumed(hand):
    ids = hand.submit()
    hand.client.pause(ids["baseline"])
    assert (following(hand).does, following(hand).run) == ("resume", ids["baseline"])


def test_a_whole_chain_leads_to_the_score_card(hand):
    hand.chain()
    assert following(hand).does == "score"
    assert following(hand).about == "42.5 of 100 points"
    assert states(hand) == ["finished"] * 5


def test_a_card_shows_the_result_of_its_stage(hand):
    hand.chain()
    results = [place.result for place in progress.standings(UNIT, seen(hand))]
    assert results[0] == "EM as shipped 0.09"
    assert results[1] == "371 answers kept"


def test_before_the_first_look_it_asks_to_wait():
    from tutor.tutorial.snapshot import Snapshot

    assert progress.what_next(UNIT, Snapshot()).does == "wait"
    broken = Snapshot(ready=True, trouble="The disk is gone.")
    assert progress.what_next(UNIT, broken).about == "The disk is gone."
