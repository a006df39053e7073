"""What hangs together: chains, what goes with a cancelled run, what is waited for, time left."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.chain import pipeline
from engine.runs import chains
from engine.runs.chains import BECAUSE, FOR_OTHERS
from engine.runs.client import Client
from engine.runs.states import OPEN, STATES
from engine.runs.store import Store
from tests.engine.runs.counting import Count
from tests.engine.runs.waiting import ended, reached


@pytest.fixture
def client(home):
    with Client(home, worker=None) as client:
        yield client


@pytest.fixture
def chain(client):
    """The tutorial's ten stages, all queued; their numbers by name."""
    return pipeline.submit(client, pipeline.build("quick"))


def put(client, run_id, state, **fields):
    """Have a run stand as a worker would have left it."""
    with client.store.database.transaction() as connection:
        assigned = "".join(f", {name} = :{name}" for name in fields)
        connection.execute(
            f"UPDATE runs SET state = :state{assigned} WHERE id = :id",
            {"state": state, "id": run_id, **fields},
        )


def names(chain, runs):
    by_number = {number: name for name, number in chain.items()}
    return {by_number[run.id] for run in runs}


def test_with_the_teachers_answers_goes_all_that_learns_from_them_and_what_was_only_for_that(
    client, chain
):
    client.cancel(chain["teach"])
    assert names(chain, client.store.open()) == {"baseline"}


def test_with_the_cascade_goes_what_was_only_for_it_and_what_has_a_result_of_its_own_stays(
    client, chain
):
    assert names(chain, client.going_with(chain["cascade"])) == {"teacher", "sample"}
    client.cancel(chain["cascade"])
    gone = {"teacher", "sample", "cascade"}
    assert names(chain, client.store.open()) == set(chain) - gone


def test_a_chain_is_paused_resumed_and_cancelled_as_one(client, chain):
    put(client, chain["baseline"], "finished", result="{}")
    client.store.claim()
    members = [run.id for run in client.chain(chain["sft"])]
    assert members == sorted(set(chain.values()) - {chain["baseline"]})

    def states():
        return {(run.state, run.request) for run in map(client.run, members)}

    def moves():
        return chains.chains(client.runs())[0].moves

    assert moves()
    assert len(client.pause_all(members)) == 9
    assert states() == {("running", "pause"), ("paused", None)}
    assert not moves()
    assert len(client.resume_all(members)) == 9
    assert states() == {("running", None), ("queued", None)}
    client.pause_all(members)
    client.store.end(chain["teach"], "paused")
    assert client.chain(chain["cascade"])[0].state == "paused"
    assert len(client.cancel_all(members)) == 9
    assert states() == {("cancelled", None)}
    assert client.pause_all(members) == client.resume_all(members) == []


def test_a_chain_with_a_failed_run_goes_on_from_it_or_is_given_up(client, chain):
    put(client, chain["baseline"], "finished", result="{}")
    client.store.claim()
    client.store.end(chain["teach"], "failed", error={"what": "No.", "way_out": ""})
    [found] = chains.chains(client.runs())
    assert (found.size, len(found.finished)) == (10, 1)
    assert found.moves, "the teacher can still be judged"
    client.pause_all(run.id for run in found.runs)
    assert chains.chains(client.runs())[0].state == "failed"
    client.resume_all(run.id for run in found.runs)
    assert {run.state for run in client.store.open()} == {"queued"}
    client.store.claim()
    client.store.end(chain["teach"], "failed", error={"what": "No.", "way_out": ""})
    client.cancel_all(run.id for run in client.store.open())
    assert [(run.id, run.state) for run in client.store.open()] == [(chain["teach"], "failed")]


def test_a_run_of_a_chain_that_stands_still_goes_on_with_all_of_it_else_alone(client, chain):
    client.pause_all(chain.values())
    assert len(client.go_on(chain["teach"])) == 10
    client.pause(chain["teach"])
    client.pause(chain["teacher"])
    assert [run.id for run in client.go_on(chain["teach"])] == [chain["teach"]]
    assert client.run(chain["teacher"]).state == "paused"


def test_of_a_chain_that_is_over_there_is_none(client, chain):
    client.cancel_all(chain.values())
    with pytest.raises(Exception, match="Run 3 is cancelled"):
        client.chain(chain["sft"])


def test_runs_that_do_not_hang_together_are_chains_of_their_own(client):
    alone = client.submit("count", Count())
    first = client.submit("count", Count())
    second = client.submit("count", Count(), after=[first])
    found = [[run.id for run in chain.runs] for chain in chains.chains(client.runs())]
    assert found == [[first, second], [alone]]


def test_what_is_waited_for_is_named_and_never_what_has_finished(client):
    first = client.submit("count", Count())
    second = client.submit("count", Count(), after=[first])
    other = client.submit("count", Count())

    def waited_for(run_id):
        return [run.id for run in chains.waits_for(client.run(run_id), client.runs())]

    assert waited_for(second) == [first]
    assert waited_for(other) == [first], "which is older, and nothing holds it up"
    put(client, first, "finished", result="{}")
    assert waited_for(second) == []
    client.store.claim()
    assert waited_for(other) == [second]


@pytest.mark.parametrize(
    ("state", "more", "foreseen", "left"),
    [
        ("running", {"eta_seconds": 30.0, "progressed": 4e9}, 100.0, 30.0),
        ("running", {"attempt_seconds": 40.0}, 100.0, 60.0),
        ("running", {"attempt_seconds": 140.0}, 100.0, 0.0),
        ("queued", {}, 100.0, 100.0),
        ("paused", {"done": 25, "total": 100}, 100.0, 75.0),
        ("queued", {}, None, None),
    ],
)
def test_a_runs_time_left_is_its_own_pace_else_its_forecast(client, state, more, foreseen, left):
    run_id = client.submit("count", Count())
    put(client, run_id, state, **more)
    assert chains.seconds_left(client.store.run(run_id), foreseen) == left


def test_a_chains_time_left_is_the_sum_and_says_of_how_many_runs_nobody_knows(client, chain):
    [whole] = chains.chains(client.runs())
    foreseen = {number: 10.0 for number in chain.values()}
    assert whole.left(foreseen) == (100.0, 0)
    assert whole.left(foreseen | {chain["sft"]: None}) == (90.0, 1)


@st.composite
def homes(draw):
    """Rows as they can stand: a run has begun only if what it needs has finished."""
    rows = []
    for number in range(1, draw(st.integers(2, 9))):
        earlier = [row["id"] for row in rows]
        after = draw(st.sets(st.sampled_from(earlier), max_size=3)) if earlier else set()
        done = all(rows[each - 1]["state"] == "finished" for each in after)
        state = draw(st.sampled_from(STATES if done else ("queued", "paused", "failed")))
        error = {"what": "", "way_out": ""}
        if not done and state == "failed":
            error[BECAUSE] = min(after)
        rows.append(
            {"id": number, "after": sorted(after), "state": state,
             "error": error if state == "failed" else None, "attempts": int(done),
             "for_others": draw(st.booleans())}
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One empty home for all examples: each fills it within a transaction, and leaves none."""
    from engine.runs.home import Home

    store = Store(Home(tmp_path_factory.mktemp("shared") / "home"))
    yield store
    store.close()


def read(store, rows):
    """Those rows as snapshots, through the database."""

    class Undo(Exception): ...

    try:
        with store.database.transaction(durable=False) as connection:
            for row in rows:
                noted = json.dumps({FOR_OTHERS: True} if row["for_others"] else {})
                connection.execute(
                    "INSERT INTO runs (id, kind, title, spec, state, error, environment, created, "
                    "attempts, heartbeat) VALUES (?, 'count', 'count', '{}', ?, ?, ?, 1, ?, 1)",
                    (row["id"], row["state"], row["error"] and json.dumps(row["error"]), noted,
                     row["attempts"]),
                )  # fmt: skip
                for each in row["after"]:
                    connection.execute("INSERT INTO dependencies VALUES (?, ?)", (row["id"], each))
            found = store.runs()
            raise Undo
    except Undo:
        return found


@given(homes(), st.data())
def test_nothing_that_could_still_come_to_something_goes_with_a_cancelled_run(shared, rows, data):
    runs = {run.id: run for run in read(shared, rows)}
    open_runs = [run for run in runs.values() if run.state in OPEN]
    if not open_runs:
        return
    asked = data.draw(st.sampled_from([run.id for run in open_runs]))
    gone = set(chains.going_with([asked], open_runs))
    ended = gone | {asked}
    for run in open_runs:
        if run.id == asked:
            continue
        needs_ended = not ended.isdisjoint(run.after)
        users = [other.id for other in open_runs if run.id in other.after]
        useless = (
            run.environment.get(FOR_OTHERS) and not run.attempts and users and ended >= set(users)
        )
        assert (run.id in gone) == bool(chains.may_cancel(run) and (needs_ended or useless))


@given(homes())
def test_every_open_run_is_in_exactly_one_chain_with_all_that_it_needs(shared, rows):
    runs = {run.id: run for run in read(shared, rows)}
    found = chains.chains(runs.values())
    members = [run.id for chain in found for run in chain.runs]
    assert sorted(members) == sorted(run.id for run in runs.values() if run.state in OPEN)
    for chain in found:
        inside = {run.id for run in chain.runs}
        for run in chain.runs:
            needed = {each for each in run.after if runs[each].state in OPEN}
            assert needed <= inside
            finished = {each for each in run.after if runs[each].state == "finished"}
            assert finished <= {each.id for each in chain.finished}
        assert chain.state in {run.state for run in chain.runs}
        assert not chain.moves or chain.state in ("running", "queued")
        assert chain.moves or chain.state != "queued"


def test_a_chain_survives_kill_9_paused_cancelled_or_neither(open_client, gate):
    def chain(client):
        first = client.submit("count", Count(wait_at=1, gate=str(gate)))
        second = client.submit("count", Count(), after=[first])
        return [first, second, client.submit("count", Count(), after=[first, second])]

    client = open_client()

    def die(members, ask):
        reached(client, members[0], 3)
        ask(members)
        client._launcher._started.kill()
        client._launcher._started.wait()
        client.sweep()
        return [client.run(each).state for each in members]

    goes_on = chain(client)
    assert die(goes_on, lambda _: None) == ["interrupted", "queued", "queued"]
    assert chains.chains_with(goes_on, client.runs())[0].state == "interrupted"
    client.resume_all(goes_on)
    assert die(goes_on, client.pause_all) == ["interrupted", "paused", "paused"]
    given_up = chain(client)
    assert die(given_up, client.cancel_all) == ["cancelled"] * 3
    gate.touch()
    client.resume_all(goes_on)
    assert [ended(client, each).state for each in goes_on] == ["finished"] * 3
    sums = {client.run(each).result["sum"] for each in goes_on}
    assert len(sums) == 1, "the one that was killed twice has what the others have"
