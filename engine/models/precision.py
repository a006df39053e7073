"""What a precision means on a device: the dtype to compute in, and what bitsandbytes does.

    fp32, bf16, fp16   weights in that dtype, which is also computed in
    int8               LLM.int8 with threshold 6.0: linear layers in 8 bits, outliers beside them
    nf4, fp4 (-dq)     linear layers in 4 bits; -dq quantizes their constants once more

Where the machine lacks something, the nearest thing is taken and said, with the reason; but a
device that was named is that device or an error.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import torch

from engine.errors import SpecError
from engine.machine_probe import has_bf16, usable, why_no_cuda, why_not
from engine.models.dtypes import computes_in
from engine.models.registry import PRECISIONS
from engine.numerics.footprint import DTYPE_BYTES

if TYPE_CHECKING:
    from transformers import BitsAndBytesConfig

INT8_THRESHOLD = 6.0
"""Activations above this are outliers, and are multiplied in the compute dtype."""
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
"""Our names for torch's dtypes."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """Something that was done otherwise than asked, or than it is best done."""

    what: str
    """What was taken, and in place of what."""
    why: str
    """The reason."""

    def as_dict(self) -> dict[str, str]:
        """As JSON holds it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a model is going to be held and computed."""

    precision: str
    """One of `PRECISIONS`."""
    device: torch.device
    dtype: str
    """What is computed in, and what is not quantized is held in: `fp32`, `bf16` or `fp16`."""
    fallbacks: tuple[Fallback, ...] = ()

    @property
    def four_bit(self) -> bool:
        """Whether linear layers are held in 4 bits."""
        return self.precision.startswith(("nf4", "fp4"))

    def quantization(self) -> BitsAndBytesConfig | None:
        """What transformers is told; None where nothing is quantized."""
        from engine.models.libraries import transformers

        if self.precision == "int8":
            return transformers.BitsAndBytesConfig(
                load_in_8bit=True, llm_int8_threshold=INT8_THRESHOLD
            )
        if not self.four_bit:
            return None
        return transformers.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type=self.precision[:3],
            bnb_4bit_use_double_quant=self.precision.endswith("-dq"),
            bnb_4bit_compute_dtype=DTYPES[self.dtype],
        )


def plan(precision: str, device: str = "auto") -> Plan:
    """Decide how to hold a model.

    Args:
        precision: One of `PRECISIONS`.
        device: `auto` (CUDA, else the CPU), `cpu`, `cuda`, `cuda:1` or `mps`.

    Raises:
        SpecError: No such precision, or the device that was named cannot be had.
    """
    if precision not in PRECISIONS:
        what = f"There is no precision {precision!r}."
        raise SpecError("precision", precision, what, f"Choose one of {', '.join(PRECISIONS)}.")
    where, fallbacks = _device(device, precision)
    dtype, more = _dtype(precision, where)
    return Plan(precision, where, dtype, (*fallbacks, *more))


def _device(asked: str, precision: str) -> tuple[torch.device, list[Fallback]]:
    """The device; `auto` alone may become another one, as whoever names one means it."""
    if asked == "cpu":
        return torch.device("cpu"), []
    if asked == "mps":
        return _mps(precision), []
    why = why_no_cuda()
    if asked == "auto":
        if why:
            return torch.device("cpu"), [Fallback("the CPU in place of CUDA", why)]
        return _card(None), []
    if why:
        raise _cannot_be(asked, why)
    card = int(asked.removeprefix("cuda:")) if asked.startswith("cuda:") else None
    cards = torch.cuda.device_count()
    if card is not None and card >= cards:
        raise _cannot_be(asked, f"torch sees {cards} card{'s' * (cards > 1)}, from cuda:0 on")
    if card is not None and (why := why_not(card)):
        raise _cannot_be(asked, why)
    return _card(card), []


def _card(asked: int | None) -> torch.device:
    """A card by its number; else the current one, or the first that torch can compute on."""
    can, current = usable(), torch.cuda.current_device()
    return torch.device("cuda", (current if current in can else can[0]) if asked is None else asked)


def _mps(precision: str) -> torch.device:
    if not torch.backends.mps.is_available():
        raise _cannot_be("mps", "torch has no MPS here")
    if precision not in DTYPE_BYTES:
        why = f"{precision} has been tried on CUDA and on the CPU only; {', '.join(DTYPES)} can be"
        raise _cannot_be("mps", why)
    return torch.device("mps")


def _cannot_be(asked: str, why: str) -> SpecError:
    what = f"This cannot be computed on {asked}: {why}."
    return SpecError("device", asked, what, "Choose `auto`, which takes what there is, or `cpu`.")


def _dtype(precision: str, device: torch.device) -> tuple[str, list[Fallback]]:
    """The dtype to compute in, and what is to be said about it."""
    on_card = device.type == "cuda"
    bf16 = on_card and precision not in ("fp32", "fp16", "int8") and has_bf16(device)
    dtype = computes_in(precision, device.type, has_bf16=bf16 or not on_card)
    if precision == dtype or (on_card and (bf16 or precision == "int8")):
        return dtype, []
    if on_card:
        return dtype, [Fallback("fp16 in place of bf16", "this card does not compute in bf16")]
    if precision == "int8":
        what = "fp32 beside the int8 layers in place of fp16"
        return dtype, [Fallback(what, "CPUs compute fp16 slowly")]
    what = "4-bit layers compute in fp32 in place of bf16"
    return dtype, [Fallback(what, "most CPUs compute bf16 slowly")]
