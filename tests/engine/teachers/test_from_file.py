"""Teacher data goes out as a file and comes back as a run that sft can learn from."""

import json
from pathlib import Path

import pytest
from datasets import Dataset, DatasetDict, load_from_disk

from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.kinds import teach
from engine.kinds.specs import TeachSpec
from engine.teachers import from_file
from engine.teachers.from_file import fingerprint
from engine.teachers.imports import give, keep
from engine.training.chat_format import read, write
from engine.training.dataset import read as read_dataset

DATA = DataSpec(split="train", level=1, limit=4)


@pytest.fixture
def taught(recorder):
    """A finished teach run, whose third answer is wrong."""
    record = recorder(TeachSpec(data=DATA))
    rows = []
    for n, problem in enumerate(DATA.problems()):
        said = "999" if n == 2 else problem.gold
        rows.append(
            {
                "problem_id": problem.id, "question": problem.question, "gold": problem.gold,
                "text": f"So it is.\n#### {said}", "extracted": said, "stage": "####",
                "correct": n != 2, "tokens_in": 9, "tokens_out": 9,
            }
        )  # fmt: skip
    record.answers(reversed(rows))
    result = teach.compute(record_spec := TeachSpec(data=DATA), record)
    assert result["kept"] == 3 and record_spec.teacher == "oak"
    record.store.claim()
    record.store.end(record.run.id, "finished", result=result)
    return record


@pytest.fixture
def bring(recorder, home):
    """Imports a file as the command does; gives back the record and the result."""

    def bring(path, **changes):
        spec = TeachSpec(teacher=keep(path, home), **changes)
        record = recorder(spec)
        return record, teach.compute(spec, record)

    return bring


def test_out_and_in_again_it_is_the_same_data_set(taught, bring, home, tmp_path):
    run = taught.other(taught.run.id)
    record, result = bring(give(run, home, tmp_path / "out.jsonl"))
    before = read_dataset(taught.folder / "dataset")
    after = read_dataset(record.folder / "dataset")
    assert list(before) == list(after)
    assert result["asked"] == result["kept"] == 3
    assert record.other(record.run.id).environment["known"] == 3


def test_as_datasets_too(taught, bring, home, tmp_path):
    folder = give(taught.other(taught.run.id), home, tmp_path / "out")
    kept = [problem.id for n, problem in enumerate(DATA.problems()) if n != 2]
    assert load_from_disk(str(folder))["problem_id"] == kept
    record, result = bring(folder)
    assert result["kept"] == 3
    assert list(read_dataset(record.folder / "dataset")) == list(load_from_disk(str(folder)))


def test_a_data_set_with_a_column_of_messages(bring, tmp_path):
    turns = [{"role": "user", "content": "2 + 2?"}, {"role": "assistant", "content": "#### 4"}]
    Dataset.from_list([{"messages": turns}]).save_to_disk(tmp_path / "mine")
    assert bring(tmp_path / "mine")[1]["kept"] == 1


def test_known_questions_are_judged_and_others_taken_at_their_word(taught, bring, tmp_path):
    known = DATA.problems()[0]
    rows = [
        {"question": known.question, "text": "<answer>12345</answer>"},
        {"question": "How many legs have two cows?", "text": "4 + 4 = 8, so <answer>8</answer>"},
        {"question": "Why?", "text": "Because."},
        {"question": "How many legs have two cows?", "text": "#### 9"},
    ]
    write(rows, tmp_path / "mine.jsonl")
    record, result = bring(tmp_path / "mine.jsonl")
    answers = {row["question"]: row for row in record.done_answers()}
    assert (answers[known.question]["gold"], answers[known.question]["correct"]) == (
        known.gold, False,
    )  # fmt: skip
    cows = answers["How many legs have two cows?"]
    assert (cows["gold"], cows["correct"], cows["stage"]) == ("8", True, "answer tag")
    assert result["dropped"] == {"wrong result": 1, "no number in it": 1}
    told = record.other(record.run.id).environment
    assert (told["known"], told["taken_at_its_word"], told["repeated"]) == (1, 2, 1)


def test_what_a_teacher_thought_is_neither_judged_nor_taught(taught, bring, home, tmp_path):
    """It stands on record as it came; the data set and its file have the answer alone."""
    known = DATA.problems()
    said = [
        {"question": known[0].question, "text": f"<think>#### 99?</think>\n#### {known[0].gold}"},
        {"question": known[1].question, "text": f"<think>#### {known[1].gold}"},
    ]
    write(said, tmp_path / "mine.jsonl")
    record, result = bring(tmp_path / "mine.jsonl", keep="all")
    assert result["dropped"] == {"nothing but thinking": 1}
    assert {row["problem_id"]: row["correct"] for row in record.done_answers()} == {
        known[0].id: True, known[1].id: False,
    }  # fmt: skip
    assert {row["text"] for row in record.done_answers()} == {each["text"] for each in said}
    [row] = read_dataset(record.folder / "dataset")
    assert row["completion"][0]["content"] == f"#### {known[0].gold}"
    assert [pair.answer for pair in read(record.folder / "dataset.jsonl")] == [
        f"#### {known[0].gold}"
    ]


def test_what_a_file_said_is_no_gold_answer_for_another_file(bring, tmp_path):
    for name, number in (("a.jsonl", 7), ("b.jsonl", 8)):
        write([{"question": "How many?", "text": f"#### {number}"}], tmp_path / name)
    bring(tmp_path / "a.jsonl")
    record, _ = bring(tmp_path / "b.jsonl")
    assert [row["gold"] for row in record.done_answers()] == ["8"]


def test_it_can_be_brought_in_with_the_answers_alone(taught, bring, home, tmp_path):
    out = give(taught.other(taught.run.id), home, tmp_path / "out.jsonl")
    record, _ = bring(out, rationale="answer only")
    assert [pair.answer for pair in read(record.folder / "dataset.jsonl")] == [
        f"#### {p.gold}" for n, p in enumerate(DATA.problems()) if n != 2
    ]


def test_a_file_that_changes_under_its_run_is_refused(bring, home, recorder, tmp_path):
    write([{"question": "How many?", "text": "#### 7"}], tmp_path / "a.jsonl")
    record, _ = bring(tmp_path / "a.jsonl")
    [kept] = (home.path / "imports").iterdir()
    kept.write_text(kept.read_text().replace("7", "8"))
    with pytest.raises(EngineError, match="The data is no longer"):
        teach.compute(TeachSpec(teacher=f"file:{kept}"), recorder(None, record.run.id))


def test_the_same_content_is_kept_once(home, tmp_path):
    write([{"question": "How many?", "text": "#### 7"}], tmp_path / "a.jsonl")
    assert keep(tmp_path / "a.jsonl", home) == keep(tmp_path / "a.jsonl", home)
    assert len(list((home.path / "imports").iterdir())) == 1
    title = TeachSpec(teacher=keep(tmp_path / "a.jsonl", home)).title()
    assert title == "teach from a.jsonl"


def test_a_files_fingerprint_is_its_contents(tmp_path):
    for name in ("a", "b"):
        Dataset.from_list([{"prompt": "2 + 2?", "completion": "#### 4"}]).save_to_disk(
            tmp_path / name
        )
        (tmp_path / name / "state.json").write_text('{"_data_files": [{"filename": "x"}]}')
        (tmp_path / name / "x").write_text("1")
        (tmp_path / name / "diary.txt").write_text(f"no part of it, {name}")
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    (tmp_path / "b" / "x").write_text("2")
    assert fingerprint(tmp_path / "a") != fingerprint(tmp_path / "b")


def test_what_cannot_be_taken_out_is_said(taught, recorder, home, tmp_path):
    run = taught.other(taught.run.id)
    (tmp_path / "there.jsonl").write_text("mine")
    with pytest.raises(EngineError, match="is there already"):
        give(run, home, tmp_path / "there.jsonl")
    assert (tmp_path / "there.jsonl").read_text() == "mine"
    with pytest.raises(EngineError, match="cannot be written: no such file"):
        give(run, home, tmp_path / "nowhere" / "out.jsonl")
    queued = recorder(TeachSpec(data=DATA))
    with pytest.raises(EngineError, match="is queued; its data set"):
        give(queued.other(queued.run.id), home, tmp_path / "out.jsonl")


COWS = {"role": "user", "content": "How many legs have two cows?"}
EIGHT = {"role": "assistant", "content": "4 + 4 = 8\n#### 8"}


@pytest.mark.parametrize(
    "row",
    [
        {"messages": [COWS, EIGHT]},
        {"prompt": [COWS], "completion": [EIGHT]},
        {"prompt": COWS["content"], "completion": EIGHT["content"]},
        {"messages": [{"role": "developer", "content": "Be brief."}, COWS, EIGHT]},
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": COWS["content"]}]},
                {"role": "assistant", "content": ["4 + 4 = 8\n", {"text": "#### 8"}]},
            ]
        },
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_line_may_have_any_of_the_shapes_that_others_write(tmp_path, row, mark):
    (tmp_path / "a.jsonl").write_text(f"{mark}{json.dumps(row)}\n", encoding="utf-8")
    teacher = from_file.read(tmp_path / "a.jsonl", {})
    [problem] = teacher.problems
    assert (problem.question, problem.gold) == (COWS["content"], "8")
    assert teacher.answers[problem.id] == EIGHT["content"]


def test_half_a_surrogate_pair_is_made_storable_where_it_enters(bring, tmp_path):
    line = '{"prompt": "How many\\ud800?", "completion": "\\u0000#### 8"}'
    (tmp_path / "a.jsonl").write_text(line)
    record, _ = bring(tmp_path / "a.jsonl")
    [row] = record.done_answers()
    assert (row["question"], row["text"]) == ("How many\ufffd?", "\ufffd#### 8")


@pytest.mark.parametrize(
    ("names", "taken"), [(["train", "test"], "train"), (["test"], "test"), (["a", "b"], None)]
)
def test_of_a_data_set_in_splits_the_one_to_learn_from_is_taken_and_told(
    bring, tmp_path, names, taken
):
    rows = {name: [{"prompt": f"How many {name}?", "completion": "#### 8"}] for name in names}
    splits = DatasetDict({name: Dataset.from_list(each) for name, each in rows.items()})
    splits.save_to_disk(tmp_path / "mine")
    if taken is None:
        with pytest.raises(EngineError, match=r"holds the splits a, b\. Give one .*mine/a"):
            bring(tmp_path / "mine")
        return
    record, _ = bring(tmp_path / "mine")
    assert [row["question"] for row in record.done_answers()] == [f"How many {taken}?"]
    assert record.other(record.run.id).environment["split"] == taken


def test_nothing_but_what_datasets_saved_is_copied(home, tmp_path):
    Dataset.from_list([{"prompt": "2 + 2?", "completion": "#### 4"}]).save_to_disk(
        tmp_path / "mine"
    )
    (tmp_path / "mine" / "photos").mkdir()
    (tmp_path / "mine" / "photos" / "me.png").write_bytes(b"x")
    kept = Path(keep(tmp_path / "mine", home).removeprefix("file:"))
    assert {each.name for each in kept.iterdir()} == {
        "state.json", "dataset_info.json", "data-00000-of-00001.arrow",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "..", ""])
def test_a_folder_that_names_files_elsewhere_is_refused(home, tmp_path, name):
    listed = {"_data_files": [{"filename": name}]}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "state.json").write_text(json.dumps(listed))
    with pytest.raises(EngineError, match="as a part of it"):
        keep(tmp_path / "mine", home)


@pytest.mark.parametrize(
    "path", [lambda at: "/", lambda at: "/dev/zero", lambda at: at, lambda at: at / ("x" * 300)]
)
def test_what_is_neither_a_file_nor_a_saved_data_set_is_refused_unread(home, tmp_path, path):
    with pytest.raises(EngineError, match=r"no data set|no file that|cannot be read"):
        keep(Path(path(tmp_path)), home)


def test_what_cannot_be_brought_in_is_said(bring, tmp_path):
    with pytest.raises(EngineError, match="There is no file"):
        bring(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").write_text("\n")
    with pytest.raises(EngineError, match="holds no answer"):
        bring(tmp_path / "empty.jsonl")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "x.json").write_text(json.dumps([]))
    with pytest.raises(EngineError, match="no data set that `datasets` saved"):
        bring(tmp_path / "folder")
