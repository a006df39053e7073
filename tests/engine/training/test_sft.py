import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from bitsandbytes.optim import AdamW8bit
from peft import PeftModel
from safetensors.torch import load_file

from engine.errors import EngineError
from engine.models.loading import load
from engine.quiet import quiet
from engine.runs.record import Cancelled, Paused
from engine.training.checkpoints import file_sha256
from engine.training.dataset import conversations
from engine.training.sft import PAGED, choose_optimizer, finetune, settings, trainer
from engine.training.watch import Watch
from tests.engine.training.small import STUDENT, answers, recorder, spec, steps_kept


def rows(count=14):
    return conversations(answers(count))


NONE = conversations([])


@pytest.fixture
def record(tmp_path):
    return recorder(tmp_path)


@pytest.fixture
def loaded():
    return load(STUDENT, "nf4-dq", device="cpu")


def test_the_result_tells_what_was_done(loaded, record):
    result = finetune(loaded, spec(), rows(), rows(3), record)
    file = record.folder / "adapter" / "adapter_model.safetensors"
    saved = load_file(file)
    assert result["steps"] == 6
    assert (result["rows"], result["validation_rows"]) == (14, 3)
    assert result["trainable_parameters"] == sum(each.numel() for each in saved.values())
    assert result["adapter_sha256"] == file_sha256(file)
    assert result["optimizer"] == "adamw_torch"
    assert {"what": "optimizer adamw_torch", "why": f"{PAGED} needs CUDA; this is cpu"} in result[
        "fallbacks"
    ]
    assert result["tokens"] > 0 and result["seconds"] > 0
    assert json.loads(json.dumps(result)) == result


def test_it_learns(loaded, record):
    result = finetune(
        loaded, spec(max_steps=12, lora_r=8, learning_rate=5e-3), rows(4), NONE, record
    )
    metrics = record.store.database.rows(
        "SELECT value FROM metrics WHERE name = 'loss' ORDER BY step"
    )
    assert result["loss"] == metrics[-1]["value"] < 0.7 * metrics[0]["value"]
    assert result["validation_loss"] is None


def test_the_adapter_changes_the_model_that_it_is_put_on(loaded, record):
    def says(model):
        with torch.no_grad():
            return model.eval()(torch.tensor([[5, 6, 7]])).logits

    finetune(loaded, spec(), rows(), NONE, record)
    trained = says(loaded.model)
    adapted = load(STUDENT, "nf4-dq", device="cpu", adapter=record.folder / "adapter").model
    assert isinstance(adapted, PeftModel)
    assert torch.equal(says(adapted), trained)
    assert not torch.allclose(says(load(STUDENT, "nf4-dq", device="cpu").model), trained, atol=0.1)


def test_the_adapter_names_no_place_on_this_machine(loaded, record):
    finetune(loaded, spec(max_steps=1), rows(), NONE, record)
    folder = record.folder / "adapter"
    names = {each.name for each in folder.iterdir()}
    assert names == {"adapter_config.json", "adapter_model.safetensors"}
    config = json.loads((folder / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == STUDENT
    assert loaded.source.location not in json.dumps(config)


def test_the_loss_is_on_the_completion_alone(loaded, record, monkeypatch):
    seen = []
    from engine.training import sft

    check = sft.unlearnable
    monkeypatch.setattr(
        sft, "unlearnable", lambda *given: (seen.append(given[1]), check(*given))[1]
    )
    finetune(loaded, spec(max_steps=1), rows(3), NONE, record)
    end = loaded.tokenizer.eos_token_id
    for given, row in zip(answers(3), seen[0], strict=True):
        learnt = [label for label in row["labels"] if label != -100]
        assert loaded.tokenizer.decode(learnt).startswith(given["text"])
        assert end in learnt
        assert row["input_ids"][-len(learnt) :] == learnt


def test_rows_without_room_for_their_answer_are_dropped_and_counted(loaded, record):
    texts = [replace_question(each, "Count! " * 40) for each in answers(3)] + answers(6)[3:]
    made = finetune(loaded, spec(max_steps=1, max_length=110), conversations(texts), NONE, record)
    assert made["rows_told"]["no room for the answer"] == 3
    assert made["rows"] == 3
    assert "3 of 6 rows: no room for the answer" in record.home.log(record.run.id).read_text()


def replace_question(row, question):
    return {**row, "question": question}


def test_no_row_with_room_is_an_error(loaded, record):
    with pytest.raises(EngineError, match="With max_length 8 no row has room"):
        finetune(loaded, spec(max_length=8), rows(), NONE, record)


def test_layers_that_are_not_there_are_named(loaded, record):
    with pytest.raises(EngineError, match="has no layers named c_attn") as caught:
        finetune(loaded, spec(target_modules=("c_attn",)), rows(), NONE, record)
    assert "q_proj" in caught.value.way_out and "all-linear" in caught.value.way_out


def test_a_pause_leaves_a_checkpoint_and_a_cancel_none(loaded, record):
    record.store.pause(record.run.id)
    with pytest.raises(Paused):
        finetune(loaded, spec(), rows(), NONE, record)
    assert steps_kept(record) == [1]
    record.store.cancel(record.run.id)
    with pytest.raises(Cancelled):
        finetune(load(STUDENT, "nf4-dq", device="cpu"), spec(), rows(), NONE, record)
    assert steps_kept(record) == [1]
    assert not (record.folder / "adapter").exists()


@pytest.mark.parametrize(
    ("wanted", "device", "got", "told"),
    [
        ("auto", "cuda", PAGED, False),
        ("auto", "cpu", "adamw_torch", True),
        ("adamw_8bit", "mps", "adamw_torch", True),
        ("sgd", "cpu", "sgd", False),
        ("adamw_torch", "cuda", "adamw_torch", False),
    ],
)
def test_the_optimizer_follows_the_device(wanted, device, got, told):
    choice = choose_optimizer(wanted, device)
    assert choice.optimizer == got
    assert bool(choice.fallbacks) == told


def test_the_settings_are_the_specs(loaded, tmp_path):
    asked = replace(
        spec(), scheduler="linear", weight_decay=0.2, gradient_accumulation=3, seed=7, epochs=2
    )
    made = settings(asked, loaded.model, "adamw_torch", tmp_path, validates=False)
    assert SimpleNamespace(**made.to_dict()).lr_scheduler_type == "linear"
    assert (made.weight_decay, made.gradient_accumulation_steps, made.seed) == (0.2, 3, 7)
    assert (made.num_train_epochs, made.max_steps, made.learning_rate) == (2, 6, 2e-3)
    assert (made.report_to, made.push_to_hub, made.eval_strategy) == ([], False, "no")
    assert not made.gradient_checkpointing


def test_the_adapter_is_float32_whatever_the_model_computes_in(tmp_path):
    """SFTTrainer would make it bfloat16, as on every card that computes in that."""
    model = load(STUDENT, "bf16", device="cpu")
    watch = Watch(recorder(tmp_path), 10, 1e9)
    with quiet():
        made = trainer(model, spec(), rows(), NONE, tmp_path / "kept", "adamw_torch", watch)
    assert {each.dtype for each in made.trained().values()} == {torch.float32}
    assert model.record.dtype == "bf16"


def test_why_at_the_end_of_a_schedule_an_8_bit_optimizer_moves_no_bfloat16():
    """bitsandbytes' own; it computes in float32 and rounds the weight back at every step."""
    still = {}
    for dtype in (torch.bfloat16, torch.float32):
        torch.manual_seed(0)
        weight = torch.nn.Parameter(((torch.rand(32, 1536) * 2 - 1) / 1536**0.5).to(dtype))
        start = weight.detach().clone()
        optimizer = AdamW8bit([weight], lr=2e-5, weight_decay=0)
        for _ in range(20):
            weight.grad = torch.ones_like(weight)
            optimizer.step()
        still[dtype] = (weight == start).float().mean().item()
    assert still[torch.bfloat16] == pytest.approx(0.69, abs=0.01)
    assert still[torch.float32] == 0
