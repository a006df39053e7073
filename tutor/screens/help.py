"""Help on `?`: every key of the screen below, from the bindings' own words."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen

from tutor.keys import written
from tutor.widgets.reading import Reading

MOUSE = (
    "A click opens or presses what it is on, the wheel scrolls, and a click on a key presses it."
)


def help_on(screen: Screen) -> Reading:
    """The help for a screen as it stands: what each key does, and why where it does nothing now."""
    why_not = getattr(screen, "why_not", lambda action: "")
    parts: list[Content] = []
    for keys, active in _by_action(screen.active_bindings.values()):
        binding = active.binding
        words = binding.tooltip or binding.description
        parts.append(Content.styled(f"{keys:<14}", "bold $primary") + Content(words))
        if why := why_not(binding.action):
            parts.append(Content.styled(f"{'':<14}not now: {why}", "$foreground 60%"))
    parts += [Content(""), Content.styled(MOUSE, "$foreground 60%")]
    title = getattr(screen, "about", "") or "Keys"
    return Reading(f"Keys · {title}" if title != "Keys" else title, Content("\n").join(parts))


def _by_action(bindings: Iterable[ActiveBinding]) -> list[tuple[str, ActiveBinding]]:
    """One row an action, with all its keys; the screen's own come first."""
    rows: dict[tuple[int, str], list[ActiveBinding]] = {}
    for active in bindings:
        if not active.binding.id or not active.binding.tooltip:
            continue  # Textual's own: scrolling, focus
        rows.setdefault((id(active.node), active.binding.action), []).append(active)
    return [
        (", ".join(written(each.binding.key) for each in same), same[0]) for same in rows.values()
    ]
