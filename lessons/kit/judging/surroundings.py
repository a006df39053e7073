"""What these processes see of the machine: an environment without secrets, an empty folder."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine import child_process

ALLOWED = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "VIRTUAL_ENV", "CONDA_PREFIX",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME",
)  # fmt: skip
"""What is handed on, if it is set. Tokens, keys and proxies with passwords are not among it."""
FIXED = {
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "CUDA_VISIBLE_DEVICES": "",  # a device's state does not survive a fork
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    # Half of a check goes into forking a process with torch in it, page by page; in large pages (on
    # Linux, where the kernel has them) a check takes a fifth less processor time.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # macOS: else a fork after torch is killed
}


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """For these processes; of this one's unless another is given."""
    given = os.environ if given is None else given
    kept = {name: given[name] for name in ALLOWED if name in given}
    return {**child_process.surroundings(kept), **FIXED}


def start(
    module: str, *arguments: str, links: Iterable[socket.socket], said: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start one of these processes, which has nothing of ours but its links.

    Args:
        module: What is run.
        *arguments: Its command line.
        links: Sockets that it inherits.
        said: What it writes where it breaks: never the tutor's own, which is the screen.
    """
    return child_process.start(
        (sys.executable, "-P", "-m", module, *arguments),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=said,
        cwd="/",
        pass_fds=[each.fileno() for each in links],
    )


@contextmanager
def working_folder() -> Iterator[Path]:
    """An empty folder, gone afterwards whatever was done in it."""
    folder = Path(tempfile.mkdtemp(prefix="tutor-check-"))
    try:
        yield folder
    finally:
        remove(folder)


def remove(folder: Path) -> None:
    """Take a folder away with all that is in it, as far as that can be done."""
    if folder.is_dir():
        shutil.rmtree(folder, onerror=_open_up)


def _open_up(function: Callable, path: str, _error: object) -> None:
    """Where a folder was closed, open it and try once more; what cannot be removed is left."""
    with suppress(OSError):
        for each in (os.path.dirname(path), path):
            if stat.S_ISDIR(os.lstat(each).st_mode):
                os.chmod(each, 0o700)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            os.unlink(path)
