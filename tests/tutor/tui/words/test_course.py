"""What Home says of the reviews."""

import pytest

from tutor.course.syllabus import Syllabus
from tutor.learner.agenda import Due, Portion
from tutor.tui.words.course import about_due, due_row

ONE = Due("numbers/absmax/question/scale", 0.0, 1, 0, 0.9, False)


@pytest.mark.parametrize(
    ("portion", "row"),
    [
        (Portion(), "nothing due"),
        (Portion((ONE,), 1, 1), "1 question due"),
        (Portion((ONE,) * 20, 92, 40), "40 of 92 today"),
        (Portion((), 52, 0, asked=40), "done for today; 52 wait"),
        (Portion((), 1, 0, asked=40), "done for today; 1 waits"),
    ],
)
def test_how_much_there_is_to_review_today(portion, row):
    assert due_row(Syllabus(ready=True, review=portion)) == row
    assert due_row(Syllabus()) == "…"


def test_home_says_how_much_a_review_asks_and_what_comes_first():
    said = about_due(Syllabus(ready=True, review=Portion((ONE,) * 20, 92, 40)))
    words = "\n".join(str(part.content) for part in said)
    assert "This review asks 20, the most forgotten first" in words
    assert "scale" in words and "and 10 more" in words
