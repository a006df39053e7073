"""What stands on the screen, as text."""

from textual._context import visible_screen_stack


def lines(app):
    """The rows of the screen."""
    return ["".join(segment.text for segment in strip) for strip in strips(app)]


def strips(app):
    """The rows of the screen, drawn as they are painted: a window over what is seen through it.

    Textual keeps what a screen drew, so one that is drawn over nothing is painted so, too.
    """
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def text(app):
    """The whole screen."""
    return "\n".join(lines(app))


def keys(app):
    """The labels in the key line."""
    from tutor.tui.widgets.keyline import KeyLine

    return {label: name for name, label in app.screen.query_one(KeyLine).shown()}


def skips(app):
    """The keys that pass over a step, wherever the focus is in it.

    On an idle line, Enter behind the letter does it; in a lab's row of text the letter is typed.
    """
    from tutor.tui.widgets.answer import Answer
    from tutor.tui.widgets.controls import Controls

    focused = app.focused
    if isinstance(focused, Controls) and focused.check_consume_key("s", "s"):
        return ["enter"]
    behind = isinstance(focused, Answer) and focused.idle
    return ["escape"] * app.screen._typing() + ["s"] + ["enter"] * behind
