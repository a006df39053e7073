"""The tables, as sqlite-utils migrations: how any older file becomes a file of this version.

Only `database` imports this module, and only when a file is behind `VERSION`: a new home, or one of
an older release. sqlite-utils imports pandas and numpy where they are installed, which costs the
tutor's first paint a second and 70 MB; they are kept away from it here, as nothing below needs
them. Every other open of the file takes the standard library's sqlite3 alone.

A migration is never edited after a release: add one below, and it must end by raising
`user_version`, which must then equal `database.VERSION`.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from engine.runs.states import STATES


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let `import NAME` fail inside the block, unless it is imported already."""
    kept_away = [name for name in names if name not in sys.modules]
    for name in kept_away:
        sys.modules[name] = None  # type: ignore[assignment]  # how importlib spells "not there"
    try:
        yield
    finally:
        for name in kept_away:
            del sys.modules[name]


with _without("pandas", "numpy"):
    from sqlite_utils import Database, Migrations

migrations = Migrations("engine.runs")

_STATES = ", ".join(f"'{state}'" for state in STATES)


@migrations(name="1 runs and what they give")
def _runs(db: Database) -> None:
    for statement in f"""
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,
            title TEXT NOT NULL,
            spec TEXT NOT NULL CHECK (json_valid(spec)),
            state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ({_STATES})),
            request TEXT CHECK (request IN ('pause', 'cancel')),
            created REAL NOT NULL,
            started REAL,
            attempt_started REAL,
            ended REAL,
            seconds REAL NOT NULL DEFAULT 0,
            heartbeat REAL,
            done REAL NOT NULL DEFAULT 0,
            total REAL NOT NULL DEFAULT 0,
            unit TEXT NOT NULL DEFAULT '',
            eta_seconds REAL,
            progressed REAL,
            message TEXT NOT NULL DEFAULT '',
            result TEXT CHECK (result IS NULL OR json_valid(result)),
            error TEXT CHECK (error IS NULL OR json_valid(error)),
            environment TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(environment)),
            attempts INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX runs_by_state ON runs (state);
        CREATE TABLE dependencies (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            after_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            PRIMARY KEY (run_id, after_id),
            CHECK (after_id < run_id)
        ) WITHOUT ROWID;
        CREATE INDEX dependents ON dependencies (after_id);
        CREATE TABLE metrics (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            step INTEGER NOT NULL,
            value REAL,
            at REAL NOT NULL,
            PRIMARY KEY (run_id, name, step)
        );
        CREATE INDEX metrics_by_step ON metrics (run_id, step);
        CREATE TABLE predictions (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            problem_id TEXT NOT NULL,
            sample INTEGER NOT NULL,
            question TEXT NOT NULL,
            gold TEXT NOT NULL,
            text TEXT NOT NULL,
            extracted TEXT,
            stage TEXT NOT NULL,
            correct INTEGER NOT NULL,
            strict INTEGER,
            flexible INTEGER,
            tokens_in INTEGER NOT NULL,
            tokens_out INTEGER NOT NULL,
            cut_off INTEGER NOT NULL DEFAULT 0,
            batch INTEGER,
            PRIMARY KEY (run_id, problem_id, sample)
        );
        CREATE INDEX predictions_as_they_came ON predictions (run_id);
        CREATE TABLE teacher_answers (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            problem_id TEXT NOT NULL,
            question TEXT NOT NULL,
            gold TEXT NOT NULL,
            text TEXT NOT NULL,
            extracted TEXT,
            stage TEXT NOT NULL,
            correct INTEGER NOT NULL,
            tokens_in INTEGER NOT NULL,
            tokens_out INTEGER NOT NULL,
            asked_at REAL NOT NULL,
            PRIMARY KEY (run_id, problem_id)
        );
        CREATE INDEX teacher_answers_as_they_came ON teacher_answers (run_id);
        CREATE TABLE teacher_failures (
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            problem_id TEXT NOT NULL,
            reason TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 1,
            at REAL NOT NULL,
            PRIMARY KEY (run_id, problem_id)
        );
        PRAGMA user_version = 1
    """.split(";"):
        db.execute(statement)


@migrations(name="2 requests to hosted models")
def _payments(db: Database) -> None:
    for statement in """
        CREATE TABLE payments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            problem_id TEXT NOT NULL,
            sent REAL NOT NULL,
            reserved INTEGER NOT NULL,
            ended REAL,
            outcome TEXT,
            tokens_in INTEGER NOT NULL DEFAULT 0,
            tokens_out INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX payments_of_a_run ON payments (run_id);
        CREATE INDEX payments_lately ON payments (model, sent);
        PRAGMA user_version = 2
    """.split(";"):
        db.execute(statement)


@migrations(name="3 replies that nobody has taken yet")
def _replies(db: Database) -> None:
    db.execute("ALTER TABLE payments ADD COLUMN reply TEXT")
    db.execute("PRAGMA user_version = 3")


@migrations(name="4 what an attempt has computed by a clock that nobody sets")
def _computed(db: Database) -> None:
    for statement in """
        ALTER TABLE runs ADD COLUMN attempt_clock REAL;
        ALTER TABLE runs ADD COLUMN attempt_seconds REAL NOT NULL DEFAULT 0;
        UPDATE runs SET attempt_seconds = max(0, heartbeat - attempt_started)
            WHERE state = 'running';
        PRAGMA user_version = 4
    """.split(";"):
        db.execute(statement)


def upgrade(connection: sqlite3.Connection) -> None:
    """Apply what is pending. Call it inside a transaction that holds the write lock."""
    migrations.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
