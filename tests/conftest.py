"""For every test: a home of its own, and gpu tests only where there is a GPU."""

from importlib.util import find_spec

import pytest


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
