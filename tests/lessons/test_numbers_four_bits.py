"""What the lesson on four bits says, held against the engine and bitsandbytes."""

import importlib.util
import re

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.models.libraries import bitsandbytes as bnb
from engine.numerics import blockwise, codes
from engine.numerics.formats import Float
from lessons.kit.course.lesson import lesson
from lessons.kit.question import variant

SEEDS = range(40)


@pytest.fixture(scope="module")
def four_bits():
    return lesson("numbers/four-bits")


def load(name):
    path = lesson("numbers/four-bits").folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"four_bits_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_exercises_bytes_are_bitsandbytes_own():
    checks = load("checks")
    packed, state = bnb.functional.quantize_4bit(
        torch.tensor(checks.ACORN), blocksize=32, quant_type="nf4"
    )
    assert bytes(packed.flatten().tolist()) == checks.WRITTEN
    assert state.absmax.tolist() == checks.CONSTANTS


def test_the_exercises_weights_are_acorns():
    from safetensors.torch import load_file

    from engine.models.registry import BUILTIN

    tensors = load_file(BUILTIN["acorn"] / "model.safetensors")
    row = tensors["model.layers.0.self_attn.q_proj.weight"][0, :64]
    assert row.float().tolist() == load("checks").ACORN


@settings(max_examples=40, deadline=None)
@given(
    weights=st.lists(st.floats(-10, 10, width=32, allow_subnormal=False), min_size=1, max_size=150),
    block=st.sampled_from([1, 7, 32, 64]),
)
def test_the_solution_does_what_the_engine_does(weights, block):
    solution = load("solution")
    made, constants = solution.quantize(weights, block)
    ours = blockwise.quantize(torch.tensor(weights), block=block)
    places = torch.arange(len(weights)) // block
    scaled = torch.tensor(weights).double() / torch.tensor(constants).double()[places]
    middles = [(low + high) / 2 for low, high in zip(codes.NF4, codes.NF4[1:], strict=False)]
    off = (scaled[:, None] - torch.tensor(middles)).abs().amin(-1)
    plain = off > 1e-6  # nearer than that single and double precision may part
    assert torch.equal(torch.tensor(made)[plain], ours.codes.long()[plain])
    assert solution.unpack(solution.pack(made), len(made)) == made
    back = torch.tensor(solution.dequantize(made, constants, block))
    assert torch.allclose(back[plain], blockwise.dequantize(ours)[plain], atol=1e-5)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_byte_is_the_engines(four_bits, seed):
    body = variant(four_bits.questions()["nf4-byte"], seed).body
    largest, first, second = map(
        float, re.match(r".*? is ([\d.]+)\..* are (\S+) and (\S+)\. ", body.ask).groups()
    )
    block = torch.tensor([first, second, largest, 0.0])
    assert int(body.answer, 2) == blockwise.pack(blockwise.quantize(block))[0].item()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_weight_is_farther_off_than_the_worst_error(four_bits, seed):
    body = variant(four_bits.questions()["worst-error"], seed).body
    absmax = float(re.search(r"block is ([\d.]+)\.", body.ask)[1])
    kind = "fp4" if "FP4" in body.ask else "nf4"
    weights = torch.linspace(-absmax, absmax, 20_001)
    back = blockwise.dequantize(blockwise.quantize(weights, kind, block=20_001))
    assert (weights - back).abs().max().item() == pytest.approx(body.answer, rel=0.005)


@pytest.mark.parametrize("block", [32, 64, 128])
@pytest.mark.parametrize(("shape", "best"), [("randn", "nf4"), ("rand", "int4")])
def test_which_format_is_best(shape, best, block):
    """The question's claim: NF4 for a bell, INT4 for what is evenly spread, FP4 for neither."""
    rng = torch.Generator().manual_seed(0)
    weights = getattr(torch, shape)(64_000, generator=rng) * 2 - float(shape == "rand")
    errors = {
        kind: (blockwise.dequantize(blockwise.quantize(weights, kind, block)) - weights)
        .square()
        .mean()
        for kind in codes.TABLES
    }
    assert min(errors, key=errors.get) == best


def test_nf4_is_the_best_at_every_block_of_every_matrix_but_one(four_bits):
    lab = four_bits.labs()["four-bit-error"]
    parts, beaten = lab.parameter("part").control.values, []
    for part in parts:
        for layer in range(4):
            values = lab.compute({"part": part, "layer": layer}).values
            for block in (16, 32, 64, 128, 256, 512, 1024, 4096):
                nf4 = values[f"nf4 {block}"]
                others = [values[f"{kind} {block}"] for kind in ("e2m1", "int4", "fp4")]
                beaten += [(part, layer, block)] if nf4 >= min(others) else []
                assert values[f"e2m1 {block}"] < values[f"fp4 {block}"]
            assert 8 < values["nf4 64"] < 11  # "about a tenth"
    assert beaten == [("down_proj", 3, 4096)]


def test_every_number_of_a_format_is_drawn_once(four_bits):
    drawn = four_bits.labs()["code-points"].compute().figures[1]
    for series in drawn.series:
        assert sum(series.heights) == len(codes.TABLES[series.name.lower()])


def test_nf4s_codes_say_most(four_bits):
    """The lesson: 3.8 bits, 3.9, 3.65 and 3.4 of 4; but two of E2M1's codes are zeros."""
    values = four_bits.labs()["code-points"].compute().values
    assert values["entropy nf4"] == pytest.approx(3.8, abs=0.05)
    assert values["entropy e2m1"] == pytest.approx(3.9, abs=0.05)
    assert values["entropy fp4"] == pytest.approx(3.65, abs=0.05)
    assert values["entropy int4"] == pytest.approx(3.4, abs=0.05)


def test_the_table_in_the_text_is_nf4(four_bits):
    text = "\n".join(step.text for step in four_bits.steps if step.kind == "reading")
    shown = dict(re.findall(r" ([01]?\d) +([+-]?\d\.\d{4})", text))
    assert {int(code): float(number) for code, number in shown.items()} == {
        code: round(number, 4) for code, number in enumerate(codes.NF4)
    }


def test_what_65_billion_weights_take(four_bits):
    """The lesson: 36.56 GB, and 3 GB less by double quantization. QLoRA, section 3."""
    lab = four_bits.labs()["constants"]
    plain, nested = (lab.compute({"nested": each}).values["gb"] for each in ("no", "yes"))
    assert plain == pytest.approx(36.56, abs=0.005)
    assert plain - nested == pytest.approx(3.0, abs=0.05)


def test_the_table_of_errors_is_the_labs(four_bits):
    text = "\n".join(step.text for step in four_bits.steps if step.kind == "reading")
    values = four_bits.labs()["four-bit-error"].compute().values
    for kind in ("NF4", "E2M1", "INT4", "FP4"):
        told = re.search(rf"^    {kind} +(\S+) +(\S+) +(\S+)$", text, re.MULTILINE).groups()
        measured = [values[f"{kind.lower()} {block}"] for block in (16, 64, 4096)]
        assert [float(each) for each in told] == pytest.approx(measured, abs=0.05), kind


def test_bitsandbytes_fp4_is_e2m1_but_for_its_least_number():
    ours, theirs = (sorted({abs(each) for each in t}) for t in (codes.E2M1, codes.FP4))
    assert theirs[1] == pytest.approx(0.0052, abs=5e-5)
    assert ours[1] == pytest.approx(0.5 / 6)
    assert [*theirs[:1], *theirs[2:]] == pytest.approx([*ours[:1], *ours[2:]])
    decoded = [Float("E2M1", 2, 1, has_infinity=False).decode(p) / 6 for p in range(7)]
    assert list(codes.E2M1[:7]) == pytest.approx(decoded), "by the rules of floating point"
