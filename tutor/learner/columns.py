"""What each column of a record may hold.

SQLite keeps whatever it is given, text in a column of numbers too, and one row with the time
"yesterday" would then be met by every sum over all rows. So a file from outside is held against
these tables before a row of it is written, and a home that an earlier release let such rows into is
held against them once (`tutor.learner.mending`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tutor.learner.attempts import IDLE, OUTCOMES

FAR = 7_258_118_400.0
"""The year 2200, in seconds since 1970: beyond, no clock is only ahead."""
LONGEST = 1_000_000
"""Characters of a text."""
LARGEST = 2**63 - 1
"""What a row holds of a whole number."""
KINDS = ("reading", "predict", "lab", "question", "exercise", "task")
WISHES = ("put off", "set aside", "brought back", "undone")
"""As `tutor.learner.wishes` has them."""


@dataclass(frozen=True, slots=True)
class Column:
    """What one column takes."""

    what: str
    """In words, after "it must be"."""
    takes: Callable[[Any], bool]
    may_lack: bool = False
    """Whether a file may say nothing of it."""
    may_be_none: bool = False


def _number(least: float, most: float) -> Callable[[Any], bool]:
    def takes(value: Any) -> bool:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and least <= value <= most  # false of nan, too

    return takes


def _whole(least: int, most: int) -> Callable[[Any], bool]:
    def takes(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return takes


def _text(least: int = 0, most: int = LONGEST) -> Callable[[Any], bool]:
    def takes(value: Any) -> bool:
        # A lone surrogate is what UTF-8, and so SQLite, cannot hold.
        return isinstance(value, str) and least <= len(value) <= most and _storable(value)

    return takes


def _storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name(slashes: int) -> Callable[[Any], bool]:
    def takes(value: Any) -> bool:
        return _text(1, 500)(value) and value.count("/") >= slashes and "" not in value.split("/")

    return takes


def _one_of(values: Collection[str]) -> Column:
    return Column(f"one of {', '.join(values)}", lambda value: value in tuple(values))


def _yes_or_no(value: Any) -> bool:
    return isinstance(value, (bool, int)) and value in (0, 1)


def _finite(value: Any) -> bool:
    return _whole(-LARGEST, LARGEST)(value) or (isinstance(value, float) and math.isfinite(value))


def _counted(most: int) -> Column:
    return Column(f"a whole number from 0 to {most:,}", _whole(0, most), may_lack=True)


UID = Column("a name of 1 to 64 characters", _text(1, 64))
STEP = Column("a step, such as numbers/absmax/question/absmax-scale", _name(2))
TIME = Column("a time in seconds since 1970, before the year 2200", _number(0, FAR))
SAID = Column(f"a text that UTF-8 can write, of at most {LONGEST:,} characters", _text())
TOLD = Column(SAID.what, SAID.takes, may_lack=True)
SEED = Column("a whole number of at most 63 bits", _whole(0, LARGEST))
NUMBER = Column("a finite number", _finite)
FLAG = Column("true or false", _yes_or_no)


def _or_none(column: Column, *, may_lack: bool = False) -> Column:
    return Column(f"{column.what}, or null", column.takes, may_lack, may_be_none=True)


TABLES: dict[str, dict[str, Column]] = {
    "sittings": {
        "uid": UID,
        "step": STEP,
        "question": Column("a question's name", _text(1, 500)),
        "seed": SEED,
        "purpose": _one_of(("lesson", "review", "recall")),
        "begun": TIME,
        "hints": Column("a whole number from 0 to 1,000", _whole(0, 1000)),
        "misses": Column("a whole number from 0 to 1,000", _whole(0, 1000)),
        "opened": FLAG,
        "closed": _or_none(TIME),
        "ending": Column(
            "right, missed or left where it is closed, and else null",
            lambda value: value in ("right", "missed", "left"),
            may_be_none=True,
        ),
        "rating": _or_none(Column("a grade from 1 to 4", _whole(1, 4))),
        "hinted": _or_none(TIME, may_lack=True),  # version 1 had neither
        "read": _or_none(TIME, may_lack=True),
    },
    "attempts": {
        "uid": UID,
        "step": STEP,
        "hash": Column("a digest of 1 to 64 characters", _text(1, 64)),
        "kind": _one_of(KINDS),
        "outcome": _one_of(OUTCOMES),
        "at": TIME,
        "sitting": _or_none(UID, may_lack=True),
        "question": TOLD,
        "seed": _or_none(SEED, may_lack=True),
        "typed": TOLD,
        "read_as": TOLD,
        "slip": TOLD,
        "says": TOLD,
        "hints": _counted(1000),
        "tries": _counted(1_000_000),
        "points": Column("a number from 0 to 10,000", _number(0, 10_000), may_lack=True),
        "seconds": Column(f"a number from 0 to {IDLE:g}", _number(0, IDLE), may_lack=True),
    },
    "measurements": {
        "attempt": UID,
        "said": NUMBER,
        "measured": NUMBER,
        "off": _or_none(Column("a number of at least 0", lambda v: NUMBER.takes(v) and v >= 0)),
        "near": FLAG,
        "says": SAID,
        "at": TIME,
    },
    "places": {
        "lesson": Column("a lesson, such as numbers/absmax", _name(1)),
        "step": STEP,
        "at": TIME,
    },
    "wishes": {
        "uid": UID,
        "step": STEP,
        "kind": _one_of(WISHES),
        "at": TIME,
        "sitting": _or_none(UID, may_lack=True),
    },
    "bookmarks": {
        "step": STEP,
        "here": FLAG,
        "at": TIME,
    },
}
"""What happened, table by table, in the order in which it is written."""


def fault(table: str, row: Any) -> str:
    """What is wrong with a row, such as `at is 'yesterday'; it must be a time`; empty if nothing.

    Args:
        table: Its table, of `TABLES`.
        row: As JSON or SQLite gives it.
    """
    columns = TABLES[table]
    if not isinstance(row, Mapping):
        return f" is {_shown(row)}; it must be an object"
    if unknown := [name for name in row if name not in columns]:
        return f".{_shown(unknown[0])[1:-1]} is no field of it"
    for name, column in columns.items():
        if name not in row:
            if not column.may_lack:
                return f".{name} is missing; it must be {column.what}"
        elif row[name] is None and column.may_be_none:
            continue
        elif not column.takes(row[name]):
            return f".{name} is {_shown(row[name])}; it must be {column.what}"
    if table == "sittings" and (row["closed"] is None) != (row["ending"] is None):
        return f".ending is {_shown(row['ending'])}; it must be {columns['ending'].what}"
    if table == "sittings" and row["closed"] is None and row["rating"] is not None:
        return f".rating is {_shown(row['rating'])}; it must be null in one that is not closed"
    if table == "wishes" and (row["kind"] == "undone") != (row.get("sitting") is not None):
        return f".sitting is {_shown(row.get('sitting'))}; it must be {UID.what} of what is undone"
    return ""


def _shown(value: Any) -> str:
    """A value in an error: what is long is cut, what UTF-8 cannot write is spelled out."""
    said = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."
