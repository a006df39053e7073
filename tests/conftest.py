"""For every test: a home of its own, and gpu tests only where there is a GPU."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

# The same examples every time, so that a change is judged by what it changed;
# HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """No test ever sees, or writes into, the home or the settings of whoever runs it."""
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


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
