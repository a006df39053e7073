import pytest

from engine.errors import EngineError, SpecError
from engine.runs.home import Home
from engine.runs.smaller import checked, divisors
from engine.runs.store import Store

WHOLE = {
    "evaluate": {"model": "acorn", "batch_size": 50},
    "sample": {"model": "acorn", "batch_size": 50},
    "teach": {"teacher": "oak", "in_flight": 50},
    "sft": {"student": "acorn", "batch_size": 12, "gradient_accumulation": 1},
    "cascade": {"strong_model": "oak", "batch_size": 50},
}


@pytest.fixture
def store(tmp_path):
    return Store(Home(tmp_path / "home"))


def paused(store, kind, **changes):
    run_id = store.submit(kind, kind, {**WHOLE[kind], **changes})
    return store.pause(run_id)


@pytest.mark.parametrize("kind", WHOLE)
def test_every_kind_can_take_fewer_at_once(store, kind):
    run = paused(store, kind)
    for size in (1, 4):
        resumed = store.resume(run.id, size)
        assert (resumed.state, resumed.environment["at_most"]) == ("queued", size)
        assert resumed.spec == run.spec
        store.pause(run.id)
    assert store.resume(run.id).environment["at_most"] == 4, "what was said once holds"


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("size", [0, -1, 51])
def test_more_than_it_began_with_is_another_run(store, kind, size):
    run = paused(store, kind)
    with pytest.raises(SpecError, match="began with") as raised:
        store.resume(run.id, size)
    assert str(size) in raised.value.what and raised.value.way_out.startswith("Take 1")
    assert store.run(run.id).state == "paused"


def test_a_training_is_cut_evenly(store):
    run = paused(store, "sft")
    with pytest.raises(SpecError) as raised:
        checked(run, 5)
    assert raised.value.way_out == "Take 1, 2, 3, 4, 6, 12."
    assert divisors(7) == [1, 7]


@pytest.mark.parametrize(("kind", "field"), [("evaluate", "model"), ("teach", "teacher"),
                                             ("cascade", "strong_model")])  # fmt: skip
def test_a_hosted_model_takes_no_memory_here(store, kind, field):
    run = paused(store, kind, **{field: "openai:llama3.2:3b"})
    with pytest.raises(EngineError, match="hosted elsewhere"):
        store.resume(run.id, 4)


def test_what_computes_is_paused_first(store):
    run_id = store.submit("evaluate", "evaluate", WHOLE["evaluate"])
    store.claim()
    with pytest.raises(EngineError, match="is running") as raised:
        store.resume(run_id, 4)
    assert raised.value.way_out == f"`tutor pause {run_id}` first."
