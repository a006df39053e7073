import pytest

from engine.errors import SpecError
from engine.kinds import checks


def told(check, *arguments, **options):
    with pytest.raises(SpecError) as caught:
        check("field", *arguments, **options)
    assert caught.value.field == "field"
    assert caught.value.value is arguments[0]
    return str(caught.value)


def test_whole_numbers():
    checks.whole("field", 1, 1)
    checks.whole("field", 4096, 1, 4096)
    assert told(checks.whole, 0, 1) == "field is 0; it must be 1 or more."
    assert told(checks.whole, 5000, 1, 4096) == "field is 5,000; it must be from 1 to 4,096."
    assert told(checks.whole, 2**63, 1).endswith("it must be 1,000,000,000 at most.")
    for value in (1.0, True, "1", None):
        assert told(checks.whole, value, 1).endswith("it must be a whole number.")


def test_numbers():
    checks.number("field", 0, 0)
    checks.number("field", 0.95, 0, 0.95)
    assert told(checks.number, 0, 0, above=True) == "field is 0; it must be more than 0."
    assert told(checks.number, 1.5, 0, 1) == "field is 1.5; it must be 0 or more, and 1 at most."
    for value in (float("nan"), float("inf"), 10**400, True, "0.1", None):
        assert told(checks.number, value, 0).endswith("it must be a number.")


def test_choices():
    checks.choice("field", "all", ("correct", "all"))
    assert told(checks.choice, "some", ("a", "b", "c")) == "field is 'some'. Choose a, b or c."
    assert told(checks.choice, "some", ("a",)) == "field is 'some'. Choose a."


def test_names():
    checks.name("field", "acorn")
    for value in ("", "  ", None, 3):
        assert told(checks.name, value).endswith("it must be a name.")


@pytest.mark.parametrize("value", ["auto", "cpu", "mps", "cuda", "cuda:0", "cuda:12"])
def test_devices(value):
    checks.device("field", value)


@pytest.mark.parametrize("value", ["gpu", "cuda:", "cuda:99999", "cuda:٣", "cuda:x", "0", None, 0])
def test_no_devices(value):
    assert "Choose auto, cpu, cuda" in told(checks.device, value)


def test_runs():
    checks.run("field", 14)
    checks.run("field", None, optional=True)
    for value in (None, 0, -1, "14", True):
        assert "must be the number of a run" in told(checks.run, value)
