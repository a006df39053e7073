"""What a screen, a step or a widget may ask of the app it is in.

The app opens the screens, so they know it by this alone. Beside it they use what every Textual app
has. `tests/tutor/tui/test_host.py` holds both sides to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.runs.home import Home
    from lessons.kit.bench.bench import Bench
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.judging.grader import Grader
    from tutor.config import Config
    from tutor.course.syllabus import Syllabus
    from tutor.report.saving.shown import Shown
    from tutor.tui.threads.lessons import Study
    from tutor.tutorial.choice import Choice
    from tutor.tutorial.snapshot import Snapshot, View
    from tutor.tutorial.stages import Next


class Host(Protocol):
    """The app, for who is in it; beside this it is a `textual.app.App`."""

    home: Home
    config: Config
    symbols: str
    """What figures are drawn with."""
    searched: str
    """What was looked for last."""
    study: Study
    """The thread of the lessons; `order` is that of the runs."""
    seen: Snapshot
    """All runs, as they stood when they were last read."""
    view: View | None
    """The run that is looked at."""
    course: Syllabus
    """The lessons, as the learner stands in them."""
    bench: Bench
    grader: Grader

    def order(self, order: Callable, then: Callable[[Any], None] | None = None) -> None:
        """Have something done on the runs' thread."""

    def read_course(self) -> None:
        """Read how the learner stands, again."""

    def use(self, config: Config) -> None:
        """Let these settings hold from now on."""

    # Runs

    def choose(self, choice: Choice) -> None:
        """Show the tutorial with this choice from now on."""

    def start(self, wanted: tuple[str, ...], *, again: bool = False) -> None:
        """Queue stages of the tutorial and what they need."""

    def pause(self, run_id: int) -> None:
        """Ask for a pause."""

    def resume(self, run_id: int) -> None:
        """Let a run go on."""

    def cancel(self, run_id: int) -> None:
        """End a run for good."""

    def pause_all(self, run_ids: Sequence[int]) -> None:
        """Ask for a pause of all of them at once."""

    def resume_all(self, run_ids: Sequence[int]) -> None:
        """Let all of them go on that stand still."""

    def cancel_all(self, run_ids: Sequence[int]) -> None:
        """End all of them for good."""

    def look_at(self, run_id: int) -> None:
        """Follow one run in full, as `view`."""

    # Ways to other screens

    def go_on(self, following: Next) -> None:
        """Do what Home's first line says."""

    def leave(self) -> None:
        """Back by one screen."""

    def open_run(self, run_id: int) -> None:
        """One run."""

    def open_lesson(self, id: str, at: str = "", *, instead: bool = False) -> None:
        """A lesson, at a step."""

    def open_step(self, lesson: str, step: str = "") -> None:
        """A lesson at one of its steps, also where it is open already."""

    def open_practice(self, step: str) -> None:
        """One question, as fresh variants."""

    def open_outline(self, lesson: str, at: str = "") -> None:
        """The steps of a lesson."""

    def open_setting(self, name: str) -> None:
        """The settings, at one of them."""

    def open_exercise(self, lesson: str) -> None:
        """The exercise of a lesson."""

    def open_exercise_step(self, lesson: Lesson, step: Step, *, edit: bool = False) -> None:
        """An exercise that is read already."""

    def open_figure(self, where: str, shown: Shown) -> None:
        """A figure alone."""

    def copy_figure(self, shown: Shown, way: str) -> None:
        """The numbers of a figure, onto the clipboard."""

    def open_form(self, stage: str) -> None:
        """The settings of a task."""

    def open_chain(self) -> None:
        """The models and problems of the tutorial."""

    def open_task(self, stage: str) -> None:
        """The tutorial, at one of its tasks."""

    def action_tutorial(self) -> None:
        """The tutorial's tasks."""

    def action_runs(self) -> None:
        """All runs."""

    def action_review(self) -> None:
        """The questions that are due."""

    def action_welcome(self) -> None:
        """The first screen."""

    def action_score(self) -> None:
        """The score card."""

    def action_handin(self) -> None:
        """What is handed in."""

    def action_door(self, command: str) -> None:
        """The place of a command that stands in "Hand in"."""
