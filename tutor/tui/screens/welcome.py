"""The first start: what this is, what this machine can do, and Enter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.prose import ProseView
from tutor.tui.words.prose import Part, Prose, plain

if TYPE_CHECKING:
    from engine.errors import EngineError
    from engine.machine import Machine

FAINT = "$foreground 60%"
SENTENCES = (
    "You learn to make language models small, cheap and fast, and to prove that they are still "
    "good: you read a little, name a number, see the real thing computed, answer, and write code.",
    "All of it runs on this machine, without a network; the small models are built in.",
    "Everything is kept as you go: quit whenever you like, and Enter on Home continues there.",
)


class Welcome(Room):
    """Shown once."""

    about = "Welcome"
    BINDINGS: ClassVar = [
        key("enter", "begin", "begin", "To Home, where Enter opens the first lesson."),
        key("escape", "begin", "home", "To Home."),
    ]

    def __init__(self) -> None:
        """The machine is asked when it is shown."""
        super().__init__()
        self.machine: Machine | None = None

    def where(self) -> str:
        """The course's name."""
        return "Welcome"

    def body(self) -> Iterable[Widget]:
        """Three sentences, then the machine."""
        with VerticalScroll(id="welcome"):
            yield ProseView(tuple(Part(Content(each)) for each in SENTENCES))
            yield ProseView(plain("Looking at this machine …"), id="machine")

    def on_mount(self) -> None:
        """Have the machine looked at."""
        super().on_mount()
        self.query_one("#welcome").can_focus = False
        self.app.study.order(lambda c: c.machine(), self._looked, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#machine", ProseView).say(plain(str(error)))

    def _looked(self, machine: Machine) -> None:
        if self.is_attached:
            self.machine = machine
            self.query_one("#machine", ProseView).say(about(machine))

    @property
    def complete(self) -> bool:
        """Whether the machine was looked at."""
        return self.machine is not None

    def action_begin(self) -> None:
        """Never again, unless asked."""
        self.app.study.order(lambda c: c.welcomed())
        self.app.leave()


def about(machine: Machine) -> Prose:
    """What computes here, and what falls back."""
    cores = f"{machine.cores} core{'s' if machine.cores > 1 else ''}"
    rows = [
        ("CPU", cores),
        ("memory", f"{machine.memory / 2**30:.1f} GiB, {machine.available / 2**30:.1f} GiB free"),
    ]
    if machine.cards:
        rows += [("GPU", f"{card.name}, {card.total / 2**30:.0f} GiB") for card in machine.cards]
        falls = "With the GPU, the large models of the tutorial can be run as well."
        if machine.untried:
            falls = "It is not yet tried: the first run tells whether torch can use the GPU."
    else:
        rows.append(("GPU", f"not used: {machine.unused}" if machine.unused else "none found"))
        falls = (
            "Without one, 4-bit and 8-bit models run on the CPU, more slowly than in 32 bits; "
            "8-bit AdamW becomes torch's. Each run says what it fell back to."
        )
    title = Part(Content.styled("This machine", "bold"))
    listed = (
        Part(Content.assemble((f"{name:<8}", FAINT), value), "  ", " " * 10, close=True)
        for name, value in rows
    )
    return (Part(Content("")), title, *listed, Part(Content(falls)))
