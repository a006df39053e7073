"""What every step is on the screen: an accent bar while one is at it, a head, and its own body.

A step that was never come to holds its text and nothing else; what it takes to work on it is put up
when the learner first comes to it, so that a long lesson opened again is quick.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tutor.tui.classroom.pages import Page
from tutor.tui.widgets.words import Words

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson
    from tutor.learner.attempts import Place
    from tutor.tui.host import Host

NAMES = {
    "reading": "", "predict": "Predict", "lab": "Lab", "question": "Question",
    "exercise": "Exercise", "task": "Task",
}  # fmt: skip
FAINT = "$foreground 60%"


class StepView(Vertical, can_focus=True):
    """One step. Subclasses say what Enter does, and what else there is to do."""

    DEFAULT_CSS = """
    StepView {
        height: auto; padding: 0 0 0 1; margin: 0 0 1 0; border-left: blank;
        &.-at { border-left: outer $primary; }
        & > .head { height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """
    DOES: ClassVar[frozenset[str]] = frozenset()
    """Actions that this kind has, besides those of all steps."""

    class Scored(Message):
        """Points of a step may be others."""

    class Ready(Message):
        """The learner is at a step that has all that it begins with."""

        def __init__(self, view: StepView) -> None:
            """Which step."""
            super().__init__()
            self.view = view

    class Grew(Message):
        """Something new is at the end of the step, and is to be seen."""

        def __init__(self, view: StepView) -> None:
            """Whose end it is."""
            super().__init__()
            self.view = view

    app: Host

    def __init__(self, lesson: Lesson, page: Page) -> None:
        """A step of a lesson."""
        super().__init__()
        self.lesson = lesson
        self.page = page
        self.begun = False
        """Whether the learner came to it while it was on the screen."""
        self._since = time.monotonic()

    @property
    def step(self):
        """The step itself."""
        return self.page.step

    def at(self, here: bool) -> None:
        """The learner comes to it, or goes."""
        if here != self.has_class("-at"):
            self.set_class(here, "-at", update=False)
            self._restyle()
        if here:
            self._since = time.monotonic()
            if not self.begun:
                self.begun = True
                self.begin()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Textual would style it and all that is in it anew; none of that hangs on the focus."""

    def _restyle(self) -> None:
        """Style the step itself, and not what is in it: half of what a move took went there."""
        self.app.stylesheet.update_nodes([self])

    def on_resize(self) -> None:
        """What is new in it is to be seen, once it has its place."""
        self.post_message(self.Grew(self))

    def seconds(self) -> float:
        """Spent on it since this was asked last, or since the learner came."""
        now = time.monotonic()
        spent, self._since = now - self._since, now
        return spent

    def begin(self) -> None:
        """The learner came to it for the first time: put up what it takes to work on it.

        Whoever overrides this says `Ready` once that is there.
        """
        self.call_after_refresh(self.post_message, self.Ready(self))

    def resumed(self) -> None:
        """The learner comes back from another screen."""

    def take_focus(self) -> None:
        """Give the focus to what is worked with."""
        self.focus(scroll_visible=False)

    def enter_does(self) -> str:
        """The footer's word for Enter."""
        return "next"

    def enter(self) -> bool:
        """Do the obvious thing; False where that is to go on to the next step."""
        return False

    def label(self, action: str) -> str:
        """The footer's word for one of its own actions; empty for the usual one."""
        return ""

    def why_not(self, action: str) -> str:
        """Why an action would do nothing now; empty where it would."""
        return "" if action in self.DOES else f"{NO[action]}" if action in NO else ""

    def do(self, action: str) -> None:
        """Carry out one of its own actions."""
        getattr(self, f"do_{action}")()

    def passed(self, place: Place | None) -> None:
        """It stands otherwise now."""
        if place is not None:
            self.page = replace(self.page, place=place)
        self.post_message(self.Scored())


NO = {
    "hint": "Only questions have hints.",
    "another": "Only questions have variants.",
    "worked": "Only questions and exercises have a solution.",
    "figure": "There is no figure here.",
    "copy": "There is no figure here.",
    "cancel": "Nothing computes here.",
    "pin": "Only a lab's figure can be pinned.",
    "edit": "Only an exercise is edited.",
}
"""Why a step has not what another kind has."""


def head(view: StepView, name: str, right: str = "") -> Words:
    """The line on top of a step: its kind, its name, and what it has cost so far."""
    words = Words(classes="head")
    words.say(head_line(view, name, right))
    return words


def head_line(view: StepView, name: str, right: str = "") -> Content:
    """See `head`."""
    kind = NAMES[view.step.kind]
    parts = [(f"{kind} ", "bold"), (name, FAINT)]
    if right:
        parts.append((f" · {right}", FAINT))
    return Content.assemble(*parts)
