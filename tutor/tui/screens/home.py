"""Home: the course as a tree, what is due, what goes on, and Enter continues."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from engine.runs.chains import chains_with
from lessons.kit.course.course import load
from tutor.learner.attempts import lesson_of
from tutor.tui.keys import key
from tutor.tui.screens.room import LEAST_WIDTH, Room
from tutor.tui.widgets import run_rows
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.rows import Row, Rows, heading, sides
from tutor.tui.words import course as course_words
from tutor.tui.words.prose import Part, Prose, plain
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording
from tutor.tutorial import stages as progress

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from lessons.kit.course.course import Unit
    from tutor.course.syllabus import Entry, Syllabus
    from tutor.tutorial.snapshot import Snapshot

CONTINUE, TUTORIAL, SCORE, RUNS = "continue", "tutorial", "score", "runs"
REVIEW, HANDIN = "review", "handin"


class Home(Room):
    """The first screen."""

    about = "Home"
    BINDINGS: ClassVar = [
        key("r", "review", "review", "Questions that are due, each as a fresh variant."),
        key("u", "app.runs", "runs", "All runs, the newest first."),
        key("p", "app.mastery", "progress", "What is mastered, what is shaky, and the days."),
        key("slash", "app.search", "search", "Find a lesson, a step, a run by its words."),
        key("t", "app.tutorial", "tutorial", "The tutorial: its five tasks, and Run for each."),
        key("o", "outline", "outline", "All steps of the marked lesson; Enter there goes to one."),
        key("comma", "app.settings", "settings", "Theme, plot symbols, editor, and the paths."),
        key("h", "app.handin", "hand in", "The notebook to submit, and files out and in."),
        key("R", "resume", "resume", "Resume the marked run, or the interrupted one."),
        key("escape", "leave", "back", "There is nothing behind Home; q quits.", show=False),
    ]
    HORIZONTAL_BREAKPOINTS: ClassVar = [
        (0, "-tiny"), (LEAST_WIDTH, "-normal"), (78, "-two"), (110, "-wide"),
    ]  # fmt: skip

    def where(self) -> str:
        """The course's name."""
        return load().title

    def body(self) -> Iterable[Widget]:
        """What can be opened, and words about what is marked."""
        with Container(id="home"):
            yield Rows(id="offers")
            with VerticalScroll(id="beside", can_focus=False):
                yield ProseView(id="about")

    def on_mount(self) -> None:
        """Follow the runs and the course."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.watch(self.app, "course", self._course_read, init=False)

    def on_screen_resume(self) -> None:
        """The learner may have done something meanwhile."""
        super().on_screen_resume()
        if self.app.course.ready:
            self.app.read_course()

    def _course_read(self, course: Syllabus) -> None:
        if self.in_sight:
            self.show(self.app.seen)
            self.refresh_bindings()
        else:
            self._missed = True

    def show(self, seen: Snapshot) -> None:
        """Offer what there is now."""
        course = self.app.course
        stopped, moving = run_rows.going_on(seen)
        rows = [
            Row(lambda width: sides(_continue(course, seen), _wait(course), width), CONTINUE),
            *stopped,
            heading(""),
        ]
        for unit in load().units:
            entries = course.of(unit.id)
            ends = course_words.unit_row(unit, entries, _stages(unit, seen))
            rows.append(_row(ends, ("unit", unit.id)))
            rows += [_row(course_words.lesson_row(e), ("lesson", e.id)) for e in entries]
            if unit.stages:
                words = progress.points_line(unit, seen)
                glyph = course_words.GLYPHS[_stages(unit, seen)]
                rows.append(_row((f"  {glyph} The five tasks", words), TUTORIAL))
        if seen.card and seen.card.runs:
            rows.append(_row(("    Score card", ""), SCORE))
        rows += [heading(""), _row(("Review", course_words.due_row(course)), REVIEW)]
        rows += [*moving, _row(_all_runs(seen), RUNS)]
        rows.append(_row(("Hand in", "files out and in"), HANDIN))
        self.query_one(Rows).show(rows)
        self._tell(seen)

    def _tell(self, seen: Snapshot) -> None:
        """Say more about the marked row."""
        words = _about(seen, self.app.course, self.query_one(Rows).value)
        self.query_one("#about", ProseView).say(words)

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        self._tell(self.app.seen)
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Enter or a click."""
        match event.value:
            case "continue":
                self._go_on()
            case "tutorial":
                self.app.action_tutorial()
            case "score":
                self.app.action_score()
            case "runs" | ("chain", _):
                self.app.action_runs()
            case "review":
                self.action_review()
            case "handin":
                self.app.action_handin()
            case ("lesson", id):
                self._open(self.app.course.entry(id))
            case ("unit", id) if not self.app.course.of(id):
                self.app.action_tutorial()
            case ("unit", id):
                entries = self.app.course.of(id)
                left = [e for e in entries if e.record and e.record.state != "done"]
                self._open((left or entries)[0])
            case run_id:
                self.app.open_run(run_id)

    def _go_on(self) -> None:
        course = self.app.course
        entry = course.goes_on()
        if entry is not None:
            here = lesson_of(course.place) == entry.id if course.place else False
            self._open(entry, course.place if here else "")
        elif course.ready:
            self.app.go_on(progress.what_next(load().unit("tutorial"), self.app.seen))

    def _open(self, entry: Entry, at: str = "") -> None:
        if entry.lesson is None:
            self.app.notify(entry.trouble, title=entry.title, severity="error", markup=False)
        else:
            self.app.open_lesson(entry.id, at)

    def label_of(self, binding: Binding) -> str:
        """Enter continues, on the row that says so."""
        marked = self.query_one(Rows).value
        return "continue" if (binding.action, marked) == ("open", CONTINUE) else binding.description

    def why_not(self, action: str) -> str:
        """Resume needs a run that stands still, a review something due."""
        if action == "resume" and self._stopped() is None:
            return "No run is interrupted or paused."
        if action == "outline" and self._marked_lesson() is None:
            return "Mark a lesson first."
        if action == "review" and not self.app.course.ready:
            return self.app.course.trouble or "The course is still being read."
        if action == "review" and not self.app.course.review.due:
            return "No question is due."
        return ""

    def _marked_lesson(self) -> Entry | None:
        """The lesson of the marked row; of the first, the one that Enter goes on with."""
        course = self.app.course
        match self.query_one(Rows).value:
            case ("lesson", id):
                entry = course.entry(id)
            case "continue":
                entry = course.goes_on()
            case _:
                entry = None
        return entry if entry and entry.lesson else None

    def _stopped(self) -> Run | None:
        """The marked run if it can be resumed, else the first that can."""
        seen, marked = self.app.seen, self.query_one(Rows).value
        runs = [run for run in progress.going_on(seen) if run.state in run_rows.STOPPED]
        if isinstance(marked, tuple) and marked[0] == "chain":
            inside = {run.id for chain in chains_with([marked[1]], seen.runs) for run in chain.runs}
            runs = [run for run in runs if run.id in inside] or runs
        return next((run for run in runs if run.id == marked), runs[0] if runs else None)

    def action_resume(self) -> None:
        """Resume what stands still."""
        if not self.refuses("resume"):
            self.app.resume(self._stopped().id)

    def action_outline(self) -> None:
        """The steps of the marked lesson."""
        if not self.refuses("outline"):
            self.app.open_outline(self._marked_lesson().id)

    def action_review(self) -> None:
        """What is due."""
        if not self.refuses("review"):
            self.app.action_review()

    def action_leave(self) -> None:
        """Home is the bottom."""
        self.app.notify("This is Home. q quits; runs go on without the tutor.", timeout=4)


def _row(ends: tuple[str, str], value: Hashable) -> Row:
    return Row(lambda width: sides(ends[0], ends[1], width), value)


def _continue(course: Syllabus, seen: Snapshot) -> Content:
    words = course_words.continue_words(course)
    if not words:
        after = progress.what_next(load().unit("tutorial"), seen).words
        words = after if course.ready or seen.trouble else "Reading the course"
        words = "Your record cannot be read" if course.trouble else words
    return Content.assemble(("Continue  ", "bold $primary"), (words, "bold"))


def _wait(course: Syllabus) -> Content:
    return Content.styled("⏎" if course.ready else "…", "$foreground 60%")


def _stages(unit: Unit, seen: Snapshot) -> str:
    """How far the tasks of a unit are: `new`, `begun` or `done`; empty where it has none."""
    if not unit.stages:
        return ""
    if seen.points >= unit.points:
        return "done"
    return "begun" if seen.points or seen.stages else "new"


def _all_runs(seen: Snapshot) -> tuple[str, str]:
    return "Runs", f"{len(seen.runs)}" if seen.ready else "…"


def _about(seen: Snapshot, course: Syllabus, marked: object) -> Prose:
    unit = load().unit("tutorial")
    match marked:
        case ("lesson", id) if entry := course.entry(id):
            return course_words.about_lesson(entry, course)
        case ("unit", id):
            return course_words.about_unit(load().unit(id), course.of(id))
        case "tutorial":
            return (*course_words.about_tasks(unit, seen.tasks), *_about_next(seen))
        case "score":
            return plain(
                "The points of each task with the run that earned them; what was measured."
            )
        case "runs":
            return plain(seen.trouble or "Every run on this machine, the finished ones too.")
        case "handin":
            return plain(
                "The notebook to submit, written and verified. Your record and a teacher's answers "
                "as files, out and in. Runs audited and compared; lessons linted; this machine."
            )
        case "review":
            return course_words.about_due(course)
        case ("chain", number) if found := chains_with([number], seen.runs):
            return (
                *plain(chain_words.one_line(found, seen.foreseen)),
                *plain("On Runs (u) space pauses the chain or lets it go on, and c cancels it."),
            )
        case int() if run := seen.run(marked):
            return _about_run(run)
    if trouble := course.trouble or seen.trouble:
        return plain(trouble)
    if entry := course.goes_on():
        return course_words.about_lesson(entry, course)
    return _about_next(seen)


def _about_next(seen: Snapshot) -> Prose:
    following = progress.what_next(load().unit("tutorial"), seen)
    return (Part(Content.styled(following.words, "bold")), *plain(following.about))


def _about_run(run: Run) -> Prose:
    words = {
        "interrupted": "It was interrupted. R resumes it from its last checkpoint.",
        "paused": "It is paused. R resumes it from where it stands.",
        "queued": "It is queued, and begins by itself.",
    }.get(run.state, "It goes on by itself, even when you quit the tutor.")
    far = plain(wording.far(run)) if wording.far(run) else ()
    return (Part(Content.styled(run.title, "bold")), *far, *plain(words))
