from types import SimpleNamespace

import psutil
import pytest
import torch

from engine import machine_probe
from engine.machine import machine

CPU = torch.device("cpu")


CU130 = ["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120", "compute_120"]
CU126 = ["sm_50", "sm_60", "sm_70", "sm_75", "sm_80", "sm_86", "sm_90"]


@pytest.fixture
def cuda(monkeypatch):
    """Stands in for the driver and for torch's build: `cuda("Tesla P100 6.0", built=CU130)`."""

    def make(*cards, built=CU130, says=None):
        named = [each.rpartition(" ") for each in cards]
        levels = [tuple(map(int, level.split("."))) for _, _, level in named]

        def init():
            if says:
                raise RuntimeError(says)

        for name, value in {
            "is_available": lambda: bool(cards),
            "device_count": lambda: len(cards),
            "get_arch_list": lambda: built,
            "get_device_capability": lambda card: levels[card],
            "get_device_name": lambda card: named[card][0],
            "init": init,
        }.items():
            monkeypatch.setattr(torch.cuda, name, value)
        monkeypatch.setattr(torch.version, "cuda", "13.0")

    return make


def test_a_torch_for_the_cpu(monkeypatch):
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None)
    assert machine_probe.why_no_cuda() == "this torch was built without CUDA"
    assert machine_probe.usable() == []


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("No CUDA GPUs are available", "no CUDA card, or no driver"),
        ("Found no NVIDIA driver on your system. Please check", "no CUDA card, or no driver"),
        ("The NVIDIA driver on your system is too old (found version 11040).\nPlease update",
         "driver is too old for this torch, which was built for CUDA 13.0"),
        ("Unexpected error from cudaGetDeviceCount(). Error 804: forward compatibility\nDid you",
         "CUDA does not begin: Unexpected error from cudaGetDeviceCount(). Error 804"),
        (None, "no CUDA card, or no driver"),
    ],
)  # fmt: skip
def test_why_there_is_no_cuda(cuda, says, why):
    cuda(says=says)
    assert why in machine_probe.why_no_cuda()


@pytest.mark.parametrize(
    ("card", "built", "can"),
    [
        ("Tesla T4 7.5", CU130, True),
        ("RTX 3060 8.6", CU130, True),
        ("RTX 4090 8.9", CU130, True),  # by the machine code for 8.6
        ("Orin 8.7", ["sm_80"], True),
        ("Tesla P100 6.0", CU130, False),
        ("Tesla V100 7.0", CU130, False),
        ("Tesla V100 7.0", CU126, True),
        ("B200 10.0", CU126, False),  # no PTX to be compiled for it
        ("a later one 13.0", CU130, True),  # by PTX
        ("A100 8.0", ["sm_86"], False),
        ("H100 9.0", ["sm_90a"], True),
        ("an AMD card 9.0", ["gfx90a"], True),  # named otherwise: left to torch
    ],
)
def test_whether_torch_has_kernels_for_a_card(cuda, card, built, can):
    cuda(card, built=built)
    why = machine_probe.why_not(0)
    assert (why is None) == (machine_probe.why_no_cuda() is None) == can
    assert machine_probe.usable() == ([0] if can else [])
    if not can:
        assert card.rpartition(" ")[2] in why and card.rpartition(" ")[0] in why


def test_an_old_card_is_told_what_it_lacks(cuda):
    cuda("Tesla P100 6.0")
    assert machine_probe.why_no_cuda() == (
        "Tesla P100 has compute capability 6.0, and this torch was built for 7.5 to 12.0; "
        "a torch built for an older CUDA may know the card"
    )
    cuda("Tesla P100 6.0", "A100 8.0")
    assert machine_probe.why_no_cuda() is None
    assert machine_probe.usable() == [1]


def test_what_it_writes_down_is_what_the_tutor_reads(cuda, tmp_path, monkeypatch):
    cuda("Tesla P100 6.0", "A100 8.0")
    size = SimpleNamespace(total_memory=40 * 2**30)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda card: size)
    machine_probe.write_down(tmp_path / "cards.json")
    here = machine(tmp_path / "cards.json")
    (card,) = here.cards
    assert (card.name, card.index, card.capability, card.total) == ("A100", 1, "8.0", 40 * 2**30)
    assert here.unused.startswith("Tesla P100 has compute capability 6.0") and not here.untried


def test_the_card_for_a_runs_record(cuda, monkeypatch):
    cuda("Tesla T4 7.5")
    size = SimpleNamespace(total_memory=15 * 2**30)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda card: size)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda card: "Tesla T4")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda card: (7, 5))
    told = machine_probe.card(torch.device("cuda", 0))
    assert told == {
        "name": "Tesla T4", "capability": "7.5", "total": 15 * 2**30, "driver": "", "cuda": "13.0",
    }  # fmt: skip
    assert machine_probe.card(CPU) is None


def test_every_peak_starts_again(cuda, monkeypatch):
    """Also of a card that this run's model has been on since an earlier one."""
    cuda("A100 8.0", "A100 8.0")
    reset = []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", reset.append)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    machine_probe.start_peaks()
    assert reset == []
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    machine_probe.start_peaks()
    assert reset == [0, 1]


def test_memory_of_the_cpu():
    total, free = machine_probe.memory(CPU)
    assert 0 < free <= total <= psutil.virtual_memory().total


def test_the_peak_sees_what_is_gone_again():
    peak = machine_probe.Peak(CPU)
    before = peak.bytes()
    block = torch.ones(60_000_000, dtype=torch.uint8)
    del block
    assert peak.bytes() - before > 50_000_000


@pytest.mark.gpu
def test_memory_and_peak_of_a_card():
    card = torch.device("cuda", 0)
    total, free = machine_probe.memory(card)
    assert 0 < free <= total
    peak = machine_probe.Peak(card)
    block = torch.ones(60_000_000, dtype=torch.uint8, device=card)
    del block
    assert peak.bytes() >= 60_000_000
    assert machine_probe.memory(card)[1] >= free - 4_000_000  # held by torch, and so to be had
    assert machine_probe.has_bf16(card) in (True, False)
