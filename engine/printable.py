"""Text from outside, as it may be shown: nothing in it is a command to a terminal.

A file's name, a model's answer, a service's words or a damaged row may hold what a terminal obeys:
escape sequences, a bell, a carriage return that overwrites what stands there, marks that turn the
direction of writing. Each is shown as a sign in its place, so that a name with one does not look
like one without. Whoever stores or opens the text takes it as it is; whoever shows it asks here.
"""

from __future__ import annotations

import json
import re
from typing import Any

_SIGNS = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
"""Unicode has a picture of each control character: ␛ for ESC, ␇ for BEL, ␍ for CR."""
_SIGNS |= {0x7F: 0x2421}
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNSEEN = (*range(0x80, 0xA0), 0x2028, 0x2029, *_TURNING)
_SIGNS |= dict.fromkeys(_UNSEEN, 0xFFFD)
_COMMANDS = "".join(
    rf"\U{low:08x}-\U{high:08x}"
    for low, high in ((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F), (0xD800, 0xDFFF))
) + "".join(rf"\U{each:08x}" for each in (*_TURNING, 0x2028, 0x2029))
_COMMAND = re.compile(f"[{_COMMANDS}]")
_BREAKS = str.maketrans({"\n": "\u240a", "\t": "\u2409"})


def printable(text: str) -> str:
    """The text with a sign for each command in it; its line breaks and tabs stay."""
    if not _COMMAND.search(text):
        return text
    return _COMMAND.sub(lambda found: chr(_SIGNS.get(ord(found[0]), 0xFFFD)), _unix(text))


def one_line(text: str) -> str:
    """The same, and a sign for each line break and tab too: for a name, a title, a cell."""
    return printable(text).translate(_BREAKS)


def without_commands(text: str) -> str:
    """The text without them, where a sign would have no room: they take no cell of a screen.

    Half of a surrogate pair takes one, and gets its sign.
    """
    if not _COMMAND.search(text):
        return text
    return _COMMAND.sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else "", text)


def printable_json(value: Any) -> str:
    """JSON that holds every text whole, and that a terminal may be shown: commands are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    return _COMMAND.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _unix(text: str) -> str:
    """Line breaks as Windows writes them are line breaks."""
    return text.replace("\r\n", "\n")
