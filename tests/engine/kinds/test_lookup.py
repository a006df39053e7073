import pytest

from engine.errors import SpecError
from engine.kinds import compute


def test_an_unknown_kind_is_said():
    with pytest.raises(SpecError, match=r"no run of kind 'os'. The kinds are evaluate, teach"):
        compute("os")
