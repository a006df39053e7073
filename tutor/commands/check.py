"""`tutor check`: the checks of an exercise, its solution, and a fresh start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.commands.options import (
    NOT_JUDGED,
    NOT_RIGHT,
    home,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_learner,
)

if TYPE_CHECKING:
    from lessons.kit.course.exercise import Exercise
    from lessons.kit.course.steps import Step
    from tutor.learner.record import Learner

CODES = {"passed": 0, "failed": NOT_RIGHT, "not judged": NOT_JUDGED}


@click.command(epilog="Example: tutor check absmax", short_help="Check an exercise.")
@click.argument("name", metavar="EXERCISE")
@click.argument(
    "file",
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--path", "only_path", is_flag=True, help="Print where your file is; make it first.")
@click.option("--solution", is_flag=True, help="Print a solution; before a pass it has its price.")
@click.option("--reset", is_flag=True, help="Begin again; what you have is kept beside it.")
@click.option("--yes", is_flag=True, help="Do not ask before --solution or --reset.")
@json_option
@home_option
@click.pass_context
@with_learner
def check(
    learner: Learner,
    ctx: click.Context,
    name: str,
    file: Path | None,
    only_path: bool,
    solution: bool,
    reset: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Check the exercise of a lesson: your file in the home, or FILE.

    The exit code is 0 when all checks pass, 5 when one does not, and 6 when one could not be
    judged, which is not your fault.
    """
    from lessons.kit.course import exercise as files
    from tutor.course import names as finding

    lesson, step, exercise = finding.exercise(name)
    if solution:
        _solution(learner, step, exercise, yes, as_json)
        return
    if reset:
        if not yes:
            click.confirm(f"Begin {lesson.title} again?", abort=True, err=True)
        kept = files.reset(home(), exercise)
        say("It is as shipped." + (f" What you had is in {kept}." if kept else ""))
        if as_json:
            print_json({"file": str(files.path(home(), exercise)), "kept": kept and str(kept)})
        return
    own = file is None
    file = files.create(home(), exercise) if own else file
    if only_path:
        print_json({"file": str(file)}) if as_json else tell(str(file))
        return
    seconds = learner.since_shown(step.id)
    if file.resolve() == exercise.solution.resolve():
        learner.opened(step)
    ctx.exit(_check(learner, step, exercise, file, seconds, as_json))


def _check(
    learner: Learner, step: Step, exercise: Exercise, file: Path, seconds: float, as_json: bool
) -> int:
    """Check, record and print; the exit code."""
    from lessons.kit.judging import grader
    from tutor.report.checks import outcome, report_text, summary
    from tutor.report.question import counted

    report = grader.check(exercise, file)
    came_to = outcome(report)
    attempt = learner.checked(step, came_to, summary(report), seconds)
    place = learner.step(step.id)
    if as_json:
        told = {"exercise": step.id, "file": str(file), "outcome": came_to, **report.as_dict()}
        print_json({**told, "points": attempt.points, "best": place.points, "of": step.points})
    else:
        tell(f"{file}\n\n{report_text(report)}")
        if came_to == "passed":
            tell(f"{counted(attempt.points)} of {step.points:g}.")
    return CODES[came_to]


def _solution(learner: Learner, step: Step, exercise: Exercise, yes: bool, as_json: bool) -> None:
    from tutor.learner import points
    from tutor.report.question import counted

    place = learner.step(step.id)
    free = place is not None and (place.opened or place.state == "done")
    if not (free or yes):
        left = counted(points.exercise(step.points, opened=True))
        words = f"Your checks have not passed yet. With the solution {left} are left. Open it?"
        click.confirm(words, abort=True, err=True)
    place = learner.opened(step)
    text = exercise.solution.read_text(encoding="utf-8")
    if as_json:
        print_json({"exercise": step.id, "solution": text, "price_paid": place.opened})
    else:
        tell(text.rstrip(), as_it_is=True)
