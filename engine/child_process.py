"""A process of ours: it finds this package, and whatever ends who started it leaves it alone."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import engine


def surroundings(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment in which this package is found; of this process's unless one is given."""
    given = os.environ if given is None else given
    root = str(Path(engine.__file__).parents[1])
    path = os.pathsep.join(filter(None, (root, given.get("PYTHONPATH"))))
    return {**given, "PYTHONPATH": path}


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    stdin: int = subprocess.DEVNULL,
    **others: Any,
) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: neither Ctrl-C nor a lost line reaches it.

    Args:
        command: What is started.
        env: All of its environment.
        stdin: What it reads from; nothing, unless it is a pipe.
        **others: As `subprocess.Popen` takes them.

    Raises:
        OSError: The machine would not.
    """
    return subprocess.Popen(command, env=env, stdin=stdin, start_new_session=True, **others)
