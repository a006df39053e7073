import json
import subprocess
import sys

import pytest
import torch
from bitsandbytes.functional import dequantize_4bit
from bitsandbytes.nn import Linear4bit, Linear8bitLt

from engine import machine_probe
from engine.errors import EngineError, ModelNotFound, NotEnoughMemory
from engine.models import loading
from engine.models.loading import load

IDS = torch.arange(3, 40)[None]


def logits(loaded):
    with torch.no_grad():
        return loaded.model(input_ids=IDS).logits


def q_proj(loaded):
    return loaded.model.model.layers[0].self_attn.q_proj


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_a_built_in(name):
    record = load(name, "nf4-dq", device="cpu").record
    assert (record.name, record.precision, record.device, record.dtype) == (
        name, "nf4-dq", "cpu", "fp32",
    )  # fmt: skip
    assert record.quantized_params > record.unquantized_params > 0
    assert record.bytes_buffers > 0
    assert record.peak_bytes > record.bytes_parameters
    assert record.seconds > 0
    assert (record.gpu_allocated, record.gpu_reserved) == (0, 0)
    assert len(record.fingerprint) == 64
    assert json.loads(json.dumps(record.as_dict()))["fallbacks"][0]["why"]


@pytest.mark.parametrize(
    ("precision", "dtype"),
    [("fp32", torch.float32), ("bf16", torch.bfloat16), ("fp16", torch.float16)],
)
def test_a_plain_precision_holds_and_computes_in_it(tiny, precision, dtype):
    loaded = load(str(tiny), precision, device="cpu")
    assert {parameter.dtype for parameter in loaded.model.parameters()} == {dtype}
    assert logits(loaded).dtype == dtype
    assert not loaded.model.training


@pytest.mark.parametrize("precision", ["nf4", "nf4-dq", "fp4"])
def test_4_bit_layers_compute_with_4_bit_weights(tiny, precision):
    loaded = load(str(tiny), precision, device="cpu")
    layer = q_proj(loaded)
    assert isinstance(layer, Linear4bit)
    state = layer.weight.quant_state
    assert (state.quant_type, state.nested, state.blocksize) == (
        precision[:3], precision.endswith("-dq"), 64,
    )  # fmt: skip
    weight = dequantize_4bit(layer.weight.data, state)
    assert len(weight.reshape(-1, 64)[0].unique()) <= 16
    x = torch.randn(5, 64)
    with torch.no_grad():
        assert torch.allclose(layer(x), x @ weight.T + layer.bias, atol=1e-5)
    assert type(loaded.model.lm_head) is torch.nn.Linear


def test_int8_layers_are_llm_int8_with_its_threshold(tiny):
    layer = q_proj(load(str(tiny), "int8", device="cpu"))
    assert isinstance(layer, Linear8bitLt)
    assert layer.state.threshold == 6.0
    assert layer.weight.dtype == torch.int8


def test_fewer_bits_are_farther_from_the_original(tiny):
    exact = logits(load(str(tiny), "fp32", device="cpu"))
    error = {
        precision: (logits(load(str(tiny), precision, device="cpu")) - exact).pow(2).mean()
        for precision in ("fp16", "int8", "nf4")
    }
    assert 0 < error["fp16"] < error["int8"] < error["nf4"] < exact.var()


def test_too_little_memory_is_said_before_anything_is_loaded(tiny, monkeypatch):
    monkeypatch.setattr(machine_probe, "memory", lambda device: (1_000_000, 10_000))
    monkeypatch.setattr(loading, "_weights", lambda *_: pytest.fail("it was loaded"))
    with pytest.raises(NotEnoughMemory, match=r"needs 0\.\d+ MB to load; .* 0\.1 MB free of 1 MB"):
        load(str(tiny), "nf4", device="cpu")


def test_progress_is_told_in_words(tiny, tmp_path):
    said = []
    load(str(tiny), "nf4", device="cpu", cache=tmp_path, progress=said.append)
    assert said == [f"loading {tiny} in nf4", "keeping the 4-bit weights"]


# What goes wrong


def test_a_built_in_that_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(loading.resolve.__globals__["BUILTIN"], "acorn", tmp_path / "gone")
    with pytest.raises(ModelNotFound, match="built-in model acorn is not in") as raised:
        load("acorn", device="cpu")
    assert "Install" in raised.value.way_out


def test_a_folder_without_weights(tiny, tmp_path):
    (tmp_path / "config.json").write_text((tiny / "config.json").read_text())
    with pytest.raises(ModelNotFound, match="no safetensors weights"):
        load(str(tmp_path), device="cpu")


@pytest.mark.parametrize("config", ["{}", "{", '{"model_type": "no-such-thing"}'])
def test_a_config_that_cannot_be_read(tmp_path, config):
    (tmp_path / "config.json").write_text(config)
    (tmp_path / "model.safetensors").write_bytes(b"")
    with pytest.raises(ModelNotFound, match="transformers cannot read") as raised:
        load(str(tmp_path), device="cpu")
    assert raised.value.way_out


def test_a_damaged_weights_file(random_model, tmp_path):
    folder = random_model(tmp_path / "m")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:9999])
    with pytest.raises(EngineError, match="cannot be loaded") as raised:
        load(str(folder), "fp32", device="cpu")
    assert "damaged" in raised.value.way_out


def test_a_model_that_is_quantized_already(tiny, tmp_path):
    load(str(tiny), "nf4", device="cpu", cache=tmp_path)
    (kept,) = tmp_path.iterdir()
    with pytest.raises(EngineError, match="quantized already"):
        load(str(kept), "nf4", device="cpu")


# Adapters


@pytest.fixture(scope="module")
def adapter(tiny, tmp_path_factory):
    """A LoRA adapter for the tiny model whose weights are not zero, as after a training."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(0)
    model = get_peft_model(
        load(str(tiny), "fp32", device="cpu").model,
        LoraConfig(r=4, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM"),
    )
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.2)
    folder = tmp_path_factory.mktemp("adapter")
    model.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("precision", ["fp32", "nf4-dq"])
def test_an_adapter_is_put_on_and_counted_apart(tiny, adapter, precision):
    bare = load(str(tiny), precision, device="cpu")
    worn = load(str(tiny), precision, device="cpu", adapter=adapter)
    assert not torch.allclose(logits(bare), logits(worn), atol=1e-3)
    assert worn.record.adapter_params == 2 * (4 * 64 + 64 * 4 + 4 * 64 + 32 * 4)
    assert worn.record.bytes_adapter == 4 * worn.record.adapter_params
    assert worn.record.bytes_parameters == bare.record.bytes_parameters
    assert worn.record.adapter_fingerprint != bare.record.adapter_fingerprint == ""
    assert not any(parameter.requires_grad for parameter in worn.model.parameters())


def test_an_adapter_of_another_model(adapter, random_model, tmp_path):
    other = random_model(tmp_path / "other", hidden_size=128)
    with pytest.raises(EngineError, match="does not fit"):
        load(str(other), "fp32", device="cpu", adapter=adapter)


def test_no_adapter_there(tiny, tmp_path):
    with pytest.raises(ModelNotFound, match=r"no adapter_config\.json"):
        load(str(tiny), "fp32", device="cpu", adapter=tmp_path)


@pytest.mark.parametrize(
    ("error", "raised", "what", "way_out"),
    [
        (torch.AcceleratorError("CUDA error: no kernel image is available\nCompile with"),
         EngineError, "cannot be put on cpu: CUDA error: no kernel image is available.", "driver"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"),
         NotEnoughMemory, "not enough memory for tiny in nf4: DefaultCPUAllocator", "smaller"),
        (RuntimeError("MPS backend out of memory"), NotEnoughMemory, "not enough", "smaller"),
        (RuntimeError("PytorchStreamReader failed"), EngineError, "cannot be loaded", "damaged"),
    ],
)  # fmt: skip
def test_a_card_or_a_lack_of_memory_is_no_damaged_file(
    tiny, monkeypatch, error, raised, what, way_out
):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(loading, "_read", fails)
    with pytest.raises(EngineError) as caught:
        load(str(tiny), "nf4", device="cpu")
    assert type(caught.value) is raised
    assert what in caught.value.what and way_out in caught.value.way_out


# Fingerprints and the network


def test_a_fingerprint_is_of_the_weights(tiny, random_model, tmp_path):
    same = random_model(tmp_path / "same")
    other = random_model(tmp_path / "other", seed=1)
    prints = [loading.files_fingerprint(each, "*.safetensors") for each in (tiny, same, other)]
    assert prints[0] == prints[1] != prints[2]


ALONE = """
import socket, sys

def connect(self, address):
    raise SystemExit(f"{address} was called")

socket.socket.connect = socket.socket.connect_ex = connect
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches
from engine.data.problems import Problem

loaded = load(sys.argv[1], "nf4-dq", device="cpu")
(batch,) = plan_batches([Problem("p", "How many?", "#### 1", "1")], loaded.tokenizer)
generate_batch(loaded, batch, max_new_tokens=2)
print("alone")
"""


def test_a_folder_is_loaded_without_a_word_to_any_network_or_to_the_screen(tiny):
    said = subprocess.run([sys.executable, "-c", ALONE, str(tiny)], capture_output=True, text=True)
    assert (said.stdout, said.stderr, said.returncode) == ("alone\n", "", 0)
