"""What stands on the screen, as text."""


def lines(app):
    """The rows of the screen."""
    return ["".join(segment.text for segment in strip) for strip in strips(app)]


def strips(app):
    """The rows of the screen, drawn."""
    return app.screen._compositor.render_strips()


def text(app):
    """The whole screen."""
    return "\n".join(lines(app))


def keys(app):
    """The labels in the key line."""
    from tutor.widgets.keyline import KeyLine

    return {label: name for name, label in app.screen.query_one(KeyLine).shown()}


def skips(app):
    """The keys that pass over a step: on an idle line, Enter behind the letter does it."""
    from tutor.widgets.answer import Answer

    on_a_line = isinstance(app.focused, Answer)
    return ["escape"] * app.screen._typing() + ["s"] + ["enter"] * (on_a_line and app.focused.idle)
