"""A list whose rows are drawn only when they are seen, so that thousands of them cost nothing.

The one list of the program: runs, samples, what Home offers. A row knows how to draw itself at a
width; a row without a value is a heading, and the cursor steps over it. The cursor belongs to the
value and not to the place, so that a list may be shown anew while somebody moves in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tutor.tui.keys import key


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    draw: Callable[[int], Content]
    """The line at a width, in cells."""
    value: Hashable = None
    """What the row stands for; None makes it a heading."""


def heading(text: str) -> Row:
    """A row that only says what comes below it."""
    return Row(lambda width: Content.styled(text, "$foreground 60%"))


def sides(left: Content | str, right: Content | str, width: int) -> Content:
    """Two texts at both ends of a line; the left one gives way, and says so with a `…`."""
    left = Content(left) if isinstance(left, str) else left
    right = Content(right) if isinstance(right, str) else right
    room = max(0, width - right.cell_length - (2 if right.cell_length else 0))
    left = left.truncate(room, ellipsis=True)
    return left + Content(" " * max(0, width - left.cell_length - right.cell_length)) + right


class Rows(ScrollView, can_focus=True):
    """The list itself. `show` gives it rows; it tells which one was opened and which is marked."""

    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        &> .rows--marked { background: $surface; }
        &:focus > .rows--marked { background: $primary 15%; text-style: bold; }
    }
    """
    COMPONENT_CLASSES: ClassVar = {"rows--marked"}
    BINDINGS: ClassVar = [
        key("enter", "open", "open", "Open what the bar marks."),
        key("up,k", "step(-1)", "up", "One line up.", show=False),
        key("down,j", "step(1)", "down", "One line down.", show=False),
        key("pageup", "page(-1)", "page up", "One page up.", show=False),
        key("pagedown", "page(1)", "page down", "One page down.", show=False),
        key("home", "end(0)", "first", "To the first line.", show=False),
        key("end", "end(-1)", "last", "To the last line.", show=False),
    ]

    class Opened(Message):
        """A row was chosen with Enter or a click."""

        def __init__(self, rows: Rows, value: Hashable) -> None:
            """`value` is the row's."""
            super().__init__()
            self.rows = rows
            self.value = value

        @property
        def control(self) -> Rows:
            """The list it happened in."""
            return self.rows

    class Marked(Opened):
        """The cursor moved to another row."""

    cursor: reactive[int] = reactive(0, repaint=False)
    """Place of the marked row."""

    def __init__(self, *, id: str | None = None, empty: str = "", follows: bool = False) -> None:
        """An empty list.

        Args:
            id: The widget's id.
            empty: What is said while there is no row: what to do about it.
            follows: Whether the cursor stays at the end as rows come, until it is moved up.
        """
        super().__init__(id=id)
        self.empty = empty
        self.follows = follows
        self._rows: Sequence[Row] = ()
        self._drawn: dict[tuple[int, bool, bool, int], Strip] = {}

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays on its value if that is still there."""
        value, before = self.value, len(self._rows)
        at_end = self.follows and (not before or self.cursor >= before - 1)
        self._rows = rows
        self._drawn.clear()
        width = self.size.width or 1
        self.virtual_size = Size(width, len(rows))
        if rows:
            self.set_reactive(Rows.cursor, self._place_of(value, len(rows) - 1 if at_end else None))
            self._keep_in_sight()
        if self.value != value and self.value is not None:
            self.post_message(self.Marked(self, self.value))
        self.refresh()

    @property
    def value(self) -> Hashable:
        """The marked row's value; None where there is none."""
        return self._rows[self.cursor].value if self.cursor < len(self._rows) else None

    def mark(self, value: Hashable) -> None:
        """Move the cursor to the row of that value, if there is one."""
        self.cursor = self._place_of(value, None)

    def _place_of(self, value: Hashable, end: int | None) -> int:
        if end is not None:
            return end
        places = (i for i, row in enumerate(self._rows) if value is not None and row.value == value)
        found = next(places, min(self.cursor, len(self._rows) - 1))
        return self._next_value(found, 1)

    def _next_value(self, place: int, direction: int) -> int:
        """The nearest row with a value from `place` on; else the nearest the other way."""
        for step in (direction, -direction):
            at = place
            while 0 <= at < len(self._rows):
                if self._rows[at].value is not None:
                    return at
                at += step
        return place

    def watch_cursor(self, old: int, new: int) -> None:
        """Keep the marked row in sight and say that it changed."""
        self._keep_in_sight()
        self.refresh()
        if old != new and self.value is not None:
            self.post_message(self.Marked(self, self.value))

    def _keep_in_sight(self) -> None:
        height = self.scrollable_content_region.height
        if not height:
            return
        first = self._next_value(0, 1)
        top = 0 if self.cursor == first else self.cursor  # so that a heading above it is seen too
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True, force=True)
        elif self.cursor >= self.scroll_offset.y + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, immediate=True, force=True)

    def in_sight(self) -> Iterator[tuple[int, int]]:
        """The rows with a value that are seen now: the line of the window, and the place."""
        seen = self.screen.find_widget(self).visible_region
        for place, row in enumerate(self._rows):
            line = self.region.y + place - self.scroll_offset.y
            if row.value is not None and seen.y <= line < seen.bottom:
                yield line, place

    def watch_show_vertical_scrollbar(self, shown: bool) -> None:
        """A bar that was hidden missed where it was scrolled to meanwhile."""
        if shown:
            self.vertical_scrollbar.position = self.scroll_y

    def on_resize(self) -> None:
        """Rows take the new width; the marked one stays in sight."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.call_after_refresh(self._keep_in_sight)

    def notify_style_update(self) -> None:
        """Other colours: draw anew."""
        self._drawn.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """The row that is seen at `y`; drawn once, for as long as it looks the same."""
        width = self.scrollable_content_region.width
        place = y + self.scroll_offset.y
        if not self._rows and y < len(words := self._words(width)):
            return self._strip(Content("  ") + words[y], width)
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        marked = place == self.cursor and self._rows[place].value is not None
        looks = (place, marked, self.has_focus, width)
        if looks not in self._drawn:
            self._drawn[looks] = self._draw(self._rows[place], marked, width)
        return self._drawn[looks]

    def _draw(self, row: Row, marked: bool, width: int) -> Strip:
        bar = Content.styled("▌", "$primary") if marked else Content(" ")
        strip = self._strip(bar + Content(" ") + row.draw(max(1, width - 2)), width)
        if marked:
            strip = Strip(Segment.apply_style(strip, post_style=self._marking()), width)
        return strip

    def _marking(self) -> Style:
        """What lies over the marked row: its background mixed with the list's, and bold."""
        styles = self.get_component_styles("rows--marked")
        ground = (self.background_colors[1] + styles.background).rich_color
        return Style(bgcolor=ground, bold=styles.text_style.bold or None)

    def _words(self, width: int) -> list[Content]:
        """What is said in place of rows, in lines."""
        return Content.styled(self.empty, "$foreground 60%").wrap(max(1, width - 4))

    def _strip(self, content: Content, width: int) -> Strip:
        """One line as it is: what `Visual.to_strips` wraps and aligns takes five times as long."""
        parts = content.first_line.render(
            self.visual_style, end="", parse_style=self.app.stylesheet.parse_style
        )
        drawn = Strip(Segment(text, style.rich_style) for text, style in parts)
        return drawn.adjust_cell_length(width, self.rich_style)

    def action_step(self, by: int) -> None:
        """Move the cursor by lines."""
        place = self.cursor + by
        if 0 <= place < len(self._rows):
            self.cursor = self._next_value(place, by)

    def action_page(self, by: int) -> None:
        """Move the cursor by pages."""
        place = self.cursor + by * max(1, self.size.height - 1)
        self.cursor = self._next_value(max(0, min(place, len(self._rows) - 1)), by)

    def action_end(self, which: int) -> None:
        """Move the cursor to the first row (0) or the last one (-1)."""
        place = 0 if which == 0 else max(0, len(self._rows) - 1)
        self.cursor = self._next_value(place, 1 if which == 0 else -1)

    def action_open(self) -> None:
        """Open the marked row."""
        if self.value is not None:
            self.post_message(self.Opened(self, self.value))

    def on_click(self, event: Click) -> None:
        """A click marks a row and opens it."""
        place = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= place < len(self._rows) and self._rows[place].value is not None:
            self.cursor = place
            self.action_open()
