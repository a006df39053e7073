"""The kinds that compute with code of one's own, with a real process of its own and real models."""

from dataclasses import replace
from pathlib import Path

import pytest

import lessons
from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.kinds import cascade, evaluate, teach
from engine.kinds.specs import CascadeSpec, EvaluateSpec, SampleSpec, TeachSpec
from engine.runs import looking
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.own import Fault, Own
from engine.runs.record import Paused, Recorder
from engine.runs.warm import Warm
from engine.teachers.imports import keep
from engine.training.chat_format import write
from engine.training.dataset import read
from lessons.kit.worker.own import perform

TUTORIAL = Path(lessons.__file__).parent / "tutorial"
WARM = Warm()
EVALUATE = EvaluateSpec(data=DataSpec(limit=6), max_new_tokens=30, device="cpu")
TEACH = TeachSpec(
    teacher="acorn", data=DataSpec(split="train", level=2, limit=12), in_flight=6,
    max_new_tokens=30, device="cpu",
)  # fmt: skip


def solution(lesson, *changes):
    source = (TUTORIAL / lesson / "solution.py").read_text()
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    return Own(source, reference=not changes)


@pytest.fixture
def home(tmp_path):
    client = Client(Home(tmp_path / "home"), worker=None)
    yield client
    client.close()


def run(client, spec, own=perform):
    """A recorder of a run of this spec, which is claimed."""
    number = client.submit(spec.kind, spec)
    while client.store.claim().id != number:
        pass
    return Recorder(client.store, client.run(number), warm=WARM, own=own)


def timeless(result):
    return {k: v for k, v in result.items() if k not in ("seconds", "samples_per_second", "load")}


def test_the_baseline_by_the_reference_is_the_baseline(home):
    plain = evaluate.compute(EVALUATE, run(home, EVALUATE))
    spec = replace(EVALUATE, own=solution("quantize"))
    record = run(home, spec)
    result = evaluate.compute(spec, record)
    told = result.pop("own")
    assert timeless(result) == timeless(plain)
    assert told == {
        "reference": True, "golds_differ": 0, "questions_changed": 0,
        "em_by_its_golds": plain["em"],
    }  # fmt: skip


def test_wrong_golds_are_counted_and_raise_no_score(home):
    wrong = ('return before + after + digits.replace(",", "")', 'return "5"')
    spec = replace(EVALUATE, own=solution("quantize", wrong))
    record = run(home, spec)
    result = evaluate.compute(spec, record)
    golds = [each.gold for each in spec.data.problems()]
    assert result["own"]["golds_differ"] == sum(gold != "5" for gold in golds) > 0
    rows = record.done_predictions()
    assert sorted(row["gold"] for row in rows) == sorted(golds)
    fives = sum(row["extracted"] == "5" for row in rows)
    assert result["own"]["em_by_its_golds"] == pytest.approx(fives / 6)


def test_the_prompt_that_it_makes_is_the_one_that_is_asked(home):
    shout = ('"content": sample["question"]', '"content": sample["question"].upper()')
    spec = replace(EVALUATE, own=solution("quantize", shout))
    record = run(home, spec)
    assert evaluate.compute(spec, record)["own"]["questions_changed"] == 6
    assert all(row["question"].isupper() for row in record.done_predictions())


def test_a_fault_shows_before_a_model_is_loaded(home, monkeypatch):
    monkeypatch.setattr(evaluate, "at_hand", None)
    spec = replace(EVALUATE, own=solution("quantize", ('sample["question"]', 'sample["text"]')))
    with pytest.raises(Fault, match=r"exercise\.py, line \d+, in to_prompt.*KeyError: 'text'"):
        evaluate.compute(spec, run(home, spec))
    monkeypatch.setattr(teach, "at_hand", None)
    spec = replace(TEACH, own=solution("distill", ('row["question"]', 'row["text"]')))
    with pytest.raises(Fault, match=r"Tried on 5 rows before .*create_distilled.*KeyError: 'text'"):
        teach.compute(spec, run(home, spec))


def test_a_worker_that_was_given_nobody_to_run_it_says_so(home):
    spec = replace(EVALUATE, own=solution("quantize"))
    number = home.submit("evaluate", spec)
    record = Recorder(home.store, home.run(number))
    with pytest.raises(EngineError, match="cannot run code of one's own"):
        evaluate.compute(spec, record)


def test_the_data_set_by_the_reference_is_the_engines_and_its_answers_serve_again(
    home, monkeypatch
):
    plain = teach.compute(TEACH, run(home, TEACH))
    assert plain["kept"] > 0

    # What is on record is not asked again, whatever the code then makes of it.
    monkeypatch.setattr("engine.teachers.local.generate_batch", None)
    spec = replace(TEACH, own=solution("distill"))
    record = run(home, spec)
    result = teach.compute(spec, record)
    assert result["own"] == {"reference": True, "answers_of": 1}
    assert result["fingerprint"] == plain["fingerprint"]
    assert result["tokens_out"] == plain["tokens_out"]
    assert (
        result["dropped"].get("by the reference's filter", 0) == result["answered"] - result["kept"]
    )
    assert "answers are those of run 1" in "\n".join(home.log_tail(record.run.id))

    everything = ("return got is not None and got == wanted", "return True")
    spec = replace(TEACH, own=solution("distill", everything))
    record = run(home, spec)
    result = teach.compute(spec, record)
    assert result["kept"] == result["answered"] == plain["answered"]
    assert len(read(record.folder / result["dataset"])) == result["kept"]

    none = ("return got is not None and got == wanted", "return False")
    spec = replace(TEACH, own=solution("distill", none))
    with pytest.raises(EngineError, match=r"none of the answers can be kept \(.* by your filter"):
        teach.compute(spec, run(home, spec))

    other = replace(TEACH, own=solution("distill"), seed=1)
    with pytest.raises(TypeError, match="NoneType"):  # it would ask, since the run is another
        teach.compute(other, run(home, other))


def test_code_of_ones_own_is_given_answers_without_the_thinking(home, tmp_path):
    """As a hosted client gives them; a teacher that only thought has written nothing."""
    said = [
        {"question": "2 + 2?", "text": "<think>#### 5?</think>\n#### 4"},
        {"question": "3 + 3?", "text": "<think>#### 6"},
    ]
    write(said, tmp_path / "mine.jsonl")
    spec = TeachSpec(teacher=keep(tmp_path / "mine.jsonl", home.home), own=solution("distill"))
    record = run(home, spec)
    result = teach.compute(spec, record)
    assert result["dropped"] == {"left out by the reference's code": 1}
    [row] = read(record.folder / "dataset")
    assert row["completion"] == [{"role": "assistant", "content": "#### 4"}]


def test_invented_answers_fail_the_run_in_words(home):
    invented = ('"content": text}', '"content": text + " I am sure."}')
    spec = replace(TEACH, own=solution("distill", invented))
    with pytest.raises(Fault, match="row 1: this completion is not what the teacher answered"):
        teach.compute(spec, run(home, spec))


def test_paused_while_the_code_computes_it_carries_on_to_the_same(home, monkeypatch):
    spec = replace(TEACH, own=solution("distill"))
    whole = teach.compute(spec, run(home, spec))

    monkeypatch.setattr("engine.kinds.teach.take_over", lambda record: None)
    record = run(home, spec)
    made = teach.made

    def stopped(*given):
        monkeypatch.setattr(record, "stopping", lambda: "pause")
        monkeypatch.setattr(looking, "LOOK_SECONDS", 0)
        return made(*given)

    with monkeypatch.context() as patch:
        patch.setattr(teach, "made", stopped)
        with pytest.raises(Paused):
            teach.compute(spec, record)
    monkeypatch.undo()
    assert len(record.done_answers()) == whole["answered"]
    again = Recorder(home.store, home.run(record.run.id), warm=WARM, own=perform)
    result = teach.compute(spec, again)
    assert timeless(result) == timeless(whole)


@pytest.fixture
def drawn(home):
    """A finished sample run of planted samples, and one of the strong model that knows all."""
    problems = DataSpec(level=1, limit=6).problems()
    said = [["#### 5"] * 3, ["#### 5", "#### 5.0", "no"], ["#### 1", "#### 2", "#### 3"]]
    said += [["no"] * 3] * 3
    load = {"precision": "nf4-dq", "quantized_params": 90, "unquantized_params": 9,
            "adapter_params": 1}  # fmt: skip

    def finished(spec, rows):
        record = run(home, spec)
        record.environment(load=load, fingerprints={"data": "the problems"})
        record.predictions(rows, len(rows), len(rows))
        home.store.end(record.run.id, "finished", result={"em": 0.4})
        return record.run.id

    def row(problem, text, sample):
        value = {"#### 5.0": "5"}.get(text, text[5:] or None)
        return {
            "problem_id": problem.id, "sample": sample, "question": problem.question,
            "gold": problem.gold, "text": text, "extracted": value if value != "no" else None,
            "stage": "####", "correct": value == problem.gold, "tokens_in": 20,
            "tokens_out": 10, "cut_off": False,
        }  # fmt: skip

    rows = [row(p, text, at) for p, texts in zip(problems, said, strict=True)
            for at, text in enumerate(texts)]  # fmt: skip
    sample = finished(SampleSpec(k=3), rows)
    knows = [row(p, f"#### {p.gold}", 0) for p in problems]
    strong = finished(EvaluateSpec(model="oak"), knows)
    return CascadeSpec(sample=sample, strong=strong, k=3, threshold=0.6)


def test_the_cascade_by_the_reference_is_the_engines(home, drawn):
    plain = cascade.compute(drawn, run(home, drawn))
    spec = replace(drawn, own=solution("confidence"))
    record = run(home, spec)
    result = cascade.compute(spec, record)
    told = result.pop("own")
    assert result == plain
    assert (told["reference"], told["differs_from_vote"]) == (True, 0)
    assert (record.folder / told["said"]).is_file()


def test_the_cascade_decides_by_what_the_code_says(home, drawn):
    """Sure of everything, it keeps what has an answer, and asks nobody."""
    sure = ("count / num_samples", "1.0")
    unsure = ('return "", 0.0', 'return "", 1.0')
    spec = replace(drawn, own=solution("confidence", sure, unsure))
    result = cascade.compute(spec, run(home, spec))
    assert result["sent"] == 0
    assert result["cost_saving"] == 1
    assert result["own"]["differs_from_vote"] == 5
    assert {row["share_sent"] for row in result["grid"]} == {0}


def test_an_answer_of_its_own_fails_the_run_in_words(home, drawn):
    spec = replace(drawn, own=solution("confidence", ('format(number, "f")', '"42"')))
    with pytest.raises(Fault, match=r"gave .'42', 1.0. for problem .* in none of the samples"):
        cascade.compute(spec, run(home, spec))
