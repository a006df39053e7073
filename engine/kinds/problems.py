"""What all kinds that ask problems have in common: make them, and stop where that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runs.looking import beside, now_and_then

if TYPE_CHECKING:
    from engine.data.problems import DataSpec, Problem
    from engine.runs.record import Recorder


def made(data: DataSpec, record: Recorder) -> list[Problem]:
    """The problems of a run; a great many take minutes to make.

    Raises:
        EngineError: They are not there, or there are fewer.
        Paused: That was asked meanwhile; they are made anew later.
        Cancelled: Likewise.
    """
    if data.source == "gsm8k":  # which may have to come from the hub, all at once
        return beside(data.problems, record.leave_if_asked)
    count = 0

    def look() -> None:
        record.leave_if_asked()
        run = record.run
        message = f"making problem {count:,} of {data.limit:,}"
        record.progress(run.done, run.total, message=message)

    tick = now_and_then(look)

    def each(made: int) -> None:
        nonlocal count
        count = made
        tick()

    return data.problems(each)
