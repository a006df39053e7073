"""A training killed and resumed, in one process, against the same one left alone."""

import pytest
import torch
from bitsandbytes.nn import Linear4bit
from peft import LoraConfig
from trl import SFTConfig, SFTTrainer

from engine.errors import EngineError
from engine.models.loading import load
from engine.quiet import quiet
from engine.training.dataset import conversations
from engine.training.resume import keep_training_form
from tests.engine.training.small import (
    STUDENT,
    answers,
    attempt,
    figures,
    logged,
    recorder,
    spec,
    steps_kept,
    weights,
)

CASES = {
    "from a checkpoint between two logs": (spec(), [5]),
    "before the first checkpoint": (spec(), [2]),
    "twice": (spec(checkpoint_steps=2), [3, 5]),
    "over epochs, with accumulation": (
        spec(max_steps=-1, epochs=3, batch_size=2, gradient_accumulation=3, checkpoint_steps=1),
        [3, 5],
    ),
    "at the end of an epoch": (spec(batch_size=4, checkpoint_steps=3), [5]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_resumed_training_equals_one_that_was_not_stopped(tmp_path, name):
    settings, deaths = CASES[name]
    whole = recorder(tmp_path / "whole")
    through = attempt(whole, settings)
    stopped = recorder(tmp_path / "stopped")
    for step in deaths:
        assert attempt(stopped, settings, die_at=step) is None
    resumed = attempt(stopped, settings)
    assert weights(resumed) == weights(through)
    assert logged(resumed)[:-1] == logged(through)[:-1]
    assert logged(resumed)[-1]["train_loss"] == logged(through)[-1]["train_loss"]
    assert figures(stopped) == figures(whole)
    assert resumed.tokens == through.tokens > 0


def test_an_adapter_in_bfloat16_resumes_in_bfloat16(tmp_path):
    """As it is on CUDA, and as SFTTrainer makes it."""

    def narrow(made):
        for each in made.trained().values():
            each.data = each.data.bfloat16()

    through = attempt(recorder(tmp_path / "whole"), change=narrow)
    stopped = recorder(tmp_path / "stopped")
    attempt(stopped, die_at=5, change=narrow)
    resumed = attempt(stopped, change=narrow)
    assert {each.dtype for each in resumed.trained().values()} == {torch.bfloat16}
    assert weights(resumed) == weights(through)


def test_the_libraries_alone_change_the_precision_and_forget_the_tokens(tmp_path):
    """The causes that `engine.training.resume` names. Should this fail one day, mend less."""

    def alone(steps, **options):
        loaded = load(STUDENT, "nf4-dq")
        arguments = SFTConfig(
            output_dir=str(tmp_path), max_steps=steps, save_steps=1, logging_steps=1,
            per_device_train_batch_size=2, gradient_checkpointing=False, bf16=False, use_cpu=True,
            optim="adamw_torch", report_to="none", disable_tqdm=True,
        )  # fmt: skip
        with quiet():
            made = SFTTrainer(
                model=loaded.model,
                args=arguments,
                train_dataset=conversations(answers(6)),
                processing_class=loaded.tokenizer,
                peft_config=LoraConfig(r=2, target_modules=["q_proj"]),
            )
            made.train(**options)
        kinds = {each.dtype for each in made.model.parameters() if each.requires_grad}
        return kinds, [row["num_tokens"] for row in made.state.log_history if "loss" in row]

    kinds, before = alone(1)
    assert kinds == {torch.bfloat16}
    kinds, after = alone(2, resume_from_checkpoint=str(tmp_path / "checkpoint-1"))
    assert kinds == {torch.float32}
    assert len(after) == 2 and after[0] == before[0] > 0
    assert after[1] < after[0] + before[0]  # the second step's alone, not both steps'


def test_a_validation_leaves_the_base_as_it_was(tmp_path):
    """Some processors repack 4-bit layers at the first forward pass in eval mode."""
    layer = Linear4bit(64, 64, quant_type="nf4", compute_dtype=torch.float32)
    layer.weight.data = torch.randn(64, 64, generator=torch.Generator().manual_seed(0))
    layer = layer.to("cpu")  # quantizes
    before = layer.weight.detach().clone()
    layer.support_avx512bf16_for_cpu = True  # wherever this test runs
    keep_training_form(torch.nn.Sequential(layer))
    with torch.no_grad():
        layer.eval()(torch.ones(2, 64))
    assert torch.equal(layer.weight, before)
    assert (layer.weight.quant_state.dtype, layer.weight.quant_state.nested) == (
        torch.float32,
        True,
    )
    given = torch.ones(2, 64, requires_grad=True)
    layer.train()(given).sum().backward()
    assert given.grad.abs().sum() > 0


def test_checkpoints_are_kept_two_at_a_time(tmp_path):
    record = recorder(tmp_path)
    attempt(record, spec(checkpoint_steps=1, validation=0))
    assert steps_kept(record) == [4, 5]  # none at the last step


def test_one_that_had_come_to_its_end_takes_no_step_too_many(tmp_path):
    """Killed after the last step, but before the adapter was saved."""
    record = recorder(tmp_path)
    through = attempt(record)
    again = attempt(record)
    assert again.state.global_step == through.state.global_step == 6
    assert weights(again) == weights(through)


def test_another_precision_is_refused(tmp_path):
    def narrow(made):
        for each in made.trained().values():
            each.data = each.data.bfloat16()

    record = recorder(tmp_path)
    attempt(record, die_at=4)
    with pytest.raises(EngineError, match=r"was torch.float32 in .* it is torch.bfloat16 now"):
        attempt(record, change=narrow)


def test_another_adapter_is_refused(tmp_path):
    record = recorder(tmp_path)
    attempt(record, die_at=4)
    with pytest.raises(EngineError, match="is of another adapter"):
        attempt(record, spec(target_modules=("q_proj",)))


def test_another_optimizer_is_refused(tmp_path):
    def other(made):
        made._made_with["optimizer"] = "sgd"

    record = recorder(tmp_path)
    attempt(record, die_at=4)
    with pytest.raises(EngineError, match="began with optimizer adamw_torch; it is sgd now"):
        attempt(record, change=other)


def test_nothing_is_sent_anywhere(tmp_path, monkeypatch):
    sent = []
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(
        "trl.trainer.base_trainer.send_telemetry", lambda *_, **options: sent.append(options)
    )
    attempt(recorder(tmp_path), spec(max_steps=1, validation=0))
    assert sent == []
