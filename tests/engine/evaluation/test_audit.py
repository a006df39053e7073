from random import Random

import pytest

from engine.evaluation import audit
from engine.evaluation.answers import extract, judge, locate


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3*6 = <<3*6=18>>18 eggs.\n#### 18", "#### 18"),
        ("So #### $<<3*6=18>>18 it is.", "#### $<<3*6=18>>18"),
        ("The answer is **$1,000**. See 7.", "answer is **$1,000"),
        ("So \\boxed{\\frac{1}{2}} of 9", "\\boxed{\\frac{1}{2}}"),
        ("#### 3 * 6 = 18 eggs", "#### 3 * 6 = 18"),
        ("It is \\frac{3}{4}", "\\frac{3}{4}"),
        ("They have 12 and then 15.", "15"),
        ("<reasoning>6*3</reasoning>\n<answer> It is 18. </answer>", "<answer> It is 18"),
        ("There is none.", None),
    ],
)
def test_where_an_answer_was_found(text, found):
    place = locate(text)
    assert (text[slice(*place)] if place else None) == found


BITS = (
    "#### ", "####", "answer is ", "A: ", "\\boxed{", "}", "18", "1,000", "$", "5 = 3+2", "= 7",
    "3*6=18 eggs", " ", "\n", "**", "<<3*6=18>>18", "\\frac{1}{2}", "-4", "x2", "Q: ", ".", "(",
    "<answer>", "</answer>",
)  # fmt: skip


def test_what_was_found_there_is_the_answer():
    """On random texts: the place holds the value, read by itself; no place, no value."""
    rng = Random(7)
    for _ in range(3000):
        text = "".join(rng.choices(BITS, k=rng.randint(1, 12)))
        place = locate(text)
        value = extract(text).value
        if place is None:
            assert value is None
        else:
            there = text[
                slice(*place)
            ]  # a label may need what follows it, to be told for a heading
            assert value in (extract(there).value, extract(f"It is {there[-9:]}").value), text


def test_three_judges_side_by_side():
    found = audit.audit("It costs\n#### $18", "18")
    assert (found.robust, found.strict, found.flexible) == (True, False, True)
    assert (found.strict_read, found.flexible_read) == ("[invalid]", "$18")
    assert (found.value, found.rule, found.differ) == ("18", "####", True)
    assert found.as_dict()["place"] == [9, 17]
    assert not audit.audit("#### 18", "18").differ


def row(text, gold, **more):
    found = judge(text, gold)
    return {
        "text": text, "gold": gold, "extracted": found.extracted, "stage": found.stage,
        "correct": found.correct, "strict": found.strict, "flexible": found.flexible, **more,
    }  # fmt: skip


ROWS = [row("#### 18", "18"), row("#### $18", "18"), row("none", "18"), row("#### 17", "18")]


def test_counts_of_each_filter_and_judge():
    assert audit.counts(ROWS) == {
        "all": 4, "wrong": 2, "right": 2, "no number": 1, "differ": 1,
        "robust": 2, "strict": 1, "flexible": 2,
    }  # fmt: skip


def test_stored_scores_are_kept_and_missing_ones_are_computed():
    bare = {name: value for name, value in ROWS[1].items() if name not in ("strict", "flexible")}
    assert audit.with_scores(bare) == ROWS[1]
    assert audit.with_scores({**ROWS[1], "strict": True})["strict"] is True
