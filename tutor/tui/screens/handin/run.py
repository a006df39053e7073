"""Any one run, typed as on the command line, with the settings of its kind below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.suggester import SuggestFromList
from textual.widgets import Input

from engine.kinds.kind import typed as typable
from tutor.report.table import table
from tutor.tui.screens.fields import Field
from tutor.tui.screens.handin.errand import ErrandRoom
from tutor.tutorial import run_options as kinds

if TYPE_CHECKING:
    from engine.errors import EngineError
    from engine.kinds.specs import Spec


class Start(ErrandRoom):
    """Queues it, and opens it."""

    about = "Start one run"
    label = "run"
    verb = "queue it"
    intro = (
        "Any one run, with every setting of its kind: evaluate, teach, sft, sample or cascade. "
        "The tutorial's tasks run all of these by themselves."
    )

    def where(self) -> str:
        """In the room."""
        return "Hand in › Start one run"

    def line(self) -> Input:
        """An example stands there; the right arrow completes a kind's."""
        return Field(examples()[0], suggester=SuggestFromList(examples()))

    def on_mount(self) -> None:
        """The settings of the example's kind."""
        super().on_mount()
        self._tell()

    def changed(self) -> None:
        """Another kind has other settings."""
        self._tell()

    def failed(self, error: EngineError) -> None:
        """The settings stand below what was wrong."""
        super().failed(error)
        self._tell()

    def _tell(self) -> None:
        kind = self.query_one(Input).value.split(" ")[0]
        self.say(lambda width: settings_text(kind, width))

    def begin(self, typed: str) -> None:
        """Read it, and queue it."""
        home = self.app.home
        self.order(lambda told: kinds.typed(home, typed), self._submit, "Reading")

    def _submit(self, spec: Spec) -> None:
        self._tell()
        self.app.order(lambda desk: desk.client.submit(spec.kind, spec), self._queued)

    def _queued(self, run_id: int) -> None:
        if self.is_attached:
            self.app.leave()
        self.app.open_run(run_id)


def examples() -> list[str]:
    """One of each kind, as it is typed."""
    return [f"{name} {each.example}" for name, each in typable().items()]


def settings_text(kind: str, width: int) -> str:
    """The settings of a kind; the kinds there are, where it is none."""
    if kind not in typable():
        rows = [(name, each.about) for name, each in typable().items()]
        return table(rows, ("kind", ""), width=width)
    return table(kinds.settings(kind), ("setting", "default", ""), width=width)
