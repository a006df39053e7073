"""For every test: a home of its own, and gpu tests only where there is a GPU."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

if "PYTEST_XDIST_WORKER" in os.environ:
    # A process a core: more threads than that would wait for one another. Read when torch is
    # imported, by the processes that tests start too.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time, so that a change is judged by what it changed;
# HYPOTHESIS_PROFILE=explore looks for new ones.
# No deadline: how long an example takes says how busy the machine is.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """No test ever sees, or writes into, the home or the settings of whoever runs it."""
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def pytest_xdist_auto_num_workers(config):
    """One process for a single file, what measures, and what others cannot show or tidy up."""
    files = [each for each in config.args if ".py" in each]
    asked = config.option
    alone = (
        len(files) == len(config.args) == 1
        or asked.markexpr == "bench"
        or asked.capture == "no"
        or asked.update_snapshots
    )
    return 0 if alone else None  # None: as many as there are cores


def pytest_collection_modifyitems(items):
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked or has_cuda():
        return
    for item in marked:
        item.add_marker(pytest.mark.skip(reason="needs CUDA"))


def has_cuda():
    if find_spec("torch") is None:
        return False
    import torch

    return torch.cuda.is_available()
