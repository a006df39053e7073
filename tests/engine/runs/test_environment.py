import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.runs.environment import PACKAGES, Peak, differences, environment, versions


def test_it_says_what_is_needed_to_repeat_a_run():
    found = environment()
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["platform"] and found["machine"] and found["cpus"] >= 1
    assert found["versions"] == versions()
    assert {"torch", "transformers", "peft", "trl", "bitsandbytes", "datasets"} <= set(PACKAGES)


def test_versions_are_those_of_the_libraries_themselves():
    import sqlite_utils  # noqa: F401  # any package will do that is there without torch

    assert set(versions()) <= set(PACKAGES)
    for package, version in versions().items():
        assert version[0].isdigit(), package


def test_a_resumed_run_is_told_what_is_otherwise():
    before = {"python": "3.11.7", "platform": "Linux", "versions": {"torch": "2.12.0", "trl": "1"}}
    now = {"python": "3.12.1", "platform": "Linux", "versions": {"torch": "2.13.0", "peft": "1"}}
    assert differences(before, now) == [
        "torch was 2.12.0 at first and is 2.13.0 now",
        "python was 3.11.7 at first and is 3.12.1 now",
    ]
    assert differences(now, now) == []


def test_the_most_memory_of_a_run_is_that_of_where_it_computed():
    import torch

    peak = Peak()
    before = peak.told("cpu")["bytes"]
    torch.ones(64_000_000).sum()  # 256 MB, gone again
    assert peak.told("cpu")["bytes"] >= before + 200_000_000
    assert peak.told("cpu")["of"] == "process"
    assert peak.told("hosted") is None
    assert peak.told(None) is None


@pytest.mark.gpu
def test_the_most_memory_of_a_card():
    import torch

    peak = Peak()
    torch.cuda.reset_peak_memory_stats("cuda:0")
    torch.ones(64_000_000, device="cuda:0").sum()
    told = peak.told("cuda:0")
    assert told["of"] == "card"
    assert 256_000_000 <= told["bytes"] < 600_000_000


def test_threads_are_left_alone_without_torch_and_set_with_it():
    """In a process of its own, as the number belongs to the process."""
    program = """
import sys
from engine.runs.environment import set_threads
assert set_threads(3) is None and "torch" not in sys.modules
import torch
chosen = torch.get_num_threads()
assert set_threads(None) == chosen
assert set_threads(chosen + 1) == torch.get_num_threads() == chosen + 1
assert set_threads(None) == torch.get_num_threads() == chosen
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(engine.__file__).parents[1],
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, done.stderr.decode()
