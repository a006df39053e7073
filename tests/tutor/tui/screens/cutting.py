"""Whether a screen says all of its words at a width, or marks where it does not.

A screen is drawn twice: in a window so wide that nothing has to give way, and in the one that is
looked at; both are so high that nothing is out of sight. Part by part, every word of the wide one
has to stand in the narrow one too, whole, unless that part ends a line of it with a mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.screen import Screen
from textual.widget import Widget

from tutor.tui.widgets.topline import TopLine

MARKS = ("…", "? more", "f1 more")
"""What says that there is more."""
OTHER = (TopLine,)
"""Parts that say less in a narrow window by design: what goes on behind."""
FOLDED = {
    "Rows#runs": r"\d\d [A-Z][a-z]+ \d\d:\d\d",
    "Words#figures": r"bands",
    "Words#students": r"weights|\d+\.\d+ [MB] +\d+\.\d+ [MG]B",
    "Curve#curve": r"\d+|judged|step|share of the money saved",
}
"""What a narrow window does without as a whole: the column of days, which each run's record has,
the head of a column that stands a line lower there, the column of weights alone, and a curve's
ticks and what its x axis counts; the words of its legend stay."""
WORD = re.compile(r"[^\W_]{2,}", re.UNICODE)


def parts(screen: Screen) -> Iterator[tuple[str, Widget]]:
    """(where it stands, part) for everything that draws words itself, and can be seen."""
    for widget in screen.walk_children(Widget):
        leaf = not [child for child in widget.children if child.display]
        if leaf and widget.is_on_screen and widget.size.area and not isinstance(widget, OTHER):
            yield path(widget), widget


def path(widget: Widget) -> str:
    """The same for one part in every window: `#home Rows#offers`."""
    names = []
    for node in widget.ancestors_with_self:
        if isinstance(node, Screen):
            break
        same = [each for each in node.parent.children if type(each) is type(node)]
        place = same.index(node) if len(same) > 1 else ""
        names.append(f"{type(node).__name__}{f'#{node.id}' if node.id else ''}{place}")
    return " ".join(reversed(names))


def shown(widget: Widget, rows: list[str]) -> list[str]:
    """The rows of the screen that a part takes, as they are drawn."""
    region = widget.screen.find_widget(widget).visible_region
    return [row[region.x : region.right] for row in rows[region.y : region.bottom]]


def said(screen: Screen, rows: list[str]) -> dict[str, list[str]]:
    """What each part says."""
    return {where: shown(widget, rows) for where, widget in parts(screen)}


def cut(wide: dict[str, list[str]], narrow: dict[str, list[str]]) -> list[str]:
    """What the narrow window says no longer, and does not mark; a sentence each."""
    faults = []
    for where, rows in narrow.items():
        text = "".join("".join(rows).split())
        if any(mark.replace(" ", "") in text for mark in MARKS):
            continue
        whole = "\n".join(wide.get(where, ()))
        for part, folded in FOLDED.items():
            whole = re.sub(folded, "", whole) if part in where else whole
        lost = [word for word in WORD.findall(whole) if word not in text]
        if lost:
            faults.append(f"{where} does not say {' '.join(lost[:8])}: {rows!r}"[:600])
    return faults
