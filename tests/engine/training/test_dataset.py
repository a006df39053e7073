import pytest
from datasets import Dataset

from engine.errors import EngineError
from engine.models.loading import load
from engine.models.sampling import prompt
from engine.training.dataset import (
    ask_as,
    conversations,
    fingerprint,
    hold_out,
    read,
    select,
    unlearnable,
    write,
)
from tests.engine.training.small import STUDENT, answers


@pytest.fixture(scope="module")
def tokenizer():
    return load(STUDENT, "fp32").tokenizer


def row(**changes):
    return {**answers(1)[0], **changes}


def test_right_answers_are_kept_and_the_others_counted_by_reason():
    right = row()
    wrong = row(correct=False, extracted="1", problem_id="w")
    without = row(correct=False, extracted=None, problem_id="n")
    chosen = select([wrong, right, without, wrong], "correct")
    assert chosen.rows == [right]
    assert chosen.dropped == {"wrong result": 2, "no number in it": 1}


def test_all_answers_can_be_kept():
    rows = [row(), row(correct=False, extracted=None, problem_id="n")]
    chosen = select(rows, "all")
    assert (chosen.rows, chosen.dropped) == (rows, {})


def test_a_row_is_a_conversation():
    [made] = conversations([row(question="2 + 2?", text="#### 4", gold="4", problem_id="p")])
    assert made == {
        "problem_id": "p",
        "question": "2 + 2?",
        "gold": "4",
        "prompt": [{"role": "user", "content": "2 + 2?"}],
        "completion": [{"role": "assistant", "content": "#### 4"}],
    }


def test_the_student_is_taught_under_the_prompt_that_it_is_asked_with(tokenizer):
    taught = ask_as(conversations([row()]), tokenizer, "Be brief.")[0]
    ids = tokenizer.apply_chat_template(
        taught["prompt"], add_generation_prompt=True, return_dict=True
    )["input_ids"]
    assert tuple(ids) == prompt(row()["question"], tokenizer, "Be brief.")


def test_a_model_without_a_chat_template_too(tokenizer, monkeypatch):
    monkeypatch.setattr(tokenizer, "chat_template", None)
    taught = ask_as(conversations([row(text="#### 4")]), tokenizer, "Be brief.")[0]
    ids = tokenizer(taught["prompt"])["input_ids"]
    assert tuple(ids) == prompt(row()["question"], tokenizer, "Be brief.")
    assert taught["completion"] == " #### 4"


def test_what_is_written_is_read_and_nothing_is_put_beside_it(tmp_path):
    made = conversations(answers(5))
    write(made, tmp_path / "dataset")
    before = sorted(tmp_path.rglob("*"))
    found = read(tmp_path / "dataset")
    assert list(found) == list(made)
    assert fingerprint(found) == fingerprint(made)
    found.map(lambda each: {"length": len(each["question"])})
    assert sorted(tmp_path.rglob("*")) == before


def test_no_data_set_is_said_plainly(tmp_path):
    with pytest.raises(EngineError, match="There is no data set in"):
        read(tmp_path / "dataset")


def test_the_fingerprint_tells_the_rows_apart():
    made = conversations(answers(3))
    assert fingerprint(made) != fingerprint(made.select([1, 0, 2]))
    assert fingerprint(made) != fingerprint(made.select([0, 1]))


def test_held_out_rows_are_trained_on_by_no_one():
    made = conversations(answers(50))
    train, validation = hold_out(made, 8, seed=1)
    assert len(validation) == 8
    assert sorted([*train["problem_id"], *validation["problem_id"]]) == sorted(made["problem_id"])
    again = hold_out(made.select(range(49, -1, -1)), 8, seed=1)[1]
    assert set(again["problem_id"]) == set(validation["problem_id"])
    assert set(hold_out(made, 8, seed=2)[1]["problem_id"]) != set(validation["problem_id"])


@pytest.mark.parametrize(("rows", "wanted", "held"), [(50, 0, 0), (50, 40, 10), (4, 2, 0)])
def test_at_most_a_fifth_is_held_out(rows, wanted, held):
    assert len(hold_out(conversations(answers(rows)), wanted, 0)[1]) == held


def prepared(*rows):
    return Dataset.from_list([{"input_ids": ids, "labels": labels} for ids, labels in rows])


def test_rows_that_lost_their_labels_are_counted(tokenizer):
    end = tokenizer.eos_token_id
    given = conversations(answers(4))
    kept = prepared(
        ([5, 6, 7, end], [-100, -100, 7, end]),  # whole, just as long as may be
        ([5, 6, 7, 8], [-100, -100, 7, 8]),  # cut
        ([5, 6, end], [-100, 6, end]),
    )
    assert unlearnable(given, kept, tokenizer, 4) == {
        "no room for the answer": 1,
        "end of the answer cut off": 1,
    }


def test_a_row_without_a_label_is_an_error(tokenizer):
    given = conversations(answers(1))
    with pytest.raises(EngineError, match="has no label"):
        unlearnable(given, prepared(([5, 6], [-100, -100])), tokenizer, 4)


def test_no_row_at_all_is_an_error(tokenizer):
    nothing = prepared(([5], [5])).select([])
    with pytest.raises(EngineError, match="With max_length 4 no row has room"):
        unlearnable(conversations(answers(1)), nothing, tokenizer, 4)
