"""Home: the course, what goes on, and Enter continues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from lessons.kit.course import Unit, load
from tutor import progress, wording
from tutor.keys import key
from tutor.screens.room import Room
from tutor.widgets.rows import Row, Rows, heading, sides
from tutor.widgets.words import Words

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.watch import Snapshot

CONTINUE, TUTORIAL, SCORE, RUNS = "continue", "tutorial", "score", "runs"


class Home(Room):
    """The first screen."""

    about = "Home"
    BINDINGS: ClassVar = [
        key("t", "app.tutorial", "tutorial", "The tutorial: its five stages, and Run for each."),
        key("u", "app.runs", "runs", "All runs, the newest first."),
        key("p", "score", "points", "The score card: what was measured, and the points for it."),
        key("r", "resume", "resume", "Resume the marked run, or the one that was interrupted."),
        key("escape", "leave", "back", "There is nothing behind Home; q quits.", show=False),
    ]

    def where(self) -> str:
        """The course's name."""
        return load().title

    def body(self) -> Iterable[Widget]:
        """What can be opened, and words about what is marked."""
        with Container(id="home"):
            yield Rows(id="offers")
            yield Words(id="about")

    def show(self, seen: Snapshot) -> None:
        """Offer what there is now."""
        unit = load().unit("tutorial")
        following = progress.what_next(unit, seen)
        rows = [
            Row(lambda width: sides(_continue(following), _wait(following), width), CONTINUE),
            heading(""),
            heading("Course"),
            Row(lambda width: _unit_line(seen, width), TUTORIAL),
        ]
        if seen.card and seen.card.runs:
            words = progress.points_line(unit, seen)
            rows.append(Row(lambda width: sides("  Score card", words, width), SCORE))
        rows += [heading(""), heading("Runs")]
        rows += [_run_row(run) for run in progress.going_on(seen)]
        rows.append(Row(lambda width: sides(*_all_runs(seen), width), RUNS))
        self.query_one(Rows).show(rows)
        self._tell(seen)

    def _tell(self, seen: Snapshot) -> None:
        """Say more about the marked row."""
        self.query_one("#about", Words).say(_about(seen, self.query_one(Rows).value))

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        self._tell(self.app.seen)
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Enter or a click."""
        if event.value == CONTINUE:
            self.app.go_on(progress.what_next(load().unit("tutorial"), self.app.seen))
        elif event.value == TUTORIAL:
            self.app.action_tutorial()
        elif event.value == SCORE:
            self.app.action_score()
        elif event.value == RUNS:
            self.app.action_runs()
        else:
            self.app.open_run(event.value)

    def label_of(self, binding: Binding) -> str:
        """Enter continues, on the row that says so."""
        marked = self.query_one(Rows).value
        return "continue" if (binding.action, marked) == ("open", CONTINUE) else binding.description

    def why_not(self, action: str) -> str:
        """Resume needs a run that stands still."""
        if action == "resume" and self._stopped() is None:
            return "No run is interrupted or paused."
        if action == "score" and not (self.app.seen.card and self.app.seen.card.runs):
            return "Nothing was measured yet: run the tutorial first."
        return ""

    def _stopped(self) -> Run | None:
        """The marked run if it can be resumed, else the first that can."""
        runs = [r for r in progress.going_on(self.app.seen) if r.state in ("interrupted", "paused")]
        marked = self.query_one(Rows).value
        return next((run for run in runs if run.id == marked), runs[0] if runs else None)

    def action_resume(self) -> None:
        """Resume what stands still."""
        if not self.refuses("resume"):
            self.app.resume(self._stopped().id)

    def action_score(self) -> None:
        """The score card, if there is one."""
        if not self.refuses("score"):
            self.app.action_score()

    def action_leave(self) -> None:
        """Home is the bottom."""
        self.app.notify("This is Home. q quits; runs go on without the tutor.", timeout=4)


def _continue(following: progress.Next) -> Content:
    return Content.assemble(("Continue  ", "bold $primary"), (following.words, "bold"))


def _wait(following: progress.Next) -> Content:
    return Content.styled("…" if following.does == "wait" else "Enter", "$foreground 60%")


def _unit_line(seen: Snapshot, width: int) -> Content:
    unit = load().unit("tutorial")
    places = progress.standings(unit, seen)
    done = sum(place.state == "finished" for place in places)
    begun = any(place.state != "new" for place in places)
    glyph = "●" if done == len(places) else "◐" if begun else "○"
    words = f"{done} of {len(places)} stages · {progress.points_line(unit, seen)}"
    return sides(f"{glyph} {unit.name}", words, width)


def _run_row(run: Run) -> Row:
    def draw(width: int) -> Content:
        right = wording.share(run.done, run.total) if run.total else ""
        if run.state == "running" and run.eta_seconds:
            right += f"  {wording.duration(run.eta_seconds)} left"
        state = Content.styled(f"{wording.state(run):<14}", wording.colour(run))
        return sides(state + Content(f"{run.id}  {run.title}"), right, width)

    return Row(draw, run.id)


def _all_runs(seen: Snapshot) -> tuple[str, str]:
    return "  All runs", f"{len(seen.runs)}" if seen.ready else "…"


def _about(seen: Snapshot, marked: object) -> Content:
    unit = load().unit("tutorial")
    if marked == TUTORIAL:
        return _about_unit(unit)
    if marked == SCORE:
        return Content("What was measured, with its intervals, and the points for it.")
    if marked == RUNS:
        return Content("Every run on this machine, the finished ones too.")
    if isinstance(marked, int) and (run := seen.run(marked)):
        return _about_run(run)
    following = progress.what_next(unit, seen)
    words = Content.assemble((f"{following.words}\n", "bold"), following.about)
    return words if seen.runs else words + Content("\n\n") + _about_unit(unit)


def _about_unit(unit: Unit) -> Content:
    can = "\n".join(f"  {line}" for line in unit.can)
    time = f"About {unit.minutes} minutes on a laptop, for {unit.points} points."
    able = ("You will be able to\n", "$foreground 60%")
    return Content.assemble((unit.about, "bold"), f" {time}\n", able, can)


def _about_run(run: Run) -> Content:
    words = {
        "interrupted": "It was interrupted. r resumes it from its last checkpoint.",
        "paused": "It is paused. r resumes it from where it stands.",
        "queued": "It waits for its turn.",
    }.get(run.state, "It goes on by itself, even when you quit the tutor.")
    return Content.assemble((f"{run.title}\n", "bold"), f"{wording.far(run)}\n".lstrip("\n"), words)
