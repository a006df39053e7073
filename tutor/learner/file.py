"""A record as a file: written whole or not at all, and read with plain words about what is none."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from engine.errors import EngineError


def write(record: Mapping[str, Any], file: str | Path) -> None:
    """Write a record as JSON; what is there is replaced.

    Raises:
        EngineError: It cannot be written.
    """
    draft = f"{file}.{os.getpid()}.part"
    try:
        with open(draft, "w", encoding="utf-8") as out:
            json.dump(record, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, file)
    except OSError as error:
        with suppress(OSError):
            os.unlink(draft)
        raise EngineError(f"{file} cannot be written: {error.strerror}.") from error


def read(file: str | Path) -> Any:
    """What stands in a file of JSON.

    Raises:
        EngineError: It cannot be read, or is none.
    """
    try:
        with open(file, encoding="utf-8-sig") as opened:
            return parse(opened, str(file))
    except OSError as error:
        raise EngineError(f"{file} cannot be read: {(error.strerror or '').lower()}.") from error


def parse(opened: TextIO, name: str) -> Any:
    """The same of an open one.

    Raises:
        EngineError: It is no JSON.
    """
    try:
        return json.load(opened)
    except (ValueError, RecursionError) as error:  # a number too long, brackets too deep
        raise EngineError(f"{name} is no JSON file: {error}.") from error
