"""The tutorial: five stages as cards, each with Run, and one key that runs them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from lessons.kit.course import load
from tutor import progress, settings, wording
from tutor.keys import key
from tutor.progress import Standing
from tutor.screens.room import Room
from tutor.widgets.card import Card, does
from tutor.widgets.choices import Choices
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from tutor.watch import Snapshot


class Tutorial(Room):
    """What Run means is always the same: this stage, and whatever it still needs."""

    about = "The tutorial"
    BINDINGS: ClassVar = [
        key("enter", "obvious", "open", "Run this stage, resume it, or open its run."),
        key("r", "run_stage", "run", "Run this stage and what it needs."),
        key("a", "run_all", "run all", "Run all stages, one after another."),
        key("z", "size", "size", "Change the size: how many problems and questions."),
        key("f", "tuning", "tuning", "Change the fine-tuning settings."),
        key("h", "threshold", "threshold", "Change how sure the cascade must be of the student."),
        key("s", "settings", "settings", "All settings of this stage."),
        key("p", "app.score", "points", "The score card: what was measured, and the points."),
        key("down,j", "app.focus_next", "next", "To the next stage.", show=False),
        key("up,k", "app.focus_previous", "previous", "To the stage above.", show=False),
    ]

    def __init__(self) -> None:
        """Follows the running stage until the learner moves."""
        super().__init__()
        self._unit = load().unit("tutorial")
        self._followed = ""

    def where(self) -> str:
        """The unit's name."""
        return self._unit.name

    def body(self) -> Iterable[Widget]:
        """The choice, the cards, and in a wide window what the marked card is run with."""
        yield Choices()
        with Container(id="tutorial"):
            with VerticalScroll(id="stages", can_focus=False):
                for number, place in enumerate(self._places(), start=1):
                    yield Card(number, place)
            yield Words(id="details")
        yield Words(id="sum")

    def on_mount(self) -> None:
        """The card that matters has the focus."""
        super().on_mount()
        places = self._places()
        first = next((place for place in places if place.state != "finished"), places[-1])
        self._card(first).focus()

    def show(self, seen: Snapshot) -> None:
        """Cards, choice and sum as they stand now."""
        self.query_one(Choices).show(seen)
        places = self._places()
        for place in places:
            self._card(place).standing = place
        self._follow(places)
        self.query_one("#sum", Words).say(self._sum(places, seen))
        self._detail()

    def _follow(self, places: list[Standing]) -> None:
        """When another stage begins to compute, mark it, unless the learner has moved away."""
        running = next((place for place in places if place.state == "running"), None)
        if running is None or running.stage.id == self._followed:
            return
        marked = self._marked()
        if not self._followed or marked.stage.id == self._followed:
            self._card(running).focus()
        self._followed = running.stage.id

    def _places(self) -> list[Standing]:
        return progress.standings(self._unit, self.app.seen)

    def _card(self, place: Standing) -> Card:
        return self.query_one(f"#stage-{place.stage.id}", Card)

    def _marked(self) -> Standing:
        focused = self.focused
        return focused.standing if isinstance(focused, Card) else self._places()[0]

    def _sum(self, places: list[Standing], seen: Snapshot) -> str:
        if seen.trouble:
            return seen.trouble
        done = sum(place.state == "finished" for place in places)
        seconds = sum(place.seconds for place in places)
        parts = [f"{done} of {len(places)} stages", progress.points_line(self._unit, seen)]
        if seconds:
            parts.append(f"computed for {wording.duration(seconds)}")
        if done == len(places):
            parts.append("p shows the score card")
        return " · ".join(parts)

    def _detail(self) -> None:
        self.query_one("#details", Words).say(self._settings_of(self._marked(), False))

    def _settings_of(self, place: Standing, all_of_it: bool) -> Content:
        parts = []
        for name, kind in zip(place.stage.runs, place.stage.kinds, strict=True):
            run = self.app.seen.stages.get(name)
            title = f"run {run.id}, {wording.STATES[run.state][1]}" if run else "not run yet"
            parts.append(
                Content.assemble(
                    (name, "bold"),
                    (f"  {title}" if name == kind else f"  {kind}, {title}", "$foreground 60%"),
                )
            )
            spec = self.app.seen.specs.get(name, {})
            parts += [
                Content("  ") + line for line in settings.lines(kind, spec, all_of_it=all_of_it)
            ]
            parts.append(Content(""))
        return Content("\n").join(parts[:-1])

    def on_descendant_focus(self) -> None:
        """Another card is marked."""
        if self.is_mounted:
            self._detail()
            self.refresh_bindings()

    def on_card_chosen(self, event: Card.Chosen) -> None:
        """A click on a card's Run, Resume or Open."""
        event.card.focus()
        self.call_later(self.action_obvious)

    def label_of(self, binding: Binding) -> str:
        """Enter's word is the card's."""
        return does(self._marked()) if binding.action == "obvious" else binding.description

    def why_not(self, action: str) -> str:
        """What cannot be done now, and why."""
        seen, place = self.app.seen, self._marked()
        if action in ("run_stage", "run_all", "size", "tuning", "threshold") and not seen.ready:
            return "The runs are still being read."
        if action == "run_stage" and place.state in ("running", "queued"):
            return f"“{place.stage.name}” is {wording.STATES[place.state][1]} already."
        if action == "run_all":
            states = {each.state for each in self._places()}
            if states == {"finished"}:
                return "All stages have finished with these settings. r runs one of them again."
            if not states - {"finished", "running", "queued"}:
                return "All that is left is running or waiting already."
        if action == "app.score" and not (seen.card and seen.card.runs):
            return "Nothing was measured yet."
        return ""

    def action_obvious(self) -> None:
        """Run, resume or open, as the card says."""
        place = self._marked()
        if does(place) == "open":
            self.app.open_run(place.run.id)
        elif does(place) == "resume":
            self.app.resume(place.run.id)
        else:
            self.action_run_stage()

    def action_run_stage(self) -> None:
        """Run the marked stage; asks before one that has finished is run again."""
        if self.refuses("run_stage"):
            return
        place = self._marked()
        if place.state != "finished":
            self.app.start(place.stage.runs)
            return
        from tutor.screens.confirm import Confirm

        asked = Confirm(
            f"Run “{place.stage.name}” again?",
            "It has finished. The same settings give the same result. The stages that build on "
            "it will have to be run again too.",
            "Run again",
        )
        again = place.stage.runs
        self.app.push_screen(asked, lambda yes: yes and self.app.start(again, again=True))

    def action_run_all(self) -> None:
        """The whole chain; what has finished already is used as it is."""
        if not self.refuses("run_all"):
            self.app.start(tuple(self.app.seen.specs))

    def action_size(self) -> None:
        """The next preset."""
        self._choose(preset=self.query_one(Choices).after("preset"))

    def action_tuning(self) -> None:
        """The next fine-tuning settings."""
        self._choose(settings=self.query_one(Choices).after("settings"))

    def action_threshold(self) -> None:
        """The next threshold."""
        self._choose(threshold=self.query_one(Choices).after("threshold"))

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """A click on one of the names."""
        self._choose(**{event.field: event.value})

    def _choose(self, **changed: str | float) -> None:
        if not self.refuses("size"):
            self.app.choose(replace(self.app.seen.choice, **changed))

    def action_settings(self) -> None:
        """All settings of the marked stage."""
        from tutor.widgets.reading import Reading

        place = self._marked()
        self.app.push_screen(Reading(place.stage.name, self._settings_of(place, True)))
