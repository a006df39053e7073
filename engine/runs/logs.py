"""Logs of runs: lines with a time, no secrets, and their last lines."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

_TELLING = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL)", re.IGNORECASE)
_LOOKS_SECRET = re.compile(
    r"\bhf_[A-Za-z0-9]{16,}|\bsk-[A-Za-z0-9_-]{16,}|\bAIza[A-Za-z0-9_-]{20,}"
    r"|(?<=[?&]key=)[^&\s]+|(?<=Bearer )\S+"
)
_LONGEST_TAIL = 256 * 1024


def telling(variable: str) -> bool:
    """Whether an environment variable is named like a secret, so that its value is blotted out."""
    return bool(_TELLING.search(variable))


def redacted(text: str) -> str:
    """The text with ••• for the values of variables that are named like secrets, and the like."""
    for name, value in os.environ.items():
        if len(value) >= 8 and telling(name):
            text = text.replace(value, "•••")
    return _LOOKS_SECRET.sub("•••", text)


def append(file: Path, text: str) -> None:
    """Add a line, or several, each with the time."""
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    lines = "".join(f"{now}  {line}\n" for line in redacted(text).splitlines())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as stream:
        stream.write(lines)


def tail(file: Path, lines: int) -> list[str]:
    """The last lines; none where there is no such file yet."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _LONGEST_TAIL))
            text = stream.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-lines:] if lines > 0 else []
