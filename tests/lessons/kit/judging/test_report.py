import pytest

from lessons.kit.checks import Declared
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.report import Report, printable, result

CHECK = Declared("one", "Checks one.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"), ("\x1b[2J\x1b[1;31mred\x1b[0m", "red"), ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b]0;title\x07x", "x"), ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\x", "x"), ("\x1bcx", "x"), ("\x1b", ""), ("\x9b2Jx", "2Jx"),
        ("a\0b\x08", "ab"), ("\u202eabc\u2066", "abc"), ("\ud800", "\ufffd"),
        ("über ½ 数\u00a0x", "über ½ 数 x"),
    ],
)  # fmt: skip
def test_printable(text, shown):
    assert printable(text) == shown


def test_every_text_of_a_result_is_printable():
    keys = ("why", "expected", "got", "output", "traceback")
    verdict = {key: "\x1b[2J" + key for key in keys} | {"outcome": "failed", "output_cut": True}
    made = result(CHECK, verdict, Limits(output_kb=3))
    assert [getattr(made, key) for key in keys[:3]] == ["why", "expected", "got"]
    assert made.output == "output\n[cut here: only the first 3 kB are shown]"


def test_passed_only_where_every_check_was_run_and_passed():
    right = result(CHECK, {"outcome": "passed"}, Limits())
    unjudged = result(CHECK, {"outcome": "not judged"}, Limits())
    assert Report((right, right)).passed
    assert not Report(()).passed
    for outcome in ("failed", "not run"):
        other = result(CHECK, {"outcome": outcome}, Limits())
        assert not Report((right, other)).passed
    for other in (unjudged,):
        assert not Report((right, other)).passed
