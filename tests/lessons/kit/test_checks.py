import pytest

from engine.errors import EngineError
from lessons.kit.checks import Failed, check, declared, expect, refuses
from tests.lessons.kit.small_exercise import CHECKS


def declare(tmp_path, text):
    (tmp_path / "checks.py").write_text(text)
    return declared(tmp_path / "checks.py")


def test_declared_without_running_the_file(tmp_path):
    checks = declare(tmp_path, "raise SystemExit\n" + CHECKS)
    assert [(each.name, each.says, each.needs) for each in checks] == [
        ("doubles", "Doubles a number.", ()),
        ("undoes", "Halves what it has doubled.", ("doubles",)),
        ("refuses_zero", "Refuses to halve 0.", ()),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def one(learner): ...", "has no check"),
        ("@check\ndef one(learner): ...", "one says nothing"),
        ("@check(needs='two')\ndef one(learner):\n    'One.'", "needs two, which is not above"),
        ("@check\ndef one(", "cannot be read"),
    ],
)
def test_what_an_author_did_wrong_is_said(tmp_path, text, said):
    with pytest.raises(EngineError, match=said):
        declare(tmp_path, text)


def test_several_needs(tmp_path):
    one = "@check\ndef {0}(learner):\n    'Checks {0}.'\n"
    text = one.format("a") + one.format("b")
    text += "@check(needs=['a', 'b'])\ndef c(learner):\n    'C.'\n"
    assert declare(tmp_path, text)[2].needs == ("a", "b")


def test_a_check_stays_the_function_it_was():
    assert check(test_several_needs) is test_several_needs
    assert check(needs="x")(test_several_needs) is test_several_needs


def test_expect_says_what_was_expected_and_got():
    with pytest.raises(Failed) as caught:
        expect([1, 2.5], [1, 2.0], "the row")
    error = caught.value
    assert (error.expected, error.got) == ("[1, 2.0]", "[1, 2.5]")
    assert error.why == "The row is not as expected: its item at [1] is 2.5, and 2.0 is wanted."


def test_expect_of_what_is_right():
    expect(0.1 + 0.2, 0.3)
    expect({"a": (1, None)}, {"a": (1, None)})


def test_refuses():
    with refuses(ValueError):
        raise ValueError
    with pytest.raises(Failed, match=r"halve.0. should be refused with ValueError, and was not"):  # noqa: SIM117
        with refuses(ValueError, "halve(0)"):
            pass
    with pytest.raises(KeyError):  # noqa: SIM117  another error is the learner's own
        with refuses(ValueError):
            raise KeyError


def test_refuses_does_not_take_a_failed_check_for_a_refusal():
    with pytest.raises(Failed, match="another number"):  # noqa: SIM117
        with refuses(Exception):
            expect(1, 2)
