"""The thread of the lessons: whatever a lesson screen needs that takes longer than a frame.

It reads lessons, reads and grades answers, keeps the learner's record, and checks exercises. The
runs have a thread of their own (`tutor.tui.threads.runs`), so that neither waits for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tutor.tui.threads.orders import OrderThread

if TYPE_CHECKING:
    from textual.message import Message

    from engine.runs.home import Home


class Study(OrderThread):
    """Carries out what is asked of the classroom; where it is stopped, what was ordered first."""

    def __init__(self, home: Home, post: Callable[[Message], Any]) -> None:
        """As any thread of orders."""
        super().__init__("study", home, post)

    def _work(self) -> None:
        from tutor.tui.classroom.classroom import Classroom

        classroom = Classroom(self._home)
        try:
            while (order := self._orders.get()) is not None:
                self._carry_out(order, lambda: classroom)
        finally:
            classroom.close()
