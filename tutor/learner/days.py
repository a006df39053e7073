"""Days as the learner lives them: from midnight to midnight where they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

LASTS = 86_400.0
"""Seconds of a day; where a clock is set forward or back, one has an hour less or more."""


def of(at: float) -> date:
    """The day of a time in seconds since 1970."""
    return date.fromtimestamp(at)


def begins(day: date) -> float:
    """When a day begins, in seconds since 1970."""
    return datetime.combine(day, time.min).timestamp()


def begun(now: float) -> float:
    """When the day of a time has begun."""
    return begins(of(now))


def ends(now: float) -> float:
    """When the day of a time ends."""
    return begins(of(now) + timedelta(days=1))
