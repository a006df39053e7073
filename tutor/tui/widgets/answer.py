"""One line to type an answer in. Whatever can be printed is typed, and nothing of it is lost.

Letters that are keys of the step are typed like all others: `tutor.course.requests` says what Enter
does behind one. Only what begins no answer is a key while the line is idle. A graded answer stays
to be seen, and what is typed next takes its place; who takes that back has the graded answer again.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.events import Key, Paste
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input
from textual.widgets.input import Selection

from tutor.course.requests import LETTERS
from tutor.tui.widgets.in_order import at_once, goes_on

KEYS = frozenset("o/?[]")
"""What begins no answer, and so is a key while the line is idle."""
LONGEST = 10_000
"""Characters that one paste brings, at most; no answer is as long as a tenth of it."""


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
    pasted = ""
    """What became of a paste that could not stay as it was; empty once something else is typed."""
    _graded = False
    _former = ""
    """The graded answer that is typed over."""

    def __init__(
        self, hint: str = "", *, keys: frozenset[str] = KEYS, joined: str = " ", id: str = ""
    ) -> None:
        """An empty line.

        Args:
            hint: What is shown in it while it is empty.
            keys: What is a key while it is idle.
            joined: What stands between lines that are pasted.
            id: The widget's id.
        """
        super().__init__(placeholder=hint, id=id or None, select_on_focus=False)
        self.cursor_blink = False
        self._keys = keys
        self._joined = joined

    @property
    def inner(self) -> Answer:
        """What has the focus while it is worked in."""
        return self

    @property
    def typed(self) -> str:
        """What is typed."""
        return self.value

    @property
    def idle(self) -> bool:
        """Whether nothing is being typed: the line is empty, or its answer was graded."""
        return not self.value or self._graded

    def graded(self) -> None:
        """What is typed was an answer; the next key begins another."""
        self._graded, self._former = True, ""
        self.select_all()

    def mend(self) -> None:
        """What is typed was no answer, and is gone on with."""
        self._graded = False
        self.cursor_position = len(self.value)

    def take(self, text: str) -> None:
        """Type a text at the cursor, or over the answer that was graded."""
        former = self.value if self._graded else ""
        self.pasted = ""
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)
        self._former = former or self._former

    def take_paste(self, text: str) -> None:
        """Type a paste: its lines joined, for they are one answer here."""
        lines = [" ".join(line.split()) for line in text[: 2 * LONGEST].splitlines()]
        lines = ["".join(filter(str.isprintable, line)) for line in lines if line]
        whole = self._joined.join(filter(None, lines))
        said = f"{len(lines):,} lines were pasted, and are joined here." if len(lines) > 1 else ""
        if len(whole) > LONGEST or len(text) > 2 * LONGEST:
            said = f"{len(text):,} characters were pasted; the first {LONGEST:,} are kept."
        if whole:
            self.take(whole[:LONGEST])
            self.pasted = said

    def take_back(self) -> None:
        """Take back what is typed; the answer that was graded before stands there again."""
        self.value = former = self._former
        if former:
            self.graded()

    def watch_value(self, value: str) -> None:
        """An answer that was typed over comes back once nothing covers it and the key is done."""
        if not value:
            self.pasted = ""
            self.call_next(self._uncovered)

    def _uncovered(self) -> None:
        if not self.value:
            self.take_back()

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
        """Whether a key is typed and does nothing else.

        While the line is idle, a letter of a request is named below as the key that it is.
        """
        named = self.idle and character in LETTERS
        return not (named or self._passes(character)) and super().check_consume_key(key, character)

    def _passes(self, character: str | None) -> bool:
        return self.idle and character in self._keys

    async def _on_key(self, event: Key) -> None:
        """A key of the step bubbles; all else that can be printed is typed."""
        if self._passes(event.character):
            event.prevent_default()
        elif event.is_printable:
            event.stop()
            event.prevent_default()
            self.take(event.character)
        elif not goes_on(self, event):
            await at_once(self, event)

    def _on_paste(self, event: Paste) -> None:
        """Textual's own line would keep the first of several lines, and say nothing."""
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def action_paste(self) -> None:
        """From the tutor's own clipboard, which may hold several lines too."""
        self.take_paste(self.app.clipboard)

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
