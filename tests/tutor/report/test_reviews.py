"""Reviews in words."""

import pytest

from tutor.learner.agenda import Coming, Due, Portion
from tutor.report.reviews import coming_text, left_words, portion_words

ONE = Due("numbers/absmax/question/scale", 0.0, 1, 0, 0.9, False)


def portion(now, due, today, asked=0, daily=40):
    return Portion((ONE,) * now, due, today, asked, daily)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (portion(0, 0, 0), ""),
        (portion(1, 1, 1), "1 question is due."),
        (portion(20, 20, 20), "20 questions are due."),
        (
            portion(20, 92, 40),
            "92 questions are due. This review asks 20, the most forgotten first; "
            "a day asks 40, so all have been asked in 2 days.",
        ),
        (
            portion(20, 30, 30),
            "30 questions are due. This review asks 20, the most forgotten first; "
            "the rest can be asked today, too.",
        ),
        (
            portion(0, 52, 0, asked=40),
            "Today's 40 reviews are done. 52 questions wait; "
            "a day asks 40, so all have been asked in 2 days.",
        ),
    ],
)
def test_how_much_of_what_is_due_is_asked(there, words):
    assert portion_words(there) == words


def test_what_is_left_after_a_review():
    assert left_words(portion(0, 0, 0)) == ""
    assert left_words(portion(0, 1, 0, asked=40)) == (
        "1 more question waits; a day asks 40, so all have been asked tomorrow."
    )
    assert left_words(portion(12, 12, 12)) == (
        "12 more questions wait; the rest can be asked today, too."
    )


def test_a_bar_for_each_day():
    asked = (40, 40, 1, 0, 2, 0)
    days = [Coming(f"2026-11-{22 + after}", 92, count) for after, count in enumerate(asked)]
    title, *rows = coming_text(days, "block").splitlines()
    assert title == "Reviews of the next 6 days"
    assert rows == [
        f"  Sun 22 Nov  {'█' * 24} 40", f"  Mon 23 Nov  {'█' * 24} 40",
        "  Tue 24 Nov  █ 1", "  Wed 25 Nov  ·",
        "  Thu 26 Nov  █ 2",
    ]  # fmt: skip
    assert "#" * 24 in coming_text(days, "ascii")
    assert coming_text(days[3:4], "block") == ""
    assert coming_text([Coming("2026-11-22", 3, 3)], "block").splitlines()[1].count("█") == 3
