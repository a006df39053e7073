"""Teacher data out of a run and into one, by the command line and the real worker."""

import json
import sys

import pytest
from datasets import Dataset

from engine.data.problems import DataSpec
from engine.kinds.specs import TeachSpec
from engine.runs.client import Client
from engine.training.chat_format import read, write


@pytest.fixture
def real_worker(monkeypatch):
    """A worker that leaves as soon as nothing is left to do."""
    command = (sys.executable, "-m", "engine.runs.worker", "--idle", "0.2")
    monkeypatch.setattr("lessons.kit.worker.lab.WORKER", command)


@pytest.fixture
def home(tmp_path):
    from engine.runs.home import Home

    return Home(tmp_path / "home")


def test_a_file_comes_in_as_a_finished_run_and_goes_out_as_it_was(
    tutor, told, home, tmp_path, real_worker
):
    rows = [
        {"question": p.question, "text": p.answer}
        for p in DataSpec(split="train", level=1, limit=3).problems()
    ]
    write(rows, tmp_path / "mine.jsonl")
    told_run, code = told("data", "import", tmp_path / "mine.jsonl", "--home", home.path)
    assert code == 0
    assert (told_run["state"], told_run["title"]) == ("finished", "teach from mine.jsonl")
    assert told_run["result"]["kept"] == 3
    number = told_run["id"]
    out, code = told("data", "export", number, "--to", tmp_path / "out.jsonl", "--home", home.path)
    assert (code, out["answers"]) == (0, 3)
    assert read(tmp_path / "out.jsonl") == read(tmp_path / "mine.jsonl")


def test_what_cannot_be_is_said_with_an_exit_code(tutor, home, tmp_path):
    with Client(home, worker=None) as client:
        client.submit("teach", TeachSpec())
        client.cancel(1)
    left = tutor("data", "export", 1, "--to", tmp_path / "x.jsonl", "--home", home.path)
    assert left.exit_code == 1
    assert "Run 1 is cancelled" in left.output
    left = tutor("data", "export", 9, "--to", tmp_path / "x.jsonl", "--home", home.path)
    assert left.exit_code == 3
    left = tutor("data", "import", tmp_path / "none.jsonl", "--home", home.path)
    assert left.exit_code == 1
    assert "There is no file" in left.output


NO_NUMBER = {"prompt": "Why?", "completion": "Because."}


@pytest.mark.parametrize(
    ("content", "options", "words", "code"),
    [
        ("{", [], "Line 1 of mine.jsonl is no JSON", 1),
        ('{"messages": []}', [], "is no conversation of one question and one answer", 1),
        ("\n", [], "holds no answer", 1),
        (json.dumps(NO_NUMBER), [], "None of the 1 answers in mine.jsonl can be kept", 1),
        (
            json.dumps({**NO_NUMBER, "completion": "#### 4"}),
            ["--keep", "best"],
            "keep is 'best'",
            2,
        ),
    ],
)
def test_an_import_that_is_refused_leaves_no_run_and_no_copy(
    tutor, home, tmp_path, content, options, words, code
):
    (tmp_path / "mine.jsonl").write_text(content)
    done = tutor("data", "import", tmp_path / "mine.jsonl", *options, "--home", home.path)
    assert (done.exit_code, words in done.stderr) == (code, True), done.stderr
    assert not (home.path / "imports").exists()
    with Client(home, worker=None) as client:
        assert client.runs() == []


def test_a_saved_data_set_that_is_refused_leaves_none_either(tutor, home, tmp_path):
    Dataset.from_list([NO_NUMBER]).save_to_disk(tmp_path / "mine")
    for folder, words in ((tmp_path / "mine", "None of the 1 answers"), ("/", "no data set that")):
        done = tutor("data", "import", folder, "--home", home.path)
        assert (done.exit_code, words in done.stderr) == (1, True), done.stderr
    assert not (home.path / "imports").exists()
