"""How saved figures look: read from the last row, in print, and without red and green."""

from __future__ import annotations

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe and Ito, "Color Universal Design" (2008); lines differ by mark and dash, too."""
MARKS = "os^DvPX"
DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)))
INK, FAINT, RULE, EDGE = "#1A1A1A", "#595959", "#E2E2E2", "#9A9A9A"
"""Of what is read first, of what explains, of lines that only guide the eye, of axes."""
PREDICTED = "#A3005F"
"""Of what was predicted."""

WIDE, MARGIN = 10.0, 0.4
"""Inches across the page, and left blank around it; a chart with its words is about 16:9."""
DOTS = 160
"""Dots an inch of a PNG."""
TITLE, BODY, SMALL, TINY = 16, 12, 11, 8
"""Sizes of letters, in points."""

RULES = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same picture on every machine
    "font.size": SMALL,
    "text.color": INK,
    "text.parse_math": False,  # a dollar is a dollar
    "axes.edgecolor": EDGE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": RULE,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
    "xtick.color": EDGE,
    "ytick.color": EDGE,
    "xtick.labelcolor": FAINT,
    "ytick.labelcolor": FAINT,
    "lines.linewidth": 2.2,
    "lines.markersize": 6.5,
    "svg.fonttype": "path",  # the letters that were measured, whatever fonts a reader has
    "svg.hashsalt": "tutor",  # the same figure gives the same file
}
"""What matplotlib is told while a page is drawn and saved."""
