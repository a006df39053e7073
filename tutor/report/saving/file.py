"""Writes a figure to a file: what its ending says.

refuse(file, replace=False)      before it is computed: whether it could be written at all
save(shown, file)                .svg, .png or .tsv
"""

from __future__ import annotations

import io
import os
from contextlib import suppress
from pathlib import Path

from engine.errors import DiskFull, EngineError
from engine.runs.home import out_of_room
from tutor.report.saving.shown import Shown
from tutor.report.saving.tsv import tsv

KINDS = (".svg", ".png", ".tsv")


def refuse(file: Path) -> None:
    """See to it that a figure could be saved there, before it is computed.

    Raises:
        EngineError: The ending is none of `KINDS`, or there is no such folder.
    """
    if file.suffix.lower() not in KINDS:
        stem = file.stem or "figure"
        raise EngineError(
            f"{file.name!r} ends in {file.suffix or 'nothing'}, which a figure cannot be saved as.",
            f"Name {stem}.svg or {stem}.png for a picture, {stem}.tsv for its numbers.",
        )
    if not os.path.isdir(file.parent):
        raise EngineError(f"There is no folder {file.parent}.", "Make it, or name another.")
    if os.path.isdir(file):
        raise EngineError(f"{file} is a folder, and should be a file.", "Name another.")


def save(shown: Shown, file: Path) -> None:
    """Write it; what was there before stays whole until it is replaced.

    Raises:
        EngineError: It cannot be written; the words say why.
    """
    content = made(shown, file.suffix.lower())
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        os.replace(draft, file)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        if out_of_room(error):
            raise DiskFull(f"The disk under {file} is full.", "Free some space.") from error
        why = (error.strerror or str(error)).lower()
        raise EngineError(f"{file} cannot be written: {why}.", "Name another folder.") from error


def made(shown: Shown, kind: str) -> bytes:
    """The file's content."""
    if kind == ".tsv":
        return tsv(shown.figure).encode()
    import matplotlib

    from tutor.report.saving.page import page
    from tutor.report.saving.style import DOTS, RULES

    about = {"Date": None, "Title": shown.figure.caption} if kind == ".svg" else {"Software": None}
    out = io.BytesIO()
    with matplotlib.rc_context(RULES):
        page(shown).savefig(out, format=kind[1:], dpi=DOTS, metadata=about)
    return out.getvalue()
