"""QLoRA with paged 8-bit AdamW on a model of Qwen2.5-1.5B's shape with random weights."""

import pytest
import torch

from engine.models.loading import load
from engine.quiet import quiet
from engine.training.checkpoints import Checkpoints
from engine.training.dataset import conversations
from engine.training.sft import PAGED, choose_optimizer, finetune, trainer
from engine.training.watch import Watch
from tests.engine.training.small import Kill, answers, recorder, spec

pytestmark = pytest.mark.gpu

QWEN_1_5B = {
    "vocab_size": 151936,
    "hidden_size": 1536,
    "num_hidden_layers": 28,
    "num_attention_heads": 12,
    "num_key_value_heads": 2,
    "intermediate_size": 8960,
    "tie_word_embeddings": True,
    "dtype": "bfloat16",
}


@pytest.fixture(scope="module")
def large(random_model, tmp_path_factory):
    return str(random_model(tmp_path_factory.mktemp("large") / "qwen", **QWEN_1_5B))


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


def settings(student, **changes):
    return spec(student=student, lora_r=16, batch_size=4, learning_rate=1e-4, **changes)


def test_it_trains_with_paged_8_bit_adamw(large, cache, tmp_path):
    record = recorder(tmp_path)
    rows = conversations(answers(28))
    result = finetune(
        load(large, cache=cache),
        settings(large),
        rows.select(range(24)),
        rows.select([24, 25]),
        record,
    )
    assert (result["steps"], result["optimizer"]) == (6, PAGED)
    assert result["loss"] > 0 and result["validation_loss"] > 0
    assert result["adapter_dtype"] == "float32"
    assert result["tokens"] > 24 * 50
    assert not any("optimizer" in each["what"] for each in result["fallbacks"])
    assert (record.folder / "adapter" / "adapter_model.safetensors").is_file()


def test_resumed_it_goes_on_in_the_same_precision_with_the_same_state(large, cache, tmp_path):
    """On a card sums are not always in the same order, so what is near is compared."""
    rows = conversations(answers(24))

    def attempt(folder, die_at=None):
        record = recorder(tmp_path / folder)
        checkpoints = Checkpoints(record.folder / "checkpoints")
        watch = Watch(record, checkpoint_steps=2, checkpoint_seconds=1e9)
        record_step = watch.on_step_end

        def dying(args, state, control, **options):
            if state.global_step == die_at:
                raise Kill
            record_step(args, state, control, **options)

        watch.on_step_end = dying
        chosen = settings(large, max_steps=5, logging_steps=1, validation=0)
        with quiet():
            made = trainer(
                load(large, cache=cache),
                chosen,
                rows,
                rows.select([]),
                checkpoints.folder,
                choose_optimizer("auto", "cuda").optimizer,
                watch,
            )
            before = checkpoints.steps()
            try:
                made.go_on()
            except Kill:
                return None, before
        return made, before

    through, _ = attempt("whole")
    attempt("stopped", die_at=3)
    resumed, before = attempt("stopped")
    assert before == [2]
    assert {each.dtype for each in resumed.trained().values()} == {torch.float32}
    assert resumed.tokens == through.tokens
    losses = [
        [row["loss"] for row in made.state.log_history if "loss" in row]
        for made in (through, resumed)
    ]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)
    for name, each in resumed.trained().items():
        far = (each.float() - through.trained()[name].float()).abs().max()
        assert far < 5 * 1e-4, name  # five steps at the highest rate


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two cards")
@pytest.mark.parametrize("card", ["cuda:0", "cuda:1"])
def test_with_two_cards_it_trains_on_the_one_that_was_asked_for(large, cache, tmp_path, card):
    rows = conversations(answers(8))
    loaded = load(large, cache=cache, device=card)
    result = finetune(
        loaded, settings(large, max_steps=2), rows, rows.select([]), recorder(tmp_path)
    )
    assert result["steps"] == 2
    assert {str(each.device) for each in loaded.model.parameters()} == {card}
    assert torch.cuda.max_memory_allocated(card) > 1e9
