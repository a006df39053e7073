"""A lesson: a step appears when the one before it is done or passed over.

What was done, and where the learner is, is in the record before the next key is read.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding

from engine.errors import EngineError
from tutor.tui.classroom.pages import Opened, Page
from tutor.tui.keys import key
from tutor.tui.screens.steps import StepsRoom
from tutor.tui.widgets.steps.end import EndOfLesson
from tutor.tui.widgets.steps.kinds import view_of
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words


class LessonRoom(StepsRoom):
    """One lesson."""

    about = "A lesson"
    BINDINGS: ClassVar = [
        key("o", "outline", "outline", "All steps of this lesson, and how each of them stands."),
        key("f4", "bookmark", "bookmark", "Mark this step; search has all bookmarks at once."),
    ]
    opening = "Opening the lesson …"

    def __init__(self, id: str, at: str = "") -> None:
        """Args: the lesson's id, and the step to begin with; empty for where the learner was."""
        super().__init__()
        self.lesson_id = id
        self.opened: Opened | None = None
        self._wanted = at
        self._marked: frozenset[str] = frozenset()
        """Steps with a bookmark."""

    def where(self) -> str:
        """Under its unit."""
        if self.opened is None:
            return self.lesson_id
        unit = self.app.course.unit_of(self.lesson_id)
        title = self.opened.lesson.title
        return f"{unit} › {title}" if unit else title

    def on_mount(self) -> None:
        """Have the lesson read."""
        super().on_mount()
        id, at = self.lesson_id, self._wanted
        self.app.study.order(lambda c: c.open(id, at), self._opened, self._cannot_open)

    def _cannot_open(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#opening", Words).say(str(error))

    def _opened(self, opened: Opened) -> None:
        if not self.is_attached:
            return
        self.opened, self._marked = opened, opened.marked
        self._top.where = self.where()
        if any(page.step.kind in ("lab", "predict") for page in opened.pages):
            self.app.bench.start()
        pages = opened.pages
        ids = [page.step.id for page in pages]
        at = ids.index(self._wanted if self._wanted in ids else opened.at)
        first = next((i for i, page in enumerate(pages) if not page.passed), len(pages) - 1)
        shown = max(first, at) + 1
        views = [view_of(opened.lesson, page) for page in pages[:shown]]
        if shown == len(pages) and all(page.passed for page in pages):
            views.append(self._end())
        self.put_up(views, at)

    def go_to(self, id: str) -> None:
        """Be at a step; those before it are put up, however far it is."""
        if self.opened is None:
            self._wanted = id
            return
        at = [page.step.id for page in self.opened.pages].index(id)
        self.put_up_to(at)
        self._go(at)

    def _end(self) -> StepView:
        after = self.app.course.after(self.lesson_id)
        return EndOfLesson(self.opened.lesson, after, self.pages)

    def pages(self) -> tuple[Page, ...]:
        """All steps as they stand now."""
        shown = [view.page for view in self._views if view.page is not None]
        return (*shown, *self.opened.pages[len(shown) :])

    def last(self) -> int:
        """The lesson's last step; its end, where it is through."""
        through = all(page.passed for page in self.pages())
        self.put_up_to(len(self.opened.pages) - (not through))
        return len(self._views) - 1

    def action_outline(self) -> None:
        """All steps; a lesson that is still being read has them too."""
        here = self._view.step if self._views else None
        self.app.open_outline(self.lesson_id, here.id if here else "")

    def following(self) -> StepView | None:
        """The next step; after the last one, the end."""
        shown, pages = len(self._views), self.opened.pages
        if shown < len(pages):
            return view_of(self.opened.lesson, pages[shown])
        return self._end() if shown == len(pages) else None

    def went_to(self, view: StepView) -> None:
        """Remember the place."""
        if view.step is not None:
            step = view.step
            self.app.study.order(lambda c: c.go_to(step))

    def skipped(self, view: StepView) -> None:
        """A text was read by that; anything else can be taken later."""
        step, spent = view.step, view.seconds()
        if step.kind == "reading":
            self.app.study.order(lambda c: c.read(step, spent), view.passed)
        else:
            self.app.study.order(lambda c: c.skip(step, spent), view.passed)
        view.page = view.page.as_if_passed()

    def far(self) -> str:
        """`4 of 9 · 8/32 points`."""
        pages = self.pages()
        points = sum(page.points for page in pages)
        step = f"{min(self._at + 1, len(pages))} of {len(pages)}"
        if self._has_bookmark():
            step += ", bookmark"
        return f"{step} · {points:.3g}/{self.opened.lesson.points} points"

    # Bookmarks

    def _has_bookmark(self) -> bool:
        step = self._view.step if self._views else None
        return step is not None and step.id in self._marked

    def label_of(self, binding: Binding) -> str:
        """What the key does to the bookmark."""
        if binding.action == "bookmark" and self._has_bookmark():
            return "no bookmark"
        return super().label_of(binding)

    def why_not(self, action: str) -> str:
        """Only a step can have one."""
        if action == "bookmark" and self._views and self._view.step is None:
            return "This is the end."
        return super().why_not(action)

    def action_bookmark(self) -> None:
        """Mark the step, or take its mark away."""
        if self.refuses("bookmark"):
            return
        step = self._view.step.id

        def turned(here: bool) -> None:
            self._marked = self._marked | {step} if here else self._marked - {step}
            if self.is_attached:
                self._tell_far()

        self.app.study.order(lambda c: c.turn_bookmark(step), turned)
