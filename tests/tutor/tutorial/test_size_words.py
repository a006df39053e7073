from types import SimpleNamespace

from engine.chain.size import Size
from tutor.tutorial import size_words

QUICK, FULL = Size(400, 100), Size(2000, 300)


def card(student, shipped, size=QUICK):
    return SimpleNamespace(student_em=student, baseline_em=shipped, size=size)


def test_a_small_size_says_its_numbers_and_the_way_out():
    words = size_words.in_full(QUICK, "z chooses the full size.")
    assert "at most 400 answers" in words
    assert "on 100 problems, where a score of 0.50 has the 95% interval 0.40 to 0.60" in words
    assert words.endswith("that is the size, and no mistake of yours. z chooses the full size.")
    assert "±0.10" in size_words.in_short(QUICK)


def test_nothing_is_said_where_scores_mean_something():
    for size in (FULL, None):
        assert size_words.in_full(size) == size_words.in_short(size) == ""
        assert size_words.of_card(card(0.1, 0.2, size)) == ""


def test_a_student_that_got_worse_is_told_with_both_scores():
    begins = "Fine-tuned 0.12, as shipped 0.17. This size is small."
    assert size_words.of_card(card(0.12, 0.17)).startswith(begins)
    assert size_words.of_card(card(0.3, 0.17)).startswith("This size is small.")
    assert size_words.of_card(card(None, 0.17)).startswith("This size is small.")
