"""GSM8K from a folder and from the hub: a fixture of our own sentences, and the whole set."""

import json
import os
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from shutil import copytree

import pytest

from engine.data import gsm8k
from engine.data.annotations import ANNOTATION
from engine.data.problems import SPLITS, DataSpec
from engine.errors import NoNetwork, SpecError
from engine.evaluation import harness

FOLDER = Path(__file__).parent / "gsm8k"


def spec(folder=FOLDER, **changes):
    return DataSpec(**{"source": "gsm8k", "path": str(folder), "limit": 0, **changes})


def split(folder=FOLDER, **changes):
    return spec(folder, **changes).problems()


@pytest.fixture
def folder(tmp_path):
    """The fixture, to be spoilt."""
    return copytree(FOLDER, tmp_path / "gsm8k")


def rows(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def write(file, rows):
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")


def test_all_problems_are_there_each_in_one_split():
    found = {name: split(split=name) for name in SPLITS}
    assert {name: len(each) for name, each in found.items()} == {
        "train": 10, "validation": 2, "test": 6,
    }  # fmt: skip
    questions = [problem.question for each in found.values() for problem in each]
    written = [row["question"] for name in gsm8k.FILES for row in rows(FOLDER / f"{name}.jsonl")]
    assert sorted(questions) == sorted(written)


def test_golds_are_canonical_numbers():
    golds = {p.gold for name in SPLITS for p in split(split=name)}
    assert {"13.5", "3000", "-5", "3750"} <= golds
    assert all(p.answer.endswith(f"#### {p.gold}") for p in split() if p.gold != "3750")


def test_the_files_order_changes_nothing(folder):
    for name in gsm8k.FILES:
        file = folder / f"{name}.jsonl"
        shuffled = rows(file)
        Random(1).shuffle(shuffled)
        write(file, shuffled)
        assert rows(file) != rows(FOLDER / file.name)
    for name in SPLITS:
        assert split(folder, split=name) == split(split=name)
    assert spec(folder).fingerprint() == spec().fingerprint()


def test_fewer_are_the_first_of_more_and_a_seed_chooses_others():
    whole = split(split="train", seed=3)
    assert split(split="train", seed=3, limit=4) == whole[:4]
    other = split(split="train", seed=4)
    assert other != whole
    assert set(other) == set(whole)


def test_levels_do_not_apply():
    assert split(level=2) == split(level=9)


def test_a_folder_is_read_again_only_when_it_has_changed(folder):
    assert len(split(folder)) == 6
    file = folder / "test.jsonl"
    write(file, rows(file)[:5])
    assert len(split(folder)) == 5


def test_more_than_there_are():
    with pytest.raises(SpecError) as caught:
        split(limit=7)
    assert caught.value.field == "limit"
    assert "has 6 problems, not 7" in str(caught.value)
    with pytest.raises(SpecError, match="has 1,319 problems, not 1,320"):
        spec("", limit=1320).check()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('{"question": "How many', "is not JSON"),
        ("[1, 2]", "is not an object"),
        ('{"question": "How many?"}', "has no answer"),
        ('{"question": " ", "answer": "#### 1"}', "has no question"),
        ('{"question": "How many?", "answer": "It is 4."}', "without ####"),
        ('{"question": "How many?", "answer": "#### some"}', "'some' after ####"),
        ('{"question": "How many?", "answer": "#### 4 or 5"}', "not a number"),
    ],
)
def test_a_broken_line_is_named(folder, line, what):
    with (folder / "test.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(SpecError) as caught:
        split(folder)
    assert re.search(rf"Line 7 of .*test\.jsonl .*{re.escape(what)}", str(caught.value))
    assert "Mend that line" in caught.value.way_out


@pytest.mark.parametrize("line", ["9" * 5000, "[" * 100_000])
def test_json_that_no_program_has_to_bear_is_a_broken_line_too(folder, line):
    (folder / "test.jsonl").write_text(f'{{"question": {line}}}')
    with pytest.raises(SpecError, match=r"Line 1 of .*test\.jsonl is no"):
        split(folder)


def test_half_a_surrogate_pair_is_made_storable_where_it_enters(folder):
    (folder / "test.jsonl").write_text('{"question": "Why\\ud800?", "answer": "#### 4"}')
    [problem] = split(folder, split="test")
    assert problem.question == "Why\ufffd?"


def test_a_file_that_is_not_text(folder):
    (folder / "train.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SpecError, match=r"train\.jsonl cannot be read"):
        split(folder)


def test_a_question_in_both_files_is_refused(folder):
    file = folder / "test.jsonl"
    write(file, [*rows(file), rows(folder / "train.jsonl")[1]])
    with pytest.raises(SpecError, match=r"Question 7 of test\.jsonl is question 2 of train\.jsonl"):
        split(folder)


def test_a_missing_file_or_folder(folder):
    with pytest.raises(SpecError, match=re.escape(f"Did you mean {folder}?")):
        split(folder.parent)
    (folder / "test.jsonl").unlink()
    with pytest.raises(SpecError, match=r"There is no test\.jsonl in .*--data PATH"):
        split(folder)


def test_only_gsm8k_takes_a_folder_or_all():
    with pytest.raises(SpecError, match="reads no folder"):
        DataSpec(path="somewhere").check()
    with pytest.raises(SpecError, match="too few"):
        DataSpec(limit=0).check()


def test_a_relative_folder_is_made_absolute(monkeypatch):
    monkeypatch.chdir(FOLDER.parent)
    anchored = spec("gsm8k").anchored()
    assert anchored.path == str(FOLDER)
    assert DataSpec().anchored() == DataSpec()


def test_without_a_network_it_says_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("datasets.config.HF_CACHE_HOME", tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "datasets")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(NoNetwork, match=r"openai/gsm8k is not on this machine.*--data PATH"):
        spec("").problems()


@pytest.mark.hub
def test_the_hubs_set_is_the_published_one():
    for name, size in gsm8k.SIZES.items():
        assert len(split("", split=name)) == size


@pytest.fixture(scope="module")
def whole():
    """The folder of the whole set, as it was published."""
    if "TUTOR_DATA" not in os.environ:
        pytest.skip("TUTOR_DATA names no folder with gsm8k/train.jsonl and gsm8k/test.jsonl")
    return Path(os.environ["TUTOR_DATA"]) / "gsm8k"


def test_the_whole_set_has_its_published_sizes(whole):
    sizes = {name: len(split(whole, split=name)) for name in SPLITS}
    assert sizes == gsm8k.SIZES
    assert (sizes["train"] + sizes["validation"], sizes["test"]) == (7473, 1319)


def test_every_gold_of_the_whole_set_is_what_its_answer_says(whole):
    """The value after #### in every row; where the last annotation differs, it is counted."""
    all_of_it = [problem for name in SPLITS for problem in split(whole, split=name)]
    assert len({problem.id for problem in all_of_it}) == 8792
    last = {"same": 0, "another": 0, "none": 0}
    for problem in all_of_it:
        written = re.search(r"^#### (-?[\d,]+)$", problem.answer, re.MULTILINE)[1]
        assert Decimal(problem.gold) == Decimal(written.replace(",", ""))
        steps = ANNOTATION.findall(problem.answer)
        if not steps:
            last["none"] += 1
        else:
            same = Fraction(steps[-1][1].strip()) == Fraction(problem.gold)
            last["same" if same else "another"] += 1
    assert last == {"same": 8209, "another": 470, "none": 113}


def test_every_answer_of_the_whole_set_is_right_by_the_harness_too(whole):
    """A gold answer, judged against the gold number and against itself as the harness does it."""
    for problem in split(whole):
        assert harness.strict(problem.answer, problem.gold)
        assert harness.strict(problem.answer, problem.answer)
