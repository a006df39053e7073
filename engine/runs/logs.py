"""Logs of runs: lines with a time, no secrets, and their last lines."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from engine.runs.home import unusable

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
    """Add a line, or several, each with the time.

    Raises:
        EngineError: it cannot be written, as where the disk is full.
    """
    now = time.strftime("%Y-%m-%d %H:%M:%S")
    lines = "".join(f"{now}  {line}\n" for line in redacted(text).splitlines())
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        with os.fdopen(os.open(file, flags, 0o600), "a", errors="backslashreplace") as stream:
            stream.write(lines)
    except OSError as error:
        raise unusable(file, error) from error


def tail(file: Path, lines: int) -> list[str]:
    """The last lines; none where there is no such file yet, and why where it cannot be read."""
    try:
        with file.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _LONGEST_TAIL))
            text = stream.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        return [str(unusable(file, error))]
    return text.splitlines()[-lines:] if lines > 0 else []
