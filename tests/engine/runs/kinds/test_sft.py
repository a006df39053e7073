import pytest

from engine.data.problems import DataSpec
from engine.errors import EngineError, NotEnoughMemory
from engine.models import loading
from engine.runs.kinds import sft
from engine.runs.specs import SftSpec, TeachSpec
from engine.training.dataset import conversations, write


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
        if record.warm._kept:
            raise NotEnoughMemory("There is no room.")
        return real(*names, **options)

    monkeypatch.setattr(sft, "load", load)
    assert sft.compute(spec, record)["steps"] == 1
