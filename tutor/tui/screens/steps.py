"""Steps in one column, and the learner at one of them: what a lesson and a review share.

Back and forth is always free, and skipping always possible. Keys are those of the step one is at;
`tutor.tui.widgets.answer` says when a letter is a key and when it is typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import TextArea

from tutor.tui.keys import key
from tutor.tui.screens.held import Held
from tutor.tui.screens.room import Room
from tutor.tui.widgets.answer import Answer
from tutor.tui.widgets.column import Column
from tutor.tui.widgets.steps.step import StepView
from tutor.tui.widgets.words import Words

OWN = ("hint", "another", "worked", "figure", "copy", "pin", "cancel", "edit")
"""Actions that belong to the step the learner is at."""
ON = " On a line that is typed in, Enter behind the letter does it."


class StepsRoom(Room):
    """A column of steps."""

    BINDINGS: ClassVar = [
        key("enter", "go_on", "next", "Answer, or go on to the next step."),
        key("h", "hint", "hint", f"The next hint; it counts for all variants, for 12 hours.{ON}"),
        key("n", "another", "new variant", f"The same question with other numbers.{ON}"),
        key("w", "worked", "solution", f"The worked solution; it counts for all variants.{ON}"),
        key("x", "pin", "pin", "Keep this figure, to compare the next one with it."),
        key("g", "figure", "full screen", "The figure alone, as large as the window."),
        key("y", "copy", "copy", "Copy the numbers of this figure as rows for a sheet."),
        key("c", "cancel", "cancel", "End the run of this lab for good."),
        key("e", "edit", "$EDITOR", "Open the exercise's file in your editor."),
        key("s", "skip", "skip", f"Pass over this step; you can come back to it.{ON}"),
        key("left_square_bracket,left", "back", "back", "To the step before; nothing is lost."),
        key("right_square_bracket,right", "forth", "forth", "To the step after.", show=False),
        key("home", "first", "first step", "To the first step.", show=False),
        key("end", "last", "last step", "To the last step, however far you have come.", show=False),
        key("space", "page(1)", "page down", "One page down.", show=False),
        key("j", "line(1)", "down", "One line down.", show=False),
        key("k", "line(-1)", "up", "One line up.", show=False),
        key("tab", "within(1)", "on", "To what else can be worked with in this step.", show=False),
        key("shift+tab", "within(-1)", "back", "The same, backwards.", show=False),
        key("escape", "leave", "leave", "Out of the line that is typed in; then back."),
    ]  # fmt: skip
    opening = "One moment …"
    """What is said until there are steps."""

    def __init__(self) -> None:
        """No step is there yet."""
        super().__init__()
        self._views: list[StepView] = []
        self._at = 0
        self._held = Held(self, lambda: self._bring_to_sight(self._view))

    def body(self) -> Iterable[Widget]:
        """The column; what is in it comes from the study."""
        with Container(id="stage"):
            yield Column(id="lesson")
            yield Words(self.opening, id="opening")

    def on_mount(self) -> None:
        """Follow the column as it scrolls."""
        super().on_mount()
        self._column = self.query_one(Column)
        self.watch(self._column, "scroll_y", self.refresh_bindings, init=False)

    def on_screen_resume(self) -> None:
        """The keys go to the step again."""
        super().on_screen_resume()
        if self._views:
            self._view.take_focus()
            self._view.resumed()

    # What a lesson and a review do in their own ways

    def following(self) -> StepView | None:
        """The view after the last one that is shown, made; None where there is none."""
        raise NotImplementedError

    def went_to(self, view: StepView) -> None:
        """The learner is at another step."""

    def skipped(self, view: StepView) -> None:
        """A step was passed over that was not done."""

    def far(self) -> str:
        """How far it is, for the top line."""
        return ""

    # Where the learner is

    @property
    def _view(self) -> StepView:
        return self._views[self._at]

    @property
    def complete(self) -> bool:
        """Whether the steps are there, and seen."""
        return bool(self._views) and self._view.has_class("-at") and not self.query("#opening")

    def put_up(self, views: Sequence[StepView], at: int) -> None:
        """Show the first steps, and be at one of them.

        They are uncovered when that one is in sight: else the first would be painted before it.
        """
        self._views = list(views)
        mounted = self._column.mount(*self._views)
        self._go(at)
        self.call_next(self._reveal, mounted)

    async def _reveal(self, mounted: Awaitable[None]) -> None:
        await mounted
        self.call_after_refresh(self._show_first)

    def _show_first(self) -> None:
        if self.is_attached:
            self._bring_to_sight(self._view)
            self.query("#opening").remove()

    def _go(self, to: int, *, focus: bool = True) -> None:
        """Be at another step."""
        before, self._at = self._view, to
        view = self._view
        if before is not view:
            before.at(False)
        view.at(True)
        if focus:
            view.take_focus()
            if view.size:  # it has its place: one paint does for both
                self._bring_to_sight(view)
            elif not self._held:
                self.call_after_refresh(self._bring_to_sight, view)
        self.went_to(view)
        self._tell_far()

    def _tell_far(self) -> None:
        self._top.about = self.far()
        self.refresh_bindings()

    def _next(self) -> None:
        """To the next step; it is put up if it was not there yet."""
        if self.put_up_to(self._at + 1):
            self._go(self._at + 1)

    def put_up_to(self, place: int) -> bool:
        """Have all steps up to that place on the screen, if there are so many."""
        before = len(self._views)
        while len(self._views) <= place and (view := self.following()) is not None:
            self._views.append(view)
        if self._views[before:]:
            self._held.hold()
            self._column.mount(*self._views[before:])
        return place < len(self._views)

    def on_step_view_ready(self, event: StepView.Ready) -> None:
        """The step that the learner went to has all that it begins with."""
        if self._views and event.view is self._view:
            self.call_later(self._held.let_go)  # behind what its widgets have asked of the layout

    def on_unmount(self) -> None:
        """Whoever leaves at once holds up no other screen."""
        self._held.end()

    def _bring_to_sight(self, view: StepView) -> None:
        """All of a step, or its beginning where it is higher than the window."""
        high = view.virtual_region_with_margin.height > self._column.size.height
        self._column.scroll_to_widget(view, animate=False, top=high, immediate=True, force=True)

    def on_step_view_grew(self, event: StepView.Grew) -> None:
        """What is new at a step's end is brought into sight, once the column is as high as it.

        A step above, such as a lab whose first figure comes late, must not push the one that the
        learner is at out of sight.
        """
        self.call_after_refresh(self._show_end, event.view)

    def _show_end(self, grown: StepView) -> None:
        """The end of the step that the learner is at; its beginning stays in sight.

        With its margin, as `_bring_to_sight` does: where it stands must not hang on which came
        first, the sight of the step or what is in it.
        """
        if grown in self._views[: self._at + 1]:
            region, height = self._view.virtual_region_with_margin, self._column.size.height
            bottom = region.bottom - height
            if (to := min(bottom, region.y)) > self._column.scroll_offset.y:  # never back up
                self._column.scroll_to(y=to, animate=False, immediate=True)

    def on_step_view_scored(self) -> None:
        """The top line says the points."""
        if self._views:
            self._tell_far()

    def on_descendant_focus(self) -> None:
        """A click or tab on another step: the learner is there."""
        if not self._views or self.focused is None:
            return
        for place, view in enumerate(self._views):
            if place != self._at and view in self.focused.ancestors_with_self:
                self._go(place, focus=False)
        self.refresh_bindings()

    def _more_below(self) -> bool:
        """Whether the end of a text to read is still out of sight."""
        step = self._view.step
        if step is None or step.kind != "reading":
            return False
        seen = self._column.scroll_offset.y + self._column.size.height
        return self._view.region.bottom > 0 and self._view.virtual_region.bottom - 1 > seen

    # Keys

    def label_of(self, binding: Binding) -> str:
        """Enter's word is the step's; helps say their price."""
        if not self._views:
            return binding.description
        if binding.action == "go_on":
            return "read on" if self._more_below() else self._view.enter_does()
        if binding.action == "leave":
            if self._typing():
                return f"leave the {'text' if isinstance(self.focused, TextArea) else 'line'}"
            return "home" if len(self.app.screen_stack) == 2 else binding.description
        if binding.action in self._view.DOES:
            return self._view.label(binding.action) or binding.description
        return binding.description

    def why_not(self, action: str) -> str:
        """What this step cannot do."""
        if not self._views:
            return "" if action == "leave" else "This is still being read."
        if action in OWN:
            return self._view.why_not(action)
        if action in ("skip", "lesson") and self._view.step is None:
            return "This is the end."
        if action == "back" and not self._at:
            return "This is the first step."
        return ""

    def action_go_on(self) -> None:
        """The obvious thing."""
        if self.refuses("go_on"):
            return
        if self._more_below():
            self._column.scroll_page_down(animate=False)
        elif not self._view.enter():
            self.go_past(self._view)

    def go_past(self, view: StepView) -> None:
        """Go on from a step that has nothing more to do."""
        if view.step is not None and not view.page.done:
            self.skipped(view)
        self._next()

    def action_skip(self) -> None:
        """Pass over a step."""
        if not self.refuses("skip"):
            self.go_past(self._view)

    def action_back(self) -> None:
        """To the step before."""
        if self._views and self._at:
            self._go(self._at - 1)

    def action_forth(self) -> None:
        """To the step after, if it is there."""
        if self._views and self._at + 1 < len(self._views):
            self._go(self._at + 1)

    def last(self) -> int:
        """The place of the last step that can be gone to; it is put up."""
        return len(self._views) - 1

    def action_first(self) -> None:
        """To the first step."""
        if self._views:
            self._go(0)

    def action_last(self) -> None:
        """To the last one."""
        if self._views:
            self._go(self.last())

    def action_lesson(self) -> None:
        """The step in its lesson, from where it is asked outside of it."""
        if not self.refuses("lesson"):
            self.app.open_step(self._view.lesson.id, self._view.step.id)

    def _own(self, action: str) -> None:
        if not self.refuses(action):
            self._view.do(action)

    def action_hint(self) -> None:
        """A hint."""
        self._own("hint")

    def action_another(self) -> None:
        """A fresh variant."""
        self._own("another")

    def action_worked(self) -> None:
        """The solution."""
        self._own("worked")

    def action_figure(self) -> None:
        """The figure in full."""
        self._own("figure")

    def action_copy(self) -> None:
        """The figure's numbers."""
        self._own("copy")

    def action_pin(self) -> None:
        """Pin the figure."""
        self._own("pin")

    def action_cancel(self) -> None:
        """End the run."""
        self._own("cancel")

    def action_edit(self) -> None:
        """The exercise in an editor."""
        self._own("edit")

    def action_page(self, by: int) -> None:
        """A page down."""
        self._column.scroll_page_down(animate=False)

    def action_line(self, by: int) -> None:
        """A line up or down."""
        self._column.scroll_relative(y=by, animate=False)

    def action_within(self, by: int) -> None:
        """To what else can be worked with in this step; never to another one."""
        there = [each for each in self.focus_chain if self._views and self._view in each.ancestors]
        if there:
            at = there.index(self.focused) + by if self.focused in there else min(by, 0)
            self.set_focus(there[at % len(there)], scroll_visible=False)

    def _typing(self) -> bool:
        focused = self.focused
        return isinstance(focused, TextArea) or (isinstance(focused, Answer) and not focused.idle)

    def action_leave(self) -> None:
        """Out of the line; or back to where one came from."""
        if self._typing():
            self._view.focus(scroll_visible=False)
            self.refresh_bindings()
        else:
            self.app.leave()
