"""What becomes of a step's digests when its code is written in another way."""

from types import SimpleNamespace

import pytest

from lessons.kit.course import course, same
from lessons.kit.course.lesson import every_lesson
from lessons.kit.linting import same as linting
from lessons.kit.linting import variants
from lessons.kit.linting.finding import Notes
from lessons.kit.linting.same import check_same, judge, text
from tests.lessons.kit.small_lesson import LABS, QUESTIONS, write

ID = "numbers/absmax"
QUESTION, LAB, TEXT = "a/b/question/scale", "a/b/lab/row", "a/b/reading/end"


def step(id, digest):
    _, kind, name = id.rsplit("/", 2)
    return SimpleNamespace(id=id, kind=kind, name=name, digest=digest)


def judged(id, digest, before="asks", now="asks", **said):
    """What becomes of a step that was known as 1 and 2; a question asks something."""
    asked = ({QUESTION: before}, {QUESTION: now}) if id == QUESTION else ({}, {})
    return judge([step(id, digest)], {id: ("1", "2")}, *asked, **said)


@pytest.mark.parametrize(
    ("id", "digest", "more", "digests"),
    [
        (QUESTION, "2", {}, ("1", "2")),
        (QUESTION, "3", {}, ("1", "2", "3")),
        (QUESTION, "1", {}, ("1", "2")),
        (QUESTION, "3", {"other": {QUESTION}, "now": "asks otherwise"}, ("3",)),
        (LAB, "2", {}, ("1", "2")),
        (LAB, "3", {"alike": {LAB}}, ("1", "2", "3")),
        (LAB, "3", {"other": {LAB}}, ("3",)),
        (TEXT, "3", {"alike": {TEXT}}, ("1", "2", "3")),
        (TEXT, "3", {}, ("3",)),
    ],
)
def test_what_is_the_same_work_stays_it(id, digest, more, digests):
    made = judged(id, digest, **more)
    assert (made.known[id], made.open) == (digests, ())
    if id == QUESTION:
        assert made.asked == {QUESTION: more.get("now", "asks")}


@pytest.mark.parametrize(
    ("id", "digest", "more", "says"),
    [
        (QUESTION, "3", {"now": "asks otherwise"}, "does not ask what it asked"),
        (QUESTION, "3", {"now": "asks otherwise", "alike": {QUESTION}}, "does not ask what it"),
        (QUESTION, "2", {"now": "asks otherwise"}, "does not ask what it asked"),
        (LAB, "3", {}, "Say --same or --other"),
    ],
)
def test_what_nobody_has_compared_is_not_written(id, digest, more, says):
    made = judged(id, digest, **more)
    assert made.known == {id: ("1", "2")}
    assert made.asked == ({QUESTION: "asks"} if id == QUESTION else {})
    (told,) = made.open
    assert says in told
    assert told.startswith(id)


def test_a_question_of_which_nobody_knows_what_it_asked_is_not_the_same():
    made = judge([step(QUESTION, "3")], {QUESTION: ("2",)}, {}, {QUESTION: "asks"})
    assert made.open
    made = judge([step(QUESTION, "2")], {QUESTION: ("2",)}, {}, {QUESTION: "asks"})
    assert (made.open, made.asked) == ((), {QUESTION: "asks"})


def test_a_new_step_is_its_own_work_and_none_is_taken_out():
    made = judge([step(LAB, "3")], {"a/b/lab/gone": ("1",)}, {}, {})
    assert list(made.known.items()) == [(LAB, ("3",)), ("a/b/lab/gone", ("1",))]
    assert same.read(text(made.known)) == made.known


def test_what_a_question_asked_that_is_gone_is_not_kept():
    asked = {QUESTION: "asks"}
    made = judge([step(QUESTION, "2")], {QUESTION: ("2",)}, {**asked, "a/b/question/x": "1"}, asked)
    assert (made.asked, made.open) == (asked, ())


@pytest.fixture
def course_of(tmp_path, monkeypatch):
    """A course of one small lesson, with files of its own; gives what the command comes to."""
    monkeypatch.setattr(linting, "files", lambda package: tmp_path)
    known, asked = tmp_path / same.FILE, tmp_path / variants.FILE
    monkeypatch.setattr(variants, "files", lambda package: tmp_path)
    monkeypatch.setattr(same, "known", lambda: same.read(known.read_text()))
    known.write_text("")
    asked.write_text("")

    def run(*arguments, **files):
        made = write(tmp_path / f"course-{len(list(tmp_path.iterdir()))}", **files)
        monkeypatch.setattr(linting, "every_lesson", lambda: [made])
        code = linting.main(arguments)
        return code, {step.split("/", 2)[2]: each for step, each in same.known().items()}

    return run


def test_a_question_that_asks_the_same_is_told_without_its_author(course_of, capsys):
    _, before = course_of()
    rewritten = QUESTIONS.replace("127 / alpha", "1 * 127 / alpha")
    code, now = course_of(questions=rewritten, labs=LABS.replace("= 8)", "= 4)"))
    assert (code, now["lab/row"]) == (1, before["lab/row"])
    assert now["question/scale"][:-1] == before["question/scale"] != now["question/scale"]
    assert capsys.readouterr().out.startswith(f"{ID}/lab/row is written in another")


def test_a_question_that_asks_otherwise_is_other_work_once_its_author_says_so(course_of):
    _, before = course_of()
    files = {"questions": QUESTIONS.replace("127 / alpha", "126 / alpha")}
    step = f"{ID}/question/scale"
    assert course_of("--same", step, **files) == (1, before)
    code, now = course_of("--other", ID, **files)
    assert code == 0
    assert set(now["question/scale"]).isdisjoint(before["question/scale"])
    assert course_of(**files) == (0, now)


def test_a_step_that_there_is_not_is_said(course_of, capsys):
    with pytest.raises(SystemExit):
        course_of("--same", "numbers/absmax/lab/nowhere")
    assert "there is no step numbers/absmax/lab/nowhere" in capsys.readouterr().err


def test_a_step_goes_on_under_a_new_name(course_of, monkeypatch, tmp_path):
    course_of()
    old = (tmp_path / same.FILE).read_text()
    (tmp_path / same.FILE).write_text(old.replace("question/scale", "question/old"))
    renamed = {f"{ID}/question/old": f"{ID}/question/scale"}
    monkeypatch.setattr(course, "load", lambda: course.Course("", "", (), renamed=renamed))
    rewritten = QUESTIONS.replace("127 / alpha", "1 * 127 / alpha")
    _, now = course_of(questions=rewritten)
    assert len(now["question/scale"]) == 2
    assert "question/old" not in now


def test_the_linter_asks_of_code_that_reads_otherwise(tmp_path):
    made, notes = write(tmp_path), Notes()
    known = {each.id: ("1", each.digest) for each in made.steps}
    check_same([made], known, notes)
    assert notes.findings == []
    known |= {each.id: ("1",) for each in made.steps}
    del known[f"{ID}/lab/row"]
    check_same([made], known, notes)
    lab, question = sorted(map(str, notes.findings))
    assert "lab row: same.txt does not have it" in lab
    assert "question scale: It is written in another way" in question


def test_it_is_said_of_all_code_of_the_course():
    notes = Notes()
    check_same(every_lesson(), same.known(), notes)
    assert notes.findings == []
