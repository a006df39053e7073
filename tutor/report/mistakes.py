"""A mistake of the tutor's own: how it came to be is kept in the home, and it is told in words."""

from __future__ import annotations

import time
import traceback
from pathlib import Path

from engine.errors import EngineError
from engine.runs.home import Home

LOG = "tutor.log"
"""Its file, among the logs of the home."""


def keep(home: Home, error: BaseException) -> Path | None:
    """Add the traceback to the log; where it is now, or None where nothing can be written."""
    try:
        file = home.prepare().path / "logs" / LOG
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')}\n")
            traceback.print_exception(error, file=log)
    except (OSError, EngineError):
        return None
    return file


def told(home: Home, error: BaseException) -> tuple[str, str]:
    """Keep it; what happened, and where it is written, or else the whole of it."""
    file = keep(home, error)
    what = f"The tutor met what it did not expect: {error!r}."
    if file is not None:
        return what, f"How it came to that is in {file}."
    whole = "".join(traceback.format_exception(error)).rstrip()
    return what, f"It could not be written into {home.path}, so here is all of it:\n\n{whole}"
