"""Bounds by memory and by computing, against sums done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from engine.numerics.architecture import QWEN25
from engine.numerics.bandwidth import PLACES, Place, bound

SLOW = Place(100e9, 1e30)
sizes = st.sampled_from(sorted(QWEN25))
places = st.sampled_from(sorted(PLACES))


def test_one_sequence_reads_what_multiplies_once():
    """Qwen2.5-7B in BF16 without its embedding, of which a token reads one row."""
    model = QWEN25["7B"]
    found = bound(model, "bf16", SLOW)
    assert found.bytes_moved == 2 * (model.params - model.vocabulary * model.hidden)
    assert found.tokens_a_second == approx(100e9 / found.bytes_moved)
    assert found.by == "memory"
    tied = QWEN25["1.5B"]
    assert bound(tied, "bf16", SLOW).bytes_moved == 2 * tied.params, "the head is the embedding"


def test_keys_and_values_are_each_sequences_own():
    model = QWEN25["7B"]
    alone, four = (bound(model, "bf16", SLOW, sequences=n, tokens=1000) for n in (1, 4))
    assert four.bytes_moved - alone.bytes_moved == 3 * 57_344 * 1000


def test_turning_back_moves_more_than_16_bits_would():
    """0.52 bytes read, 2 written, 2 read again for each weight of a linear layer."""
    model = QWEN25["7B"]
    fused, turned = (bound(model, "nf4-dq", SLOW, fused=each) for each in (True, False))
    sixteen = bound(model, "bf16", SLOW)
    assert fused.bytes_moved < sixteen.bytes_moved / 3
    assert turned.bytes_moved > 2 * sixteen.bytes_moved
    assert bound(model, "bf16", SLOW, fused=False) == sixteen, "nothing is quantized"


@given(sizes, places, st.integers(1, 512), st.integers(0, 4000))
def test_fewer_bits_are_never_a_lower_bound_where_kernels_are_fused(size, place, sequences, tokens):
    given = {"sequences": sequences, "tokens": tokens}
    bounds = [
        bound(QWEN25[size], precision, PLACES[place], **given).tokens_a_second
        for precision in ("fp32", "bf16", "int8", "nf4", "nf4-dq")
    ]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize("place", PLACES)
def test_many_sequences_are_held_up_by_computing(place):
    """Then four bits and sixteen are alike."""
    many = [bound(QWEN25["7B"], p, PLACES[place], sequences=100_000) for p in ("bf16", "nf4-dq")]
    assert [each.by for each in many] == ["computing"] * 2
    assert many[0].tokens_a_second == many[1].tokens_a_second
