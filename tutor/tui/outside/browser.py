"""An address, opened in the learner's browser where there is one, and copied in any case.

Over SSH there is none, or one that would draw over the tutor: the address is then only copied,
which reaches the learner's own clipboard through the terminal.
"""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import App


def has_window(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a program with a window of its own can be opened from here."""
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environ
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def open_address(app: App, address: str) -> None:
    """Open an address, and say what became of it."""
    app.copy_to_clipboard(address)
    if app.is_web:
        app.open_url(address)
    elif has_window():
        app.run_worker(lambda: _open(app, address), thread=True, exit_on_error=False)
    else:
        _only_copied(app, address)


def _open(app: App, address: str) -> None:
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        app.call_from_thread(_only_copied, app, address)


def _only_copied(app: App, address: str) -> None:
    app.notify(
        address, title="Copied; no browser can be opened from here", timeout=12, markup=False
    )
