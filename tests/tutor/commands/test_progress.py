"""`tutor progress`, and its `export` and `import`."""

import json
import signal

import pytest

from tests.tutor.lessons_here import right_answer
from tutor.learner.record import Learner


def answer(told, right=True):
    shown, _ = told("ask", "half")
    number = float(right_answer("half", shown["seed"]))
    told("ask", "half", "--answer", str(number if right else 4 * number))


def test_nothing_yet(tutor, told):
    assert "Nothing yet." in tutor("progress").stdout
    assert told("progress")[0]["days"] == []


def test_what_is_known_of_the_learner(tutor, told):
    for right in (False, True, False, True):
        answer(told, right)
    seen, code = told("progress")
    assert code == 0
    assert (seen["points"], seen["of"], seen["due"]) == (2, 10, 0)
    assert seen["shaky"] == ["numbers/halves/question/half"]
    assert [(slip["name"], slip["variants"]) for slip in seen["slips"]] == [("doubled", 2)]
    assert len(seen["days"]) == 1
    shown = tutor("progress").stdout
    for words in (
        "points          2 of 10", "shaky           halves/half", "Slips that recur",
        "doubled, in halves/half: on 2 of 2 variants", "That is twice the number.", "Mon",
    ):  # fmt: skip
        assert words in shown
    answer(told)
    answer(told)
    seen, _ = told("progress")
    assert seen["mastered"] == [], "not remembered on another day yet"
    assert seen["slips"] == []


def test_a_record_with_a_row_that_cannot_be_is_refused_and_the_home_goes_on(tutor, told, tmp_path):
    answer(told, right=False)
    record = json.loads(tutor("progress", "export", "-").stdout)
    file = tmp_path / "record.json"
    for name, value in (("at", "yesterday"), ("at", 1e18), ("seconds", -99999999)):
        broken = [{**record["attempts"][0], "uid": "other", name: value}]
        file.write_text(json.dumps({**record, "attempts": broken}))
        refused = tutor("progress", "import", file)
        assert refused.exit_code == 1
        assert f"attempts[0].{name} is {value!r}; it must be" in refused.stderr
        assert "Nothing was imported." in refused.stderr
    assert told("progress")[0]["days"][0]["attempts"] == 1


def test_brackets_too_deep_are_no_record(tutor, tmp_path):
    file = tmp_path / "record.json"
    file.write_text("[" * 200_000)
    refused = tutor("progress", "import", file)
    assert (refused.exit_code, "is no JSON file" in refused.stderr) == (1, True)


def test_what_was_dated_ahead_is_told(tutor, told, tmp_path):
    answer(told)
    record = json.loads(tutor("progress", "export", "-").stdout)
    record["attempts"][0] |= {"uid": "ahead", "at": 4e9}
    file = tmp_path / "record.json"
    file.write_text("\ufeff" + json.dumps(record), encoding="utf-8")
    imported = tutor("progress", "import", file)
    assert "1 attempts were new. Some of your record was dated ahead" in imported.stderr
    assert "About your record\n  Some of your record was dated ahead" in tutor("progress").stdout


def test_exported_and_imported_elsewhere(tutor, told, tmp_path):
    answer(told)
    file = tmp_path / "record.json"
    told_of, code = told("progress", "export", file)
    assert (told_of["attempts"], code) == (1, 0)
    other = ("--home", tmp_path / "other")
    added, _ = told("progress", "import", file, *other)
    assert (added["attempts"], added["sittings"]) == (1, 1)
    assert told("progress", "import", file, *other)[0]["attempts"] == 0
    (lesson,), _ = told("lessons", *other)
    assert lesson["points"] == 3


def test_through_a_pipe(tutor, told):
    answer(told)
    record = tutor("progress", "export", "-").stdout
    assert json.loads(record)["format"] == "efficient-ai-tutor learner"
    assert "0 attempts were new." in tutor("progress", "import", "-", typed=record).stderr


def test_what_is_no_record(tutor, tmp_path):
    file = tmp_path / "no.json"
    for text, said in (("[1]", "holds no learner's record"), ("no", "is no JSON file")):
        file.write_text(text)
        done = tutor("progress", "import", file)
        assert (done.exit_code, done.stdout) == (1, "")
        assert said in done.stderr
    assert tutor("progress", "import", tmp_path / "nowhere").exit_code == 2
    assert tutor("progress", "export", tmp_path / "nowhere" / "x.json").exit_code == 1


def test_a_file_that_cannot_be_written_leaves_no_draft(tutor, tmp_path):
    resource = pytest.importorskip("resource")
    _, most = before = resource.getrlimit(resource.RLIMIT_FSIZE)
    unheard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    target = tmp_path / "full.json"
    record = Learner.export
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Learner, "export", lambda self: record(self) | {"padding": "x" * 10**6})
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, most))
        try:
            done = tutor("progress", "export", target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, unheard)
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
    assert list(tmp_path.glob("full.json*")) == []
