"""Text from outside, made such that a file, a database and a screen can hold it.

JSON may say half of a surrogate pair, which is no character: Python keeps it, and whoever writes
the text as UTF-8 later fails. NUL ends a text early wherever C reads it. Both become U+FFFD, the
sign for what could not be read, where they come in; so nothing behind it has to look again.
"""

from __future__ import annotations

import re

NO_TEXT = "It holds NUL or half of a surrogate pair, which is no text."
"""Said to whoever made such a text, where it is better mended than replaced."""
_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


def storable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate and each NUL."""
    return _UNSTORABLE.sub("\ufffd", text)
