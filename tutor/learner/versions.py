"""Whether a home's file has the learner's tables as this release wants them."""

from __future__ import annotations

from engine.errors import EngineError
from engine.runs.database import Database
from engine.runs.home import VARIABLE

VERSION = 8
"""How many migrations `schema` holds."""


def bring_up_to_date(database: Database) -> None:
    """Apply the migrations that a file has not had.

    Raises:
        EngineError: A newer release wrote it.
    """
    if _version(database) == VERSION:
        return
    from tutor.learner.schema import upgrade

    with database.transaction() as connection:
        upgrade(connection)  # looks again itself: another tutor may have been quicker


def _version(database: Database) -> int:
    """How many migrations the file has had."""
    (applied,) = database.rows(
        "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'learner'"
    )[0]
    if applied > VERSION:
        raise EngineError(
            f"The learner's record in {database.home.database} was written by a newer "
            f"release (version {applied}; this one reads up to {VERSION}).",
            "Update this program (pip install -U efficient-ai-tutor), "
            f"or choose another folder with --home DIR or {VARIABLE}.",
        )
    return applied
