import re
import stat

import pytest

from engine.runs.logs import append, redacted, tail


def test_lines_have_a_time_and_are_private(tmp_path):
    file = tmp_path / "1.log"
    append(file, "began\nwith two lines")
    append(file, "ended")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text().splitlines()
    assert [re.sub(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  ", "", line) for line in lines] == [
        "began",
        "with two lines",
        "ended",
    ]


def test_the_tail_is_the_last_lines(tmp_path):
    file = tmp_path / "1.log"
    assert tail(file, 5) == []
    file.write_text("".join(f"line {n}\n" for n in range(100_000)))
    assert tail(file, 2) == ["line 99998", "line 99999"]
    assert tail(file, 0) == []
    assert 1000 < len(tail(file, 10**9)) < 100_000, "a huge log is not read whole"


@pytest.mark.parametrize(
    "secret",
    [
        "hf_abcdefghijklmnopqrstuvwxyz",
        "sk-proj-abcdefghijklmnop1234",
        "AIzaSyA1234567890abcdefghijklmnop",
        "https://example.org/v1?alt=sse&key=abc123",
        "Authorization: Bearer abc.def.ghi",
    ],
)
def test_what_looks_like_a_key_is_blotted_out(secret):
    shown = redacted(f"401 for {secret} .")
    assert shown.endswith("••• .") and shown.startswith("401 for ")
    assert re.split(r"[ =]", secret)[-1] not in shown


def test_the_values_of_secret_variables_are_blotted_out(monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "plain-words-1")
    monkeypatch.setenv("MY_TOKEN", "on")  # too short to be one; blotting it would hide much
    assert redacted("key plain-words-1, on") == "key •••, on"
