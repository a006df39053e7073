"""Keys act in the order in which they come, however fast they come.

What is printed is typed as soon as a widget hears of it, but a key with a binding acts only when it
has bubbled up to the app: a Backspace or an Enter that came together with the next letter, as over
a slow line, would act behind that letter.
"""

from __future__ import annotations

from textual.events import Key
from textual.widget import Widget


async def at_once(widget: Widget, event: Key) -> bool:
    """Carry out what a key is bound to in the widget itself, if it is bound to something there."""
    for binding in widget._bindings.key_to_bindings.get(event.key, ()):
        if await widget.app.run_action(binding.action, widget):
            event.stop()
            event.prevent_default()
            return True
    return False


def goes_on(widget: Widget, event: Key) -> bool:
    """Carry out Enter, where it is the screen's key for the obvious thing."""
    go_on = getattr(widget.screen, "action_go_on", None)
    if event.key != "enter" or go_on is None:
        return False
    event.stop()
    event.prevent_default()
    go_on()
    return True
