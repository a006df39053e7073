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


def test_cards_as_the_driver_lists_them():
    listed = "NVIDIA H200, 143771, 143000\\nNVIDIA GB10, [N/A], [N/A]"
    query = (sys.executable, "-c", f'print("{listed}")')
    assert machine.cards(query) == (
        Card("NVIDIA H200", 143771 * 2**20, 143000 * 2**20),
        Card("NVIDIA GB10", 0, 0),
    )


@pytest.mark.parametrize("query", [("no-such-program",), (sys.executable, "-c", "exit(9)")])
def test_no_driver_no_cards(query):
    assert machine.cards(query) == ()


def test_in_a_word():
    assert str(machine.Machine(2, 8, 4, ())) == "CPU, 2 cores"
    assert str(machine.Machine(1, 8, 4, ())) == "CPU, 1 core"
    assert str(machine.Machine(8, 8, 4, (Card("NVIDIA H200", 1, 1),) * 2)) == "GPU H200"


def test_looking_loads_nothing_that_computes():
    code = "import engine.machine, sys; engine.machine.machine(); print('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
