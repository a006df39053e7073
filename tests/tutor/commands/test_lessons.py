"""`tutor lessons` and `tutor read`."""

import pytest

from tests.tutor.lessons_here import right_answer


def test_the_list_in_words_and_in_json(tutor, told):
    assert "○ new" in tutor("lessons").stdout
    (lesson,), code = told("lessons")
    assert code == 0
    assert (lesson["lesson"], lesson["state"], lesson["steps"]) == ("numbers/halves", "new", 9)
    assert (lesson["points"], lesson["of"]) == (0, 10)


def test_what_was_done_shows(tutor, told):
    seed = told("ask", "half")[0]["seed"]
    told("ask", "half", "--answer", right_answer("half", seed))
    (lesson,), _ = told("lessons")
    assert (lesson["state"], lesson["done"], lesson["points"]) == ("begun", 1, 3)
    assert "◐ begun" in tutor("lessons").stdout
    assert "3/10" in tutor("lessons").stdout


def test_a_lesson_is_read_from_its_beginning_to_its_sources(tutor, learner):
    shown = tutor("read", "halves").stdout
    order = (
        "Halves (numbers/halves), 5 minutes, 10 points", "halve a number", "A half of 8 is 4.",
        "tutor ask half", "How much of 100 is left", "tutor lab halving --predict NUMBER",
        "tutor lab halving times=1", "tutor ask why", "tutor check halves", "That was all.",
        "Nobody, On Halves (2026)",
    )  # fmt: skip
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    states = {place.state for place in learner.steps("numbers/halves").values()}
    assert states == {"done"}
    assert len(learner.steps("numbers/halves")) == 4
    assert learner.place() == "numbers/halves/question/half"


def test_read_twice_it_is_recorded_once(tutor, learner):
    tutor("read", "halves")
    tutor("read", "numbers/halves")
    assert len(learner.history()) == 4


ELSEWHERE = "numbers/integers/lab/ring"


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "half"),
        ("ask", "half", "--answer", "1"),
        ("lab", "halving", "--predict", "24"),
        ("lab", "halving", "--skip"),
        ("check", "halves"),
        ("check", "halves", "--path"),
    ],
    ids=" ".join,
)
def test_what_is_asked_for_by_its_name_moves_no_place(told, learner, command):
    learner.go_to(ELSEWHERE)
    told(*command)
    assert learner.place() == ELSEWHERE, "where Home continues"
    assert learner.place("numbers/halves") is None


def test_prompts_of_one_question_move_no_place(tutor, learner):
    learner.go_to(ELSEWHERE)
    tutor("ask", "half", typed="1\nquit\n")
    assert learner.place() == ELSEWHERE


def test_home_continues_in_the_lesson_that_was_read(tutor, learner):
    learner.go_to("numbers/halves/lab/halving")
    learner.go_to(ELSEWHERE)
    tutor("read", "halves")
    assert learner.place() == "numbers/halves/lab/halving", "where one was in it"


def test_a_lesson_as_json(told):
    lesson, code = told("read", "halves")
    assert code == 0
    assert [step["kind"] for step in lesson["steps"]] == [
        "reading", "question", "reading", "predict", "lab", "question", "reading", "exercise",
        "reading",
    ]  # fmt: skip
    assert lesson["steps"][0]["text"] == "A half of 8 is 4."
    assert lesson["steps"][0]["state"] == "new"
    assert told("read", "halves")[0]["steps"][0]["state"] == "done"


def test_a_lesson_that_is_not_there(tutor):
    done = tutor("read", "thirds")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "There is no lesson 'thirds'." in done.stderr


@pytest.mark.parametrize("width", [60, 80])
def test_a_lesson_is_one_line_of_the_list_in_a_narrow_window_too(tutor, monkeypatch, width):
    from lessons.kit.course.lesson import every_lesson
    from tutor.learner.snapshot import LessonRecord
    from tutor.report.lessons import list_text

    monkeypatch.setenv("COLUMNS", str(width))
    lessons = list(every_lesson())
    records = [
        LessonRecord(each.id, "new", 0, len(each.steps), 0, each.points, (), 0) for each in lessons
    ]
    lines = list_text(lessons, records).splitlines()
    assert max(map(len, lines)) <= width
    assert len(lines) <= 1 + len(lessons) * (1 if width == 60 else 2)
    assert all(any(each.id in line for line in lines) for each in lessons)
