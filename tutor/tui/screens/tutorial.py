"""The tutorial: its five tasks as cards, each with Run, and one key that runs them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from engine.cascades.score import row_of
from engine.runs.chains import chains_with
from lessons.kit.course.course import load
from tutor.tui.keys import key
from tutor.tui.screens import control
from tutor.tui.screens.room import Room
from tutor.tui.widgets.card import Card, does
from tutor.tui.widgets.choices import Choices
from tutor.tui.widgets.column import Stack
from tutor.tui.widgets.words import Cropped, Words
from tutor.tui.words import tasks as task_words
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording
from tutor.tutorial import stages as progress
from tutor.tutorial.choice import REFERENCE, YOURS
from tutor.tutorial.stages import Standing
from tutor.tutorial.task_words import FINE_TUNE

if TYPE_CHECKING:
    from engine.runs.chains import Chain
    from tutor.tui.threads.runs import Desk
    from tutor.tutorial.snapshot import Snapshot


class Tutorial(Room):
    """What Run means is always the same: this stage, and whatever it still needs."""

    about = "The tutorial"
    BINDINGS: ClassVar = [
        key("enter", "obvious", "open", "Run this task, resume it, or open its run."),
        key("r", "run_task", "run", "Run this task and what it needs."),
        key("a", "run_all", "run all", "Run all tasks, one after another; asks first."),
        key("space", "pause_or_resume", "pause", "Pause the whole chain, or let it go on."),
        key("c", "cancel", "cancel", "Cancel the whole chain; asks first."),
        key("e", "edit", "edit", "Your code of this task, or the form with its settings."),
        key("b", "best", "best policy", "Take the best policy of those tried on validation."),
        key("f", "whose", "whose settings", "Yours, or the reference's, which bring no points."),
        key("z", "size", "size", "Change the size: how many problems and questions."),
        key("m", "models", "models", "Student, teacher, precision, problems.", show=False),
        key("s", "settings", "read all settings", "All settings of this task, to be read."),
        key("p", "app.score", "points", "The score card: what was measured, and the points."),
        key("u", "app.runs", "runs", "All runs, the newest first."),
        key("h", "app.handin", "hand in", "The notebook to submit, and files out and in."),
        key("down,j", "app.focus_next", "next", "To the next task.", show=False),
        key("up,k", "app.focus_previous", "previous", "To the task above.", show=False),
    ]

    def __init__(self, stage: str = "") -> None:
        """Follows the running task until the learner moves.

        Args:
            stage: The task to begin at; empty for the first that is not done.
        """
        super().__init__()
        self._unit = load().unit("tutorial")
        self._wanted = stage
        self._followed = ""

    def where(self) -> str:
        """The unit's name."""
        return self._unit.name

    def body(self) -> Iterable[Widget]:
        """The choice, the cards, and in a wide window what the marked card is run with."""
        yield Choices()
        with Container(id="tutorial"):
            with Stack(id="stages"):
                for number, place in enumerate(self._places(), start=1):
                    yield Card(number, place)
            yield Cropped("s: all of it", id="details", indent=0)
        yield Words(id="sum")

    def on_mount(self) -> None:
        """The card that matters has the focus."""
        super().on_mount()
        places = self._places()
        first = next((place for place in places if place.state != "finished"), places[-1])
        wanted = [place for place in places if place.stage.id == self._wanted]
        self._card(wanted[0] if wanted else first).focus()

    def go_to(self, stage: str) -> None:
        """Mark a task's card."""
        self.query_one(f"#stage-{stage}", Card).focus()

    def show(self, seen: Snapshot) -> None:
        """Cards, choice and sum as they stand now."""
        self.query_one(Choices).show(seen, task_words.policy_line(seen))
        places = self._places()
        for place in places:
            card = self._card(place)
            card.standing = place
            card.task = task_words.card_line(place.task, seen) if place.task else Content("")
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

    def _chains(self) -> list[Chain]:
        """The chains that this tutorial's runs are in, as far as they are not over."""
        seen = self.app.seen
        return chains_with([run.id for run in seen.stages.values()], seen.runs)

    def _sum(self, places: list[Standing], seen: Snapshot) -> str:
        if seen.trouble or seen.faults:
            return seen.trouble or seen.faults[0]
        done = sum(place.state == "finished" for place in places)
        seconds = sum(place.seconds for place in places)
        parts = [f"{done} of {len(places)} run", progress.points_line(self._unit, seen)]
        if seconds:
            parts.append(f"computed for {wording.duration(seconds)}")
        chain = chain_words.one_line(self._chains(), seen.foreseen)
        lines = [line for line in (chain, " · ".join(parts)) if line]
        best, marked = seen.card.best if seen.card else None, self._marked()
        if marked.ahead and not chain:
            lines.append(f"{marked.stage.name}: {wording.forecast(marked.ahead)}")
        elif not marked.ahead and best is not None and not task_words.holds(best, seen.tuning):
            lines.append(f"b takes {wording.change_to(best, self._own_row())}")
        return "\n".join(lines)

    def _detail(self) -> None:
        self.query_one("#sum", Words).say(self._sum(self._places(), self.app.seen))
        details = task_words.settings_of(self._marked(), self.app.seen)
        self.query_one("#details", Cropped).say(details)

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
        """Enter's word is the card's; space pauses the chain or lets it go on."""
        if binding.action == "pause_or_resume":
            return f"{control.word(self._chains())} all"
        if binding.action == "cancel":
            return "cancel all"
        return does(self._marked()) if binding.action == "obvious" else binding.description

    def why_not(self, action: str) -> str:
        """What cannot be done now, and why."""
        seen, place = self.app.seen, self._marked()
        if (
            action in ("run_task", "run_all", "size", "models", "whose", "best", "edit")
            and not seen.ready
        ):
            return "The runs are still being read."
        if action in ("run_task", "run_all", "obvious") and seen.faults and does(place) == "run":
            return seen.faults[0]
        if action == "run_task" and place.state in ("running", "queued"):
            return f"“{place.stage.name}” is {wording.STATES[place.state][1]} already."
        if action in ("pause_or_resume", "cancel"):
            return control.why_not(action, self._chains())
        if action == "run_all":
            states = {each.state for each in self._places()}
            if states == {"finished"}:
                return "All tasks have finished with these settings. r runs one of them again."
            if not states - {"finished", "running", "queued"}:
                return "All that is left is running or queued already."
        if action == "app.score" and not seen.tasks:
            return "Nothing was read yet."
        if action == "best":
            return task_words.no_best(seen)
        if action == "whose" and place.stage.exercise and seen.choice.code == YOURS:
            return "This task has code: yours is taken as soon as its checks pass."
        if action == "edit" and place.stage.exercise and not place.task.lesson:
            return "The course has no exercise for this task."
        return ""

    def action_obvious(self) -> None:
        """Run, resume or open, as the card says."""
        if self.refuses("obvious"):
            return
        place = self._marked()
        if does(place) == "open":
            self.app.open_run(place.run.id)
        elif does(place) == "resume":
            self.app.resume(place.run.id)
        else:
            self.action_run_task()

    def action_run_task(self) -> None:
        """Run the marked task; asks before one that has finished is run again."""
        if self.refuses("run_task"):
            return
        place = self._marked()
        if place.state != "finished":
            self.app.start(place.stage.runs)
            return
        from tutor.tui.screens.confirm import Confirm

        asked = Confirm(
            f"Run “{place.stage.name}” again?",
            "It has finished. The same settings give the same result. The tasks that build on "
            "it will have to be run again too.",
            "Run again",
        )
        again = place.stage.runs
        self.app.push_screen(asked, lambda yes: yes and self.app.start(again, again=True))

    def action_run_all(self) -> None:
        """The whole chain; what has finished already is used as it is."""
        if not self.refuses("run_all"):
            self.app.start(tuple(self.app.seen.specs))

    def action_pause_or_resume(self) -> None:
        """Have the chain stand still, or go on."""
        if not self.refuses("pause_or_resume"):
            control.pause_or_resume(self.app, self._chains())

    def action_cancel(self) -> None:
        """End the chain for good, if the learner says so twice."""
        if not self.refuses("cancel"):
            control.cancel(self.app, self._chains())

    def action_size(self) -> None:
        """The next size."""
        if not self.refuses("size"):
            self._choose_size(self.query_one(Choices).after())

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """A click on a size."""
        if not self.refuses("size"):
            self._choose_size(event.preset)

    def _choose_size(self, preset: str) -> None:
        self.app.choose(replace(self.app.seen.choice, preset=preset))

    def on_choices_models(self) -> None:
        """A click on the models and problems."""
        self.action_models()

    def action_models(self) -> None:
        """The form with the two models and the problems."""
        if not self.refuses("models"):
            self.app.open_chain()

    def action_whose(self) -> None:
        """The reference's settings in place of one's own, or back."""
        if self.refuses("whose"):
            return
        stage, choice = self._marked().stage, self.app.seen.choice
        if stage.exercise:
            self.app.choose(choice.with_whose(code=YOURS))
            return
        field = "settings" if stage.id == FINE_TUNE else "policy"
        held = getattr(choice, field)
        self.app.choose(choice.with_whose(**{field: YOURS if held == REFERENCE else REFERENCE}))

    def _own_row(self) -> Mapping[str, float] | None:
        """What the learner's own policy has on validation, where it was tried there."""
        seen = self.app.seen
        return row_of(seen.card.grid, seen.tuning.policy) if seen.card and seen.tuning else None

    def action_best(self) -> None:
        """Keep the best policy as one's own; asks first where that costs EM."""
        if self.refuses("best"):
            return
        best = self.app.seen.card.best
        cost = wording.gives_up(best, self._own_row())
        if not cost:
            self._take(best)
            return
        from tutor.tui.screens.confirm import Confirm

        question = f"It is the one worth most points: {wording.best_policy(best)}. {cost}"
        asked = Confirm("Take this policy?", question, "Take it", "Keep yours")
        self.app.push_screen(asked, lambda yes: yes and self._take(best))

    def _take(self, best: Mapping[str, float]) -> None:
        def take(desk: Desk) -> None:
            from tutor.tutorial import settings as tuning

            tuning.take_policy(desk.home, best)

        self.app.choose(self.app.seen.choice.with_whose(policy=YOURS))
        self.app.order(take, lambda _: self._took(best))

    def _took(self, best: Mapping[str, float]) -> None:
        words = f"{wording.best_policy(best)}. Run “Cascade” to count it on the test problems."
        self.app.notify(words, title="Your policy", timeout=8, markup=False)

    def action_edit(self) -> None:
        """The exercise of a task with code; the form of one with settings."""
        if self.refuses("edit"):
            return
        place = self._marked()
        if place.stage.exercise:
            self.app.open_exercise(place.task.lesson)
        else:
            self.app.open_form(place.stage.id)

    def action_settings(self) -> None:
        """All settings of the marked stage."""
        from tutor.tui.widgets.reading import Reading

        place = self._marked()
        self.app.push_screen(
            Reading(place.stage.name, task_words.settings_of(place, self.app.seen, all_of_it=True))
        )
