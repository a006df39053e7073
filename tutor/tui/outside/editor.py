"""The learner's own editor, with the tutor out of the way while it is open."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from tutor.tui.host import Host


def open_in_editor(app: Host, file: Path) -> bool:
    """Open a file and wait until the editor is closed; says why where that cannot be.

    Returns:
        Whether it was opened.
    """
    command = app.config.editor_command()
    if not command:
        app.notify(
            "Set it under Settings, or EDITOR in your shell.",
            title="No editor is named",
            severity="warning",
        )
        return False
    try:
        with app.suspend():
            subprocess.run([*command, os.fspath(file)], check=False)
    except SuspendNotSupported:
        app.notify("Open the file in it yourself; what is saved there is read here.",
                   title=f"{command[0]} cannot be shown here", markup=False)  # fmt: skip
        return False
    except OSError as error:
        app.notify(f"{command[0]} cannot be started: {error.strerror}.", markup=False,
                   title="No editor", severity="error")  # fmt: skip
        return False
    return True
