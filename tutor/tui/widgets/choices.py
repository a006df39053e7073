"""What the tutorial is run with: the size, and below it the models and the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.tui.widgets.rows import sides
from tutor.tutorial import size_words
from tutor.tutorial.choice import BUILT_IN

if TYPE_CHECKING:
    from tutor.tutorial.snapshot import Snapshot

FAINT = "$foreground 60%"


class Choices(Widget):
    """Sizes to choose among; the chosen one has a full circle."""

    DEFAULT_CSS = """
    Choices { height: auto; padding: 0 2; pointer: pointer; }
    """

    class Chosen(Message):
        """A size was clicked."""

        def __init__(self, preset: str) -> None:
            """Its name."""
            super().__init__()
            self.preset = preset

    class Models(Message):
        """The models and problems were clicked."""

    chosen: reactive[str] = reactive("")
    """The size."""
    about: reactive[str] = reactive("", layout=True)
    """What it means."""
    small: reactive[str] = reactive("", layout=True)
    """What a small size is not good for."""
    policy: reactive[str] = reactive("", layout=True)
    """The policy, in words."""

    def __init__(self) -> None:
        """The names come with the first snapshot."""
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._places: list[tuple[int, int, str]] = []
        self._models = 0

    def show(self, seen: Snapshot, policy: str) -> None:
        """Take the names, the choice, and the policy in words."""
        self._names = seen.presets
        self.chosen = seen.choice.preset
        self.about = _about(seen)
        self.small = size_words.in_short(seen.size)
        self.policy = policy

    def after(self) -> str:
        """The size after the chosen one."""
        names = self._names
        return names[(names.index(self.chosen) + 1) % len(names)]

    def render(self) -> Content:
        """The sizes and what they mean; below them the policy."""
        return Content("\n").join(self._lines(max(1, self.content_size.width)))

    def get_content_height(self, container, viewport, width: int) -> int:
        """As many lines as its words take."""
        return len(self._lines(max(1, width)))

    def _lines(self, width: int) -> list[Content]:
        """What has no room beside the sizes has lines of its own; nothing is cut."""
        shown: list[tuple[str, str]] = [("size ", FAINT), ("z ", "bold $primary")]
        at, self._places = sum(len(text) for text, _ in shown), []
        for name in self._names:
            chosen = name == self.chosen
            text = f"{'●' if chosen else '○'} {name}"
            self._places.append((at, at + len(text), name))
            shown += [(text, "bold" if chosen else ""), (" ", "")]
            at += len(text) + 1
        sizes = Content.assemble(*shown[:-1])
        about = Content.assemble(("m ", "bold $primary"), (self.about, FAINT))
        first, models = sizes, list[Content]()
        if self.about and at + 1 + about.cell_length <= width:
            first = sides(sizes, about, width)
        elif self.about:
            models = list(about.wrap(width))
        self._models = len(models)
        policy = Content.styled(self.policy, FAINT).wrap(width) if self.policy else ()
        small = Content.styled(self.small, "$text-warning").wrap(width) if self.small else ()
        return [first, *models, *small, *policy]

    def on_click(self, event: Click) -> None:
        """Choose the size that was clicked; right of them all, the models."""
        offset = event.get_content_offset_capture(self)
        if offset.y:
            if offset.y <= self._models:
                self.post_message(self.Models())
            return
        for start, end, name in self._places:
            if start <= offset.x < end:
                self.post_message(self.Chosen(name))
        if self._places and offset.x > self._places[-1][1]:
            self.post_message(self.Models())


def _about(seen: Snapshot) -> str:
    test, taught = seen.specs.get("baseline"), seen.specs.get("teach")
    if not test or not taught:
        return ""
    student, teacher = (
        name.rpartition("/")[2] for name in (seen.choice.student, seen.choice.teacher)
    )
    of = "" if seen.choice.problems == BUILT_IN else " of GSM8K"
    return (
        f"{student} ← {teacher} · {taught['data']['limit']:,} questions, "
        f"{test['data']['limit']:,} problems{of}"
    )
