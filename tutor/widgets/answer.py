"""One line to type an answer in, beside the keys of the step.

While nothing is typed yet, letters that are keys of the step are keys: of numbers only `sqrt` and
`sin` begin with one of them, and can be typed behind a blank. As soon as something is typed, every
letter is typed too, until the line is empty again, `escape` leaves it, or the answer was graded: it
then stays to be seen, the keys of the step are keys again, and what is typed next takes its place.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Key
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input
from textual.widgets.input import Selection

KEYS = frozenset("hnwsgxeo/?")
"""What is a key and no letter while the line is empty."""
_BESIDE_A_LINE = KEYS - {"e"}
"""`exp(2)` begins with e, and no step with a line has a file to edit."""


class Answer(Input):
    """The line. Enter is the step's key, so the screen asks for `value`."""

    DEFAULT_CSS = """
    Answer {
        height: 1; border: none; padding: 0; background: transparent; width: 1fr;
        &:focus { border: none; background: transparent; background-tint: transparent; }
    }
    """
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """Textual lays the screen out anew where it changes; this line is as wide whatever is in it."""
    _graded = False

    def __init__(
        self, hint: str = "", *, keys: frozenset[str] = _BESIDE_A_LINE, id: str = ""
    ) -> None:
        """An empty line.

        Args:
            hint: What is shown in it while it is empty.
            keys: Letters that are keys while it is empty.
            id: The widget's id.
        """
        super().__init__(placeholder=hint, id=id or None, select_on_focus=False)
        self.cursor_blink = False
        self._keys = keys

    @property
    def idle(self) -> bool:
        """Whether nothing is being typed: the line is empty, or its answer was graded."""
        return not self.value or self._graded

    def graded(self) -> None:
        """What is typed was an answer; the next key begins another."""
        self._graded = True
        self.select_all()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Only the cursor tells the focus, so nothing is styled anew."""

    def watch_selection(self, selection: Selection) -> None:
        """Whoever moves in the line means to edit it."""
        if selection != Selection(0, len(self.value)):
            self._graded = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the step's key."""
        return False if action == "submit" else super().check_action(action, parameters)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed and does nothing else."""
        return not self._passes(character) and super().check_consume_key(key, character)

    def _passes(self, character: str | None) -> bool:
        return self.idle and character in self._keys

    async def _on_key(self, event: Key) -> None:
        """A key of the step bubbles; Textual's own line types the rest."""
        if self._passes(event.character):
            event.prevent_default()

    def _aside(self, action: str) -> Callable | None:
        return getattr(self.screen, f"action_{action}", None)

    def action_cursor_left(self, select: bool = False) -> None:
        """Within the line, or to the step before while it is empty."""
        if not self.value and (back := self._aside("back")):
            back()
        else:
            super().action_cursor_left(select)

    def action_cursor_right(self, select: bool = False) -> None:
        """Within the line, or to the step after while it is empty."""
        if not self.value and (on := self._aside("forth")):
            on()
        else:
            super().action_cursor_right(select)

    def action_home(self, select: bool = False) -> None:
        """Within the line, or to the first step while it is empty."""
        if not self.value and (first := self._aside("first")):
            first()
        else:
            super().action_home(select)

    def action_end(self, select: bool = False) -> None:
        """Within the line, or to the last step while it is empty."""
        if not self.value and (last := self._aside("last")):
            last()
        else:
            super().action_end(select)
