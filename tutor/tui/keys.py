"""How a key is declared: once, with the words that the footer, the help and the palette show.

Every binding has an id (its action's name) and a tooltip (a whole sentence). `Help` lists them and
`KeyLine` draws those that would do something now, so no screen writes its keys down twice.
"""

from __future__ import annotations

from textual.binding import Binding

SHOWN = {
    "enter": "⏎",
    "escape": "esc",
    "space": "space",
    "question_mark": "?",
    "slash": "/",
    "comma": ",",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+c": "^c",
    "ctrl+q": "^q",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "ctrl+underscore": "^/",
    "ctrl+slash": "^/",
    "pageup": "page up",
    "pagedown": "page down",
}
"""How a key is written, where its name is not what is printed on it."""
TYPED = {"slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_"}
"""What a key types, where Textual has named it anew and so takes it for no character."""


def key(keys: str, action: str, label: str, tooltip: str, *, show: bool = True) -> Binding:
    """A binding with its words.

    Args:
        keys: Keys that do it, comma-separated; the first is the one shown.
        action: The action's name, which is the binding's id too.
        label: One or two words for the footer.
        tooltip: One sentence for the help and for the pointer.
        show: Whether the footer shows it while it would do something.
    """
    return Binding(keys, action, label, tooltip=tooltip, id=action, show=show)


def written(name: str) -> str:
    """A key's name as it is shown: `enter` is ⏎, `ctrl+r` is ^r."""
    return SHOWN.get(name, name.replace("ctrl+", "^"))
