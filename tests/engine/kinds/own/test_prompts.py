import pytest

from engine.data.problems import DataSpec
from engine.kinds.own.prompts import AT_A_TIME, prompted
from engine.runs.own import Fault, Refused
from tests.engine.runs.here import Here

PROBLEMS = DataSpec(limit=6).problems()
RIGHT = """
def to_prompt_ground_truth_pair(sample):
    truth = sample["answer"].split("####")[1].strip()
    return {"prompt": [{"role": "user", "content": sample["question"]}], "ground_truth": truth}
"""


def test_right_code_changes_nothing():
    made = prompted(Here(RIGHT), PROBLEMS)
    assert made.problems == PROBLEMS
    assert (made.golds_differ, made.questions_changed) == (0, 0)
    assert made.golds == {each.id: each.gold for each in PROBLEMS}


def test_the_prompt_is_what_is_asked_and_the_gold_stays_the_data_sets_own():
    source = RIGHT.replace('sample["question"]', 'sample["question"] + " Think."')
    source = source.replace(".strip()", '.strip() if "e" in sample["question"][:9] else "7"')
    made = prompted(Here(source), PROBLEMS)
    other = sum("e" not in each.question[:9] and each.gold != "7" for each in PROBLEMS)
    assert 0 < made.golds_differ == other < 6
    assert made.questions_changed == 6
    assert [each.gold for each in made.problems] == [each.gold for each in PROBLEMS]
    assert all(each.question.endswith(" Think.") for each in made.problems)
    assert made.fingerprint != prompted(Here(RIGHT), PROBLEMS).fingerprint


def test_more_rows_than_cross_together():
    many = DataSpec(level=3, limit=AT_A_TIME + 3).problems()
    assert prompted(Here(RIGHT), many).problems == many


@pytest.mark.parametrize(
    ("gives", "says"),
    [
        ("None", "gave None for row 1"),
        ("{'prompt': 'text', 'ground_truth': '1'}", "for row 1. Its shape is"),
        ("{'prompt': [{'role': 'user', 'content': ' '}], 'ground_truth': '1'}", "for row 1"),
        ("{'prompt': [{'role': 'user', 'content': 'q'}], 'ground_truth': 1}", "for row 1"),
        ("{'prompt': [{'role': 'system', 'content': 'q'}], 'ground_truth': '1'}", "for row 1"),
        ("{'prompt': [{'role': 'user', 'content': '\\ud800'}], 'ground_truth': '1'}", "no text"),
        ("{'prompt': [{'role': 'user', 'content': 'q'}], 'ground_truth': '\\0'}", "no text"),
    ],
)
def test_what_has_another_shape_is_told_with_its_row(gives, says):
    source = f"def to_prompt_ground_truth_pair(sample): return {gives}"
    with pytest.raises((Fault, Refused), match=says):
        prompted(Here(source), PROBLEMS)


def test_an_error_tells_the_row():
    source = "def to_prompt_ground_truth_pair(sample):\n    return sample['gold']"
    with pytest.raises(KeyError) as caught:
        prompted(Here(source), PROBLEMS)
    assert caught.value.__notes__[0].startswith("It was given row 1, ")
