import pytest

from engine.evaluation import harness
from engine.evaluation.answers import judge


@pytest.mark.parametrize(
    ("text", "gold", "strict", "flexible"),
    [
        ("#### 18", "18", True, True),
        ("#### 1,000", "1000", True, True),
        ("#### 1000", "1,000", True, True),
        ("#### 18.", "18", True, True),
        ("#### -18", "-18", True, True),
        ("#### 18\n#### 20", "18", True, False),  # strict takes the first, flexible the last
        ("The answer is 18.", "18", False, True),
        ("It costs $18", "18", False, True),
        ("no number", "18", False, False),
    ],
)
def test_the_published_patterns(text, gold, strict, flexible):
    assert (harness.strict(text, gold), harness.flexible(text, gold)) == (strict, flexible)


@pytest.mark.parametrize(
    ("text", "gold", "strict", "flexible"),
    [
        ("#### $18", "18", False, True),
        ("####18", "18", False, True),
        ("#### 18.00", "18", False, False),
        ("#### 5 000", "5000", False, False),
        ("#### 18 (that is 3*6)", "18", True, False),
    ],
)
def test_right_answers_that_they_fail(text, gold, strict, flexible):
    """Why they stand beside our score and not in its place."""
    judged = judge(text, gold)
    assert judged.correct
    assert (judged.strict, judged.flexible) == (strict, flexible)


def test_a_whole_gold_answer_is_cut_to_its_number():
    gold = "She sells 16 - 7 = <<16-7=9>>9 eggs.\n#### 1,800"
    assert harness.strict("#### 1800", gold)
    assert harness.flexible("It is 1,800", gold)


def test_nothing_found_is_said_in_the_harness_word():
    assert harness.strict_value("18") == harness.flexible_value("none") == "[invalid]"
