"""The exercises, and files of the learner's that are wrong in one way."""

from pathlib import Path

import lessons
from lessons.kit.course.exercise import Exercise

UNITS = Path(lessons.__file__).parent


def exercise(lesson):
    """Of a lesson by its name in the tutorial, or with its unit: `numbers/absmax`."""
    id = lesson if "/" in lesson else f"tutorial/{lesson}"
    return Exercise(id, UNITS / id)


def mutant(lesson, folder, changes):
    """The solution with some of its text changed, in a file of the learner's."""
    source = exercise(lesson).solution.read_text()
    for before, after in changes:
        assert before in source, before
        source = source.replace(before, after)
    file = folder / "exercise.py"
    file.write_text(source)
    return file


def failed(report):
    """The checks that failed, by name; none was left unjudged."""
    assert "not judged" not in {each.outcome for each in report.results}, report
    return {each.name for each in report.results if each.outcome == "failed"}
