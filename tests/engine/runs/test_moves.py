"""Every state of a run beside every state of the run that waits for it, and what is done to it."""

from itertools import product

import pytest

from engine.errors import EngineError
from engine.runs.states import RESUMABLE, STATES
from engine.runs.store import Store

FAILED_ITSELF = '{"what": "No.", "way_out": ""}'
FOR_ITS_SAKE = '{"what": "Run 2 needs run 1.", "way_out": "", "because": 1}'
PARENT, CHILD = 1, 2
CHILDREN = (*STATES, "failed for its sake")
"""A child that failed is one that had begun, or one that never did."""


@pytest.fixture
def store(home):
    store = Store(home)
    parent = store.submit("count", "count", {})
    assert (parent, store.submit("count", "count", {}, [parent])) == (PARENT, CHILD)
    yield store
    store.close()


class Undo(Exception):
    """Leaves a transaction without a trace."""


def after(store, parent, child, do):
    """The two runs after `do`, begun in these states; None where it was refused."""
    found = None
    try:
        with store.database.transaction() as connection:
            for run_id, state in ((PARENT, parent), (CHILD, child)):
                failed = state.startswith("failed")
                error = FOR_ITS_SAKE if state == CHILDREN[-1] else FAILED_ITSELF
                connection.execute(
                    "UPDATE runs SET state = ?, error = ?, heartbeat = 1, attempts = 1 "
                    "WHERE id = ?",
                    (state.split()[0], error if failed else None, run_id),
                )
            try:
                do(store)
                found = store.run(PARENT), store.run(CHILD)
            except EngineError:
                pass
            raise Undo
    except Undo:
        return found


def fail(store):
    store.end(PARENT, "failed", error={"what": "No.", "way_out": ""})


def die(store):
    store.interrupt()


DOES = {
    "cancel": lambda store: store.cancel(PARENT),
    "pause": lambda store: store.pause(PARENT),
    "resume": lambda store: store.resume(PARENT),
    "fail": fail,
    "die": die,
}


def expected(parent, child, did):
    """(state, request) of the parent, and state of the child; None where it is refused.

    Independent of how it is done: read off what the learner is told.
    """
    never_began = child in ("queued", CHILDREN[-1])
    if parent == "cancelled":  # of an older release: whatever is not over goes with it
        came = {"queued", "paused", "interrupted", "failed for its sake"}
        child = "cancelled" if child in came else child
    elif parent == "failed" and child == "queued":
        child = CHILDREN[-1]
    stays = (parent, None), child.split()[0]
    goes = "cancelled" if never_began or child in ("paused", "interrupted") else child.split()[0]
    match did, parent:
        case "cancel", "running":
            return ("running", "cancel"), goes
        case "cancel", "queued" | "paused" | "interrupted":
            return ("cancelled", None), goes
        case "cancel", "cancelled":
            return stays
        case "cancel", "failed":
            held = child in ("failed for its sake", "paused", "interrupted", "running")
            return (("failed", None), goes) if held else None
        case "pause", "running":
            return ("running", "pause"), child.split()[0]
        case "pause", "queued" | "paused":
            return ("paused", None), child.split()[0]
        case "resume", "running" | "queued":
            return stays
        case "resume", _ if parent in RESUMABLE:
            comes_back = child == "failed for its sake"
            return ("queued", None), "queued" if comes_back else child.split()[0]
        case "fail", "running":
            return ("failed", None), "failed" if child == "queued" else child.split()[0]
        case "die", "running":
            return ("interrupted", None), child.split()[0]
        case "die", _:
            return stays
    return None


@pytest.mark.parametrize("did", DOES)
def test_what_becomes_of_a_run_and_of_what_waits_for_it(store, did):
    told = {}
    for parent, child in product(STATES, CHILDREN):
        if did == "fail" and parent != "running":
            continue  # the worker's to do
        if child == "running" and parent != "finished":
            continue  # it begins once what it needs has finished
        if child == "running" and did == "die":
            continue  # both would be one worker's
        found = after(store, parent, child, DOES[did])
        came = found and ((found[0].state, found[0].request), found[1].state)
        if came != expected(parent, child, did):
            told[parent, child] = (came, expected(parent, child, did))
    assert told == {}, "(came, expected) by the states before"
    assert [run.state for run in store.runs()] == ["queued", "queued"], "nothing was left behind"


@pytest.mark.parametrize("child", ("queued", "paused", "interrupted", "failed", CHILDREN[-1]))
def test_a_dead_workers_run_that_was_to_be_cancelled_takes_along_what_waits_for_it(store, child):
    def cancelled_then_killed(store):
        store.claim()
        store.cancel(PARENT)
        store.interrupt()

    run, waiting = after(store, "queued", child, cancelled_then_killed)
    assert run.state == "cancelled"
    assert waiting.state == ("failed" if child == "failed" else "cancelled")
