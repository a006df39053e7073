"""A few sentences to write, and then the rubric to hold them against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.containers import Vertical
from textual.events import Key
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea

from lessons.kit.question import Essay
from tutor.tui.keys import key
from tutor.tui.widgets.in_order import at_once
from tutor.tui.widgets.options import Options
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.words import Words
from tutor.tui.words.prose import plain, prose

HOW = "A few sentences. ⏎ is a new line; ^r ends the text and shows the rubric."
JUDGE = "Mark the lines that your text meets, by letter, then Enter. You are the judge."


class Written(TextArea):
    """The text."""

    async def _on_key(self, event: Key) -> None:
        await at_once(self, event)


class EssayBody(Vertical):
    """First the text; then, with the sample beside it, which lines of the rubric hold."""

    BINDINGS: ClassVar = [
        key("ctrl+r", "hold", "rubric", "End the text, and hold it against the rubric."),
    ]
    DEFAULT_CSS = """
    EssayBody {
        height: auto;
        & > Written {
            height: auto; min-height: 4; max-height: 7;
            border: none; padding: 0 1; background: $surface;
        }
        & > Words { height: auto; color: $foreground 60%; }
        & > ProseView { margin: 1 0; }
    }
    """

    class Held(Message):
        """The text is written, and is held against the rubric now."""

    def __init__(self, body: Essay, draft: str = "") -> None:
        """An essay, and what is written of it already."""
        super().__init__()
        self._body = body
        self._text = Written(draft, soft_wrap=True, tab_behavior="focus", compact=True)
        self._text.move_cursor(self._text.document.end)
        self._how = Words(HOW)
        self._lines = Options(tuple(map(prose, body.rubric)), several=True)
        self.judging = False
        """Whether the text is written, and its writer holds it against the rubric."""

    def compose(self) -> Iterable[Widget]:
        """The text's area, and how to go on from it."""
        yield self._text
        yield self._how

    @property
    def inner(self) -> Options | TextArea:
        """What is worked in now."""
        return self._lines if self.judging else self._text

    @property
    def typed(self) -> str:
        """The text."""
        return self._text.text

    @property
    def met(self) -> tuple[int, ...]:
        """Which lines of the rubric were marked."""
        return tuple(sorted(self._lines.marked))

    def take_paste(self, text: str) -> None:
        """Write at the cursor, or mark lines."""
        self._lines.take_paste(text) if self.judging else self._text.insert(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The text ends once."""
        return not self.judging if action == "hold" else super().check_action(action, parameters)

    def action_hold(self) -> None:
        """The text ends; the rubric and a good answer come."""
        if not self.typed.strip():
            self._how.say(f"Nothing is written yet. {HOW}")
            return
        self.judging = True
        self._text.disabled = True
        self._how.say(JUDGE)
        sample = ProseView((*plain("A good answer:"), *prose(self._body.sample)))
        self.mount(sample, self._lines)
        self.call_after_refresh(self._lines.focus)
        self.post_message(self.Held())
