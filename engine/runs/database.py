"""One connection to the home's SQLite file: WAL, foreign keys, short transactions, plain errors.

Readers never wait for a writer, and a writer waits for another at most `BUSY_SECONDS`. Every write
takes the write lock at its start (BEGIN IMMEDIATE), so that two processes that read and then write
can never each hold half of what the other needs.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import DiskFull, EngineError
from engine.runs.home import VARIABLE, Home

WIDEST = 2**63 - 1
"""The largest whole number that a column holds."""
VERSION = 4
"""Of the file, as `PRAGMA user_version` says it; `schema` holds the way there."""
MAKING_SECONDS = 10.0
"""A file that is younger and still empty is one that another process makes just now."""
BUSY_SECONDS = 30.0
"""How long a write waits for somebody else's write before it gives up."""


class Database:
    """A connection that threads may share: one statement or transaction at a time."""

    def __init__(self, home: Home) -> None:
        """Open the file, make it or bring it up to date.

        Args:
            home: Where the file is; its folders are made too.

        Raises:
            EngineError: the file cannot be read or written, is damaged, or is newer than
                this release.
        """
        self.home = home.prepare()
        _not_emptied(home)
        self._lock = threading.RLock()
        with plain(home):
            self._connection = sqlite3.connect(
                home.database,
                timeout=BUSY_SECONDS,
                isolation_level=None,  # no implicit transactions: each one is spelled out
                check_same_thread=False,
            )
            try:
                self._connection.row_factory = sqlite3.Row
                self._connection.text_factory = _text
                self._connection.execute("PRAGMA foreign_keys = ON")
                self._bring_up_to_date()
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Close the connection; the file is whole at any time, with or without this."""
        with self._lock:
            self._connection.close()

    def rows(self, sql: str, values: object = ()) -> list[sqlite3.Row]:
        """What a SELECT gives."""
        with self._lock, plain(self.home):
            return self._connection.execute(sql, values).fetchall()  # type: ignore[arg-type]

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """All of the block or nothing of it. Keep it short: no other process writes meanwhile.

        Within another one it is a part of that one.

        Args:
            durable: Whether it waits until it would survive a power cut, which takes
                milliseconds on a busy disk. Without it, the next durable one does so for it;
                a killed process loses nothing either way.
        """
        with self._lock, plain(self.home):
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _bring_up_to_date(self) -> None:
        if self._version() == VERSION and self._pragma("journal_mode") == "wal":
            return
        with _alone(self.home):  # two that change to WAL at once do not wait for each other
            self._connection.execute("PRAGMA journal_mode = WAL")
            if self._version() == VERSION:
                return
            from engine.runs.schema import upgrade

            try:
                with self.transaction() as connection:
                    upgrade(connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                    raise
                raise EngineError(
                    f"{self.home.database} is not a file of this program ({error}).",
                    f"Choose another folder with --home DIR or {VARIABLE}.",
                ) from error

    def _version(self) -> int:
        version = int(self._pragma("user_version"))
        if version > VERSION:
            raise EngineError(
                f"{self.home.database} was written by a newer release "
                f"(file version {version}; this one reads up to {VERSION}).",
                "Update this program (pip install -U efficient-ai-tutor), "
                f"or choose another folder with --home DIR or {VARIABLE}.",
            )
        return version

    def _pragma(self, name: str) -> str:
        return str(self._connection.execute(f"PRAGMA {name}").fetchone()[0])


def _text(raw: bytes) -> str:
    """A text column, whatever a failing disk has made of it: one that is no UTF-8 is still shown.

    sqlite3 itself would raise an error that repeats all of it, raw.
    """
    return raw.decode("utf-8", "replace")


def _not_emptied(home: Home) -> None:
    """A file without a byte is a new one's, unless others had written here before.

    Raises:
        EngineError: it is empty, and its home is not: whatever it held is gone, and beginning
            anew without a word would hide that.
    """
    file = home.database.stat()
    if file.st_size or time.time() - file.st_mtime < MAKING_SECONDS or not home.inhabited():
        return
    raise EngineError(
        f"{home.database} is empty, and the files beside it say that it was not: "
        "a full disk, or a copy that broke off, may have emptied it.",
        f"Put a copy of it back, if you have one. To begin anew: rm {home.database}",
    )


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One process at a time, by a lock on the folder itself."""
    folder = os.open(home.path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


@contextmanager
def plain(home: Home) -> Iterator[None]:
    """Turn what SQLite says about the disk or the file into an EngineError with the way out."""
    try:
        yield
    except sqlite3.Error as error:
        words = _words(home, error)
        if words is None:
            raise
        raise words from error


def _words(home: Home, error: sqlite3.Error) -> EngineError | None:
    code = getattr(error, "sqlite_errorcode", None)
    file, elsewhere = home.database, f"or choose another folder with --home DIR or {VARIABLE}."
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return DiskFull(f"No room left to write {file}.", f"Free some space, {elsewhere}")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return EngineError(
                f"{file} cannot be written ({error}).", f"Make it writable for you, {elsewhere}"
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return EngineError(
                f"{file} is damaged ({error}).",
                f"Move it away (mv {file} {file}.damaged) and start again, {elsewhere} "
                f"The files of earlier runs stay in {home.path / 'runs'}.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return EngineError(
                f"Another program has held {file} for {BUSY_SECONDS:g} seconds.",
                "Close it (a database browser, a backup) and try again.",
            )
        case sqlite3.SQLITE_IOERR:
            return EngineError(
                f"The disk refused to read or write {file} ({error}).",
                f"Check the disk and the space left on it, {elsewhere}",
            )
    return None
