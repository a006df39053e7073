"""A few sentences to write, and then the rubric to hold them against."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from lessons.kit.question import Essay
from tutor.prose import plain, prose
from tutor.widgets.options import Options
from tutor.widgets.prose import ProseView
from tutor.widgets.words import Words


class EssayBody(Vertical):
    """First the text; then, with the sample beside it, which lines of the rubric hold."""

    DEFAULT_CSS = """
    EssayBody {
        height: auto;
        & > TextArea { height: 7; border: none; padding: 0 1; background: $surface; }
        & > Words { height: auto; color: $foreground 60%; }
        & > ProseView { margin: 1 0; }
    }
    """

    def __init__(self, body: Essay, draft: str = "") -> None:
        """An essay, and what is written of it already."""
        super().__init__()
        self._draft = draft
        self._body = body
        self._judging = False

    def compose(self) -> Iterable[Widget]:
        """The text's area, and how to go on from it."""
        yield TextArea(self._draft, soft_wrap=True, tab_behavior="focus", compact=True)
        yield Words("A few sentences. esc leaves the text; then Enter shows the rubric.")

    def focus(self, scroll_visible: bool = True) -> EssayBody:
        """The focus is for what is to be done now."""
        inner = self.query_one(Options) if self._judging else self.query_one(TextArea)
        inner.focus(scroll_visible)
        return self

    @property
    def typed(self) -> str:
        """The text."""
        return self.query_one(TextArea).text

    @property
    def met(self) -> tuple[int, ...]:
        """Which lines of the rubric were marked."""
        return tuple(sorted(self.query_one(Options).marked))

    def ready(self) -> bool:
        """Whether it was held against the rubric; if not, that comes now."""
        if self._judging:
            return True
        if self.typed.strip():
            self._judging = True
            self.query_one(TextArea).disabled = True
            self.query_one(Words).say(
                "Mark the lines that your text meets, by letter, then Enter. You are the judge."
            )
            lines = Options(tuple(map(prose, self._body.rubric)), several=True)
            sample = ProseView((*plain("A good answer:"), *prose(self._body.sample)))
            self.mount(sample, lines)
            self.call_after_refresh(lines.focus)
        else:
            self.query_one(TextArea).focus()
        return False
