"""How soon labs answer, exercises are checked and questions are linted, in the unit Numbers.

Each warm time, from the request to what the screen gets, stands beside the plain way: a Python
that is started for it, does it once and ends. Both sides come in turns in one run.

How long a key takes in a lesson is measured in test_key_to_paint.py.

    pytest tests/benchmarks/test_lessons.py -m bench -s
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median, quantiles

import psutil
import pytest

from lessons.kit.bench.bench import Bench
from lessons.kit.course import course
from lessons.kit.course.lesson import Lesson, lesson
from lessons.kit.judging.grader import Grader
from lessons.kit.lab import Lab
from lessons.kit.linting.lint import lint
from tests.benchmarks.measuring import spread

UNIT = "numbers"
AT_DEFAULTS, CHECKS, COLD = 20, 15, 3
MOVES = (1, -1, 2, -2, 3, -3)
"""How far a control is moved from its default, in its own steps."""
COMPUTES = "from lessons.kit.course.lesson import lesson; lesson({!r}).labs()[{!r}].compute()"
CHECKS_ONCE = """
from lessons.kit.judging.grader import check
from lessons.kit.course.lesson import lesson
exercise = lesson({!r}).exercise()
assert check(exercise, exercise.solution).passed
"""


@pytest.fixture(scope="module")
def unit() -> list[Lesson]:
    """Its lessons, in their order."""
    found = next(each for each in course.load().units if each.id == UNIT)
    return [lesson(f"{UNIT}/{name}") for name in found.lessons]


def took(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def started_for_it(code: str) -> float:
    """Milliseconds of a Python that does only this."""
    return took(lambda: subprocess.run([sys.executable, "-c", code], check=True))


def processor_time() -> float:
    """Milliseconds that this process and those it has started have computed so far."""
    spent = 0.0
    me = psutil.Process()
    for each in (me, *me.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            spent += sum(each.cpu_times()[:4])  # the last two are those of children that ended
    return 1000 * spent


def typical(values: list[float]) -> str:
    """The median and the 95th percentile."""
    if not values:
        return f"{'none':>13}"
    return f"{median(values):6.0f} {quantiles(values, n=20, method='inclusive')[18]:6.0f}"


def moves(lab: Lab) -> Iterator[dict]:
    """Values as a learner comes by them: one control a little off its default, no two alike."""
    seen = [lab.defaults]
    for each in lab.parameters:
        control, kind = each.control, type(each.default)
        if hasattr(control, "moved"):
            reached = [control.moved(each.default, by, kind) for by in MOVES]
        else:  # one types there
            reached = control.ends()
        for value in reached:
            values = {**lab.defaults, each.name: value}
            if values not in seen:
                seen.append(values)
                yield values


def test_quick_labs(unit):
    print(f"\nLabs of {UNIT}, milliseconds from the request to the figure; median, 95th percentile")
    print(f"  {'':<18} {'first':>6}  at defaults     control moved   of    a Python for it")
    every: list[float] = []
    with Bench() as bench:
        bench.start()
        assert bench.ready.wait(120)
        for each in unit:
            for lab in (lab for lab in each.labs().values() if not lab.long):
                ask = partial(bench.compute, each.folder, lab.name)
                first, *again = [took(partial(ask, lab.defaults)) for _ in range(AT_DEFAULTS + 1)]
                moved = [took(partial(ask, values)) for values in moves(lab)]
                every += moved
                cold = started_for_it(COMPUTES.format(each.id, lab.name))
                print(
                    f"  {lab.name:<18} {first:6.0f} {typical(again)}   {typical(moved)} "
                    f"{len(moved):4}   {cold:8.0f}"
                )
    print(f"  {'all':<18} {'':6} {'':13}   {typical(every)} {len(every):4}")
    assert len(every) > 100


def test_checks_of_exercises(unit):
    print(f"\nChecks of the solutions in {UNIT}, milliseconds; warm: median, 95th percentile")
    print(f"  {'':<24} {'warm':>13}   of  computing    a Python for it       cold / warm")
    with Grader() as grader:
        for each in unit:
            exercise = each.exercise()
            if exercise is None:
                continue
            assert grader.check(exercise, exercise.solution).passed
            warm, cold, computed = [], [], 0.0
            for _ in range(COLD):
                cold.append(started_for_it(CHECKS_ONCE.format(each.id)))
                begun = processor_time()
                warm += [
                    took(partial(grader.check, exercise, exercise.solution))
                    for _ in range(CHECKS // COLD)
                ]
                computed += processor_time() - begun
            ratios = [time / median(warm) for time in cold]
            print(
                f"  {each.id:<24} {typical(warm)} {len(warm):4}  {computed / len(warm):9.0f}    "
                f"{spread(cold, 0):<20}  "
                f"{spread(ratios, 1)}"
            )


def test_lint_of_questions(unit):
    report = lint(parts=["questions"])
    counts = report.counts
    print(
        f"\nQuestions linted: {counts['variants']:,} variants and {counts['answers']:,} answers of "
        f"{len(report.tried)} questions in {report.seconds['questions']:.1f} s, "
        f"{counts['variants'] / report.seconds['questions']:,.0f} variants a second"
    )
    assert report.clean, report.findings
    assert {each.id for each in unit} <= {each.lesson for each in report.tried}
