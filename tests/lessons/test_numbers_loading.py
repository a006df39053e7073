"""What the lesson on loading says, held against transformers, bitsandbytes and the engine."""

import re

import pytest
import torch
from pytest import approx

from engine.models import memory
from engine.models.libraries import transformers
from engine.models.registry import BUILTIN
from engine.numerics.bandwidth import Place, bound
from lessons.kit.course.lesson import lesson
from lessons.kit.judging.grader import Grader, Limits
from lessons.kit.question import variant

SEEDS = range(40)
WRONG = """
import psutil
import torch
from transformers import BitsAndBytesConfig


def eight_bits(threshold=6.0, keep=None):
    return BitsAndBytesConfig(load_in_8bit=True, llm_int8_threshold=threshold)


def four_bits(dtype=torch.bfloat16):
    return BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_compute_dtype=dtype)


def bits_a_weight(config):
    return 4.127 if config.bnb_4bit_use_double_quant else 4.5


def memory(cuda=torch.cuda):
    return {"allocated": cuda.memory_allocated(), "reserved": cuda.memory_allocated()}


def grown(make):
    before = psutil.Process().memory_info().rss
    make()
    return psutil.Process().memory_info().rss - before


def written():
    return torch.ones(80_000_000, dtype=torch.uint8)
"""
"""The usual mistakes: names dropped, FP4 by default, 8 bits not asked for, one counter for two, and
what was made not held."""


@pytest.fixture(scope="module")
def loading():
    return lesson("numbers/loading")


def body(loading, question, seed):
    return variant(loading.questions()[question], seed).body


def loaded(name, **settings):
    return transformers.AutoModelForCausalLM.from_pretrained(
        BUILTIN[name],
        quantization_config=transformers.BitsAndBytesConfig(**settings),
        dtype=torch.float32,
        device_map={"": "cpu"},
    )


def test_the_table_of_defaults():
    said = transformers.BitsAndBytesConfig(load_in_4bit=True)
    assert (said.bnb_4bit_quant_type, said.bnb_4bit_use_double_quant) == ("fp4", False)
    assert said.bnb_4bit_compute_dtype == torch.float32
    assert said.llm_int8_threshold == 6.0
    with pytest.raises(ValueError, match="only one can be used"):
        transformers.BitsAndBytesConfig(load_in_4bit=True, load_in_8bit=True)


def test_the_head_is_kept_unless_others_are_named():
    assert type(loaded("acorn", load_in_4bit=True).lm_head).__name__ == "Linear"
    model = loaded("acorn", load_in_4bit=True, llm_int8_skip_modules=["down_proj"])
    assert type(model.lm_head).__name__ == "Linear4bit"
    assert type(model.model.layers[0].mlp.down_proj).__name__ == "Linear"


@pytest.mark.parametrize(("nested", "held"), [(False, 2.52), (True, 2.38)])
def test_the_footprint_of_transformers_leaves_constants_out(nested, held):
    settings = {"bnb_4bit_quant_type": "nf4", "bnb_4bit_use_double_quant": nested}
    oak = loaded("oak", load_in_4bit=True, **settings)
    memory.share_tables(oak)
    assert oak.get_memory_footprint() / 1e6 == approx(2.33, abs=0.005)
    assert memory.count(oak).bytes_parameters / 1e6 == approx(held, abs=0.005)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_config_asked_about_is_what_transformers_makes_of_it(loading, seed):
    asked = body(loading, "config-read", seed)
    call = re.search(r"BitsAndBytesConfig\(.*\)", asked.ask, re.DOTALL)[0]
    names = {"BitsAndBytesConfig": transformers.BitsAndBytesConfig, "torch": torch}
    said = eval(call, names)
    bits = "4.127" if said.bnb_4bit_use_double_quant else "4.5"
    computed = {"float32": "FP32", "bfloat16": "BF16", "float16": "FP16"}
    right = [option.text for option in asked.options if option.right]
    dtype = computed[str(said.bnb_4bit_compute_dtype).removeprefix("torch.")]
    wanted = f"{said.bnb_4bit_quant_type.upper()}, {bits} bits a weight, computed in {dtype}"
    assert right == [wanted]


def test_what_the_text_says_of_bandwidth(loading):
    lab = loading.labs()["bandwidth"]
    one = lab.compute({"tokens": 250}).values
    assert one["gb bf16"] == approx(14.1, abs=0.1)
    assert one["bf16"] == approx(22.6, abs=0.1)
    assert lab.compute().values["times"] == approx(3.15, abs=0.01)
    assert lab.compute({"multiplies_as_it_reads": False}).values["times"] < 0.5
    many = lab.compute({"sequences": 256})
    assert many.values["times"] == approx(1.5, abs=0.02)
    keys_and_values = 57_344 * 256 * 1000 / 1e9
    assert keys_and_values > many.values["gb bf16"] / 2
    laptop = lab.compute({"place": "laptop", "sequences": 16})
    assert {row[3] for row in laptop.figures[0].rows} == {"computing"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tokens_asked_for_are_those_of_a_bare_division(loading, seed):
    asked = body(loading, "tokens-a-second", seed)
    billions, bits = map(float, re.search(r"of (\S+) billion .* at (\S+) bits", asked.ask).groups())
    speed = float(re.search(r"gives ([\d,]+) GB", asked.ask)[1].replace(",", ""))
    assert asked.answer == approx(speed / (billions * bits / 8))


def test_one_sequence_of_a_real_model_is_near_that_division():
    """All weights but the head in 4.127 bits: the division is a little too kind."""
    from engine.numerics.architecture import QWEN25

    model, place = QWEN25["32B"], Place(1e12, 1e30)
    ideal = 1e12 / (model.params * 4.127 / 8)
    assert 0.8 * ideal < bound(model, "nf4-dq", place).tokens_a_second < ideal


def test_memory_that_nobody_wrote_to_is_not_resident(loading):
    values = loading.labs()["resident"].compute({"megabytes": "200"}).values
    assert values["reserved"] < 20
    assert values["written"] > 150
    assert values["freed"] < 50


def test_the_usual_mistakes_are_found(loading, tmp_path):
    file = tmp_path / "exercise.py"
    file.write_text(WRONG)
    with Grader(Limits(wall_seconds=60)) as grader:
        report = grader.check(loading.exercise(), file)
    failed = {each.name: each.why for each in report.results if each.outcome == "failed"}
    assert set(failed) == {
        "eight_bits_as_asked", "four_bits_in_nf4", "reads_a_config",
        "measures_a_card", "measures_without_a_card", "measures_what_was_written",
    }  # fmt: skip
    assert "grown says" in failed["measures_what_was_written"]
