"""The colours: a quiet ground, one accent, and three that only ever stand beside a word."""

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
