import json
import os
import subprocess
import sys

import psutil
import pytest

from engine import machine
from engine.machine import Card


def test_this_machine_has_cores_and_memory():
    here = machine.machine()
    assert 1 <= here.cores <= (os.cpu_count() or 1)
    assert 0 < here.available <= here.memory <= psutil.virtual_memory().total
    assert here.as_dict()["cores"] == here.cores


def test_a_containers_limit_counts_and_not_its_hosts_memory(tmp_path):
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    assert machine.memory_bytes(tmp_path) == (1_000_000, 600_000)


@pytest.mark.parametrize("limit", ["max\n", str(2**62)])
def test_a_container_without_a_limit(tmp_path, limit):
    (tmp_path / "memory.max").write_text(limit)
    assert machine.memory_bytes(tmp_path)[0] == psutil.virtual_memory().total


H100 = "GPU-1f3c, 580.95.05, NVIDIA H100 80GB HBM3, 81559, 81000"
T4 = "GPU-77aa, 580.95.05, Tesla T4, 15360, 15000"


def printed(*rows):
    return (sys.executable, "-c", f"print({chr(10).join(rows)!r})")


def test_cards_as_the_driver_lists_them():
    query = printed(H100, "GPU-9, 580, NVIDIA GB10, rev. A, [N/A], [N/A]")
    assert machine.cards(query) == (
        Card("NVIDIA H100 80GB HBM3", 81559 * 2**20, 81000 * 2**20, "580.95.05", "GPU-1f3c"),
        Card("NVIDIA GB10, rev. A", 0, 0, "580", "GPU-9"),
    )


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (None, "AB"), ("", ""), ("-1", ""), ("0", "A"), ("1", "B"), ("1,0", "BA"), (" 1 ", "B"),
        ("0,7,1", "A"), ("7", ""), ("GPU-77", "B"), ("GPU-77aa,GPU-1f", "BA"), ("GPU-none", ""),
        ("GPU-", ""), ("void", ""), ("MIG-1f3c/1/0", "AB"),
    ],
)  # fmt: skip
def test_cards_that_cuda_shows(named, shown):
    cards = {"A": Card("H100", 8, 8, uuid="GPU-1f3c"), "B": Card("T4", 4, 4, uuid="GPU-77aa")}
    assert machine.visible(list(cards.values()), named) == tuple(cards[each] for each in shown)


@pytest.fixture
def smi(tmp_path, monkeypatch):
    """Stands in for the driver's program, first in the path."""

    def make(*rows):
        file = tmp_path / "nvidia-smi"
        file.write_text("#!/bin/sh\ncat <<'end'\n" + "\n".join(rows) + "\nend\n")
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv(machine.VISIBLE, raising=False)

    return make


def tried(file, *cards, why=None):
    """What a worker would have written down: `tried(file, ("Tesla T4", None))`."""
    found = [{"name": name, "capability": "7.5", "total": 15 * 2**30, "why": reason}
             for name, reason in cards]  # fmt: skip
    seen = machine.visible(machine.cards(), os.environ.get(machine.VISIBLE))
    told = {"conditions": machine.conditions(seen), "cuda": "13.0", "why": why, "cards": found}
    file.write_text(json.dumps(told))
    return file


def test_a_card_is_not_yet_tried_until_a_worker_has_told(smi, tmp_path):
    smi(H100)
    here = machine.machine(tmp_path / "none.json")
    assert (here.untried, here.unused) == (True, "")
    assert str(here) == "GPU H100 80GB HBM3, not yet tried"


def test_a_torch_that_cannot_use_the_card(smi, tmp_path):
    """README recommends the CPU build two paragraphs above."""
    smi(H100)
    file = tried(tmp_path / "cards.json", why="this torch was built without CUDA")
    here = machine.machine(file)
    assert (here.cards, here.untried) == ((), False)
    assert here.unused == "this torch was built without CUDA"
    assert str(here).startswith("CPU, ")


def test_of_two_cards_the_one_that_torch_can_use(smi, tmp_path):
    smi(H100, T4)
    file = tried(tmp_path / "cards.json", ("NVIDIA H100", "it is too new"), ("Tesla T4", None))
    here = machine.machine(file)
    (card,) = here.cards
    assert (card.name, card.index, card.capability) == ("Tesla T4", 1, "7.5")
    assert (card.total, card.free, card.driver) == (15 * 2**30, 15000 * 2**20, "580.95.05")
    assert (here.unused, here.cuda) == ("it is too new", "13.0")
    assert here.card("auto") == here.card("cuda:1") == card
    assert here.card("cuda:0") is here.card("cpu") is None


def test_other_conditions_are_tried_anew(smi, tmp_path, monkeypatch):
    smi(H100)
    file = tried(tmp_path / "cards.json", ("NVIDIA H100", None))
    assert not machine.machine(file).untried
    monkeypatch.setenv(machine.VISIBLE, "0")
    assert machine.machine(file).untried, "the same card, but torch was not asked so"
    monkeypatch.delenv(machine.VISIBLE)
    smi(H100.replace("580", "590"))
    assert machine.machine(file).untried, "another driver"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"conditions": 1}'])
def test_a_damaged_record_says_nothing(smi, tmp_path, text):
    smi(T4)
    (tmp_path / "cards.json").write_text(text)
    assert machine.machine(tmp_path / "cards.json").untried


@pytest.mark.parametrize("query", [("no-such-program",), (sys.executable, "-c", "exit(9)")])
def test_no_driver_no_cards(query):
    assert machine.cards(query) == ()


def test_in_a_word():
    assert str(machine.Machine(2, 8, 4, ())) == "CPU, 2 cores"
    assert str(machine.Machine(1, 8, 4, ())) == "CPU, 1 core"
    two = (Card("NVIDIA H200", 1, 1),) * 2
    assert str(machine.Machine(8, 8, 4, two)) == "GPU H200"
    assert str(machine.Machine(8, 8, 4, two, untried=True)) == "GPU H200, not yet tried"


def test_looking_loads_nothing_that_computes():
    code = "import engine.machine, sys; engine.machine.machine(); print('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
