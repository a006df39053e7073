"""What can be found as it is now: runs, settings, and the slips that were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from tutor.course.markup import without_marks
from tutor.learner.attempts import lesson_of
from tutor.tui.searching.index import Item
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.course.syllabus import Syllabus
    from tutor.learner.mastery import Slip


def runs(there: Sequence[Run]) -> Iterator[Item]:
    """All runs, the newest first."""
    for run in sorted(there, key=lambda run: -run.id):
        yield Item(
            "run", f"{run.id} {run.title}", f"Runs · {wording.state(run)}", ("run", run.id),
            also=f"{run.kind} {run.state}", text=wording.far(run),
        )  # fmt: skip


def settings() -> Iterator[Item]:
    """What can be chosen, and the paths."""
    from tutor import config
    from tutor.tui.words.settings import ABOUT, LABELS, PATHS

    for name in (*config.OFFERED, *config.COUNTS, "editor"):
        yield Item(
            "setting", LABELS.get(name, name), "Settings", ("setting", name),
            also=f"{name} {' '.join(config.OFFERED.get(name, ()))}",
            text=without_marks(ABOUT[name]),
        )  # fmt: skip
    for name, about in PATHS.items():
        yield Item(
            "setting", name, "Settings › Where things are", ("setting", name),
            also="path folder file directory", text=about,
        )  # fmt: skip


def slips(made: Iterable[Slip], course: Syllabus) -> Iterator[Item]:
    """Known mistakes that were made, each at its question."""
    for slip in made:
        lesson = lesson_of(slip.step)
        entry = course.entry(lesson)
        if entry is not None and entry.lesson is not None:
            question = slip.step.rpartition("/")[2]
            yield Item(
                "slip", slip.name, f"{course.unit_of(lesson)} › {entry.title}, {question}",
                ("step", lesson, slip.step), also="mistake shaky wrong",
                text=without_marks(slip.says),
            )  # fmt: skip
