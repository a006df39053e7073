import psutil
import pytest
import torch

from engine import machine_probe

CPU = torch.device("cpu")


def test_why_there_is_no_cuda_is_said_where_there_is_none(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None)
    assert machine_probe.why_no_cuda() == "this torch was built without CUDA"
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    assert "no CUDA card" in machine_probe.why_no_cuda()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert machine_probe.why_no_cuda() is None


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
