"""The controls of a lab, made from its parameters: one row each, in one light widget.

Left and right move what can be moved; digits begin a number, and what is typed after that goes into
it. In a row of text, a letter that is no key of the step begins one too; backspace always does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.actions import SkipAction
from textual.content import Content
from textual.events import Click, Key, Paste
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from engine.errors import SpecError
from lessons.kit.controls import Choice, Model, Number, Slider, Text, Toggle, Value, shown
from lessons.kit.lab import Parameter
from tutor.tui.keys import key
from tutor.tui.widgets.in_order import at_once

PASTED = 1000
"""Characters that one paste brings, at most: more than any value has, and refused as a whole."""
BAR = 20
"""Cells of a slider."""
FAINT = "$foreground 60%"
KEYS = {Text: frozenset("gxyoqjkc/?[]"), Model: frozenset("gxyoqjkcs?[]")}
"""What stays a key in a row of text that nothing is typed into; a folder begins with a slash."""

SIDES = {"left": -1, "right": 1}
"""Keys that move a control, and which way."""


class Controls(Widget, can_focus=True):
    """All parameters of one lab."""

    DEFAULT_CSS = """
    Controls { height: auto; text-wrap: nowrap; text-overflow: ellipsis; pointer: pointer; }
    """
    BINDINGS: ClassVar = [
        key("left", "move(-1)", "less", "Move the marked control one step back."),
        key("right", "move(1)", "more", "Move the marked control one step on."),
        key("shift+left", "move(-5)", "much less", "Five steps back.", show=False),
        key("shift+right", "move(5)", "much more", "Five steps on.", show=False),
        key("up,k", "step(-1)", "control above", "To the control above."),
        key("down,j", "step(1)", "control below", "To the control below."),
    ]

    class Changed(Message):
        """A value is another one."""

        def __init__(self, values: Mapping[str, Value]) -> None:
            """All values now."""
            super().__init__()
            self.values = values

    class Refused(Message):
        """What was typed cannot be a value."""

        def __init__(self, why: str) -> None:
            """Why, in words; empty where what is typed now is a value again."""
            super().__init__()
            self.why = why

    cursor: reactive[int] = reactive(0)
    typing: reactive[str | None] = reactive(None)
    """What is being typed into the marked row; None while nothing is."""

    def __init__(self, parameters: tuple[Parameter, ...], values: Mapping[str, Value]) -> None:
        """Shows parameters at some values."""
        super().__init__()
        self.parameters = parameters
        self.values = dict(values)
        self._before: Value | None = None
        """The marked row's value when somebody began to type into it."""
        self.set_reactive(Controls.cursor, 0)
        self.can_focus = bool(parameters)

    @property
    def _marked(self) -> Parameter:
        return self.parameters[self.cursor]

    # Keys

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed into a row."""
        if key == "backspace":
            return self._takes_text
        if not character or not character.isprintable() or not self._takes_text:
            return False
        if self.typing is not None:
            return True
        if keys := KEYS.get(type(self._marked.control)):
            return character not in keys and character != " "
        return character in "0123456789-+."

    @property
    def _takes_text(self) -> bool:
        control = self._marked.control
        moved_only = isinstance(control, Toggle | Choice) and not isinstance(control, Model)
        return not moved_only and not self.disabled

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer names what moves something: no row of text, nothing beyond its end."""
        if action == "move":
            return bool(self.parameters) and self._moves(parameters[0])
        if action == "step":
            return 0 <= self.cursor + parameters[0] < len(self.parameters)
        return super().check_action(action, parameters)

    async def on_key(self, event: Key) -> None:
        """Type, or stop typing."""
        if self.typing is not None and event.key in ("enter", "escape"):
            self.typing = None
        elif event.key in SIDES and not self.check_action("move", (SIDES[event.key],)):
            pass  # to the step before or after it would be a jump out of the row
        elif not self.check_consume_key(event.key, event.character):
            await at_once(self, event)
            return
        elif event.key == "backspace":
            held = shown(self.values[self._marked.name]) if self.typing is None else self.typing
            self._type(held[:-1])
        else:
            self._type((self.typing or "") + event.character)
        event.stop()
        event.prevent_default()
        self.screen.refresh_bindings()

    def on_paste(self, event: Paste) -> None:
        """A model's folder is pasted more often than typed."""
        event.stop()
        if self._takes_text:
            text = "".join(filter(str.isprintable, " ".join(event.text.split())))
            self._type((self.typing or "") + text[:PASTED])
            self.screen.refresh_bindings()

    def _type(self, text: str) -> None:
        """What is typed holds as soon as it is a value; until then the row's own value does."""
        if self.typing is None:
            self._before = self.values[self._marked.name]
        self.typing = text
        try:
            self._set(self._marked.read(text))
            why = ""
        except SpecError as error:
            self._set(self._before)
            why = f"{error.way_out or error.what} It stays {shown(self._before)}."
        self.post_message(self.Refused(why))

    def _set(self, value: Value) -> None:
        name = self._marked.name
        if self.values[name] != value:
            self.values[name] = value
            self.post_message(self.Changed(dict(self.values)))
        self.refresh()

    def set(self, name: str, given: Value) -> None:
        """Give a parameter another value, if its control takes it."""
        for at, each in enumerate(self.parameters):
            if each.name == name:
                self.cursor = at
                self._set(each.read(given))

    def _moves(self, by: int) -> bool:
        """Whether a move would change the marked control."""
        control, value = self._marked.control, self.values[self._marked.name]
        if isinstance(control, Text):
            return False
        return self.typing is not None or control.moved(value, by, self._marked.type) != value

    def action_move(self, by: int) -> None:
        """Move the marked control."""
        control, value = self._marked.control, self.values[self._marked.name]
        self.typing = None
        if isinstance(control, Slider | Number | Choice | Toggle):
            by = max(-1, min(1, by)) if isinstance(control, Toggle) else by
            moved = control.moved(value, by, self._marked.type)
            self._set(self._marked.read(moved))
            self.screen.refresh_bindings()

    def action_step(self, by: int) -> None:
        """Mark another control; beyond the last one the screen scrolls."""
        if not 0 <= self.cursor + by < len(self.parameters):
            raise SkipAction()
        self.typing = None
        self.cursor += by

    def on_click(self, event: Click) -> None:
        """A click marks a control; one on a choice or a slider's bar sets it."""
        at = event.get_content_offset_capture(self)
        if not 0 <= at.y < len(self.parameters):
            return
        self.typing, self.cursor = None, at.y
        control, x = self._marked.control, at.x - self._left
        if isinstance(control, Choice | Toggle):
            for value, start, end in self._places(control):
                if start <= x < end:
                    self._set(self._marked.read(value))
        elif isinstance(control, Slider) and 0 <= x < BAR:
            share = x / (BAR - 1)
            self._set(self._marked.read(control.at(share, self._marked.type)))

    def watch_cursor(self) -> None:
        """Other keys move something here."""
        self.screen.refresh_bindings()

    # Drawing

    @property
    def _left(self) -> int:
        return 2 + max((len(each.label) for each in self.parameters), default=0) + 2

    def render(self) -> Content:
        """One row a parameter."""
        return Content("\n").join(self._row(at) for at in range(len(self.parameters)))

    def get_content_height(self, container, viewport, width: int) -> int:
        """As many rows as parameters."""
        return len(self.parameters)

    def _row(self, at: int) -> Content:
        each = self.parameters[at]
        here = at == self.cursor and self.has_focus
        head = [
            ("› " if here else "  ", "bold $primary"),
            (f"{each.label:<{self._left - 2}}", "bold" if here else FAINT),
        ]
        typing = self.typing if here else None
        return Content.assemble(*head, *self._drawn(each, typing))

    def _drawn(self, each: Parameter, typing: str | None) -> list[tuple[str, str]]:
        control, value = each.control, self.values[each.name]
        if isinstance(control, Model):
            return self._of_models(control, value, typing)
        if isinstance(control, Choice | Toggle):
            return [
                (f"[{shown(one)}] " if one == value else f" {shown(one)}  ",
                 "bold" if one == value else FAINT)
                for one, _, _ in self._places(control)
            ]  # fmt: skip
        typed = "type " if each is self._marked and self.has_focus else ""
        words = (
            [(f"{typing}▏", "bold $primary")] if typing is not None else [(shown(value), "bold")]
        )
        if isinstance(control, Slider):
            full = round(control.share(value) * (BAR - 1))
            bar = [
                ("━" * full, "$primary"),
                ("●", "bold $primary"),
                ("─" * (BAR - 1 - full), FAINT),
            ]
            return [*bar, ("  ", ""), *words, (f"  {typed}{control.says()}", FAINT)]
        if isinstance(control, Text):
            return [*words, ("" if typing is not None else "   type another", FAINT)]
        return [*words, (f"   {typed}{control.says()}", FAINT)]

    def _of_models(self, control: Model, value: Value, typing: str | None) -> list[tuple[str, str]]:
        offered = [
            (f"[{one}] " if one == value else f" {one}  ", "bold" if one == value else FAINT)
            for one, _, _ in self._places(control)
        ]
        if typing is not None:
            return [*offered, (f" {typing}▏", "bold $primary")]
        other = [] if value in control.values else [(f"[{value}]", "bold")]
        return [*offered, *other, ("  type a folder or a hub id" if not other else "", FAINT)]

    def _places(self, control: Choice | Toggle) -> list[tuple[Value, int, int]]:
        values = control.values if isinstance(control, Choice) else (True, False)
        places, at = [], 0
        for value in values:
            width = len(shown(value)) + 3
            places.append((value, at, at + width))
            at += width
        return places

    def on_focus(self) -> None:
        """The mark is seen."""
        self.refresh()

    def on_blur(self) -> None:
        """And is not."""
        self.typing = None
        self.refresh()
