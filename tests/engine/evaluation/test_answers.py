import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.numbers import NUMBER, plain, read
from engine.evaluation.answers import STAGES, Extracted, extract, judge, locate, same
from engine.evaluation.thinking import without_thinking


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
        # thinking is no answer
        ("<think>\nThe form is #### 12 or so.\n</think>\n3+4=7\n#### 7", "7", "####"),
        ("<thought>so \\boxed{12}</thought>\nSo \\boxed{7}", "7", "boxed"),
        ("<think>The answer is 12.</think> It is 7", "7", "last number"),
        ("The form is #### 12.\n</think>\n#### 7", "7", "####"),
        ("<reasoning>\n<answer>12</answer>?\n</reasoning>\n<answer>7</answer>", "7", "answer tag"),
        ("<think>7</think>", None, "none"),
        ("<thinking>It is 7, or", None, "none"),
        ("It has 18 m^2.", "18", "last number"),
        ("18 = x^{2} + x_{1} + x_1", "18", "last number"),
        # a place in a row counts nothing, unless it is what was asked for
        ("She paid 7 dollars on the 15th.", "7", "last number"),
        ("She was the 103rd.", None, "none"),
        ("7 - 1 = 6th place\n#### 6th place", "6", "####"),
        ("#### 2nd: sell the eggs\n#### 18", "18", "####"),
        ("#### 12th", "12", "####"),
        # a label over the reasoning
        ("Answer: 3 eggs are eaten.\nSo 13 are left.", "13", "last number"),
        ("Answer: 3 eggs are eaten. So 13 are left.", "13", "last number"),
        ("A: 16 - 7 = 9 eggs.\n9 * 2 = 18", "18", "last number"),
        (
            "Answer: 30 people get 6 offers because 30*0.2=6\n2 accept\nans = 2",
            "2",
            "answer is",
        ),
        ("She answers 3 * 5 = 15 of them, 41 in all.", "41", "last number"),
        ("Answer: 18\n\nShe sells 9 eggs at $2.", "18", "answer is"),
        ("Answer: 18 dollars every day (9 eggs)\nShe sells at $2.", "18", "answer is"),
        ("**Answer:** 18 eggs are sold.\n\nExplanation: 9 * 2", "18", "answer is"),
        ("Final answer: 18 eggs are left.\nThat is 6 more than 12.", "18", "answer is"),
        ("7 came in 103rd, on May 2nd", "7", "last number"),
        ("A: 3 eggs are eaten, so 13.", "13", "last number"),
        ("She has 8 short answer questions; she gets 3 * 5 = 15.", "15", "last number"),
        ("Answer: 18 eggs\nFor 9 + 9 are 18, not 20.", "18", "answer is"),
        ("Answer: 18 dollars. She sells 9 at $2.", "18", "answer is"),
        ("Answer: 12.50 in all", "12.5", "answer is"),
        ("Answer: 3 eggs are eaten a day", "3", "answer is"),
        # an expression is not its first number
        ("2 of 5\n#### 3 * 6", None, "none"),
        ("The answer is 10-20.", None, "none"),
        ("<answer>1:30</answer> or 90 minutes", None, "none"),
        ("x <<9*2=18>>", None, "none"),
        ("I do not know.", None, "none"),
        ("#### 1/0", None, "none"),
        ("", None, "none"),
    ],
)
def test_what_a_text_says_and_which_rule_found_it(text, value, stage):
    assert extract(text) == Extracted(value, stage)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("1e3", "1000"), ("1.5E-3", "0.0015"), ("6.02e23", "602" + "0" * 21), ("10^3", "1000"),
        ("10^{-2}", "0.01"), ("10**2", "100"), ("2 \\times 10^3", "2000"), ("2×10^3", "2000"),
        ("3.2 million", "3200000"), ("12k", "12000"), ("12K", "12000"), ("$1.2M", "1200000"),
        ("2 Billion", "2000000000"), ("5-thousand", "5000"), ("1½", "1.5"), ("¾", "0.75"),
        ("1,234 1/2", "1234.5"), ("5^2", "25"), ("10 ^ 3", "1000"), ("5²", "25"), ("2**8", "256"),
        ("10^{3}", "1000"), ("10\u00b3", "1000"), ("10<sup>3</sup>", "1000"), ("2x10^3", "2000"),
        ("2\u00b710^3", "2000"), ("1.1^2", "1.21"), ("1e400", "1" + "0" * 400),
        ("3 and a half", "3.5"), ("3 and 1/2", "3.5"), ("\\frac12", "0.5"), ("0.5/2", "0.25"),
        ("3\\frac{1}{2}", "3.5"), ("5 000/2", "2500"), ("1/4th", "0.25"), ("1,\\!000", "1000"),
        ("\uff11\uff18", "18"), ("2:00 pm", "2"), ("12 kg", "12"), ("12km", "12"),
        ("3 lakh", "300000"), ("3 million-dollar houses", "3"), ("90^\\circ", "90"),
        *((each, None) for each in (
            "1,5", "5.000.000", "1.000,50", "1:30", "5:00:30", "3/4/2020", "1/2/3", "1_000",
            "1'000", "1,000,00", "1000,000", "12.5.3", "1e4000", "2 x 10^4000", "9^9999", "9^9^9",
            "5 000,5", "1,2,3", "2e3/4", "2^n", "2\\pi", "3\\sqrt{2}", "2x3", "0x1F", "0xFE",
            "3 hundredths", "12345678901/7", "1/0",
        )),
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["#### {}", "The answer is {}.", "\\boxed{{{}}}", "It is {}"])
def test_a_numeral_is_read_whole_or_not_at_all(numeral, value, frame):
    assert extract(frame.format(numeral)).value == value


@pytest.mark.parametrize("written", ["12th", "12^{th}", "12^{\\text{th}}", "12TH"])
@pytest.mark.parametrize("frame", ["#### {}", "The answer is {}", "\\boxed{{{}}}", "<answer>{}"])
def test_a_place_in_a_row_is_its_number_where_that_is_the_answer(written, frame):
    assert extract(frame.format(written)).value == "12"
    assert extract(f"It is the {written}.").value is None


@pytest.mark.parametrize(
    "thought",
    [
        "<think>\nThe form is #### 12 or so.\n</think>",
        "<thought>\\boxed{12}</thought>",
        "<thinking>The answer is 12.</thinking> Well. <thinking>#### 13</thinking>",
        "[THINK]<answer>12</answer>[/THINK]",
        "<|channel>thought\nAnswer: 12<channel|>",
        "<|channel|>analysis<|message|>#### 12<|channel|>final<|message|>",
        "the prompt has begun this: #### 12\n</think>",
    ],
)
@pytest.mark.parametrize(
    ("answer", "stage"),
    [
        ("3+4=7\n#### 7", "####"),
        ("So \\boxed{7}.", "boxed"),
        ("A: 7", "answer is"),
        ("7", "last number"),
    ],
)
def test_thinking_is_not_the_answer(thought, answer, stage):
    assert extract(thought + answer) == Extracted("7", stage)
    assert extract(thought) == Extracted(None, "none")


def test_thinking_that_was_cut_off_gives_no_answer():
    assert extract("<think>Maybe #### 12") == Extracted(None, "none")
    assert extract("<reasoning>Maybe 12 <answer>7</answer>") == Extracted("7", "answer tag")


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


@pytest.mark.parametrize(
    "written",
    ["78½3996", "3785.0½", "½½", "8½½", "2098²½", "million8½", "x½", "1,2½", "7½/3", "½^2", "5½.5"],
)
def test_a_vulgar_fraction_is_no_piece_of_what_it_hangs_on(written):
    """Written out as 1/2, it would run on into the digits behind it: 1/23996."""
    assert extract(f"It is {written}!").value is None


@pytest.mark.parametrize(
    ("written", "value"),
    [("½", "0.5"), ("7½", "7.5"), ("7 ½", "7.5"), ("1,234½", "1234.5"), ("-2¼%", "-2.25"),
     ("$1½", "1.5"), ("(¾)", "0.75"), ("½ million", "500000"), ("2½.", "2.5")],
)  # fmt: skip
def test_a_vulgar_fraction_is_read(written, value):
    assert extract(f"It is {written}").value == value


@given(st.from_regex(r"[0-9]{1,4}([.,:'/^_ekM½² ]|10|th|million){0,4}[0-9]{0,4}", fullmatch=True))
def test_a_run_of_digits_is_never_read_in_part(written):
    """Whatever stands between them: what was read ends where no digit follows, and begins so."""
    place = locate(f"It is {written}!")
    if place is not None:
        before, after = written[: max(place[0] - 6, 0)], written[place[1] - 6 :]
        assert not re.search("[0-9½²]\\Z", before) and not re.match("[0-9½²]", after)
        assert extract(written[max(place[0] - 6, 0) : place[1] - 6]) == extract(f"It is {written}!")


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


@pytest.mark.parametrize(
    ("part", "value"),
    [("\n", "7"), ("<think>", None), ("answer: 5 eggs are ", "7"), ("= ", "7"), ("1,", None)],
)
def test_a_long_text_of_nothing_but_beginnings_is_read_at_once(part, value):
    """A pattern that looks again from each of them would be at it for minutes."""
    assert extract(part * 10_000 + "7").value == value


def test_very_long_numbers_neither_fail_nor_lose_digits():
    digits = "7" * 6000
    assert extract(f"#### {digits}").value == digits
    assert not same(digits, digits[:-1] + "8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<think>\n12?\n</think>\n3 + 4 = 7\n#### 7\n", "3 + 4 = 7\n#### 7"),
        ("12?</think>#### 7", "#### 7"),
        ("<thought>12", ""),
        (" 3 < 4\n#### 7 ", " 3 < 4\n#### 7 "),
        (" #### 7 ", " #### 7 "),
    ],
)
def test_what_was_said_beside_the_thinking(text, said):
    assert without_thinking(text) == said


NUMERALS = st.from_regex(
    r"[0-9]{1,4}([.,:'/ ^_x][0-9]{1,4}){0,3}(e[0-9]{1,2}| million|k|th| \\times 10\^[0-9]|\u00bd)?",
    fullmatch=True,
    alphabet=st.characters(max_codepoint=255),
)


@given(NUMERALS)
def test_the_first_numeral_is_read_whole_or_not_at_all(numeral):
    """Never a proper prefix of what is written: as the first thing read, nor as the answer."""
    text = plain(numeral)
    first = NUMBER.match(text)
    read_whole = first.end() == len(text)
    apart = text[first.end() :].startswith(" ")  # "3 1000" is two numerals
    assert read(first) is None or read_whole or apart, numeral
    if read_whole and not first["place"]:
        assert extract(f"#### {numeral}").value == read(first)


@given(st.text(alphabet="0123456789.,:/^e \u00bdkth<>", max_size=12))
def test_no_piece_is_read_out_of_what_hangs_together(text):
    for found in NUMBER.finditer(text):
        if read(found) is not None:
            assert not re.search(r"\d[.,:/]?$", text[: found.start()]), text
            assert not re.match(r"[.,:/^]?\d", text[found.end() :]), text


def test_recorded_answers_of_others_are_judged_as_their_flags_say():
    """OpenAI's four models on GSM8K: 1,319 problems each, with `is_correct`."""
    if "TUTOR_DATA" not in os.environ:
        pytest.skip("TUTOR_DATA names no folder with records/openai-gsm8k")
    folder = Path(os.environ["TUTOR_DATA"]) / "records" / "openai-gsm8k"
    lines = (folder / "example_model_solutions.jsonl").read_text(encoding="utf-8").splitlines()
    agree = [
        judge(said["solution"], row["ground_truth"]).correct == said["is_correct"]
        for row in map(json.loads, lines)
        for said in row.values()
        if isinstance(said, dict)
    ]
    assert (len(agree), sum(agree)) == (5276, 5276)
