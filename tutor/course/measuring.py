"""Holds the numbers that were named against what labs measure, and writes down what came of them.

Whoever has a figure calls `measure`: a screen, `tutor lab`, plain mode. A long lab may finish when
nobody looks at it; `catch_up` finds its run later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from engine.figures import UnknownFigure
from tutor.course import predictions as prediction
from tutor.course.predictions import Compared

if TYPE_CHECKING:
    from engine.figures import Figure
    from engine.runs.home import Home
    from lessons.kit.controls import Value
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.lab import Lab
    from tutor.learner.record import Learner

RUNS = 1000
"""How far back a finished run of a lab is looked for."""


def measure(
    learner: Learner, lesson: Lesson, lab: Lab, values: Mapping[str, Value], figure: Figure
) -> list[Compared]:
    """Measure what was named for a lab that was computed with these values.

    Args:
        learner: Whose record.
        lesson: The lab's lesson.
        lab: The lab.
        values: What it computed with, all of them, read.
        figure: What it gave.

    Returns:
        For each prediction of it: the number that was named last, held against the figure.

    Raises:
        EngineError: The figure does not hold the value that a prediction is about.
    """
    told = [hold(learner, step, figure) for step in about(lesson, lab, values)]
    return [each for each in told if each is not None]


def about(lesson: Lesson, lab: Lab, values: Mapping[str, Value]) -> list[Step]:
    """The predictions that a lab with these values measures."""
    return [
        step
        for step in lesson.steps
        if step.kind == "predict"
        and step.settings["lab"] == lab.name
        and lab.values(step.settings["set"]) == dict(values)
    ]


def hold(learner: Learner, step: Step, figure: Figure) -> Compared | None:
    """Measure every number that was named for a step and waits for it.

    Returns:
        What came of the one that was named last; None where none was.
    """
    from lessons.kit.answers.reading import Unreadable

    newest = None
    for named in learner.named(step):
        try:
            number = prediction.read(step, named.attempt.typed)
        except Unreadable:  # a record of another release, which read more than this one
            continue
        compared = prediction.compare(step, float(number.value), figure)
        if named.measurement is None:
            learner.measured(named.attempt, compared)
        newest = newest or compared
    return newest


def catch_up(learner: Learner, lessons: Iterable[Lesson], home: Home) -> None:
    """Measure what was named for long labs whose runs have finished meanwhile."""
    waiting = learner.unmeasured()
    if not waiting:
        return
    from engine.runs.store import Store
    from lessons.kit.course.course import load
    from lessons.kit.worker import lab as lab_run

    today = load().today

    with closing(Store(home)) as store:
        runs = [
            run
            for run in store.runs(limit=RUNS)
            if run.kind == lab_run.KIND and run.state == "finished"
        ]
    for lesson in lessons if runs else ():
        names = (lesson.id, str(lesson.folder))
        for step in lesson.steps:
            lab = lesson.labs().get(step.settings["lab"]) if step.id in waiting else None
            if lab is None:
                continue
            wanted = {"lab": lab.name, "values": lab.values(step.settings["set"])}
            for run in runs:
                told = {"lab": run.spec["lab"], "values": dict(run.spec["values"])}
                if today(run.spec["lesson"]) in names and told == wanted:
                    try:
                        figure = lab_run.figure(run)
                    except UnknownFigure:  # the run's own screen says so
                        continue
                    if figure and prediction.measures(step, figure):  # an earlier release may not
                        hold(learner, step, figure)
                        break
