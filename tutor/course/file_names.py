"""The file that somebody means by what was typed."""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import EngineError

LONGEST = 60
"""Characters of a name that are said."""


def file_named(typed: str) -> Path:
    """A path, from where the tutor was opened; `~` is the user's own folder.

    Args:
        typed: What was typed.

    Raises:
        EngineError: Whether a file is there cannot even be looked up.
    """
    path = os.path.abspath(os.path.expanduser(typed.strip()))
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass  # it may be made
    except (OSError, ValueError) as error:  # of the latter kind is a zero byte
        why = getattr(error, "strerror", None) or str(error)
        said = typed if len(typed) <= LONGEST else f"{typed[:LONGEST]}…"
        raise EngineError(f"{said!r} cannot be used: {why.lower()}.", "Name another.") from error
    return Path(path)
