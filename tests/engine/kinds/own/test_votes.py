import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lessons
from engine.cascades.replay import Said
from engine.cascades.voting import vote
from engine.evaluation.answers import extract
from engine.kinds.own.votes import AT_A_TIME, said
from engine.runs.own import Fault, Refused
from tests.engine.runs.here import Here

SOLUTION = Here((Path(lessons.__file__).parent / "tutorial/confidence/solution.py").read_text())


def rows(*problems):
    return [
        {
            "problem_id": f"p{number}",
            "question": f"Question {number}?",
            "sample": place,
            "text": text,
            "extracted": extract(text).value,
        }
        for number, texts in enumerate(problems)
        for place, text in enumerate(texts)
    ]


def gives(body):
    return Here(f"def student_answer_and_confidence(model, messages, config, k):\n    {body}\n")


def drawing(then):
    return gives(f"texts = model.sample(messages, config, k)\n    return {then}")


TEXTS = st.sampled_from(["#### 3", "#### 3.0", "#### 1,000", "#### 1000", "nothing", "", "So 7."])


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=5), min_size=1, max_size=4))
def test_the_reference_says_what_the_vote_says_for_every_k(problems):
    found = said(SOLUTION, rows(*problems), {"temperature": 0.7})
    for number, texts in enumerate(problems):
        by_k = found[f"p{number}"]
        assert len(by_k) == len(texts)
        for k, each in enumerate(by_k, 1):
            voted = vote([extract(text).value for text in texts[:k]])
            assert each.answer == voted.answer
            assert math.isclose(each.confidence, voted.confidence)


def test_samples_are_replayed_in_the_order_they_were_drawn():
    shuffled = sorted(rows(["#### 1", "#### 2", "#### 3"]), key=lambda row: -row["sample"])
    code = drawing("texts[-1][5:], 1 / k")
    assert said(code, shuffled, {}) == {"p0": (Said("1", 1), Said("2", 1 / 2), Said("3", 1 / 3))}


def test_it_sees_the_question_and_how_it_was_drawn():
    code = drawing("('7', config.top_p) if messages[0]['content'] == 'Question 0?' else None")
    found = said(code, rows(["#### 7"]), {"top_p": 0.9})
    assert found["p0"][0].confidence == 0.9


def test_samples_may_be_drawn_one_by_one():
    source = """
def student_answer_and_confidence(model, messages, config, k):
    texts = [model.sample(messages, config, 1)[0] for _ in range(k)]
    return texts[-1][5:], 0.5
"""
    assert said(Here(source), rows(["#### 1", "#### 2"]), {})["p0"][1].answer == "2"


def test_what_a_sample_gives_and_is_no_one_number_is_no_answer():
    found = said(drawing("'1:30', 1.0"), rows(["It begins at 1:30."]), {})
    assert found["p0"] == (Said(None, 1.0),)
    with pytest.raises(Fault, match="in none of the samples"):
        said(drawing("'2:30', 1.0"), rows(["It begins at 1:30."]), {})


def test_more_problems_than_cross_together():
    found = said(drawing("'7', 1.0"), rows(*[["#### 7"]] * (AT_A_TIME + 2)), {})
    assert len(found) == AT_A_TIME + 2


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (drawing("'7'"), "must give a pair"),
        (drawing("7, 0.5"), "answer must be text"),
        (drawing("'7', 'sure'"), "confidence must be a number"),
        (drawing("'7', True"), "confidence must be a number"),
        (drawing("'7', 1.2"), "from 0 to 1"),
        (drawing("'7', float('nan')"), "from 0 to 1"),
        (drawing("'8', 0.5"), "in none of the samples"),
        (drawing("'seven', 0.5"), "in none of the samples"),
        (gives("return '7', 0.5"), "drew 0 samples of problem p0; num_samples was 1"),
    ],
)
def test_what_cannot_decide_is_told_with_its_problem(code, says):
    with pytest.raises((Fault, Refused), match=says) as caught:
        said(code, rows(["#### 7", "#### 7"]), {})
    assert "p0" in str(caught.value)


def test_more_samples_than_there_are():
    code = gives("return model.sample(messages, config, k + 1)[0], 1.0")
    with pytest.raises(ValueError, match="2 samples were asked for, of 1") as caught:
        said(code, rows(["#### 7"]), {})
    assert caught.value.__notes__ == ["It was asked problem p0 at K 1."]


def test_a_number_inside_what_looks_like_an_annotation_is_one_of_the_samples():
    """A student that rambles writes such; the score's rules pass over it, the code need not."""
    text = "Ann has 12 pens. They are shared <<5=50 buys +33 times>> equally"
    assert said(SOLUTION, rows([text]), {})["p0"] == (Said("33", 1.0),)
