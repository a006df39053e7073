import pytest

from engine.numerics.footprint import Weight, footprint

LINEAR = Weight((4096, 4096), True)
HEAD = Weight((32_000, 4096), False)


@pytest.mark.parametrize(
    ("precision", "bits"),
    [
        ("fp32", 32),
        ("bf16", 16),
        ("int8", 8 + 32 / 4096),
        ("nf4", 4.5),
        ("nf4-dq", 4 + 8 / 64 + 32 / (64 * 256)),  # QLoRA: 0.127 bits a weight
        ("fp4-dq", 4.127),
    ],
)
def test_bits_a_weight(precision, bits):
    dtype = precision if precision in ("fp32", "bf16") else "fp32"
    assert footprint([LINEAR], precision, dtype).total * 8 / LINEAR.size == pytest.approx(
        bits, rel=2e-4
    )


def test_only_linear_weights_are_quantized():
    both = footprint([LINEAR, HEAD], "nf4", "bf16")
    assert (both.quantized_params, both.unquantized_params) == (LINEAR.size, HEAD.size)
    assert both.rest == 2 * HEAD.size
    assert both.codes == LINEAR.size / 2
    assert both.total == both.codes + both.constants + both.rest


def test_nothing_is_quantized_in_a_plain_precision():
    plain = footprint([LINEAR, HEAD], "fp16", "fp16")
    assert (plain.codes, plain.constants, plain.quantized_params) == (0, 0, 0)
    assert plain.total == 2 * (LINEAR.size + HEAD.size)


def test_a_part_of_a_block_takes_a_whole_constant():
    assert footprint([Weight((1, 65), True)], "nf4", "fp32").constants == 2 * 4 + 64
    assert footprint([Weight((1, 65), True)], "nf4", "fp32").codes == 33
