"""The settings of the tasks Fine-tune and Cascade as a form.

What is kept goes into the file that `tutor.tutorial.settings` reads, and $EDITOR opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, ClassVar

from engine.chain.tuning import POLICY, SFT, UNTOUCHED, Tuning
from engine.chain.tuning import read as read_values
from engine.errors import EngineError, SpecError
from tutor.tui.keys import key
from tutor.tui.screens.fields import Fields, Line
from tutor.tui.words import spec as settings
from tutor.tutorial.choice import YOURS
from tutor.tutorial.task_words import CASCADE, FINE_TUNE

if TYPE_CHECKING:
    from engine.machine import Machine
    from tutor.tui.threads.runs import Desk

GROUPS = (("Fine-tuning", SFT), ("Policy", POLICY))
LABELS = {"lora_r": "rank r", "lora_alpha": "alpha", "lora_dropout": "dropout",
          "target_modules": "adapted layers", "k": "K", "top_p": "top-p"}  # fmt: skip
ABOUT = {
    "lora_r": "directions that the adapter has",
    "lora_alpha": "its output is scaled by alpha / r",
    "lora_dropout": "share of its inputs dropped",
    "target_modules": "names, or all-linear",
    "learning_rate": "the highest, after the warm-up",
    "epochs": "times through the answers",
    "batch_size": "answers a step",
    "scheduler": "cosine, linear, constant …",
    "warmup_steps": "until the rate is highest",
    "weight_decay": "how weights are drawn to zero",
    "k": "samples of a problem that vote",
    "temperature": "of the samples; 0 always the same",
    "top_p": "share of likely tokens drawn from",
    "threshold": "least share of votes that is kept",
}
FITTED = ("target_modules", "batch_size")
"""Settings that are held against the student and the machine."""


class Form(Fields):
    """All settings that are the learner's, on one screen."""

    about = "Settings of the tutorial"
    BINDINGS: ClassVar = [
        key("f4", "edit", "$EDITOR", "Open the file with these settings in your editor."),
        key("f8", "untouched", "as handed out", "Every value as the tutorial hands it out."),
    ]

    def __init__(self, stage: str = FINE_TUNE) -> None:
        """Args: the task whose first setting has the focus."""
        super().__init__()
        self._first = POLICY[0] if stage == CASCADE else SFT[0]
        self._machine: Machine | None = None
        self.tuning = self.app.seen.tuning or UNTOUCHED
        """What the lines say, as far as it can be read."""

    def where(self) -> str:
        """Under the tutorial."""
        return "The tutorial › Settings"

    def groups(self) -> Iterable[tuple[str, Iterable[Line]]]:
        """The two tasks."""
        for title, names in GROUPS:
            yield title, [self._line(name) for name in names]

    def _line(self, name: str) -> Line:
        label = LABELS.get(name, name.replace("_", " "))
        return Line(name, label, shown(getattr(self.tuning, name)), ABOUT[name])

    def on_mount(self) -> None:
        """The first line of the task has the focus; the machine is looked at meanwhile."""
        super().on_mount()
        self.typed(self._first).focus()
        self.app.study.order(lambda classroom: classroom.machine(), self._room)
        self.look()

    def _room(self, machine: Machine) -> None:
        self._machine = machine
        if self.is_attached:
            self.look()

    def read(self) -> Mapping[str, SpecError]:
        """All settings; what they, the student and the machine have against each."""
        tuning, faults = UNTOUCHED, {}
        for each in fields(Tuning):
            try:
                typed = self.typed(each.name).value
                tuning = read_values({each.name: typed}, tuning)
            except SpecError as error:
                faults[each.name] = error
        faults = {**tuning.faults(), **faults}
        if self._machine is not None and not faults.keys() & {"lora_r", *FITTED}:
            faults = {**faults, **self._fits(tuning)}
        self.tuning = tuning
        return faults

    def _fits(self, tuning: Tuning) -> dict[str, SpecError]:
        """What the student and the machine have against it."""
        from engine.kinds import fits
        from tutor.tutorial.choice import trained

        choice = self.app.seen.choice
        return fits.faults(trained(choice, tuning), self._machine, choice.source)

    def action_keep(self) -> None:
        """Write the file, let these settings hold, and go back."""
        if self.refuses("keep"):
            return
        wanted = self.tuning
        self.app.order(_write(wanted), lambda _: self._kept())

    def _kept(self) -> None:
        seen = self.app.seen
        self.app.choose(replace(seen.choice, settings=YOURS, policy=YOURS))
        if self.app.screen is self:
            self.app.leave()

    def why_not(self, action: str) -> str:
        """Nothing is to be taken back where nothing is otherwise."""
        untouched = (
            self.typed(each.name).value == shown(getattr(UNTOUCHED, each.name))
            for each in fields(Tuning)
        )
        if action == "untouched" and all(untouched):
            return "They are as they were handed out."
        return super().why_not(action)

    def action_untouched(self) -> None:
        """The tutorial's own values; nothing is kept yet."""
        if not self.refuses("untouched"):
            self._fill(UNTOUCHED)

    def _fill(self, tuning: Tuning) -> None:
        for each in fields(Tuning):
            self.typed(each.name).value = shown(getattr(tuning, each.name))

    def action_edit(self) -> None:
        """The file in the learner's editor, with what the lines say now in it."""
        from tutor.tui.outside.editor import open_in_editor
        from tutor.tutorial import settings as tuning

        if self.refuses("keep"):
            return
        file = tuning.path(self.app.home)
        try:
            tuning.write(self.app.home, self.tuning)
        except EngineError as error:
            self.app.notify(error.way_out, title=error.what, severity="error", markup=False)
            if not file.exists():
                return
        if open_in_editor(self.app, file):  # a broken file too: it is mended there
            kept = tuning.read(self.app.home)
            if not kept.broken:
                self._fill(kept.tuning)
            for words in kept.faults:
                self.app.notify(words, title="Not read", severity="warning", markup=False)


def shown(value: object) -> str:
    """A value as it is typed."""
    return settings.value(value)


def _write(tuned: Tuning):
    def write(desk: Desk) -> None:
        from tutor.tutorial import settings as tuning

        tuning.write(desk.home, tuned)

    return write
