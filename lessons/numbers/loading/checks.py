"""What the settings are held against: transformers' own reading of them, and acorn loaded by it."""

import torch

from engine.models.libraries import transformers
from engine.models.registry import BUILTIN
from lessons.kit.checks import Failed, check, expect

Model = transformers.Qwen2ForCausalLM
"""acorn's class; asked for here, since transformers imports its code where it is first named."""
MB = 1_000_000
LINEAR_LAYERS = 28
"""Of acorn: seven in each of four layers."""


def settings(config):
    """A learner's config as plain values."""
    if "BitsAndBytesConfig" not in repr(config):
        raise Failed("A BitsAndBytesConfig is wanted.", "a BitsAndBytesConfig", repr(config))
    return config.to_dict()


def acorn(config):
    """The model, loaded with a learner's settings; in this process, on the CPU.

    All that is slow about it is imported above, where no clock runs yet.
    """
    said = transformers.BitsAndBytesConfig.from_dict(settings(config))
    return Model.from_pretrained(
        BUILTIN["acorn"],
        quantization_config=said,
        dtype=torch.float32,
        device_map={"": "cpu"},
        local_files_only=True,
    )


def layers(model, kind):
    """By name, the modules of a class, named by its name."""
    return {name: each for name, each in model.named_modules() if type(each).__name__ == kind}


class Card:
    """A card as torch.cuda tells of it: 600 MB in tensors, 1,024 MB taken."""

    def is_available(self):
        """It is there."""
        return True

    def memory_allocated(self):
        """Bytes in tensors."""
        return 600 * MB

    def memory_reserved(self):
        """Bytes taken."""
        return 1024 * MB


class NoCard:
    """A machine without a card, where asking for its memory is an error."""

    def is_available(self):
        """It is not there."""
        return False


@check
def eight_bits_by_llm_int8(learner):
    """`eight_bits()` loads in 8 bits, with outliers from 6.0 on."""
    said = settings(learner.eight_bits())
    expect((said["load_in_8bit"], said["load_in_4bit"]), (True, False), "8 bits, and 4 bits,")
    expect(said["llm_int8_threshold"], 6.0, "the threshold")


@check(needs="eight_bits_by_llm_int8")
def eight_bits_as_asked(learner):
    """`eight_bits` passes on another threshold, and the modules to be kept."""
    said = settings(learner.eight_bits(4.5, ["lm_head", "down_proj"]))
    expect(said["llm_int8_threshold"], 4.5, "the threshold")
    expect(said["llm_int8_skip_modules"], ["lm_head", "down_proj"], "what is to be kept")


@check
def four_bits_in_nf4(learner):
    """`four_bits()` loads in 4 bits, and in NF4, which is not the default."""
    said = settings(learner.four_bits())
    expect((said["load_in_4bit"], said["load_in_8bit"]), (True, False), "4 bits, and 8 bits,")
    expect(said["bnb_4bit_quant_type"], "nf4", "the type")


@check(needs="four_bits_in_nf4")
def four_bits_with_double_quantization(learner):
    """`four_bits()` quantizes the constants too."""
    said = settings(learner.four_bits())
    expect(said["bnb_4bit_use_double_quant"], True, "double quantization")


@check(needs="four_bits_in_nf4")
def four_bits_computing_as_asked(learner):
    """`four_bits` computes in BF16, or in the dtype that it is given."""
    for given, name in (((), "bfloat16"), ((torch.float16,), "float16")):
        said = settings(learner.four_bits(*given))
        expect(said["bnb_4bit_compute_dtype"], name, f"of four_bits{given} the compute dtype")


@check
def reads_a_config(learner):
    """`bits_a_weight` reads any config: 4.5, 4.127 with double quantization, 8 for LLM.int8."""
    made = learner.BitsAndBytesConfig
    for given, bits in (
        ({"load_in_4bit": True}, 4.5),
        ({"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, 4.5),
        ({"load_in_4bit": True, "bnb_4bit_use_double_quant": True}, 4 + 0.125 + 32 / 16384),
        ({"load_in_8bit": True}, 8),
        ({"load_in_8bit": True, "bnb_4bit_use_double_quant": True}, 8),
    ):
        told = ", ".join(f"{name}={value!r}" for name, value in given.items())
        expect(learner.bits_a_weight(made(**given)), bits, f"of {told} the bits a weight")


@check
def measures_a_card(learner):
    """`memory` tells what tensors hold on a card, and what torch has taken for them."""
    expect(
        learner.memory(Card()),
        {"allocated": 600 * MB, "reserved": 1024 * MB},
        "the memory of a card with 600 MB in tensors of 1,024 MB taken",
    )


@check
def measures_without_a_card(learner):
    """`memory` tells the process's resident memory where there is no card."""
    told = learner.memory(NoCard())
    expect(sorted(told), ["resident"], "what is told")
    held = learner.psutil.Process().memory_info().rss
    expect(told["resident"], held, "the resident memory", within=0.1)


@check
def measures_what_was_written(learner):
    """`grown` is 80 MB for 80 MB that were written to, as long as they are held."""
    got = learner.grown(learner.written)
    assert 70 * MB < got < 100 * MB, f"80 MB were written and held; grown says {got / MB:.1f} MB."


@check(needs="measures_what_was_written")
def measures_what_was_only_reserved(learner):
    """`grown` is next to nothing for 80 MB that nobody has written to."""
    got = learner.grown(learner.reserved)
    assert abs(got) < 10 * MB, f"nothing was written; grown says {got / MB:.1f} MB."


@check(needs=("four_bits_with_double_quantization", "four_bits_computing_as_asked"))
def acorn_loads_in_four_bits(learner):
    """acorn, loaded with `four_bits()`: 28 linear layers in NF4, their constants quantized too."""
    model = acorn(learner.four_bits(torch.float32))
    quantized = layers(model, "Linear4bit")
    expect(len(quantized), LINEAR_LAYERS, "the layers in 4 bits")
    for name, layer in quantized.items():
        state = layer.weight.quant_state
        expect((state.quant_type, state.nested), ("nf4", True), f"of {name} the type and nesting")
        expect(layer.weight.numel(), layer.in_features * layer.out_features // 2, f"{name}, bytes")
    expect(type(model.lm_head).__name__, "Linear", "the output head's class")


@check(needs="eight_bits_as_asked")
def acorn_loads_in_eight_bits(learner):
    """acorn, loaded with `eight_bits`: what is to be kept is kept, the rest is in INT8."""
    model = acorn(learner.eight_bits(6.0, ["lm_head", "down_proj"]))
    names = layers(model, "Linear8bitLt")
    expect(len(names), LINEAR_LAYERS - 4, "the layers in 8 bits, without four down_proj,")
    expect([name for name in names if name.endswith("down_proj")], [], "down_proj in 8 bits")
    for name, layer in names.items():
        expect(layer.state.threshold, 6.0, f"of {name} the threshold")
