from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.answers import STAGES, Extracted, extract, judge, same


@pytest.mark.parametrize(
    ("text", "value", "stage"),
    [
        # the marker
        ("5 + 13 = <<5+13=18>>18\n#### 18", "18", "####"),
        ("####18", "18", "####"),
        ("#### $18", "18", "####"),
        ("#### **18**", "18", "####"),
        ("#### \\boxed{18}", "18", "####"),
        ("#### $\\boxed{1{,}000}$", "1000", "####"),
        ("#### 18 (that is 3*6)", "18", "####"),
        ("#### 18 = 3*6", "18", "####"),
        ("#### 3*6 = 18", "18", "####"),
        ("#### 18 eggs", "18", "####"),
        ("#### 5 000", "5000", "####"),
        ("#### 1,000,000", "1000000", "####"),
        ("#### 10,00,000", "1000000", "####"),
        ("#### 20%", "20", "####"),
        ("#### -$3.50", "-3.5", "####"),
        ("#### $-3.50", "-3.5", "####"),
        ("#### \u22123", "-3", "####"),
        ("#### 1/2", "0.5", "####"),
        ("#### 1 1/2", "1.5", "####"),
        ("#### .5", "0.5", "####"),
        ("#### -0.0", "0", "####"),
        ("#### 007", "7", "####"),
        # which of several markers
        ("#### 18\n#### 20", "18", "####"),
        ("I will end with #### and the number.\n#### 18", "18", "####"),
        ("#### 1. Count the eggs\n16\n#### 2. Sell them\n#### 18", "18", "####"),
        ("#### Step 1: eggs\n16 - 7 = 9, so the answer is 18.", "18", "answer is"),
        # a model that asks itself the next question
        ("#### 18\n\nQuestion: Tom has 5.\n#### 5", "18", "####"),
        ("A: 18\nQ: Tom has 5.\nA: 7", "18", "answer is"),
        ("Question: Tom has some.\nHe has 7 now.", "7", "last number"),
        # in words
        ("So the answer is 18.", "18", "answer is"),
        ("The final answer is: **$1,080**.", "1080", "answer is"),
        ("The answer to the question is \\(18\\).", "18", "answer is"),
        ("The answer is $\\boxed{\\frac{1}{2}}$", "0.5", "answer is"),
        ("The answer is not 5. The answer is 6.", "6", "answer is"),
        ("The answer is 3 * 6 = 18 dollars.", "18", "answer is"),
        ("Answer: 18", "18", "answer is"),
        ("A: 18", "18", "answer is"),
        # a box
        ("so \\boxed{5\\,000\\text{ eggs}}, as 2 * 2500", "5000", "boxed"),
        ("\\boxed{3} or rather \\boxed{x = 18}", "18", "boxed"),
        # within a tag
        ("<reasoning>9 + 9</reasoning><answer>18</answer>", "18", "answer tag"),
        ("<reasoning>\n#### 3 eggs\n</reasoning>\n<answer>\n$18.00\n</answer>", "18", "answer tag"),
        ("<answer>#### 1,800</answer> and 7 more", "1800", "answer tag"),
        ("<ANSWER>so 3 * 6 = 18 apples</ANSWER>", "18", "answer tag"),
        ("<answer>17</answer> No: <answer>18</answer>", "18", "answer tag"),
        ("<answer>18", "18", "answer tag"),
        ("<answer>none</answer>\n#### 18", "18", "####"),
        ("<answer></answer> So 18.", "18", "last number"),
        # the last number
        ("She makes $18 every day.", "18", "last number"),
        ("16 - 3 - 4 = 9", "9", "last number"),
        ("from 10-20", "20", "last number"),
        ("it fell to -5", "-5", "last number"),
        ("5 -3", "3", "last number"),
        ("18 came in 1st", "18", "last number"),
        ("18 of x2", "18", "last number"),
        ("x <<9*2=18>>", None, "none"),
        ("I do not know.", None, "none"),
        ("#### 1/0", None, "none"),
        ("", None, "none"),
    ],
)
def test_what_a_text_says_and_which_rule_found_it(text, value, stage):
    assert extract(text) == Extracted(value, stage)


@pytest.mark.parametrize("other", ["1,000", "1000.00", "$1000", "1000.", "1 000", "#### 1000"])
def test_one_number_written_in_many_ways(other):
    assert same("1000", other)
    assert same(other, "1000")


@pytest.mark.parametrize(
    ("a", "b"), [("18", "180"), ("18", "-18"), ("0.1", "0.10000000000000000000000000000001")]
)
def test_other_numbers_are_other(a, b):
    assert not same(a, b)


def test_nothing_is_the_same_as_nothing():
    assert not same("", "")
    assert not same("18", "eggs")


def test_judging_keeps_our_score_and_the_harness_scores_apart():
    judged = judge("She makes $18.\n####18", "18")
    assert (judged.extracted, judged.stage) == ("18", "####")
    assert (judged.correct, judged.strict, judged.flexible) == (True, False, True)


def test_a_text_without_a_number_is_wrong_and_not_an_error():
    judged = judge("I do not know.", "18")
    assert (judged.correct, judged.extracted, judged.stage) == (False, None, "none")


numbers = st.decimals(
    min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=4
)


def spellings(number: Decimal) -> list[str]:
    sign, size = ("-" if number < 0 else ""), abs(number)
    return [
        f"{sign}{size:f}",
        f"{sign}{size:,f}",
        f"{sign}${size:,f}",
        f"{sign}{size:f}0",
        f"{sign}{size:f}%",
        f"{sign}{size:,f}".replace(",", " "),
        f"{sign}{size:,f}".replace(",", "{,}"),
    ]


@given(numbers, st.sampled_from(["#### {}", "The answer is {}.", "\\boxed{{{}}}", "It is {}"]))
def test_every_spelling_of_a_number_is_read_as_it_in_every_frame(number, frame):
    for spelling in spellings(number):
        value = extract(frame.format(spelling)).value
        assert Decimal(value) == number, spelling


@given(numbers, numbers)
def test_equal_if_and_only_if_the_decimals_are(a, b):
    assert same(str(a), f"{b:,f}") == (a == b)


@given(numbers, numbers)
def test_canonical_strings_are_equal_exactly_when_the_numbers_are(a, b):
    """Voting counts strings, so this is what makes it right."""
    left, right = extract(f"#### {a:f}").value, extract(f"#### ${b:,f}").value
    assert (left == right) == (a == b)


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    found = extract(text)
    assert found.stage in STAGES
    assert (found.value is None) == (found.stage == "none")


@given(st.text(alphabet="0123456789.,-$#= /\n()AnsweriQ:\\boxed{}%"))
def test_whatever_looks_like_numbers_gives_a_canonical_decimal(text):
    value = extract(text).value
    if value is not None:
        assert extract(f"#### {value}").value == value
        assert "E" not in value and not value.endswith(".")


def test_very_long_numbers_neither_fail_nor_lose_digits():
    digits = "7" * 6000
    assert extract(f"#### {digits}").value == digits
    assert not same(digits, digits[:-1] + "8")
