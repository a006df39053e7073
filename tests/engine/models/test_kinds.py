"""Models of other kinds than the built-ins': answered as transformers has them, or refused."""

import pytest
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

from engine.data.problems import DataSpec
from engine.errors import EngineError, ModelNotFound
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches, prompt
from tests.engine.conftest import TINY, tokenizer

SIZES = {name: value for name, value in TINY.items() if name != "bos_token_id"}
LINEAR = {
    "linear_num_key_heads": 2, "linear_num_value_heads": 2, "linear_key_head_dim": 16,
    "linear_value_head_dim": 16, "head_dim": 16,
    "layer_types": ["linear_attention", "full_attention"],
}  # fmt: skip
KINDS = {
    "qwen3_5_text": LINEAR,
    "qwen3_next": {**LINEAR, "num_experts": 0, "mlp_only_layers": [0, 1]},
    "mamba": {"state_size": 8},
    "mamba2": {"state_size": 8, "num_heads": 8, "head_dim": 16, "expand": 2, "n_groups": 1},
    "lfm2": {"layer_types": ["conv", "full_attention"]},
    "falcon_h1": {"mamba_d_ssm": 64, "mamba_n_heads": 4, "mamba_d_head": 16, "mamba_d_state": 8,
                  "head_dim": 16},
}  # fmt: skip
PROBLEMS = DataSpec(limit=3).problems()


def saved(folder, kind, made=AutoModelForCausalLM, **more):
    torch.manual_seed(0)
    model = made.from_config(AutoConfig.for_model(kind, **{**SIZES, **more}))
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.2)  # or it says the same thing for ever
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return str(folder)


def answers(loaded, k):
    (batch,) = plan_batches(PROBLEMS, loaded.tokenizer, "", 8)
    samples = generate_batch(loaded, batch, k=k, temperature=0, max_new_tokens=8)
    return {(each.problem_id, each.sample): each.text for each in samples}


@pytest.mark.parametrize("kind", KINDS)
def test_together_and_in_samples_as_alone_with_transformers(kind, tmp_path):
    """Prompts of several lengths, padded; and each row twice, as K samples of it."""
    loaded = load(saved(tmp_path, kind, **KINDS[kind]), "fp32", device="cpu")
    alone = {}
    for problem in PROBLEMS:
        ids = torch.tensor([prompt(problem.question, loaded.tokenizer)])
        told = {"attention_mask": torch.ones_like(ids), "do_sample": False, "max_new_tokens": 8}
        written = loaded.model.generate(ids, **told)[0, ids.shape[1] :]
        alone[problem.id] = loaded.tokenizer.decode(written, skip_special_tokens=True)
    assert len({*alone.values()}) > 1
    assert answers(loaded, 1) == {(name, 0): text for name, text in alone.items()}
    assert answers(loaded, 2) == {
        (name, sample): text for name, text in alone.items() for sample in (0, 1)
    }


@pytest.mark.parametrize(
    ("kind", "made", "more"),
    [
        ("t5", transformers.AutoModelForSeq2SeqLM, {"d_model": 32, "d_ff": 64, "num_heads": 2}),
        ("bert", transformers.AutoModelForMaskedLM, {}),
        ("distilbert", transformers.AutoModelForSequenceClassification, {"dim": 32, "n_heads": 2}),
    ],
)
def test_what_writes_nothing_is_refused_before_it_is_loaded(kind, made, more, tmp_path):
    folder = saved(tmp_path, kind, made, **more)
    with pytest.raises(ModelNotFound, match="does not write on") as told:
        load(folder, "fp32", device="cpu")
    assert "causal language model" in told.value.way_out


def test_files_without_all_tensors_are_refused(tmp_path):
    """transformers would put random numbers in their place, and the answers would be noise."""
    folder = saved(tmp_path, "llama")
    from safetensors.torch import load_file, save_file

    held = load_file(tmp_path / "model.safetensors")
    held.pop("model.layers.1.mlp.up_proj.weight")
    save_file(held, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(EngineError, match=r"lack 1 of its tensors, such as .*up_proj"):
        load(folder, "fp32", device="cpu")


@pytest.mark.parametrize(
    ("kind", "more"),
    [("rwkv", {}), ("recurrent_gemma", {"lru_width": 64, "head_dim": 16})],
)
def test_a_state_of_its_own_is_told_in_words(kind, more, tmp_path):
    loaded = load(saved(tmp_path, kind, **more), "fp32", device="cpu")
    with pytest.raises(EngineError, match=f"of the kind {kind}"):
        answers(loaded, 1)
