import pytest
import torch

from engine.data.problems import DataSpec
from engine.errors import EngineError, NotEnoughMemory
from engine.kinds import sft
from engine.kinds.specs import SftSpec, TeachSpec
from engine.models import loading
from engine.training import room
from engine.training.dataset import conversations, write
from engine.training.resume import ResumableTrainer


def a_spec(**changes):
    settings = {
        "teach": 1, "lora_r": 4, "max_steps": 3, "batch_size": 2, "logging_steps": 1,
        "warmup_steps": 1, "validation": 2, "device": "cpu",
    }  # fmt: skip
    return SftSpec(**{**settings, **changes})


@pytest.fixture
def taught(recorder):
    """A teach run, number 1, with a data set of the gold answers; how many is given."""

    def make(count):
        record = recorder("teach", TeachSpec())
        problems = DataSpec(split="train", level=1, limit=20).problems()[:count]
        rows = [
            {"problem_id": p.id, "question": p.question, "gold": p.gold, "text": p.answer}
            for p in problems
        ]
        write(conversations(rows), record.folder / "dataset")
        record.store.claim()
        record.store.end(1, "finished", result={})

    return make


def test_acorn_learns_what_the_teach_run_kept(recorder, taught):
    taught(20)
    spec = a_spec()
    record = recorder("sft", spec)
    result = sft.compute(spec, record)
    assert (result["steps"], result["rows"], result["validation_rows"]) == (3, 18, 2)
    assert (record.folder / "adapter" / "adapter_config.json").is_file()
    run = record.other(record.run.id)
    assert run.environment["device"] == "cpu"
    assert run.environment["load"]["precision"] == "nf4-dq"
    assert set(run.environment["fingerprints"]) == {"data", "model", "device"}
    assert run.environment["fallbacks"] == result["fallbacks"]
    assert (run.done, run.total, run.unit) == (3, 3, "steps")


def test_other_answers_under_the_same_number_are_refused(recorder, taught):
    taught(20)
    spec = a_spec()
    record = recorder("sft", spec)
    sft.compute(spec, record)
    record.environment(fingerprints={"data": "what the teacher said last year"})
    with pytest.raises(EngineError, match="The data is no longer what this run began with"):
        sft.compute(spec, record)


def test_no_data_set_is_said_plainly(recorder):
    recorder("teach", TeachSpec())
    spec = a_spec()
    with pytest.raises(EngineError, match="There is no data set in"):
        sft.compute(spec, recorder("sft", spec))


def test_models_kept_warm_make_room_for_it(recorder, taught, monkeypatch):
    taught(20)
    spec = a_spec(max_steps=1)
    record = recorder("sft", spec)
    record.warm.get("oak", lambda: "a large model")
    real = loading.load

    def load(*names, **options):
        assert not record.warm._kept
        return real(*names, **options)

    monkeypatch.setattr(sft, "load", load)
    assert sft.compute(spec, record)["steps"] == 1


def small_card(monkeypatch, room, works=0):
    """Stands in for a card with room for so many rows; it fills up after some steps."""
    real, tried = ResumableTrainer.training_step, []

    def step(self, model, inputs, *more):
        tried.append(len(inputs["input_ids"]))
        if len(tried) > works and tried[-1] > room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return real(self, model, inputs, *more)

    monkeypatch.setattr(ResumableTrainer, "training_step", step)
    return tried


def test_a_batch_without_room_is_summed_up_from_smaller_ones(recorder, taught, monkeypatch):
    taught(20)
    spec = a_spec(batch_size=6, checkpoint_steps=1, lora_dropout=0.0)
    whole = sft.compute(spec, recorder("sft", spec))
    tried = small_card(monkeypatch, room=2, works=2)
    record = recorder("sft", spec)
    result = sft.compute(spec, record)
    assert tried == [6, 6, 6, 3, 2, 2, 2], "two steps, then the third: by halves, then by thirds"
    environment = record.other(record.run.id).environment
    assert environment["at_most"] == 2
    fell_back = [each["what"] for each in environment["fallbacks"]]
    assert "3 rows together in place of 6" in fell_back
    assert "2 rows together in place of 3" in fell_back
    assert (result["steps"], result["tokens"]) == (whole["steps"], whole["tokens"])
    assert result["loss"] == pytest.approx(whole["loss"], rel=1e-4)


def test_a_batch_without_room_by_the_estimate_is_cut_before_it_is_tried(
    recorder, taught, monkeypatch
):
    """acorn, rows of some 90 tokens: 4 take 15 MB, 2 take 8."""
    taught(20)
    spec = a_spec(batch_size=4)
    monkeypatch.setattr(room.machine_probe, "memory", lambda device: (10**7, 10**7))
    tried = small_card(monkeypatch, room=4)
    record = recorder("sft", spec)
    assert sft.compute(spec, record)["steps"] == 3
    environment = record.other(record.run.id).environment
    assert environment["at_most"] == 2
    assert set(tried) == {2}
    (told,) = [each for each in environment["fallbacks"] if "in place of 4" in each["what"]]
    assert told["why"].startswith("4 rows of up to")


def test_no_room_for_one_row(recorder, taught, monkeypatch):
    taught(20)
    spec = a_spec(batch_size=2)
    tried = small_card(monkeypatch, room=0)
    with pytest.raises(NotEnoughMemory, match="a single row: CUDA out of memory") as raised:
        sft.compute(spec, recorder("sft", spec))
    assert tried == [2, 1]
    assert "max_length" in raised.value.way_out
