import subprocess

from tutor import machine


def test_without_a_driver_it_is_the_cores_that_this_process_may_use(monkeypatch):
    monkeypatch.setattr(machine.shutil, "which", lambda name: None)
    monkeypatch.setattr(machine, "_cores", lambda: 2)
    assert machine.describe() == "CPU, 2 cores"
    monkeypatch.setattr(machine, "_cores", lambda: 1)
    assert machine.describe() == "CPU, 1 core"


def test_with_a_driver_it_is_the_first_card(monkeypatch):
    told = subprocess.CompletedProcess([], 0, stdout="NVIDIA H200\nNVIDIA H200\n")
    monkeypatch.setattr(machine.shutil, "which", lambda name: name)
    monkeypatch.setattr(machine.subprocess, "run", lambda *args, **kwargs: told)
    assert machine.describe() == "GPU H200"


def test_a_driver_that_does_not_answer_is_no_card(monkeypatch):
    def run(*args, **kwargs):
        raise subprocess.TimeoutExpired("nvidia-smi", 10)

    monkeypatch.setattr(machine.shutil, "which", lambda name: name)
    monkeypatch.setattr(machine.subprocess, "run", run)
    assert machine.describe().startswith("CPU")
