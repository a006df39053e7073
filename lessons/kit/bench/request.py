"""What is asked of the bench, and what comes of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.errors import EngineError, SpecError
from engine.figures import Figure, UnknownFigure, from_dict
from lessons.kit.lab import Progress

Why = Literal["", "superseded", "cancelled"]

_log = logging.getLogger(__name__)


class LabFailed(EngineError):
    """A lab gave no figure."""

    detail: str = ""
    """Its traceback, or its process's last words, for whoever wrote it."""


class NoFigure(EngineError):
    """Nobody waits for the figure any more: a later request or a cancel came between."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a request: one of `figure`, `error` and `stopped` is set."""

    request: int
    """The number that `submit` gave."""
    lab: str
    values: Mapping[str, Any]
    figure: Figure | None
    error: EngineError | None
    stopped: Why
    seconds: float
    """From the request to here."""


@dataclass(slots=True, eq=False)
class Request:
    """One lab with its values, asked for once."""

    id: int
    folder: str
    lab: str
    values: Mapping[str, Any]
    limit: float
    """Seconds it may compute."""
    on_end: Callable[[Ended], None]
    on_progress: Progress | None
    at: float = field(default_factory=time.monotonic)
    deadline: float = float("inf")
    """When the child is killed for it, on the monotonic clock."""
    stopping: Why = ""
    """Why it is to stop."""
    told_to_stop: bool = False

    def stop(self, why: Why, patience: float) -> None:
        """It is to stop within so many seconds; cancelled stays cancelled."""
        if self.stopping != "cancelled":
            self.stopping = why
            self.deadline = min(self.deadline, time.monotonic() + patience)

    def progress(self, done: int, total: int, message: str) -> None:
        """The lab is so far."""
        if self.on_progress is not None and not self.stopping:
            _call(self.on_progress, done, total, message)

    def end(
        self,
        *,
        figure: Figure | None = None,
        error: EngineError | None = None,
        stopped: Why = "",
    ) -> None:
        """Tell whoever asked."""
        seconds = time.monotonic() - self.at
        ended = Ended(self.id, self.lab, self.values, figure, error, stopped, seconds)
        _call(self.on_end, ended)

    def end_with(self, answer: Mapping[str, Any]) -> None:
        """Tell what the child answered. What was cancelled stays so, whatever still came."""
        if self.stopping == "cancelled" or "stopped" in answer:
            self.end(stopped=self.stopping or "cancelled")
        elif "error" in answer:
            self.end(error=_error(answer["error"]))
        else:
            self._end_with_figure(answer["figure"])

    def _end_with_figure(self, content: Mapping[str, Any]) -> None:
        """The child is of the version that is on the disk, which may be newer than this process."""
        try:
            figure = from_dict(content)
        except UnknownFigure as error:
            self.end(error=error)
        else:
            self.end(figure=figure)

    def fail(self, what: str, way_out: str = "", detail: str = "") -> None:
        """Tell that it came to nothing; nobody minds where it was to stop anyway."""
        if self.stopping:
            self.end(stopped=self.stopping)
        else:
            self.end(error=_failed(what, way_out, detail))


def _error(words: Mapping[str, Any]) -> EngineError:
    if "field" in words:
        return SpecError(words["field"], words["value"], words["what"], words["way_out"])
    return _failed(words["what"], words["way_out"], words["detail"])


def _failed(what: str, way_out: str, detail: str) -> LabFailed:
    error = LabFailed(what, way_out)
    error.detail = detail
    return error


def _call(callback: Callable[..., object], *told: object) -> None:
    """A callback's fault must not end the bench, nor be lost."""
    try:
        callback(*told)
    except Exception:
        _log.exception("a callback of the bench failed")
