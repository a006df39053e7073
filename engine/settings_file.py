"""TOML files that the learner writes too: read in words, changed in place, never half written.

    change_settings(file, {"theme": "light"})                     theme = "light"   # at night
    change_settings(file, {"sft": {"lora_r": 16}}, head="# Mine")

What stands beside a changed value stays: comments, the order, names that nobody here knows. A file
that is no TOML is told with its line and left alone.
"""

from __future__ import annotations

import codecs
import os
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from engine.runs.home import private_folder, unusable

if TYPE_CHECKING:
    from tomlkit.items import Array

WAY_OUT = "Mend it, or move the file away: where there is none, all is as it comes."


def read_settings(file: Path, way_out: str = WAY_OUT) -> dict[str, Any]:
    """What the file says; nothing where there is none.

    Args:
        file: In UTF-8, with or without a byte order mark.
        way_out: What to do about a file that is no TOML.

    Raises:
        EngineError: It cannot be read; where it is no TOML, the words name the line.
    """
    return _parsed(file, _text(file, way_out), way_out)


def change_settings(
    file: Path, values: Mapping[str, Any], *, head: str = "", way_out: str = WAY_OUT
) -> None:
    """Change some values and leave all else as it stands; all of it is written, or nothing.

    Args:
        file: Is made where there is none.
        values: By name; for a table a mapping of those of its values that change.
        head: Comments to begin a file with that is not there yet.
        way_out: What to do about a file that is no TOML.

    Raises:
        EngineError: It is no TOML, or cannot be written. It is then as it was.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    there = _text(file, way_out)
    text = (there or head).replace("\r\n", "\n")
    wanted = _merged(_parsed(file, text, way_out), values)
    try:
        document = tomlkit.parse(text)
        _put(document, values)
        changed = tomlkit.dumps(document)
        kept = tomllib.loads(changed) == wanted
    except (TOMLKitError, tomllib.TOMLDecodeError):
        kept = False
    if not kept:
        what = f"{file} is laid out so that it cannot be changed here."
        raise EngineError(what, "Change it in an editor.")
    write_whole(file, changed.replace("\n", "\r\n") if "\r\n" in there else changed)


def write_whole(file: Path, text: str) -> None:
    """Write a file, all of it or nothing; one that a link leads to is written where it lies.

    Raises:
        EngineError: It cannot be written.
    """
    file = Path(os.path.realpath(file))
    try:
        private_folder(file.parent)
        number, draft = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        try:
            with open(number, "wb") as opened:
                with suppress(FileNotFoundError):
                    os.fchmod(number, file.stat().st_mode & 0o777)
                opened.write(_mark(file) + text.encode())
                opened.flush()
                os.fsync(number)
            os.replace(draft, file)
        except BaseException:
            os.unlink(draft)
            raise
    except OSError as error:
        raise unusable(file, error) from error


def _mark(file: Path) -> bytes:
    """The byte order mark that a file begins with, as some editors of Windows have it."""
    with suppress(FileNotFoundError), file.open("rb") as opened:
        return codecs.BOM_UTF8 if opened.read(3) == codecs.BOM_UTF8 else b""
    return b""


def _text(file: Path, way_out: str) -> str:
    """As it stands, without a mark; empty where there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise EngineError(f"{file} cannot be read: {error.strerror}.", way_out) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        what = f"{file} cannot be read: it is no UTF-8 (at line {line})."
        raise EngineError(what, way_out) from error


def _parsed(file: Path, text: str, way_out: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:  # whose words end with the line and the column
        raise EngineError(f"{file} cannot be read: {error}.", way_out) from error


def _merged(held: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(held)
    for name, value in values.items():
        if isinstance(value, Mapping):
            within = held.get(name)
            value = _merged(within if isinstance(within, Mapping) else {}, value)
        merged[name] = value
    return merged


def _put(table: Any, values: Mapping[str, Any]) -> None:
    """Set values in a document or a table of tomlkit's."""
    import tomlkit
    from tomlkit.items import Array

    for name, value in values.items():
        held = table.get(name)
        if isinstance(value, Mapping):
            if not isinstance(held, Mapping):
                table[name] = tomlkit.table()
            _put(table[name], value)
        elif isinstance(held, Array) and isinstance(value, list):
            _edit(held, value)
        else:
            table[name] = value


def _edit(array: Array, wanted: list[Any]) -> None:
    """Take out and add items, so that the comments beside the others stay."""
    for at in reversed(range(len(array))):
        if array[at] not in wanted:
            del array[at]
    common = list(array)
    if common == wanted[: len(common)]:
        array.extend(wanted[len(common) :])
    else:  # in another order
        array.clear()
        array.extend(wanted)
