import pytest

from engine.data.problems import DataSpec
from engine.errors import EngineError, ModelNotFound, NotEnoughMemory
from engine.kinds import asking_here as asking
from engine.kinds import evaluate
from engine.kinds.specs import EvaluateSpec
from engine.runs.record import Cancelled, Paused


def a_spec(model="acorn", **changes):
    settings = {"data": DataSpec(limit=10), "batch_size": 3, "max_new_tokens": 12, "device": "cpu"}
    return EvaluateSpec(model=str(model), **{**settings, **changes})


def told(rows):
    """What of predictions must be equal in every attempt: all but the order they came in."""
    return sorted(
        (tuple(value for name, value in row.items() if name != "rowid") for row in rows), key=str
    )


def without_times(result):
    return {
        name: value
        for name, value in result.items()
        if name not in ("seconds", "samples_per_second", "load")
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory, tiny):
    """A run that was never stopped: its result and its rows."""
    from engine.runs.client import Client
    from engine.runs.home import Home
    from engine.runs.record import Recorder

    client = Client(Home(tmp_path_factory.mktemp("whole")), worker=None)
    spec = a_spec(tiny)
    record = Recorder(client.store, client.run(client.submit("evaluate", spec)))
    result = evaluate.compute(spec, record)
    yield result, record.done_predictions()
    client.close()


def test_acorn_is_scored(recorder):
    spec = a_spec(max_new_tokens=80)
    record = recorder("evaluate", spec)
    result = evaluate.compute(spec, record)
    rows = record.done_predictions()
    assert result["n"] == len(rows) == 10
    assert result["correct"] == sum(row["correct"] for row in rows)
    assert result["em"] == result["correct"] / 10
    assert result["low"] <= result["em"] <= result["high"]
    assert sum(result["stages"].values()) == 10
    assert result["tokens_out"] == sum(row["tokens_out"] for row in rows)
    assert result["tokens_in"] == sum(row["tokens_in"] for row in rows)
    assert result["samples_per_second"] > 0
    assert result["load"]["precision"] == "nf4-dq"

    run = record.other(record.run.id)
    assert (run.done, run.total, run.unit) == (10, 10, "problems")
    assert set(run.environment["fingerprints"]) == {"data", "model", "device"}
    assert run.environment["device"] == "cpu"
    assert run.environment["load"]["quantized_params"] > 0
    assert any("fp32" in each["what"] for each in run.environment["fallbacks"])


def test_every_problem_has_one_row_with_all_that_was_asked_and_said(whole):
    _, rows = whole
    assert {row["problem_id"] for row in rows} == {p.id for p in DataSpec(limit=10).problems()}
    assert {row["batch"] for row in rows} == {0, 1, 2, 3}
    questions = {p.id: (p.question, p.gold) for p in DataSpec(limit=10).problems()}
    assert all((row["question"], row["gold"]) == questions[row["problem_id"]] for row in rows)


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_run_that_was_stopped_gives_what_one_that_was_not_gives(
    recorder, monkeypatch, tiny, whole, after
):
    """As after kill -9: what is committed is there, the batch that was going on is lost."""
    spec, calls = a_spec(tiny), []
    usual = asking.generate_batch

    def dies(*args, **options):
        if len(calls) == after:
            raise KeyboardInterrupt
        calls.append(args[1].index)
        return usual(*args, **options)

    first = recorder("evaluate", spec)
    monkeypatch.setattr(asking, "generate_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        evaluate.compute(spec, first)
    assert len(first.done_predictions()) == 3 * after

    def goes_on(*args, **options):
        calls.append(args[1].index)
        return usual(*args, **options)

    monkeypatch.setattr(asking, "generate_batch", goes_on)
    again = recorder("evaluate", spec, first.run.id)
    result = evaluate.compute(spec, again)
    assert calls == [0, 1, 2, 3], "no batch is generated twice"
    assert without_times(result) == without_times(whole[0])
    assert told(again.done_predictions()) == told(whole[1])


@pytest.mark.parametrize(("asked", "left_by"), [("pause", Paused), ("cancel", Cancelled)])
@pytest.mark.parametrize("look", [0.0, 1e9])
def test_a_request_to_stop_is_heeded_within_a_batch_or_after_it(
    recorder, monkeypatch, tiny, asked, left_by, look
):
    spec = a_spec(tiny)
    record = recorder("evaluate", spec)
    usual = asking.generate_batch

    def then_asked(*args, **options):
        record.stopping = lambda: asked
        return usual(*args, **options)

    monkeypatch.setattr(asking, "LOOK_SECONDS", look)
    monkeypatch.setattr(asking, "generate_batch", then_asked)
    with pytest.raises(left_by):
        evaluate.compute(spec, record)
    assert len(record.done_predictions()) == (0 if look == 0 else 3)


def test_a_finished_run_asks_nothing_again(recorder, monkeypatch, tiny, whole):
    spec = a_spec(tiny)
    record = recorder("evaluate", spec)
    evaluate.compute(spec, record)
    monkeypatch.setattr(asking, "generate_batch", lambda *_, **__: pytest.fail("asked again"))
    result = evaluate.compute(spec, recorder("evaluate", spec, record.run.id))
    assert result["samples_per_second"] is None
    assert without_times(result) == without_times(whole[0])


def test_the_model_stays_warm_for_the_next_run(recorder, tiny):
    spec = a_spec(tiny, data=DataSpec(limit=1))
    first = recorder("evaluate", spec)
    evaluate.compute(spec, first)
    second = recorder("evaluate", spec)
    second.warm = first.warm
    first.warm.get = lambda key, make: first.warm._kept[key]
    assert evaluate.compute(spec, second)["n"] == 1


def test_other_weights_are_not_taken_for_those_that_it_began_with(
    recorder, tiny, random_model, tmp_path
):
    model = random_model(tmp_path / "model")
    spec = a_spec(model)
    record = recorder("evaluate", spec)
    evaluate.compute(spec, record)
    random_model(model, seed=1)
    with pytest.raises(EngineError, match="model is no longer what this run began with"):
        evaluate.compute(spec, recorder("evaluate", spec, record.run.id))


def test_the_adapter_of_an_sft_run_is_put_on(recorder, tiny):
    import torch
    from peft import LoraConfig, get_peft_model

    from engine.models.loading import load

    model = get_peft_model(
        load(str(tiny), "fp32", device="cpu").model,
        LoraConfig(r=2, target_modules=["q_proj"], task_type="CAUSAL_LM"),
    )
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter)
    spec = a_spec(tiny, adapter=7)
    record = recorder("evaluate", a_spec(tiny))
    model.save_pretrained(record.folder_of(7) / "adapter")
    result = evaluate.compute(spec, record)
    assert result["load"]["adapter_params"] > 0
    run = record.other(record.run.id)
    assert len(run.environment["fingerprints"]["adapter"]) == 64


def test_an_sft_run_without_an_adapter(recorder, tiny):
    record = recorder("evaluate", a_spec(tiny))
    with pytest.raises(ModelNotFound, match="adapter"):
        evaluate.compute(a_spec(tiny, adapter=9), record)


def small_card(monkeypatch, room):
    """Stands in for a card with room for so many problems; gives back what was tried."""
    import torch

    usual, tried = asking.generate_batch, []

    def on_card(loaded, batch, **options):
        tried.append((batch.index, len(batch.problems)))
        if len(batch.problems) > room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return usual(loaded, batch, **options)

    monkeypatch.setattr(asking, "generate_batch", on_card)
    return tried


def test_a_batch_that_does_not_fit_is_halved_and_so_are_those_after_it(
    recorder, monkeypatch, tiny, whole
):
    tried = small_card(monkeypatch, room=2)
    spec = a_spec(tiny)
    record = recorder("evaluate", spec)
    result = evaluate.compute(spec, record)
    assert tried == [(0, 3), (0, 2), (0, 1), (1, 2), (1, 1), (2, 2), (2, 1), (3, 1)]
    assert without_times(result) == without_times(whole[0])
    assert told(record.done_predictions()) == told(whole[1])
    environment = record.other(record.run.id).environment
    assert environment["at_most"] == 2
    assert {
        "what": "2 problems together in place of 3",
        "why": "CUDA out of memory. Tried to allocate 2.00 GiB.",
    } in environment["fallbacks"]
    assert "2 problems together" in record.home.log(record.run.id).read_text()


def test_a_run_that_carries_on_keeps_to_the_halves(recorder, monkeypatch, tiny, whole):
    spec = a_spec(tiny)
    first = recorder("evaluate", spec)
    tried = small_card(monkeypatch, room=2)
    commit, asked = first.predictions, []

    def dies_after_one(*rows):
        commit(*rows)
        asked.append(rows)
        raise KeyboardInterrupt

    first.predictions = dies_after_one
    with pytest.raises(KeyboardInterrupt):
        evaluate.compute(spec, first)
    tried.clear()
    again = recorder("evaluate", spec, first.run.id)
    evaluate.compute(spec, again)
    assert tried == [(1, 2), (1, 1), (2, 2), (2, 1), (3, 1)], "3 at once are not tried again"
    assert told(again.done_predictions()) == told(whole[1])


def test_no_room_for_a_single_problem(recorder, monkeypatch, tiny):
    small_card(monkeypatch, room=0)
    spec = a_spec(tiny)
    with pytest.raises(NotEnoughMemory, match="a single problem") as raised:
        evaluate.compute(spec, recorder("evaluate", spec))
    assert "max_new_tokens" in raised.value.way_out
