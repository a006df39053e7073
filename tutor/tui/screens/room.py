"""What every screen has: the top line, the key line, and an answer to "why does this key not work".

Under 60 columns or 16 rows nothing below can be drawn rightly; the room says so instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.keys import TYPED, key
from tutor.tui.widgets.keyline import KeyLine
from tutor.tui.widgets.topline import TopLine

if TYPE_CHECKING:
    from tutor.tui.host import Host
    from tutor.tutorial.snapshot import Snapshot

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class Room(Screen[None]):
    """A screen of the tutor."""

    BINDINGS: ClassVar = [key("escape", "leave", "back", "Back to where you came from.")]
    FIRST: ClassVar[tuple[str, ...]] = ()
    """Actions that the footer names before the others, where it has not room for all."""
    HORIZONTAL_BREAKPOINTS: ClassVar = [(0, "-tiny"), (LEAST_WIDTH, "-normal"), (110, "-wide")]
    VERTICAL_BREAKPOINTS: ClassVar = [(0, "-flat"), (LEAST_HEIGHT, "-low"), (22, "-high")]

    app: Host
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual paints the whole screen anew where the focus moves; the two widgets do it for us."""
    _missed = False
    _worked_in: Widget | None = None
    """What had the focus when the window became too small, which takes it away."""

    def compose(self) -> ComposeResult:
        """The frame, and the body of the screen in it."""
        self._top = TopLine(self.where())
        yield self._top
        yield from self.body()
        yield KeyLine()
        yield Static(id="too-small")

    def where(self) -> str:
        """The place, for the top line: `Runs › 14 fine-tune`."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """What is between the two lines."""
        raise NotImplementedError

    def show(self, seen: Snapshot) -> None:
        """Show a new snapshot. Called with each one while the screen is open."""

    def on_mount(self) -> None:
        """Follow what the watch sees."""
        self.watch(self.app, "seen", self._seen)

    def on_screen_resume(self) -> None:
        """Catch up with what was not shown while another screen was on top."""
        if self._missed:
            self._seen(self.app.seen)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that are commands now; Textual counts some among them that are typed."""
        line = self.focused
        return {
            name: active
            for name, active in super().active_bindings.items()
            if line is None or name not in TYPED or not line.check_consume_key(name, TYPED[name])
        }

    @property
    def in_sight(self) -> bool:
        """Whether this screen is on top, or has only windows above it."""
        above = self.app.screen_stack[::-1]
        return next((screen for screen in above if not screen.is_modal), None) is self

    def _seen(self, seen: Snapshot) -> None:
        self._missed = not self.in_sight
        if not self._missed:
            self.show(seen)
            self.refresh_bindings()

    def on_resize(self) -> None:
        """Say what is needed where there is not enough room; with room again, all is as it was."""
        width, height = self.size  # the classes come after the first size
        if width < LEAST_WIDTH or height < LEAST_HEIGHT:
            self._worked_in = self._worked_in or self.focused
            self.query_one("#too-small", Static).update(
                f"The tutor needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows. This window has "
                f"{width} and {height}. Make it larger, or use the commands: tutor --help."
            )

        elif self._worked_in is not None:
            self.call_after_refresh(self.set_focus, self._worked_in, scroll_visible=False)
            self._worked_in = None

    def why_not(self, action: str) -> str:
        """Why this action would do nothing now, in a sentence; empty where it would."""
        return ""

    def apart(self) -> Iterable[tuple[Widget, str]]:
        """Widgets with keys of their own, wherever the focus is, and where that is, in words."""
        return ()

    def label_of(self, binding: Binding) -> str:
        """The footer's word for a key, where it depends on what the screen shows."""
        return binding.description

    def refuses(self, action: str) -> bool:
        """Whether an action is not possible now; if so, tells the learner why."""
        why = self.why_not(action)
        if why:
            self.app.notify(why, title="Not now", severity="warning", markup=False)
        return bool(why)

    def action_leave(self) -> None:
        """Back to the screen below."""
        self.app.leave()
