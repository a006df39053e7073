"""A window over a screen, which is answered once."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Window(ModalScreen[ScreenResultType]):
    """Gives its answer to whoever opened it."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go away with an answer; a second one, of keys that come at once, is none.

        Textual would answer twice, and take away the screen below.
        """
        return super().dismiss(result) if self.is_active else AwaitComplete()
