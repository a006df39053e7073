import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from engine.models import fourbit
from engine.models.loading import load
from engine.models.precision import plan

IDS = torch.arange(3, 40)[None]


def logits(loaded):
    with torch.no_grad():
        return loaded.model(input_ids=IDS).logits


def kept_in(cache):
    return [path for path in cache.iterdir() if path.is_dir()]


@pytest.mark.parametrize("precision", ["nf4", "nf4-dq", "fp4", "fp4-dq"])
def test_the_second_load_reads_the_small_files_and_is_the_very_same_model(
    tiny, tmp_path, precision
):
    first = load(str(tiny), precision, device="cpu", cache=tmp_path)
    second = load(str(tiny), precision, device="cpu", cache=tmp_path)
    assert (first.record.from_cache, second.record.from_cache) == (False, True)
    assert torch.equal(logits(first), logits(second))
    assert second.record.bytes_parameters == first.record.bytes_parameters
    (kept,) = kept_in(tmp_path)
    small, source = (folder / "model.safetensors" for folder in (kept, tiny))
    assert small.stat().st_size < 0.8 * source.stat().st_size


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_only_4_bit_models_are_kept(tiny, tmp_path, precision):
    load(str(tiny), precision, device="cpu", cache=tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_a_cache_none_is_kept(tiny):
    assert not load(str(tiny), "nf4", device="cpu").record.from_cache


def test_other_weights_and_other_precisions_are_kept_apart(tiny, random_model, tmp_path):
    cache = tmp_path / "cache"
    other = random_model(tmp_path / "tiny", seed=1)
    load(str(tiny), "nf4", device="cpu", cache=cache)
    assert not load(str(tiny), "nf4-dq", device="cpu", cache=cache).record.from_cache
    assert not load(str(other), "nf4", device="cpu", cache=cache).record.from_cache
    assert len(kept_in(cache)) == 3


@pytest.mark.parametrize("name", ["Qwen/Qwen2.5-1.5B-Instruct", "/home/x/model", "acorn", "../.."])
def test_a_place_is_a_folder_of_the_cache(tmp_path, name):
    place = fourbit.place(tmp_path, name, "f", plan("nf4", "cpu"))
    assert place.parent == tmp_path
    assert not place.name.startswith(".")


def test_a_damaged_file_is_quantized_again_and_told(tiny, tmp_path):
    first = load(str(tiny), "nf4-dq", device="cpu", cache=tmp_path)
    (kept,) = kept_in(tmp_path)
    os.truncate(kept / "model.safetensors", 5000)
    second = load(str(tiny), "nf4-dq", device="cpu", cache=tmp_path)
    assert not second.record.from_cache
    assert "quantized again" in [each.what for each in second.record.fallbacks]
    assert torch.equal(logits(first), logits(second))
    assert load(str(tiny), "nf4-dq", device="cpu", cache=tmp_path).record.from_cache


def test_a_full_disk_leaves_nothing_behind_and_the_model_loaded(tiny, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fourbit, "save_file", full)
    loaded = load(str(tiny), "nf4", device="cpu", cache=tmp_path)
    assert {"what": "the 4-bit model was not kept", "why": "No space left on device"} in (
        loaded.record.as_dict()["fallbacks"]
    )
    assert not list(tmp_path.iterdir())
    assert torch.isfinite(logits(loaded)).all()


DIES = """
import os, sys
from pathlib import Path
from engine.models import fourbit
from engine.models.loading import load

def die(tensors, path, metadata):
    Path(path).write_bytes(b"half of it")
    os._exit(9)

fourbit.save_file = die
load(sys.argv[1], "nf4-dq", device="cpu", cache=Path(sys.argv[2]))
"""


def test_a_process_that_dies_while_it_keeps_a_model_leaves_no_half_of_it(tiny, tmp_path):
    died = subprocess.run([sys.executable, "-c", DIES, str(tiny), str(tmp_path)], check=False)
    assert died.returncode == 9
    (half,) = tmp_path.iterdir()
    assert half.name.startswith(".partial-")
    assert not load(str(tiny), "nf4-dq", device="cpu", cache=tmp_path).record.from_cache
    (kept,) = tmp_path.iterdir()  # the half is gone
    assert fourbit.is_kept(kept)
    assert load(str(tiny), "nf4-dq", device="cpu", cache=tmp_path).record.from_cache


def test_another_process_that_kept_it_first_is_no_trouble(tiny, tmp_path):
    loaded = load(str(tiny), "nf4", device="cpu", cache=tmp_path)
    (kept,) = kept_in(tmp_path)
    fresh = load(str(tiny), "nf4", device="cpu")
    fourbit.keep(fresh.model, kept, torch.float16)
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]
    again = load(str(tiny), "nf4", device="cpu", cache=tmp_path)
    assert torch.equal(logits(again), logits(loaded))


def test_something_broken_in_its_place_is_replaced(tiny, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "config.json").write_text("{")
    fourbit.keep(load(str(tiny), "nf4", device="cpu").model, folder, torch.float16)
    assert fourbit.is_kept(folder)


def test_half_written_models_of_processes_that_still_live_are_left_alone(tiny, tmp_path):
    going = tmp_path / f".partial-{os.getpid()}-x"
    going.mkdir()
    load(str(tiny), "nf4", device="cpu", cache=tmp_path)
    assert Path(going).is_dir()
