"""A step that is answered: on a line, by options, or with a text.

Whatever is typed in the step reaches its field: whoever has left it comes back by typing, and what
is typed before the field is there goes into it. On a line, a word or a letter of
`tutor.course.requests` asks for something else than a verdict: below the line stands what, and
Enter does it.
"""

from __future__ import annotations

from string import ascii_lowercase

from textual.containers import Horizontal
from textual.events import Click, Key, Paste
from textual.widget import AwaitMount, Widget
from textual.widgets import Input, Static, TextArea

from lessons.kit.question import Choice, Essay, Matrix
from tutor.course import requests
from tutor.tui.classroom.pages import Asked
from tutor.tui.widgets.answer import KEYS, Answer
from tutor.tui.widgets.options import Options
from tutor.tui.widgets.steps.essay import EssayBody
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words

Field = Answer | Options | EssayBody


class AnsweredStep(StepView):
    """What questions and predictions share."""

    def __init__(self, lesson, page) -> None:
        """Without a field yet."""
        super().__init__(lesson, page)
        self._field: Field | None = None
        self._read_as = Words(classes="read-as")
        self._early = ""
        """What was typed before the field was there."""
        self._is_there = False
        """Whether the field is there, and had the focus."""

    @property
    def awaited(self) -> bool:
        """Whether an answer is waited for, though its field may still be on the way."""
        raise NotImplementedError

    @property
    def typed(self) -> str:
        """What is typed or marked now."""
        return self._field.typed if self._field is not None else ""

    def _says_read(self, words: str) -> None:
        pasted = self._field.pasted if isinstance(self._field, Answer) else ""
        self._read_as.say(f"{words} {pasted}".strip())

    # What the kinds of steps do in their own ways

    def how(self) -> str:
        """How it is answered, in a line."""
        raise NotImplementedError

    def keep(self, typed: str) -> None:
        """Keep what is typed so far: a killed tutor gives it back."""
        raise NotImplementedError

    def read(self, typed: str) -> None:
        """Have it read and kept; `reads` is told how."""
        raise NotImplementedError

    # The field

    def put_up(self, body: Widget, field: Field) -> None:
        """Put a field where the one of another variant was, and what is typed already into it."""
        if self._field is not None and self.screen.focused is self._field.inner:
            self.screen.set_focus(self, scroll_visible=False)  # else it goes to another step
        body.remove_children()
        self._field, self._read_as, self._is_there = field, Words(classes="read-as"), False
        on_a_line = isinstance(field, Answer)
        prompt = Static("> ", classes="prompt")
        there = Horizontal(prompt, field, classes="line") if on_a_line else field
        mounting = body.mount(there, self._read_as)
        self._says_read(self.how())
        self.call_after_refresh(self._is_put_up, field, mounting)

    async def _is_put_up(self, field: Field, mounting: AwaitMount) -> None:
        await mounting
        if field is self._field and self.is_attached:
            self._has_come()

    def _has_come(self) -> None:
        """The field can be typed in, and what was typed before goes into it."""
        self._is_there = True
        if self.has_class("-at") and self.awaited:
            self._enter_field()
        early, self._early = self._early, ""
        if early:
            self._field.take_paste(early)
        self.post_message(self.Ready(self))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how it is read while it is typed, or what Enter does instead."""
        event.stop()
        self.screen.refresh_bindings()
        if not self.awaited:
            return
        request, typed = self.request, event.value
        if request or not typed.strip():
            self._says_read(self.would(request) if request else self.how())
            self.keep(typed)
        else:
            self.read(typed)

    def reads(self, typed: str, words: str, readable: bool) -> None:
        """How something was read, if it still is what is typed."""
        if self.is_attached and typed == self.typed and self.awaited:
            self._says_read(f"read as {words}" if readable else f"not read yet: {words}")

    def on_options_changed(self, event: Options.Changed) -> None:
        """Say what is marked; lines of a rubric are marked once a text is written."""
        event.stop()
        if self._field is event.options:
            self.keep(self.typed)
            marked = ", ".join(self.typed.split())
            self._says_read(f"Marked: {marked}. ⏎ answers." if marked else self.how())
        else:
            self._says_read("")

    def on_options_refused(self, event: Options.Refused) -> None:
        """Say what marks an option."""
        event.stop()
        self._says_read(event.why)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep a text while it is written."""
        event.stop()
        if self.awaited:
            self.keep(event.text_area.text)

    def on_essay_body_held(self, event: EssayBody.Held) -> None:
        """Bring the rubric into sight."""
        event.stop()
        self.screen.refresh_bindings()
        self.post_message(self.Grew(self))

    # The way back into it

    @property
    def beside(self) -> bool:
        """Whether the focus is beside the field that is to be typed in."""
        return self.awaited and self.screen.focused is self

    def on_key(self, event: Key) -> None:
        """What is typed beside the field is typed into it, unless it is a key of the step."""
        if not self.beside:
            return
        if event.key == "backspace":
            self._into_field("")
            if isinstance(self._field, Answer):
                self._field.action_delete_left()
        elif event.is_printable and not self._acts(event):
            self._into_field(event.character)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: Paste) -> None:
        """So is what is pasted."""
        if self.beside:
            event.stop()
            self._into_field(event.text)

    def on_click(self, event: Click) -> None:
        """Whoever clicks on what is asked wants to answer it, or has marked a text to copy it."""
        if self.awaited and self._is_there and not self.screen.get_selected_text():
            self._enter_field()

    def _acts(self, event: Key) -> bool:
        """Whether a key does something beside the field; none does while the field is to come."""
        if not self._is_there:
            return event.character in KEYS
        active = self.screen.active_bindings.get(event.key)
        return active is not None and not self.screen.why_not(active.binding.action)

    def _into_field(self, text: str) -> None:
        if self._is_there:
            self._enter_field()
            if text:
                self._field.take_paste(text)
        else:
            self._early += text

    def _enter_field(self) -> None:
        """At once: the next key must not find the focus beside it again."""
        self.screen.set_focus(self._field.inner, scroll_visible=False)
        self.screen.refresh_bindings()

    def take_focus(self) -> None:
        """The field; the step itself where nothing is asked."""
        if self.has_class("-at"):
            there = self.awaited and self._is_there
            (self._field.inner if there else self).focus(scroll_visible=False)

    # What is asked for instead of a verdict

    @property
    def request(self) -> str:
        """What Enter does instead, of `tutor.course.requests`; empty where it takes an answer."""
        asked = requests.read(self._field.value) if isinstance(self._field, Answer) else ""
        return asked if asked in requests.DOES or asked in self.DOES else ""

    def would(self, request: str) -> str:
        """What Enter does for one, in words; or why it does nothing."""
        why = self.screen.why_not(requests.ACTIONS[request])
        return why or f"⏎ {requests.DOES[request]}. Type on to answer."

    def _carry_out(self, request: str) -> None:
        self._field.take_back()
        self.call_later(self.screen.run_action, requests.ACTIONS[request])


def field_for(asked: Asked, keys: frozenset[str] = KEYS) -> Field:
    """What a variant is answered in, as a tutor that was killed has left it."""
    body, draft = asked.variant.body, asked.sitting.draft
    if isinstance(body, Choice):
        letters = ascii_lowercase[: len(asked.options)]
        marked = [letters.index(each) for each in draft if each in letters]
        return Options(asked.options, several=body.several, marked=marked)
    if isinstance(body, Essay):
        return EssayBody(body, draft)
    grid = isinstance(body, Matrix)
    line = Answer(keys=keys - {"[", "]"}, joined="; ") if grid else Answer(keys=keys)
    line.value = draft
    return line
