"""A run's curve, drawn by textual-plot in braille.

Importing this loads numpy, which takes a tenth of a second: `tutor.screens.run` has it imported on
the watch's thread, and nothing else may import it.
"""

from __future__ import annotations

import math

from textual.app import ComposeResult
from textual.containers import Grid
from textual.reactive import reactive
from textual.strip import Strip
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget
from textual_plot.plot_widget import Canvas, Legend

from tutor.figures import Figure, thinned


class Ticks(NumericAxisFormatter):
    """Numbers at the axis as short as they can be: `0.5`, `1,200`."""

    most = 8
    """Ticks at most, so that no two fall on one row."""

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Ticks at round numbers, few enough for the room there is."""
        if not max_ > min_:
            return [min_]
        power = 10.0 ** math.floor(math.log10((max_ - min_) / self.most))
        steps = (power * factor for factor in (1, 2, 5, 10, 20))
        step = next(step for step in steps if (max_ - min_) / step <= self.most)
        first, last = math.ceil(min_ / step), math.floor(max_ / step)
        return [number * step for number in range(first, last + 1)]

    def get_labels_for_ticks(self, ticks) -> list[str]:
        """One label a tick."""
        return [f"{tick:g}" if abs(tick) < 1000 else f"{tick:,.0f}" for tick in ticks]


class Sheet(Canvas):
    """What textual-plot draws on, whose every line has a style.

    Its own have none while it has no size, and where NO_COLOR is set, Textual asks each for one.
    """

    def render_line(self, y: int) -> Strip:
        """One line."""
        strip = super().render_line(y)
        return strip if strip.cell_length else Strip.blank(0, self.rich_style)


class Curve(PlotWidget, can_focus=False, inherit_bindings=False):
    """The plot without keys of its own; the pointer still zooms and pans, a double click resets."""

    DEFAULT_CSS = """
    Curve > .plot--axis { color: $foreground 40%; }
    Curve > .plot--tick { color: $text-muted; text-style: none; }
    """

    figure: reactive[Figure | None] = reactive(None, repaint=False)
    """What is drawn."""

    drawn: Figure | None = None
    """What was drawn last."""

    def compose(self) -> ComposeResult:
        """As the plot is composed, on sheets."""
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield Sheet(1, 1, id=part)
        yield Legend(id="legend")

    def on_mount(self) -> None:
        """Margins as narrow as the labels; then draw, once the plot has made itself empty."""
        self.margin_top, self.margin_left, self.margin_bottom = 0, 6, 2
        self._y_ticks_fit = Ticks()
        self.set_x_formatter(Ticks())
        self.set_y_formatter(self._y_ticks_fit)
        self.call_later(self._draw)

    def watch_figure(self) -> None:
        """Another figure."""
        if self.is_mounted:
            self._draw()

    def on_resize(self) -> None:
        """As many ticks as there are rows for."""
        most = max(2, (self.size.height - self.margin_bottom) // 2)
        if most != self._y_ticks_fit.most:
            self._y_ticks_fit.most = most
            self.refresh(layout=True)

    def _draw(self) -> None:
        self.drawn = self.figure
        if self.figure is None:
            return
        self.clear()
        variables = self.app.theme_variables
        colours = (variables["primary"], variables["warning"])
        for line, colour in zip(self.figure.lines, colours, strict=False):
            x, y = zip(*thinned(line.points), strict=True)
            if line.mark or len(x) == 1:
                self.scatter(x, y, marker=line.mark or "·", marker_style=colour)
            else:
                self.plot(x, y, line_style=colour, hires_mode=HiResMode.BRAILLE)
        highest = max((y for line in self.figure.lines for _, y in line.points), default=1.0)
        self.set_ylimits(self.figure.low, self.figure.high or highest * 1.05 or None)

    def on_click(self, event) -> None:
        """A double click brings the whole curve back."""
        if event.chain == 2:
            self.action_reset_scales()
