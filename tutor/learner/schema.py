"""The learner's tables, as sqlite-utils migrations in the same file as the runs.

Only `versions` imports this module, and only when a file is behind `VERSION`; every other open of
the file takes sqlite3 alone. A migration is never edited after a release: add one below, and raise
`versions.VERSION`, which counts them.

Every row that says what happened carries a `uid`, so that two records of one learner can be merged
and the same file imported twice. What is only a sum of such rows (steps, cards) can be made again.
"""

from __future__ import annotations

import sqlite3

# Through the engine's module, which keeps pandas and numpy from being loaded along with it.
from engine.runs.schema import Database, Migrations

SET = "learner"
"""The migration set's name in `_sqlite_migrations`."""
migrations = Migrations(SET)


@migrations(name="1 attempts and what they come to")
def _attempts(db: Database) -> None:
    for statement in """
        CREATE TABLE sittings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE,
            step TEXT NOT NULL,
            question TEXT NOT NULL,
            seed INTEGER NOT NULL,
            purpose TEXT NOT NULL CHECK (purpose IN ('lesson', 'review', 'recall')),
            begun REAL NOT NULL,
            hints INTEGER NOT NULL DEFAULT 0,
            misses INTEGER NOT NULL DEFAULT 0,
            opened INTEGER NOT NULL DEFAULT 0,
            closed REAL,
            ending TEXT CHECK (ending IN ('right', 'missed', 'left')),
            rating INTEGER CHECK (rating BETWEEN 1 AND 4)
        );
        CREATE INDEX sittings_by_step ON sittings (step, seed);
        CREATE INDEX sittings_open ON sittings (step, purpose) WHERE closed IS NULL;
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE,
            step TEXT NOT NULL,
            hash TEXT NOT NULL,
            kind TEXT NOT NULL,
            sitting TEXT,
            question TEXT NOT NULL DEFAULT '',
            seed INTEGER,
            typed TEXT NOT NULL DEFAULT '',
            read_as TEXT NOT NULL DEFAULT '',
            outcome TEXT NOT NULL,
            slip TEXT NOT NULL DEFAULT '',
            says TEXT NOT NULL DEFAULT '',
            hints INTEGER NOT NULL DEFAULT 0,
            tries INTEGER NOT NULL DEFAULT 0,
            points REAL NOT NULL DEFAULT 0,
            seconds REAL NOT NULL DEFAULT 0,
            at REAL NOT NULL
        );
        CREATE INDEX attempts_by_step ON attempts (step);
        CREATE INDEX attempts_by_time ON attempts (at);
        CREATE INDEX attempts_by_slip ON attempts (slip, step) WHERE slip <> '';
        CREATE TABLE steps (
            step TEXT PRIMARY KEY,
            lesson TEXT NOT NULL,
            hash TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('seen', 'skipped', 'done')),
            points REAL NOT NULL DEFAULT 0,
            opened REAL,
            at REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX steps_by_lesson ON steps (lesson);
        CREATE TABLE places (
            lesson TEXT PRIMARY KEY,
            step TEXT NOT NULL,
            at REAL NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE cards (
            step TEXT PRIMARY KEY,
            state INTEGER NOT NULL,
            rung INTEGER,
            stability REAL NOT NULL,
            difficulty REAL NOT NULL,
            due REAL NOT NULL,
            reviewed REAL NOT NULL,
            rating INTEGER NOT NULL,
            reviews INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX cards_by_due ON cards (due)
    """.split(";"):
        db.execute(statement)


@migrations(name="2 what was measured of what was predicted")
def _measurements(db: Database) -> None:
    db.execute("""
        CREATE TABLE measurements (
            attempt TEXT PRIMARY KEY REFERENCES attempts (uid),
            said REAL NOT NULL,
            measured REAL NOT NULL,
            off REAL,
            near INTEGER NOT NULL CHECK (near IN (0, 1)),
            says TEXT NOT NULL,
            at REAL NOT NULL
        ) WITHOUT ROWID
    """)


@migrations(name="3 when help was taken")
def _help(db: Database) -> None:
    for statement in """
        ALTER TABLE sittings ADD COLUMN hinted REAL;
        ALTER TABLE sittings ADD COLUMN read REAL;
        UPDATE sittings SET hinted = begun WHERE hints > 0;
        UPDATE sittings SET read = begun WHERE opened = 1
    """.split(";"):
        db.execute(statement)


@migrations(name="4 what is being typed")
def _drafts(db: Database) -> None:
    db.execute("ALTER TABLE sittings ADD COLUMN draft TEXT NOT NULL DEFAULT ''")


@migrations(name="5 notes about the record, and rows set aside")
def _notes(db: Database) -> None:
    from tutor.learner.mending import mend

    db.execute("""
        CREATE TABLE notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            says TEXT NOT NULL,
            row TEXT
        )
    """)
    mend(db.conn)


@migrations(name="6 what is being typed for a prediction")
def _half_named(db: Database) -> None:
    db.execute("CREATE TABLE drafts (step TEXT PRIMARY KEY, typed TEXT NOT NULL) WITHOUT ROWID")


@migrations(name="7 what the learner wants of reviews, and cards that are spread over days")
def _wishes(db: Database) -> None:
    from tutor.learner import attempts, reviews

    for statement in """
        CREATE TABLE wishes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uid TEXT NOT NULL UNIQUE,
            step TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('put off', 'set aside', 'brought back', 'undone')),
            at REAL NOT NULL,
            sitting TEXT,
            CHECK ((kind = 'undone') = (sitting IS NOT NULL))
        );
        CREATE INDEX wishes_by_sitting ON wishes (sitting) WHERE kind = 'undone';
        CREATE INDEX sittings_by_end ON sittings (closed) WHERE purpose = 'review';
        ALTER TABLE cards ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE cards ADD COLUMN lapsed REAL NOT NULL DEFAULT 0
    """.split(";"):
        db.execute(statement)
    attempts.sum_again(db.conn)
    reviews.replay(db.conn)


@migrations(name="8 bookmarks")
def _bookmarks(db: Database) -> None:
    db.execute("""
        CREATE TABLE bookmarks (
            step TEXT PRIMARY KEY,
            here INTEGER NOT NULL CHECK (here IN (0, 1)),
            at REAL NOT NULL
        ) WITHOUT ROWID
    """)


def upgrade(connection: sqlite3.Connection) -> None:
    """Apply what is pending. Call it inside a transaction that holds the write lock."""
    migrations.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
