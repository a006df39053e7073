import stat
import sysconfig

import pytest
import trl.kernels.chunked_logprob as head

from engine.training import loss_kernel


@pytest.fixture
def triton(monkeypatch):
    """As where torch came with Triton, and a training is on a card."""
    monkeypatch.setattr(loss_kernel, "is_triton_available", lambda: True)
    monkeypatch.setattr(head, "_TRITON_AVAILABLE", True)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with what is named: programs in its path, and Python.h."""

    def make(*there, cc=None):
        for name in there:
            file = tmp_path / name
            file.touch()
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(loss_kernel, "headers", lambda: tmp_path)
        monkeypatch.delenv("CC", raising=False)
        if cc:
            monkeypatch.setenv("CC", cc)

    return make


@pytest.mark.parametrize(
    ("there", "cc", "why"),
    [
        (("gcc", "Python.h"), None, None),
        (("clang", "Python.h"), None, None),
        (("my-cc", "Python.h"), "my-cc", None),
        (("Python.h",), None, "no gcc or clang here"),
        (("gcc", "Python.h"), "my-cc", "no my-cc here"),
        (("gcc",), None, "Python.h"),
    ],
)
def test_the_kernel_is_taken_where_it_can_be_built(triton, machine, there, cc, why):
    machine(*there, cc=cc)
    told = loss_kernel.choose("cuda")
    assert (why is None) == head._TRITON_AVAILABLE
    assert [why in each.why for each in told] == ([] if why is None else [True])


def test_it_is_taken_again_once_it_can_be(triton, machine):
    machine("gcc")
    assert loss_kernel.choose("cuda")
    machine("gcc", "Python.h")
    assert not loss_kernel.choose("cuda")
    assert head._TRITON_AVAILABLE


def test_elsewhere_there_is_nothing_to_say(triton, machine, monkeypatch):
    machine()
    assert loss_kernel.choose("cpu") == []
    monkeypatch.setattr(loss_kernel, "is_triton_available", lambda: False)
    assert loss_kernel.choose("cuda") == []


def test_headers_are_where_this_python_was_built_with():
    base = sysconfig.get_config_var("installed_base")
    assert str(loss_kernel.headers()).startswith(base)
    assert loss_kernel.headers().name.startswith("python3")
