"""The settings of tasks 2.2 and 3.2 as a form; each line says what is wrong with it as it is typed.

What is kept goes into the file that `tutor.tuning` reads, which the learner's editor opens too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from engine.errors import EngineError, SpecError
from engine.runs.tuning import POLICY, SFT, UNTOUCHED, Tuning
from engine.runs.tuning import read as read_values
from tutor import settings, task_words
from tutor.choice import YOURS
from tutor.keys import key
from tutor.screens.room import Room
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from engine.machine import Machine
    from tutor.watch import Desk

GROUPS = (("2.2 Fine-tuning", SFT), ("3.2 Policy", POLICY))
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
FAINT = "$foreground 60%"


class Field(Input):
    """A value to type; Enter is the form's key."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """All but that."""
        return False if action == "submit" else super().check_action(action, parameters)


class Line(Horizontal):
    """One setting: its name, its value, and a few words."""

    DEFAULT_CSS = """
    Line {
        height: 1; padding: 0 2;
        & > .label { width: 18; color: $text-muted; }
        & > Field {
            width: 22; height: 1; border: none; padding: 0; background: $surface;
            &:focus { border: none; background: $primary 15%; }
        }
        & > .says { width: 1fr; padding: 0 0 0 2; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(self, name: str, value: object) -> None:
        """A field of Tuning, and its value now."""
        super().__init__(id=f"line-{name}")
        self.field = name
        self._value = shown(value)

    def compose(self) -> Iterable[Widget]:
        """Three columns."""
        yield Words(LABELS.get(self.field, self.field.replace("_", " ")), classes="label")
        yield Field(self._value, select_on_focus=False)
        yield Words(ABOUT[self.field], classes="says")

    def on_mount(self) -> None:
        """No blinking."""
        self.query_one(Input).cursor_blink = False

    def say(self, error: SpecError | None) -> None:
        """What is wrong with it, or what it is."""
        words = Content.styled(ABOUT[self.field], FAINT)
        if error is not None:
            words = Content.styled(f"✗ {rule(error)}", "$text-error")
        self.query_one(".says", Words).say(words)


class Form(Room):
    """All settings that are the learner's, on one screen."""

    about = "Settings of the tutorial"
    BINDINGS: ClassVar = [
        key("enter", "keep", "keep", "Keep these settings, and go back."),
        key("f4", "edit", "$EDITOR", "Open the file with these settings in your editor."),
        key("ctrl+o", "untouched", "as handed out", "Every value as the tutorial hands it out."),
        key("down", "app.focus_next", "next", "To the next setting.", show=False),
        key("up", "app.focus_previous", "previous", "To the setting above.", show=False),
        key("escape", "leave", "leave it", "Back; nothing is kept."),
    ]

    def __init__(self, stage: str = task_words.FINE_TUNE) -> None:
        """Args: the task whose first setting has the focus."""
        super().__init__()
        self._first = POLICY[0] if stage == task_words.CASCADE else SFT[0]
        self._machine: Machine | None = None
        self.tuning = self.app.seen.tuning or UNTOUCHED
        """What the lines say, as far as it can be read."""
        self.faults: dict[str, SpecError] = {}

    def where(self) -> str:
        """Under the tutorial."""
        return "The tutorial › Settings"

    def body(self) -> Iterable[Widget]:
        """A line a setting; below, all of what is wrong with the marked one."""
        with VerticalScroll(id="form", can_focus=False):
            for title, names in GROUPS:
                yield Words(title, classes="group")
                for name in names:
                    yield Line(name, getattr(self.tuning, name))
        yield Words(id="rule")

    def on_mount(self) -> None:
        """The first line of the task has the focus; the machine is looked at meanwhile."""
        super().on_mount()
        self._input(self._first).focus()
        self.app.study.order(lambda classroom: classroom.machine(), self._room)
        self._look()

    def _room(self, machine: Machine) -> None:
        self._machine = machine
        if self.is_attached:
            self._look()

    def _input(self, name: str) -> Input:
        return self.query_one(f"#line-{name} Input", Input)

    def on_input_changed(self) -> None:
        """Something was typed."""
        self._look()

    def on_descendant_focus(self) -> None:
        """Another line is marked."""
        if self.is_mounted:
            self._tell()

    def _look(self) -> None:
        """Read all lines, and say beside each what is wrong."""
        tuning, faults = UNTOUCHED, {}
        for each in fields(Tuning):
            try:
                typed = self._input(each.name).value
                tuning = read_values({each.name: typed}, tuning)
            except SpecError as error:
                faults[each.name] = error
        faults = {**tuning.faults(), **faults}
        if self._machine is not None and not faults.keys() & {"lora_r", *FITTED}:
            faults = {**faults, **self._fits(tuning)}
        self.tuning, self.faults = tuning, faults
        for line in self.query(Line):
            line.say(faults.get(line.field))
        self._tell()
        self.refresh_bindings()

    def _fits(self, tuning: Tuning) -> dict[str, SpecError]:
        """What the student and the machine have against it."""
        from engine.runs import fits
        from engine.runs.specs import SftSpec

        choice = self.app.seen.choice
        spec = SftSpec(teach=1, student=choice.student, device=choice.device, **tuning.sft)
        return fits.faults(spec, self._machine)

    def _tell(self) -> None:
        """All of what is wrong with the marked line, else with any."""
        line = next((each for each in self.query(Line) if each.has_focus_within), None)
        error = self.faults.get(line.field) if line else None
        words = str(error) if error else ""
        if not error and self.faults:
            words = f"{len(self.faults)} of these cannot be; nothing is kept until they can."
        self.query_one("#rule", Words).say(words)

    def why_not(self, action: str) -> str:
        """Nothing is kept that cannot be."""
        if action == "keep" and self.faults:
            return str(next(iter(self.faults.values())))
        return ""

    def label_of(self, binding: Binding) -> str:
        """As declared."""
        return binding.description

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

    def action_untouched(self) -> None:
        """The tutorial's own values; nothing is kept yet."""
        self._fill(UNTOUCHED)

    def _fill(self, tuning: Tuning) -> None:
        for each in fields(Tuning):
            self._input(each.name).value = shown(getattr(tuning, each.name))

    def action_edit(self) -> None:
        """The file in the learner's editor, with what the lines say now in it."""
        from tutor import tuning
        from tutor.editing import open_in_editor

        if self.refuses("keep"):
            return
        try:
            file = tuning.write(self.app.home, self.tuning)
        except EngineError as error:
            self.app.notify(error.way_out, title=error.what, severity="error", markup=False)
            return
        if open_in_editor(self.app, file):
            kept = tuning.read(self.app.home)
            self._fill(kept.tuning)
            for words in kept.faults:
                self.app.notify(words, title="Not read", severity="warning", markup=False)


def shown(value: object) -> str:
    """A value as it is typed."""
    return settings.value(value)


def rule(error: SpecError) -> str:
    """What a field must be, without its name and value, which stand beside it."""
    what = error.what.partition("; it ")[2] or error.what
    return f"{what} {error.way_out}".strip()


def _write(tuned: Tuning):
    def write(desk: Desk) -> None:
        from tutor import tuning

        tuning.write(desk.home, tuned)

    return write
