"""How two rows that say of one thing what two machines know of it become one.

Each rule gives the same row whichever of the two was there first, and however often they meet. So
records that were exchanged, in any order and by any way round, are the same record.

    attempt, measurement,   the earlier one: it is written once, and only its time is ever doubted
    wish
    place, bookmark         the later one
    sitting                 ended before open; of two ends the earlier; of two open ones all help
                            and all misses
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]


def merged(table: str, one: Row, other: Row) -> Row:
    """The row of two that have one name."""
    match table:
        case "sittings":
            return _sitting(one, other)
        case "places" | "bookmarks":
            return max(one, other, key=_by_time)
    return min(one, other, key=_by_time)


def _by_time(row: Row) -> tuple[float, str]:
    return row["at"], json.dumps(row, sort_keys=True)


def _sitting(one: Row, other: Row) -> Row:
    if (one["closed"] is None) != (other["closed"] is None):
        further = dict(one if other["closed"] is None else other)
    elif one["closed"] is None:
        further = {**one, **{name: max(one[name], other[name]) for name in _MARKS}}
    else:
        further = dict(min(one, other, key=_by_end))
    further["begun"] = min(one["begun"], other["begun"])
    for name in ("hinted", "read"):  # help may have been taken after the end
        further[name] = max(
            (row[name] for row in (one, other) if row[name] is not None), default=None
        )
    return further


_MARKS = ("hints", "misses", "opened")


def _by_end(row: Row) -> tuple[Any, ...]:
    rating = -1 if row["rating"] is None else row["rating"]
    return (row["closed"], row["ending"], rating, *(row[name] for name in _MARKS))
