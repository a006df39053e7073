"""A run's curve, drawn by textual-plot in braille.

Importing this loads numpy, which takes a tenth of a second: `tutor.screens.run` has it imported on
the watch's thread, and nothing else may import it.
"""

from __future__ import annotations

from textual.reactive import reactive
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from tutor.figures import Figure, thinned


class Ticks(NumericAxisFormatter):
    """Numbers at the axis as short as they can be: `0.5`, `1,200`."""

    def get_labels_for_ticks(self, ticks) -> list[str]:  # noqa: ANN001
        """One label a tick."""
        return [f"{tick:g}" if abs(tick) < 1000 else f"{tick:,.0f}" for tick in ticks]


class Curve(PlotWidget, can_focus=False, inherit_bindings=False):
    """The plot without keys of its own; the pointer still zooms and pans, a double click resets."""

    DEFAULT_CSS = """
    Curve > .plot--axis { color: $foreground 40%; }
    Curve > .plot--tick { color: $text-muted; text-style: none; }
    """

    figure: reactive[Figure | None] = reactive(None, repaint=False)
    """What is drawn."""

    def on_mount(self) -> None:
        """Margins as narrow as the labels; then draw, once the plot has made itself empty."""
        self.margin_top, self.margin_left, self.margin_bottom = 0, 6, 2
        self.set_x_formatter(Ticks())
        self.set_y_formatter(Ticks())
        self.call_later(self._draw)

    def watch_figure(self) -> None:
        """Another figure."""
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        if self.figure is None:
            return
        self.clear()
        variables = self.app.theme_variables
        colours = (variables["primary"], variables["warning"])
        for line, colour in zip(self.figure.lines, colours, strict=False):
            x, y = zip(*thinned(line.points), strict=True)
            if line.marks or len(x) == 1:
                self.scatter(x, y, marker="×", marker_style=colour)
            else:
                self.plot(x, y, line_style=colour, hires_mode=HiResMode.BRAILLE)
        highest = max((y for line in self.figure.lines for _, y in line.points), default=1.0)
        self.set_ylimits(self.figure.low, self.figure.high or highest * 1.05 or None)

    def on_click(self, event) -> None:  # noqa: ANN001
        """A double click brings the whole curve back."""
        if event.chain == 2:
            self.action_reset_scales()
