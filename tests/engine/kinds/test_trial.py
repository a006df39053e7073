import math

import pytest

from engine.kinds.trial import trial
from engine.models.loading import load
from engine.numerics.architecture import Architecture
from engine.numerics.budget import lora_params
from engine.training.dataset import conversations
from engine.training.sft import finetune
from tests.engine.training.small import STUDENT, answers, recorder, spec

ACORN = Architecture(128, 4, 2, 1, 384, 786, tied=True)
"""The student's shape, as its configuration has it."""


def rows(count=12):
    return conversations(answers(count))


def student():
    return load(STUDENT, "nf4-dq", device="cpu")


def test_it_is_the_training_that_a_run_would_be(tmp_path):
    record = recorder(tmp_path)
    asked = spec(validation=0)
    held_out = conversations(answers(14)[12:])
    finetune(student(), asked, rows(), held_out, record)
    tried = trial(student(), asked, rows(), held_out)

    def recorded(name):
        found = record.store.database.rows(
            "SELECT step, value FROM metrics WHERE name = ? ORDER BY step", (name,)
        )
        return tuple((row["step"], row["value"]) for row in found)

    assert tried.loss == recorded("loss")
    assert tried.validation == recorded("validation_loss")
    assert [step for step, _ in tried.loss] == [2, 4, 6]
    assert tried.first_lost is None


@pytest.mark.parametrize("modules", [("q_proj", "v_proj"), ("gate_proj",)])
def test_what_is_trained_is_what_the_formula_says(modules):
    tried = trial(student(), spec(max_steps=1, lora_r=3, target_modules=modules), rows(4))
    assert tried.trained == lora_params(ACORN, 3, modules)
    assert tried.validation == ()
    assert tried.tokens > 0


def test_it_can_be_left_by_what_is_told():
    class Left(Exception):
        pass

    def tell(done, total):
        told.append((done, total))
        if len(told) == 2:
            raise Left

    told = []
    with pytest.raises(Left):
        trial(student(), spec(), rows(), tell=tell)
    assert told[0] == (0, 6)


def test_a_loss_that_is_no_number_is_told_and_not_drawn():
    wild = spec(learning_rate=1e30, warmup_steps=0, logging_steps=1)
    tried = trial(student(), wild, rows())
    assert tried.first_lost is not None
    assert all(math.isfinite(loss) for _, loss in tried.loss)
    assert max((step for step, _ in tried.loss), default=0) < tried.first_lost
