from pathlib import Path

import pytest

import lessons
from engine.data.problems import DataSpec
from engine.kinds.own.teaching import AT_A_TIME, made, trial
from engine.runs.own import Fault, Refused
from tests.engine.runs.here import Here

SOLUTION = (Path(lessons.__file__).parent / "tutorial/distill/solution.py").read_text()
PROBLEMS = DataSpec(split="train", limit=8).problems()
PLAIN = """
def create_distilled_dataset(client, dataset):
    rows = []
    for row in dataset:
        reply = client.models.generate_content(model="any", contents=row["question"])
        completion = [{"role": "assistant", "content": CONTENT}]
        rows.append({**row, "completion": completion})
    return rows
"""


def plain(content="reply.text", more=""):
    return Here(PLAIN.replace("CONTENT", content) + more)


def answers(problems, text=lambda problem: problem.answer):
    return [
        {"problem_id": p.id, "question": p.question, "gold": p.gold, "text": text(p)}
        for p in problems
    ]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """As in the process of its own."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def test_the_reference_keeps_what_is_right_of_what_was_answered():
    on_record = answers(PROBLEMS[:5], lambda p: "#### 1" if p is PROBLEMS[2] else p.answer)
    reasons = ["empty", "cut off at 60 tokens", "server error 503"]
    failures = [
        {"problem_id": p.id, "reason": reason}
        for p, reason in zip(PROBLEMS[5:], reasons, strict=True)
    ]
    result = made(Here(SOLUTION), PROBLEMS, on_record, failures)
    assert result.rows == [on_record[at] for at in (0, 1, 3, 4)]
    assert (result.left_out, result.filtered) == (0, 1)


def test_what_no_file_can_hold_is_told_with_its_row():
    with pytest.raises(Fault, match=r"row 1: .*ud800.* half of a surrogate pair"):
        made(plain("'7\\ud800'"), PROBLEMS, answers(PROBLEMS), [])


def test_rows_that_the_code_leaves_out_are_counted():
    code = plain(more="\nreal = create_distilled_dataset\n"
                      "def create_distilled_dataset(client, dataset):\n"
                      "    return real(client, dataset[:3])\n")  # fmt: skip
    result = made(code, PROBLEMS, answers(PROBLEMS), [])
    assert (len(result.rows), result.left_out, result.filtered) == (3, 5, 0)


def test_spaces_around_an_answer_may_go():
    on_record = answers(PROBLEMS, lambda p: f"{p.answer}\n")
    result = made(plain("reply.text.strip()"), PROBLEMS, on_record, [])
    assert result.rows[0]["text"] == PROBLEMS[0].answer


def test_a_file_without_a_filter_keeps_all():
    assert len(made(plain(), PROBLEMS, answers(PROBLEMS, lambda p: "no"), []).rows) == 8


def test_what_the_teacher_failed_is_no_answer_to_real_code():
    code = plain("str([reply.text, reply.candidates[0].finish_reason == 'MAX_TOKENS'])")
    failed = [{"problem_id": PROBLEMS[0].id, "reason": "cut off at 9 tokens"}]
    with pytest.raises(Fault, match="row 1: the teacher has no answer to it, so it is invented"):
        made(code, PROBLEMS[:1], [], failed)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (plain("reply.text + ' I hope.'"), "row 1: this completion is not what the teacher"),
        (plain("7"), "row 1: its question must be as it was, its completion"),
        (plain(more="\ndef filter_sample(sample): pass\n"), "gave None for row 1; it must be True"),
        (Here("def create_distilled_dataset(client, dataset): pass"), "gave None; it must give"),
        (Here("def create_distilled_dataset(client, dataset): return ['a']"), "row 1 is 'a'"),
        (Here("def create_distilled_dataset(c, dataset): return [{'question': 'Mine?', "
              "'completion': [{'role': 'assistant', 'content': 'x'}]}]"), "no such question"),
        (Here("x = 1"), "no function `create_distilled_dataset`"),
    ],
)  # fmt: skip
def test_what_is_no_data_set_is_told_with_its_row(code, says):
    with pytest.raises((Fault, Refused), match=says):
        made(code, PROBLEMS, answers(PROBLEMS), [])


def test_a_row_that_comes_twice():
    twice = "\nonce = create_distilled_dataset\ndef create_distilled_dataset(client, dataset):\n"
    code = plain(more=f"{twice}    return 2 * once(client, dataset)\n")
    with pytest.raises(Fault, match="row 9 is row 1 once more"):
        made(code, PROBLEMS, answers(PROBLEMS), [])


def test_a_question_that_was_never_asked_is_refused_even_where_that_is_caught():
    source = """
def create_distilled_dataset(client, dataset):
    try:
        client.models.generate_content(model="any", contents="Think! " + dataset[0]["question"])
    except Exception:
        return []
"""
    with pytest.raises(Refused, match=r"never asked this: 'Think! .*Ask each row's question as"):
        made(Here(source), PROBLEMS, answers(PROBLEMS), [])


def test_rows_without_their_id_are_found_by_their_question():
    source = PLAIN.replace("CONTENT", "reply.text").replace("**row", '"question": row["question"]')
    assert len(made(Here(source), PROBLEMS, answers(PROBLEMS), []).rows) == 8


def test_more_rows_than_cross_together():
    many = DataSpec(split="train", level=3, limit=AT_A_TIME + 5).problems()
    asked = []
    assert len(made(plain(), many, answers(many), [], asked.append).rows) == AT_A_TIME + 5
    assert asked == list(range(1, AT_A_TIME + 6))


def test_the_trial_says_that_nothing_was_asked_yet():
    trial(Here(SOLUTION), PROBLEMS)
    with pytest.raises(Fault, match=r"Tried on 5 rows before the teacher is asked: .*row 1"):
        trial(plain("reply.text.upper() + '.'"), PROBLEMS)
