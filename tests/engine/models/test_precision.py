import pytest
import torch

from engine.errors import SpecError
from engine.models import precision
from engine.models.precision import plan
from engine.models.registry import PRECISIONS


@pytest.fixture
def a_card(monkeypatch):
    """As on a machine with two cards that compute in bf16."""
    monkeypatch.setattr(precision, "why_no_cuda", lambda: None)
    monkeypatch.setattr(precision, "why_not", {0: None, 1: None}.get)
    monkeypatch.setattr(precision, "usable", lambda: [0, 1])
    monkeypatch.setattr(precision, "has_bf16", lambda device: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)


@pytest.fixture
def no_card(monkeypatch):
    monkeypatch.setattr(precision, "why_no_cuda", lambda: "there is none")


@pytest.mark.parametrize(
    ("asked", "dtype"),
    [("fp32", "fp32"), ("bf16", "bf16"), ("fp16", "fp16"), ("int8", "fp16"), ("nf4-dq", "bf16")],
)
def test_on_a_card(a_card, asked, dtype):
    decided = plan(asked)
    assert (str(decided.device), decided.dtype, decided.fallbacks) == ("cuda:0", dtype, ())


@pytest.mark.parametrize("asked", ["bf16", "nf4", "fp4-dq"])
def test_a_card_without_bf16_computes_in_fp16_and_says_so(a_card, monkeypatch, asked):
    monkeypatch.setattr(precision, "has_bf16", lambda device: False)
    decided = plan(asked, "cuda:1")
    assert (str(decided.device), decided.dtype) == ("cuda:1", "fp16")
    assert [each.what for each in decided.fallbacks] == ["fp16 in place of bf16"]


def test_a_card_that_is_not_there(a_card):
    with pytest.raises(
        SpecError, match="cannot be computed on cuda:2: torch sees 2 cards"
    ) as raised:
        plan("nf4", "cuda:2")
    assert raised.value.field == "device"


def test_a_card_that_torch_has_no_kernels_for(a_card, monkeypatch):
    """As with a P100 beside an A100, where CUDA's own current card is the P100."""
    monkeypatch.setattr(precision, "why_not", {0: "Tesla P100 is too old", 1: None}.get)
    monkeypatch.setattr(precision, "usable", lambda: [1])
    with pytest.raises(SpecError, match="on cuda:0: Tesla P100 is too old"):
        plan("nf4", "cuda:0")
    for asked in ("auto", "cuda", "cuda:1"):
        assert str(plan("nf4", asked).device) == "cuda:1"


@pytest.mark.parametrize(
    ("asked", "dtype", "told"),
    [("fp32", "fp32", 0), ("bf16", "bf16", 0), ("fp16", "fp16", 0), ("int8", "fp32", 1),
     ("nf4", "fp32", 1), ("nf4-dq", "fp32", 1)],
)  # fmt: skip
def test_on_the_cpu_what_is_quantized_computes_in_fp32(asked, dtype, told):
    decided = plan(asked, "cpu")
    assert (decided.device.type, decided.dtype, len(decided.fallbacks)) == ("cpu", dtype, told)
    assert all(each.why for each in decided.fallbacks)


def test_the_cpu_in_place_of_cuda_is_told_with_the_reason(no_card):
    decided = plan("fp32", "auto")
    assert decided.device.type == "cpu"
    (told,) = decided.fallbacks
    assert told.as_dict() == {"what": "the CPU in place of CUDA", "why": "there is none"}


@pytest.mark.parametrize("asked", ["cuda", "cuda:0", "cuda:7"])
def test_a_card_that_was_named_is_no_cpu(no_card, asked):
    with pytest.raises(SpecError, match=f"computed on {asked}: there is none") as raised:
        plan("fp32", asked)
    assert (raised.value.field, raised.value.value) == ("device", asked)
    assert "auto" in raised.value.way_out and "cpu" in raised.value.way_out


@pytest.mark.parametrize(
    ("there", "asked", "why"), [(False, "fp32", "no MPS here"), (True, "nf4", "nf4 has been tried")]
)
def test_mps_that_was_named_is_mps_or_an_error(monkeypatch, there, asked, why):
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: there)
    with pytest.raises(SpecError, match=why):
        plan(asked, "mps")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert plan("bf16", "mps").device.type == "mps"


def test_what_bitsandbytes_is_told():
    int8 = plan("int8", "cpu").quantization()
    assert int8.load_in_8bit
    assert int8.llm_int8_threshold == 6.0
    fp4 = plan("fp4-dq", "cpu").quantization()
    assert (fp4.bnb_4bit_quant_type, fp4.bnb_4bit_use_double_quant) == ("fp4", True)
    nf4 = plan("nf4", "cpu").quantization()
    assert (nf4.bnb_4bit_quant_type, nf4.bnb_4bit_use_double_quant) == ("nf4", False)
    assert nf4.bnb_4bit_compute_dtype == torch.float32
    assert plan("bf16", "cpu").quantization() is None


def test_an_unknown_precision():
    with pytest.raises(SpecError, match="no precision 'int4'") as raised:
        plan("int4")
    assert all(each in raised.value.way_out for each in PRECISIONS)
