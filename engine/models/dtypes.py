"""Which dtype a model computes in, and holds what is not quantized in. Imports no library."""

from engine.numerics.footprint import DTYPE_BYTES


def computes_in(precision: str, device: str, *, has_bf16: bool = True) -> str:
    """`fp32`, `bf16` or `fp16`, for a precision on a device.

    Args:
        precision: One of :data:`engine.models.registry.PRECISIONS`.
        device: Its type: `cuda`, `cpu` or `mps`.
        has_bf16: Whether a card computes in bf16; CPUs do, though most of them slowly.
    """
    on_card = device == "cuda"
    if precision == "bf16" and on_card and not has_bf16:
        return "fp16"
    if precision in DTYPE_BYTES:
        return precision
    if not on_card:
        return "fp32"  # right on every CPU, where bf16 is fast on few and fp16 on none
    if precision == "int8":
        return "fp16"  # what LLM.int8's kernels take
    return "bf16" if has_bf16 else "fp16"
