"""A home made movable and small: what can be made again goes, and so does every trace of a machine.

Gone                          because
models/                       built-in models quantized once: the next load writes them again
runs/N/checkpoints            of trainings that finished: nothing reads them any more
worker.log, *.db-wal, -shm    the worker's own warnings; what the database keeps while it is open
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sqlite3
import sys
import tarfile
from contextlib import closing
from pathlib import Path

from tests.tutor.old_home.computing import PAUSED
from tests.tutor.old_home.program import ROOT, Program

ELSEWHERE = "/home/learner/old"
"""Where the learner's folder was, as far as its files say."""
PLATFORM = "Linux-x86_64"


def strip(program: Program) -> None:
    """Take out what can be made again."""
    home = program.home
    shutil.rmtree(home / "models")
    for folder in home.glob("runs/*/checkpoints"):
        if folder.parent.name != str(PAUSED):
            shutil.rmtree(folder)
    older = sorted(home.glob(f"runs/{PAUSED}/checkpoints/*"), key=_step)[:-1]
    for folder in older:
        shutil.rmtree(folder)
    (home / "logs" / "worker.log").unlink()


def make_movable(program: Program) -> None:
    """Let the learner's folder have been `ELSEWHERE`, and the machine nobody's."""
    instead = {str(program.folder): ELSEWHERE, platform.platform(): PLATFORM}
    with closing(sqlite3.connect(program.home / "tutor.db")) as database:
        for table, column in _texts(database):
            for old, new in instead.items():
                database.execute(
                    f"UPDATE {table} SET {column} = replace({column}, ?, ?) "
                    f"WHERE typeof({column}) = 'text' AND instr({column}, ?)",
                    (old, new, old),
                )
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("VACUUM")
    for file in _files(program.folder):
        content = changed = file.read_bytes()
        for old, new in instead.items():
            changed = changed.replace(old.encode(), new.encode())
        if changed != content and file.suffix in (".log", ".json", ".jsonl", ".toml"):
            times = file.stat()
            file.write_bytes(changed)
            os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def traces(program: Program) -> dict[str, list[str]]:
    """What names this machine, by file; a socket and a lock that is held count too."""
    words = {
        str(program.folder), str(ROOT), sys.prefix, str(Path(sys.prefix).resolve()),
        platform.platform(), platform.release(),
    }  # fmt: skip
    if len(socket.gethostname()) > 4:  # a shorter one stands in any weights
        words.add(socket.gethostname())
    found: dict[str, list[str]] = {}
    for file in _files(program.folder):
        content = file.read_bytes()
        there = [word for word in sorted(words) if word.encode() in content]
        if there:
            found[str(file.relative_to(program.folder))] = there
    for file in program.folder.rglob("*"):
        if not (file.is_file() or file.is_dir()) or file.is_symlink():
            found[str(file.relative_to(program.folder))] = ["neither a file nor a folder"]
    return found


def pack(program: Program, file: Path) -> None:
    """Write the folder as a .tar.xz: nobody's, and in the order of its names."""
    with tarfile.open(file, "w:xz", preset=9) as archive:
        for each in sorted(program.folder.rglob("*")):
            archive.add(each, each.relative_to(program.folder), recursive=False, filter=_nobodys)


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def _texts(database: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return [
        (table, column[1])
        for (table,) in tables
        for column in database.execute(f"PRAGMA table_info({table})").fetchall()
        if column[2] == "TEXT"
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _step(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])
