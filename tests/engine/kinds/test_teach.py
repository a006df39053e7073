import pytest

from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.kinds import teach
from engine.kinds.specs import TeachSpec
from engine.runs import looking
from engine.runs.record import Paused
from engine.training.dataset import read


def a_spec(**changes):
    data = DataSpec(split="train", level=3, limit=12)
    settings = {"data": data, "in_flight": 5, "max_new_tokens": 120, "device": "cpu"}
    return TeachSpec(**{**settings, **changes})


def test_oak_writes_a_data_set(recorder):
    spec = a_spec()
    record = recorder("teach", spec)
    result = teach.compute(spec, record)
    answers = {row["problem_id"]: row for row in record.done_answers()}
    assert result["asked"] == 12
    assert result["answered"] == len(answers) == 12 - sum(result["failures"].values())
    assert result["correct"] == sum(row["correct"] for row in answers.values()) == result["kept"]
    assert sum(result["dropped"].values()) == result["answered"] - result["kept"]
    assert result["tokens_out"] == sum(row["tokens_out"] for row in answers.values())

    rows = read(record.folder / result["dataset"])
    order = [each.id for each in spec.data.problems()]
    assert [row["problem_id"] for row in rows] == [
        each for each in order if each in answers and answers[each]["correct"]
    ]
    for row in rows:
        answer = answers[row["problem_id"]]
        assert row["prompt"] == [{"role": "user", "content": answer["question"]}]
        assert row["completion"] == [{"role": "assistant", "content": answer["text"]}]


def test_wrong_answers_can_be_kept(recorder, monkeypatch):
    """Acorn is mostly wrong."""
    counts = {}
    for keep in ("correct", "all"):
        spec = a_spec(teacher="acorn", keep=keep, data=DataSpec(split="train", level=2, limit=12))
        record = recorder("teach", spec)
        result = teach.compute(spec, record)
        counts[keep] = result["kept"]
        assert result["dropped"] == {} or keep == "correct"
    assert counts["all"] == result["answered"] > counts["correct"] > 0


def test_a_finished_run_computed_again_asks_nothing(recorder, monkeypatch):
    spec = a_spec(max_new_tokens=60)
    record = recorder("teach", spec)
    first = teach.compute(spec, record)
    assert first["failures"]
    monkeypatch.setattr("engine.teachers.local.generate_batch", None)
    again = teach.compute(spec, recorder("teach", spec, record.run.id))
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_nothing_to_learn_from_is_said_with_the_reasons(recorder):
    spec = a_spec(max_new_tokens=2)
    with pytest.raises(EngineError) as caught:
        teach.compute(spec, recorder("teach", spec))
    assert "Of 12 questions, 0 were answered" in caught.value.what
    assert "12 cut off at 2 tokens" in caught.value.what


def test_another_teacher_under_the_same_name_is_refused(recorder):
    spec = a_spec()
    record = recorder("teach", spec)
    record.environment(fingerprints={"model": "the weights of last year"})
    with pytest.raises(EngineError, match="The model is no longer what this run began with"):
        teach.compute(spec, record)


def test_a_pause_within_a_handful_loses_nothing(recorder, monkeypatch):
    spec = a_spec()
    record = recorder("teach", spec)
    spec.data.problems()  # made by now, so that it is the handful that looks
    monkeypatch.setattr(looking, "LOOK_SECONDS", 0)
    looks = iter([None, None, None, "pause"])
    with monkeypatch.context() as patch:
        patch.setattr(record, "stopping", lambda: next(looks))
        with pytest.raises(Paused):
            teach.compute(spec, record)
    assert record.done_answers() == record.done_failures() == []
    assert teach.compute(spec, record)["answered"] > 0
