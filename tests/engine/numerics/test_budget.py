from dataclasses import replace

import pytest
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

from engine.numerics.architecture import QWEN25, Architecture
from engine.numerics.budget import activation_bytes, full, inference, lora, lora_in, lora_params

SMALL, LARGE = QWEN25["1.5B"], QWEN25["7B"]


@pytest.mark.parametrize(("how", "bytes_a_weight"), [("fp32", 16), ("mixed", 16), ("bf16", 8)])
def test_full_fine_tuning(how, bytes_a_weight):
    assert full(SMALL, how).total == bytes_a_weight * SMALL.params


def test_the_assignments_session():
    """Assignment 001: weights in FP32 in about 12 GB of RAM; 1.5B loads, 3B crashes."""
    loads, crashes = (inference(QWEN25[size], "fp32").total for size in ("1.5B", "3B"))
    assert loads == pytest.approx(6.17e9, rel=0.001)
    assert crashes == pytest.approx(12.34e9, rel=0.001)
    assert inference(QWEN25["3B"], "bf16").total == pytest.approx(3.97e9 + 2.20e9, rel=0.001)


def test_qlora_fits_where_full_fine_tuning_does_not():
    """7B: 122 GB to train in full, under 8 GB frozen in NF4 with an adapter beside it."""
    assert full(LARGE).total > 120e9
    assert lora(LARGE, "nf4-dq", rank=16).total < 8e9
    assert lora(LARGE, "nf4-dq").total < lora(LARGE, "bf16").total < full(LARGE, "bf16").total


def test_adapter_of_one_matrix():
    """LoRA: r * (in + out) for each matrix; 1.5B's queries are 1536 x 1536."""
    only_queries = 16 * (1536 + 1536) * SMALL.layers
    assert lora_params(SMALL, 16) > only_queries
    assert lora_params(SMALL, 32) == 2 * lora_params(SMALL, 16)
    assert lora(SMALL, rank=16).adapter == 4 * lora_params(SMALL, 16)


def test_what_grows_with_tokens():
    short, long = (inference(LARGE, "nf4", tokens=n) for n in (1000, 2000))
    assert long.kv_cache == 2 * short.kv_cache
    assert long.weights == short.weights
    assert activation_bytes(LARGE, 2000, 2) == 2 * activation_bytes(LARGE, 1000, 2)


def test_total_is_the_sum_of_its_parts():
    budget = lora(SMALL, "nf4-dq", tokens=1024)
    parts = (budget.weights, budget.adapter, budget.gradients, budget.optimizer)
    assert budget.total == sum(parts) + budget.activations + budget.logits
    assert budget.kv_cache == 0


@pytest.mark.parametrize("room", [2e9, 8e9, 32e9])
def test_memory_says_whether_activations_are_computed_again(room):
    asked = {"rank": 32, "tokens": 2048, "modules": ["q_proj", "k_proj", "v_proj"]}
    got = lora_in(SMALL, "nf4-dq", room=int(room), **asked)
    kept = lora(SMALL, "nf4-dq", recomputed=False, **asked)
    assert got.recomputed == (kept.total > room / 2)
    assert got == (lora(SMALL, "nf4-dq", **asked) if got.recomputed else kept)


def test_the_loss_of_an_adapter_never_holds_all_logits():
    """TRL computes it in pieces: a tenfold batch takes no more for it."""
    few, many = (lora(SMALL, "nf4-dq", tokens=n).logits for n in (1000, 10_000))
    assert few == many == 36 * 256 * 32_768


def test_only_the_layers_with_an_adapter_count():
    three = lora(SMALL, rank=32, modules=["q_proj", "k_proj", "v_proj"], tokens=100)
    assert three.adapter == 4 * lora_params(SMALL, 32, ["q_proj", "k_proj", "v_proj"])
    assert three.activations < lora(SMALL, rank=32, tokens=100).activations


def test_drawing_takes_what_a_sort_of_the_logits_takes():
    assert inference(SMALL, "bf16", rows=250).logits == 20 * 250 * 151_936


TOKENS = 256
FEW = Architecture(256, 2, 4, 1, 768, 800, tied=True)


def kept_bytes(arch, checkpointing):
    """What autograd keeps of a forward pass in FP32 for the backward pass, weights apart."""
    torch.manual_seed(0)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            hidden_size=arch.hidden,
            num_hidden_layers=arch.layers,
            num_attention_heads=arch.heads,
            num_key_value_heads=arch.kv_heads,
            intermediate_size=arch.intermediate,
            vocab_size=arch.vocabulary,
            tie_word_embeddings=arch.tied,
            use_cache=False,
        )
    ).train()
    if checkpointing:
        model.activation_checkpointing_enable()
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}
    kept = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage  # held, so that no other takes its address
        return tensor

    ids = torch.randint(0, arch.vocabulary, (1, TOKENS))
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        model(input_ids=ids, labels=ids).loss  # noqa: B018
    return sum(storage.nbytes() for storage in kept.values())


def test_activations_are_about_what_autograd_keeps():
    """Between layers their inputs, exactly; in the layer under way within a fifth."""
    more = replace(FEW, layers=FEW.layers + 2)
    a_layer = (kept_bytes(more, False) - kept_bytes(FEW, False)) / 2
    in_and_out = sum(out + into for out, into in FEW.linear)
    assert in_and_out * 4 * TOKENS == pytest.approx(a_layer, rel=0.2)
    an_input = (kept_bytes(more, True) - kept_bytes(FEW, True)) / 2
    estimated = activation_bytes(more, TOKENS, 4) - activation_bytes(FEW, TOKENS, 4)
    assert an_input == estimated / 2 == FEW.hidden * 4 * TOKENS
