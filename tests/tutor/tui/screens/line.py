"""What stands in the line, or the text, that has the focus."""

from __future__ import annotations

from textual.widgets import Input, TextArea


def text(app) -> str | None:
    """All of it; None where nothing is typed in."""
    return of(app.focused)


def of(widget) -> str | None:
    """What stands in a line or a text; None in any other widget."""
    if isinstance(widget, Input):
        return widget.value
    return widget.text if isinstance(widget, TextArea) and not widget.read_only else None


def held(app) -> str | None:
    """What a letter may not take away: nothing where some of it is marked, to be typed over."""
    marked = isinstance(app.focused, Input | TextArea) and app.focused.selection
    return "" if marked and marked.start != marked.end else text(app)


def with_letters(app, letters: str) -> str | None:
    """What stands there once letters are typed; None where nobody can say."""
    focused, whole = app.focused, text(app)
    if isinstance(focused, Input) and not focused.restrict and not focused.max_length:
        first, last = sorted(focused.selection)
    elif isinstance(focused, TextArea) and whole is not None:
        first, last = sorted(map(focused.document.get_index_from_location, focused.selection))
    else:
        return None
    return whole[:first] + letters + whole[last:]
