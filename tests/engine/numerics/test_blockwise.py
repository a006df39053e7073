"""Equal to bitsandbytes' own operators to the last bit, and right by itself."""

from statistics import NormalDist

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from engine.models.libraries import bitsandbytes as bnb
from engine.models.registry import BUILTIN
from engine.numerics import codes
from engine.numerics.blockwise import (
    Nested,
    dequantize,
    dynamic_table,
    nest,
    pack,
    quantize,
    table,
    unnest,
    unpack,
)

F = bnb.functional
torch._dynamo.config.disable = True  # bitsandbytes would compile odd shapes, for 20 seconds

lengths = st.integers(1, 700)
seeds = st.integers(0, 2**31)
spreads = st.sampled_from([1e-6, 0.02, 1.0, 300.0])
kinds = st.sampled_from(list(codes.TABLES))


def numbers(seed, length, spread, dtype=torch.float32):
    made = torch.randn(length, generator=torch.Generator().manual_seed(seed)) * spread
    return made.to(dtype)


@pytest.fixture(scope="module")
def acorn():
    """The linear weights of the built-in student."""
    tensors = load_file(BUILTIN["acorn"] / "model.safetensors")
    return {name: each for name, each in tensors.items() if "proj.weight" in name}


def same_as_bitsandbytes(x, kind, block, nested):
    ours = quantize(x, kind, block, nested=nested)
    packed, state = F.quantize_4bit(x, blocksize=block, compress_statistics=nested, quant_type=kind)
    assert torch.equal(pack(ours), packed.reshape(-1))
    if nested:
        assert torch.equal(ours.absmax.codes, state.absmax)
        assert torch.equal(ours.absmax.absmax, state.state2.absmax)
        assert torch.equal(ours.absmax.offset, state.offset)
    else:
        assert torch.equal(ours.absmax, state.absmax)
    assert torch.equal(dequantize(ours), F.dequantize_4bit(packed, state).reshape(x.shape))


@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_the_tables_are_bitsandbytes_own(kind):
    assert torch.equal(table(kind), F.get_4bit_type(kind, device="cpu"))


def test_the_table_of_constants_is_bitsandbytes_own():
    assert torch.equal(dynamic_table(), F.create_dynamic_map())


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_all_of_acorn_is_as_bitsandbytes_has_it(acorn, kind, nested):
    assert len(acorn) == 28
    for weight in acorn.values():
        same_as_bitsandbytes(weight, kind, 64, nested)


@pytest.mark.parametrize("block", [32, 128, 1024, 4096])
@pytest.mark.parametrize("kind", ["nf4", "fp4"])
def test_other_blocks_are_as_bitsandbytes_has_them(acorn, kind, block):
    """Flat, since bitsandbytes' AVX512 kernel is wrong where a block is longer than a row."""
    for name in ("self_attn.k_proj", "mlp.down_proj"):
        weight = acorn[f"model.layers.0.{name}.weight"].float()
        same_as_bitsandbytes(weight.reshape(-1), kind, block, nested=False)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("kind", ["nf4", "fp4"])
@settings(max_examples=20, deadline=None)
@given(seed=seeds, length=lengths, spread=spreads)
def test_any_numbers_are_as_bitsandbytes_has_them(kind, nested, dtype, seed, length, spread):
    same_as_bitsandbytes(numbers(seed, length, spread, dtype), kind, 64, nested)


def test_a_million_constants_are_as_bitsandbytes_has_them():
    """Many, since bitsandbytes' rule for 8 bits differs from the nearest in one of 600."""
    absmax = numbers(5, 1_000_003, 1.0).abs()
    ours = nest(absmax)
    theirs, state = F.quantize_blockwise(absmax - absmax.mean(), blocksize=256)
    assert torch.equal(ours.codes, theirs)
    back = F.dequantize_blockwise(theirs, state) + absmax.mean()
    assert torch.equal(unnest(ours), back)


@pytest.mark.parametrize("kind", ["nf4", "fp4"])
@pytest.mark.parametrize("length", [64, 70, 3, 1])
def test_zeros_stay_zeros(kind, length):
    x = torch.zeros(length)
    same_as_bitsandbytes(x, kind, 64, False)
    assert torch.equal(dequantize(quantize(x, kind)), x)


def test_the_middle_between_two_numbers_goes_to_the_lower_one():
    for kind in ("nf4", "fp4"):
        ordered = table(kind).sort().values
        middles = (ordered[:-1] + ordered[1:]) / 2
        x = torch.cat([torch.tensor([1.0]), middles, torch.zeros(48)])
        same_as_bitsandbytes(x, kind, 64, False)


@settings(max_examples=40, deadline=None)
@given(
    seed=seeds, length=lengths, spread=spreads, kind=kinds, block=st.sampled_from([1, 7, 32, 64])
)
def test_no_error_exceeds_half_the_widest_gap(seed, length, spread, kind, block):
    x = numbers(seed, length, spread)
    quantized = quantize(x, kind, block)
    ordered = table(kind).sort().values
    half = (ordered[1:] - ordered[:-1]).max() / 2
    constants = quantized.absmax.repeat_interleave(block)[:length]
    error = (dequantize(quantized) - x).abs()
    assert (error <= constants * half * (1 + 1e-5)).all()


@settings(max_examples=40, deadline=None)
@given(seed=seeds, length=lengths, kind=kinds)
def test_quantizing_again_changes_nothing(seed, length, kind):
    once = dequantize(quantize(numbers(seed, length, 1.0), kind))
    assert torch.allclose(dequantize(quantize(once, kind)), once, rtol=1e-6, atol=0)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, kind=kinds)
def test_within_a_block_the_order_is_kept(seed, kind):
    x = numbers(seed, 64, 1.0).sort().values
    assert (dequantize(quantize(x, kind)).diff() >= 0).all()


@settings(max_examples=40, deadline=None)
@given(seed=seeds, kind=kinds, spread=spreads)
def test_the_pure_rule_says_the_same(seed, kind, spread):
    """`codes.nearest` is what questions and exercises use."""
    x = numbers(seed, 64, spread)
    scaled = x * (1.0 / x.abs().max())
    middles = table(kind).sort().values
    middles = (middles[:-1] + middles[1:]) / 2
    near = (scaled[:, None] - middles).abs().amin(-1) < 1e-6  # float32 and float64 may differ there
    expected = torch.tensor([codes.nearest(each, codes.TABLES[kind]) for each in scaled.tolist()])
    assert torch.equal(quantize(x, kind).codes[~near].long(), expected[~near])


@settings(max_examples=40, deadline=None)
@given(seed=seeds, length=lengths, kind=kinds)
def test_packing_loses_nothing(seed, length, kind):
    quantized = quantize(numbers(seed, length, 1.0), kind)
    packed = pack(quantized)
    assert packed.numel() == (length + 1) // 2
    assert torch.equal(unpack(packed, length), quantized.codes)


def test_the_first_code_is_in_the_upper_half():
    """-1 is code 0, 1 code 15, and the place left over holds 7, which is zero."""
    assert pack(quantize(torch.tensor([-1.0, 1.0, 1.0]))).tolist() == [0x0F, 0xF7]


def test_nf4_is_made_of_quantiles():
    """Quantiles of N(0, 1), scaled to [-1, 1], with an exact zero that both sides share.

    Below zero there are 7 steps from 1 - `tail` to one half, above it 8 from one half to `tail`,
    each of equal probability. To six digits; what bitsandbytes holds was computed in single
    precision.
    """
    quantile = NormalDist().inv_cdf
    tail = 0.9677083  # halfway between 1 - 1/30 and 1 - 1/32
    lower = [quantile(1 - tail + (tail - 0.5) * step / 7) for step in range(7)]
    upper = [quantile(tail - (tail - 0.5) * step / 8) for step in range(8)]
    made = [each / upper[0] for each in (*lower, 0.0, *reversed(upper))]
    assert made == pytest.approx(list(codes.NF4), abs=1e-6)


def test_nf4_codes_are_about_equally_often_used_by_normal_weights():
    """Of blocks of 64 normal weights: no code twice as often as the mean but the ends' rarer."""
    x = numbers(0, 640_000, 1.0)
    counts = quantize(x).codes.long().bincount(minlength=16) / x.numel()
    assert counts.max() < 2 / 16
    evenly = quantize(x, "int4").codes.long().bincount(minlength=15) / x.numel()
    assert evenly.max() > counts.max()


def test_on_acorn_nf4_has_the_least_error(acorn):
    """The lab's order, with blocks of 64: NF4, then INT4, then FP4."""
    weights = torch.cat([each.float().reshape(-1) for each in acorn.values()])

    def error(kind):
        return (dequantize(quantize(weights, kind)) - weights).square().mean().item()

    assert error("nf4") < error("e2m1") < error("int4") < error("fp4")


@pytest.mark.parametrize(("nested", "bits"), [(False, 4.5), (True, 4.127)])
def test_bits_a_weight(nested, bits):
    """QLoRA, section 3: 0.5 bits of constants a weight become 0.127."""
    assert codes.bits_a_weight(64, nested) == pytest.approx(bits, abs=0.0005)


def test_bits_a_weight_are_what_the_tensors_hold():
    quantized = quantize(numbers(0, 64 * 256 * 4, 1.0), nested=True)
    assert isinstance(quantized.absmax, Nested)
    parts = (pack(quantized), quantized.absmax.codes, quantized.absmax.absmax)
    held = sum(each.nbytes for each in parts)
    assert 8 * held / quantized.codes.numel() == codes.bits_a_weight(64, True)


@pytest.mark.parametrize("x", [torch.empty(0), torch.tensor([1.0, float("nan")])])
def test_what_cannot_be_quantized_is_refused(x):
    with pytest.raises(ValueError, match="empty or not finite"):
        quantize(x)


def test_unknown_formats_and_blocks_are_refused():
    with pytest.raises(ValueError, match="nf5"):
        quantize(torch.ones(3), "nf5")
    with pytest.raises(ValueError, match="at least one"):
        quantize(torch.ones(3), block=0)
