"""The watch on a real home: it tells what changes, carries out orders, and survives trouble."""

import queue

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from tests.tutor.homes import samples, write
from tutor.tui.threads.orders import OrderDone, OrderFailed
from tutor.tui.threads.runs import RunSeen, RunsSeen, Watch
from tutor.tutorial.choice import Choice

PATIENCE = 30


@pytest.fixture
def watch(hand):
    """A watch that has begun, and what it posts."""
    posted = queue.Queue()
    watch = Watch(hand.home, posted.put)
    watch.begin()
    yield watch, posted
    watch.stop()


def told(posted, kind, holds=lambda message: True):
    """The next message of that kind for which something holds."""
    while True:
        message = posted.get(timeout=PATIENCE)
        if isinstance(message, kind) and holds(message):
            return message


def test_it_tells_what_is_there_and_what_changes(hand, watch):
    _, posted = watch
    assert told(posted, RunsSeen).snapshot.runs == ()
    ids = hand.submit()
    seen = told(posted, RunsSeen, lambda m: len(m.snapshot.runs) == 10).snapshot
    assert {name: run.id for name, run in seen.stages.items()} == ids
    hand.compute("baseline")
    seen = told(posted, RunsSeen, lambda m: m.snapshot.card.baseline_em is not None).snapshot
    assert seen.card.baseline_em == 0.09


def test_it_tells_nothing_while_nothing_changes(hand, watch):
    _, posted = watch
    told(posted, RunsSeen, lambda m: m.snapshot.machine)
    with pytest.raises(queue.Empty):
        posted.get(timeout=2.5)  # two more looks


def test_samples_come_in_the_order_they_were_judged_and_each_once(hand, watch):
    watching, posted = watch
    ids = hand.submit()
    record = hand.begin()
    rows = samples(60, right=1, of=2)
    record.predictions(rows[:20], 20, 60)
    watching.look_at(ids["baseline"])
    view = told(posted, RunSeen, lambda m: len(m.view.samples) == 20).view
    record.predictions(rows[20:], 60, 60)
    view = told(posted, RunSeen, lambda m: len(m.view.samples) == 60).view
    assert [row["problem_id"] for row in view.samples] == [row["problem_id"] for row in rows]


def test_metrics_and_log_come_too(hand, watch):
    watching, posted = watch
    ids = hand.chain(upto="sft")
    write(hand.begin(), "sft", 0.5)
    watching.look_at(ids["sft"])
    view = told(posted, RunSeen, lambda m: len(m.view.metrics.get("loss", ())) == 23).view
    assert [step for step, _ in view.metrics["validation_loss"]] == [10, 20]
    assert view.log[-1].endswith("sft has written its rows")


def test_an_order_is_carried_out_and_answered(hand, watch):
    watching, posted = watch
    told(posted, RunsSeen)
    watching.order(lambda desk: desk.chain().start(("baseline",)), then=print)
    done = told(posted, OrderDone)
    assert hand.client.run(done.answer["baseline"]).state == "queued"
    assert done.then is print


def test_an_order_that_cannot_be_carried_out_is_told_in_words(hand, watch):
    watching, posted = watch
    watching.order(lambda desk: desk.client.pause(99))
    failed = told(posted, OrderFailed)
    assert "99" in failed.what


def test_a_mistake_of_ours_is_told_too_and_the_watch_lives_on(hand, watch):
    watching, posted = watch
    watching.order(lambda desk: 1 / 0)
    assert "ZeroDivisionError" in told(posted, OrderFailed).what
    assert "ZeroDivisionError" in (hand.home.path / "logs" / "tutor.log").read_text()
    watching.order(lambda desk: "here", then=print)
    assert told(posted, OrderDone).answer == "here"


def test_a_choice_changes_the_stages(hand, watch):
    watching, posted = watch
    hand.submit()
    told(posted, RunsSeen, lambda m: len(m.snapshot.stages) == 10)
    watching.choose(Choice(preset="full"))
    seen = told(posted, RunsSeen, lambda m: m.snapshot.choice.preset == "full").snapshot
    assert seen.stages == {}
    assert seen.specs["teach"]["data"]["limit"] == 2000


def test_a_home_that_cannot_be_used_is_told_in_words_and_orders_too(tmp_path):
    (tmp_path / "file").write_text("no folder")
    posted = queue.Queue()
    watch = Watch(Home(tmp_path / "file"), posted.put)
    watch.begin()
    try:
        assert "not a folder" in told(posted, RunsSeen).snapshot.trouble
        watch.order(lambda desk: desk.client.pause(1))
        assert told(posted, OrderFailed).what == "The runs cannot be read."
    finally:
        watch.stop()


def test_a_run_that_waits_without_a_worker_says_why(hand, watch, monkeypatch):
    from engine.runs.client import Client

    _, posted = watch
    monkeypatch.setattr(Client, "trouble", lambda self: EngineError("It ended.", "See its log."))
    hand.submit()
    assert told(posted, RunsSeen, lambda m: m.snapshot.trouble).snapshot.trouble == (
        "It ended. See its log."
    )
