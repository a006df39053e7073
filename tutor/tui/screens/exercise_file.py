"""The learner's file while it is typed in: saved at every key, seen when another editor saved it.

    file = KeptFile(study, page, failed)
    file.save(text, then)                # at every key; `then` once this text is on the disk
    file.look(changed)                   # from time to time

All saves are orders to the study, which carries out what was ordered even as the tutor is quit. One
that is overtaken by the next, on a slow disk, writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.tui.classroom import exercise as exercises

if TYPE_CHECKING:
    from engine.errors import EngineError
    from tutor.tui.classroom.exercise import ExercisePage, Stamp
    from tutor.tui.threads.lessons import Study


class KeptFile:
    """One file, as the tutor knows it."""

    def __init__(
        self, study: Study, page: ExercisePage, failed: Callable[[EngineError], None]
    ) -> None:
        """A file that was just read; `failed` is told where it cannot be written or read."""
        self.path = page.file
        self._study = study
        self._failed = failed
        self._text = self._written = page.text
        self._stamp = page.stamp
        self._ordered = 0
        self._looking = False

    @property
    def saved(self) -> bool:
        """Whether all that was typed is on the disk."""
        return not self._ordered

    @property
    def unwritten(self) -> bool:
        """Whether a save has failed, so that what was typed is only on the screen."""
        return self.saved and self._text != self._written

    def save(self, text: str, then: Callable[[], None] = lambda: None) -> None:
        """Save a text; `then` is called once it, or a later one, is on the disk."""
        self._text = text
        self._ordered += 1

        def saved(stamp: Stamp) -> None:
            self._ordered -= 1
            self._stamp = stamp
            then()

        def not_saved(error: EngineError) -> None:
            self._ordered -= 1
            self._failed(error)

        self._study.order(lambda _: self._write(), saved, not_saved)

    def _write(self) -> Stamp:
        """On the study's thread: the newest text, where it is not there yet."""
        text = self._text
        if text == self._written:
            return exercises.stamp_of(self.path)
        stamp = exercises.write(self.path, text)
        self._written = text
        return stamp

    def look(self, changed: Callable[[str], None]) -> None:
        """See whether another editor has saved it; `changed` is told the text."""
        if self._looking or self._ordered:
            return
        self._looking, known = True, self._stamp

        def seen(found: tuple[str, Stamp] | None) -> None:
            self._looking = False
            if found is None or self._ordered or self._stamp != known:
                return
            text, self._stamp = found
            if text != self._text:
                self._text = self._written = text
                changed(text)

        def unseen(error: EngineError) -> None:
            self._looking = False
            self._failed(error)

        path = self.path
        self._study.order(
            lambda _: None if exercises.stamp_of(path) == known else exercises.read(path),
            seen,
            unseen,
        )
