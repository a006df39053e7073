"""What scrolls below the top line: the steps of a lesson, and cards or lines to choose among."""

from __future__ import annotations

from typing import ClassVar

from textual.containers import VerticalScroll

from tutor.tui.keys import key


class Column(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The steps below one another; Home and End are the screen's, which knows the steps."""

    BINDINGS: ClassVar = [
        key("up", "scroll_up", "up", "One line up.", show=False),
        key("down", "scroll_down", "down", "One line down.", show=False),
        key("pageup", "page_up", "page up", "One page up.", show=False),
        key("pagedown", "page_down", "page down", "One page down.", show=False),
    ]


class Stack(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Cards or lines below one another; up and down are the screen's, which marks the next one."""

    BINDINGS: ClassVar = [
        key("pageup", "page_up", "page up", "One page up.", show=False),
        key("pagedown", "page_down", "page down", "One page down.", show=False),
    ]
