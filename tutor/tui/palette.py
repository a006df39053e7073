"""The colours: a quiet ground, one accent, and three that only ever stand beside a word.

`terminal` uses nothing but the terminal's own 16 colours.
"""

from textual.theme import Theme

NIGHT = Theme(
    name="night",
    primary="#7aa2f7",
    secondary="#7aa2f7",
    accent="#7aa2f7",
    warning="#e0af68",
    error="#f7768e",
    success="#9ece6a",
    foreground="#c8d0e8",
    background="#16161e",
    surface="#1f2130",
    panel="#1f2130",
    dark=True,
)
DAY = Theme(
    name="day",
    primary="#2e5cb8",
    secondary="#2e5cb8",
    accent="#2e5cb8",
    warning="#8a5a00",
    error="#b3263f",
    success="#3d6b14",
    foreground="#23283a",
    background="#f6f6f2",
    surface="#e7e8e4",
    panel="#e7e8e4",
    dark=False,
)
CONTRAST = Theme(
    name="contrast",
    primary="#00d7ff",
    secondary="#00d7ff",
    accent="#00d7ff",
    warning="#ffd700",
    error="#ff6b6b",
    success="#5fff5f",
    foreground="#ffffff",
    background="#000000",
    surface="#1c1c1c",
    panel="#1c1c1c",
    dark=True,
)
THEMES = {"dark": "night", "light": "day", "contrast": "contrast", "terminal": "ansi-dark"}
"""Themes by the name that `config.toml` has for them."""
