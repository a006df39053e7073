import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds import KINDS
from engine.kinds.specs import (
    SPECS,
    CascadeSpec,
    EvaluateSpec,
    SampleSpec,
    SftSpec,
    TeachSpec,
    read,
)
from engine.runs.own import Own, in_words

PAIR = Own("def to_prompt_ground_truth_pair(sample):\n    return sample\n")
EXAMPLES = [
    EvaluateSpec(model="acorn", adapter=4, data=DataSpec(split="validation", limit=20, seed=7)),
    TeachSpec(teacher="oak", keep="all"),
    SftSpec(teach=2, target_modules=("all-linear",), learning_rate=0.1),
    SampleSpec(model="Qwen/Qwen2.5-1.5B-Instruct", k=8),
    CascadeSpec(sample=5, strong=3, student=6, prices=Prices(0.2, 0.4), threshold=0.8),
    EvaluateSpec(own=PAIR),
    EvaluateSpec(own=Own(PAIR.source, reference=True)),
]


@pytest.mark.parametrize("spec", EXAMPLES, ids=lambda spec: spec.kind)
def test_a_spec_comes_back_from_json_as_it_was(spec):
    spec.check()
    assert read(spec.kind, json.loads(json.dumps(spec.to_dict()))) == spec


def test_there_is_a_spec_for_every_kind_that_can_be_computed():
    assert set(SPECS) <= set(KINDS)


@pytest.mark.parametrize("kind", SPECS)
def test_every_field_has_a_rule(kind):
    """Each field in turn gets a value that no field takes."""
    example = next(spec for spec in EXAMPLES if spec.kind == kind)
    for field in fields(example):
        if field.name in ("data", "prices"):
            continue
        values = example.to_dict() | {field.name: [] if field.name == "target_modules" else -2}
        with pytest.raises(SpecError) as caught:
            read(kind, values).check()
        assert caught.value.field == field.name
        assert field.name in caught.value.what


NONSENSE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
NAMES = sorted({field.name for spec in SPECS.values() for field in fields(spec)})
NESTED = sorted({field.name for cls in (DataSpec, Prices, Own) for field in fields(cls)})


@given(
    st.sampled_from(list(SPECS)),
    st.dictionaries(
        st.sampled_from(NAMES),
        NONSENSE | st.lists(NONSENSE) | st.dictionaries(st.sampled_from(NESTED), NONSENSE),
    ),
)
def test_nonsense_is_a_spec_error_or_a_spec(kind, values):
    known = {field.name for field in fields(SPECS[kind])}
    values = {name: value for name, value in values.items() if name in known}
    try:
        spec = read(kind, values)
        spec.check()
    except SpecError as error:
        assert error.what
    else:
        assert read(kind, json.loads(json.dumps(spec.to_dict()))) == spec
        assert spec.title()


def test_what_is_missing_or_unknown_is_named():
    with pytest.raises(SpecError, match="kind sft needs a value for teach"):
        read("sft", {"student": "acorn"})
    with pytest.raises(SpecError, match=r"no setting 'modle'. It has adapter, batch_size"):
        read("evaluate", {"modle": "acorn"})
    with pytest.raises(SpecError, match="It has source, split, level"):
        read("evaluate", {"data": {"splitt": "test"}})
    with pytest.raises(SpecError, match="no run of kind 'dream'"):
        read("dream", {})
    with pytest.raises(SpecError, match="test"):
        read("evaluate", {"data": {"split": "dev"}}).check()
    with pytest.raises(SpecError, match=r"prices\.output"):
        read("cascade", {"sample": 1, "prices": {"input": 0.1, "output": -1}}).check()


def test_runs_that_a_spec_names_are_its_needs():
    assert EvaluateSpec().needs() == {}
    assert EvaluateSpec(adapter=4).needs() == {"adapter": 4}
    assert SftSpec(teach=2).needs() == {"teach": 2}
    assert CascadeSpec(sample=5, strong=3).needs() == {"sample": 5, "strong": 3}


def test_titles_tell_runs_apart():
    assert EvaluateSpec().title() == "evaluate acorn, nf4-dq, 300 test problems"
    assert (
        EvaluateSpec(model="/models/mine/", adapter=4)
        .title()
        .startswith("evaluate mine + adapter 4")
    )
    assert TeachSpec().title() == "teach with oak, 2,000 questions"
    assert SftSpec(teach=2).title() == "sft acorn ← answers of run 2, r 32"
    assert SampleSpec(adapter=3).title() == "sample acorn + adapter 3, 5 × 300 test problems"
    assert CascadeSpec(sample=5).title() == "cascade run 5 → oak, K 5, threshold 0.5"


def test_a_folder_is_named_from_the_root_as_the_worker_stands_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "models" / "mine").mkdir(parents=True)
    (tmp_path / "models" / "mine" / "config.json").write_text("{}")
    (tmp_path / "acorn").mkdir()
    monkeypatch.chdir(tmp_path)
    assert EvaluateSpec(model="models/mine").anchored().model == str(tmp_path / "models" / "mine")
    assert EvaluateSpec(model="acorn").anchored().model == "acorn", "a built-in wins over a folder"
    assert EvaluateSpec(model="Qwen/Qwen2.5").anchored().model == "Qwen/Qwen2.5"


def test_a_spec_without_code_of_ones_own_does_not_mention_it():
    """So it is equal to one from before there was any."""
    assert "own" not in EvaluateSpec().to_dict()
    assert EvaluateSpec(own=PAIR).to_dict()["own"]["source"] == PAIR.source


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (Own("def other(): pass"), "no function `to_prompt_ground_truth_pair` in exercise.py"),
        (Own("x = 1\ndef to_prompt("), "exercise.py, line 2, is no Python"),
        (Own("x = '\0'"), "exercise.py"),
        (Own(7), "must be the text of a file"),
        (Own("x = 1\n" * 200_000), "1,200,000 characters"),
        ("text", "'text'"),
        (Own(f"{PAIR.source}\nKEY = 'AIza{'x' * 35}'"), "line 4, holds what looks like a key"),
    ],
)
def test_code_that_cannot_be_used_is_refused_before_anything_runs(own, says):
    with pytest.raises(SpecError, match=says) as caught:
        EvaluateSpec(own=own).check()
    assert caught.value.field == "own"


def test_code_is_told_in_a_few_words():
    told = in_words(EvaluateSpec(own=PAIR).to_dict())
    assert told["own"] == f"your code, 2 lines, sha {PAIR.sha}"
    assert in_words({"own": {"source": "", "reference": True}})["own"] == "the reference"
    assert in_words(EvaluateSpec().to_dict()) == EvaluateSpec().to_dict()
