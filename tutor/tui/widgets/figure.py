"""Any figure of a lab on the screen: caption, numbers, and the drawing.

    view = FigureView()
    view.figure = ended.figure       # again and again, as a control moves

Where the next figure is of the same build, its parts only take the new numbers: nothing is taken
down or put up, so nothing flickers. Only rows in sight are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from rich.segment import Segment
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from engine.figures import BarChart, Figure, LineChart, Several
from tutor.report.drawing.figures import Symbols
from tutor.report.drawing.lines import HEIGHT
from tutor.report.drawing.phrases import together, told
from tutor.tui.widgets.drawing import LEAST, Drawing, drawing
from tutor.tui.widgets.words import Words


class Sheet(Widget):
    """The drawing of one figure."""

    DEFAULT_CSS = """
    Sheet { height: auto; }
    """

    symbols: reactive[Symbols] = reactive("braille", layout=True)
    """What it is made of."""
    more: reactive[int] = reactive(0, layout=True)
    """Rows beyond the usual ones."""

    def __init__(self, figure: Figure, symbols: Symbols) -> None:
        """Shows a figure."""
        super().__init__()
        self.figure = figure
        self.set_reactive(Sheet.symbols, symbols)
        self._drawn: tuple[tuple[int, str, int], Figure, Drawing] | None = None

    def say(self, figure: Figure) -> None:
        """Another one; the screen is laid out anew only if it is higher or lower."""
        before, self.figure = self.figure, figure
        if before is figure or not self.is_attached:
            return
        width = self.size.width
        high = len(self._drawn[2].rows) if self._drawn is not None else None
        self.refresh(layout=len(self.drawn(width).rows) != high)

    def drawn(self, width: int) -> Drawing:
        """What is drawn at a width, worked out once."""
        how = width, self.symbols, self.more
        held = self._drawn
        if held is None or held[0] != how or held[1] is not self.figure:
            made = drawing(self.figure, max(8, width), self.symbols, self.more)
            self._drawn = held = how, self.figure, made
        return held[2]

    def get_content_height(self, container, viewport, width: int) -> int:
        """One line a row."""
        return len(self.drawn(width).rows)

    def render_line(self, y: int) -> Strip:
        """The row at `y`."""
        width = self.size.width
        rows = self.drawn(width).rows
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        parts = rows[y].render(
            self.visual_style, end="", parse_style=self.app.stylesheet.parse_style
        )
        strip = Strip(Segment(text, style.rich_style) for text, style in parts)
        return strip.adjust_cell_length(width, self.rich_style)

    def on_click(self, event: Click) -> None:
        """A click on a bit."""
        at = event.get_content_offset_capture(self)
        for row, column, place in self.drawn(self.size.width).bits:
            if (row, column) == (at.y, at.x):
                self.post_message(FigureView.BitClicked(self, place))


class Told(Widget):
    """Phrases, none of them broken between two lines if one holds it."""

    DEFAULT_CSS = """
    Told { height: auto; }
    """

    phrases: tuple[str, ...] = ()
    """What is told."""

    def say(self, phrases: tuple[str, ...]) -> None:
        """Others; the screen is laid out anew only if they take more or fewer lines."""
        width = self.content_size.width
        before, self.phrases = self.height_at(width), phrases
        self.refresh(layout=self.height_at(width) != before)

    def height_at(self, width: int) -> int:
        """Rows that they take at a width."""
        return len(self._lines(width).wrap(max(1, width)))

    def get_content_height(self, container, viewport, width: int) -> int:
        """As the width has it."""
        return self.height_at(width)

    def render(self) -> Content:
        """As many on a line as fit."""
        return self._lines(self.content_size.width)

    def _lines(self, width: int) -> Content:
        return Content(together(self.phrases, width))


class FigureView(Vertical):
    """A figure, and after it the next."""

    DEFAULT_CSS = """
    FigureView {
        height: auto;
        & > .caption { text-style: bold; height: auto; }
        & > .part { height: auto; }
        & > .values { color: $foreground 60%; height: auto; }
        & > Sheet { margin: 0 0 1 0; }
    }
    """

    class BitClicked(Message):
        """A bit of a layout was clicked, which may be a wish to flip it."""

        def __init__(self, sheet: Sheet, place: int) -> None:
            """The place, 0 for the most significant bit."""
            super().__init__()
            self.figure = sheet.figure
            self.place = place

    figure: reactive[Figure | None] = reactive(None, repaint=False)
    """What is shown."""
    symbols: reactive[Symbols] = reactive("braille", repaint=False)
    """What drawings are made of: `braille`, `block`, `ascii` or `none`."""

    def __init__(
        self, figure: Figure | None = None, symbols: Symbols = "braille", **options: str
    ) -> None:
        """Shows `figure`, if there is one yet; options are those of every widget."""
        super().__init__(**options)
        self.set_reactive(FigureView.figure, figure)
        self.set_reactive(FigureView.symbols, symbols)
        self._parts: list[Widget] = []

    def on_mount(self) -> None:
        """What was given at the start."""
        self._arrange()

    def watch_figure(self) -> None:
        """Another figure."""
        if self.is_mounted:
            self._arrange()

    def watch_symbols(self) -> None:
        """Other symbols."""
        for part in self._parts:
            if isinstance(part, Sheet):
                part.symbols = self.symbols

    def fill(self, height: int) -> None:
        """Have the charts take all of so many rows, or no more than those if they can."""
        width = self.content_size.width
        sheets = [part for part in self._parts if isinstance(part, Sheet)]
        charts = [each for each in sheets if isinstance(each.figure, LineChart | BarChart)]
        if not charts or not width:
            return
        usual = sum(
            len(drawing(each.figure, max(8, width), self.symbols).rows) + 1 for each in sheets
        ) + sum(each.height_at(width) for each in self._parts if isinstance(each, Words | Told))
        more = (height - usual) // len(charts)
        for each in charts:  # where it has to be scrolled anyway, nothing is made smaller
            each.more = more if more >= LEAST - HEIGHT else 0

    def _arrange(self) -> None:
        wanted = [] if self.figure is None else list(_parts(self.figure))
        same = [kind for kind, _ in wanted] == [_kind(part) for part in self._parts]
        with self.app.batch_update():
            if not same:
                before, self._parts = self._parts, [self._made(*each) for each in wanted]
                for part in before:
                    part.remove()
                self.mount(*self._parts)
                return
            for part, (_, content) in zip(self._parts, wanted, strict=True):
                part.say(content)

    def _made(self, kind: str, content: str | tuple[str, ...] | Figure) -> Widget:
        if kind == "sheet":
            return Sheet(content, self.symbols)
        made = Told(classes=kind) if kind == "values" else Words(classes=kind)
        made.say(content)
        return made


def _kind(part: Widget) -> str:
    return "sheet" if isinstance(part, Sheet) else next(iter(part.classes))


def _parts(
    figure: Figure, above: Mapping[str, float] = MappingProxyType({}), headline: str = ""
) -> Iterator[tuple[str, str | tuple[str, ...] | Figure]]:
    """What stands under one another: (kind of part, its content).

    The kinds are `caption`, `part` (the caption of one among several), `values` and `sheet`.
    """
    if figure.caption not in ("", headline):
        yield ("part" if headline else "caption"), figure.caption
    if phrases := told(figure, above):
        yield "values", tuple(phrases)
    if isinstance(figure, Several):
        for each in figure.figures:
            yield from _parts(each, {**above, **figure.values}, headline or figure.caption)
    else:
        yield "sheet", figure
