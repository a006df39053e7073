"""What this machine has, as the commands `models` and `info` tell it, in a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.tui.widgets.reading import Reading

if TYPE_CHECKING:
    from tutor.tui.classroom.classroom import Classroom
    from tutor.tui.host import Host

WIDEST, BESIDE = 100, 6
"""Columns of the window, and how many of them hold no text."""


def models(app: Host) -> None:
    """Students to choose from, and what each needs here."""

    def words(classroom: Classroom, width: int) -> str:
        from engine.models.students import students
        from tutor.report.models import models_text

        here = classroom.machine()
        return models_text(here, students(here), width)

    _show(app, "Models", words)


def info(app: Host) -> None:
    """Versions, device, memory, paths, models at hand, and fallbacks."""

    def words(classroom: Classroom, width: int) -> str:
        from tutor.report.info import gather, info_text

        return info_text(gather(classroom.home), width)

    _show(app, "Info", words)


def _show(app: Host, title: str, words: Callable[[Classroom, int], str]) -> None:
    width = min(WIDEST, app.size.width * 9 // 10) - BESIDE
    app.study.order(
        lambda classroom: words(classroom, width),
        lambda text: app.push_screen(Reading(title, text)),
    )
