"""A lab's figure: at once on the bench, or as a run that is followed where it takes long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import EngineError
from tutor.course.names import FoundLab

if TYPE_CHECKING:
    from engine.figures import Figure
    from engine.runs.home import Home
    from lessons.kit.bench.bench import Bench


def figure(
    found: FoundLab,
    values: Mapping[str, Any],
    home: Home,
    say: Callable[[str], None],
    bench: Bench | None = None,
) -> Figure:
    """Compute a lab; progress goes to standard error.

    Args:
        found: The lab.
        values: As they were typed or ready; those left out take their defaults.
        home: Where a long lab's run is kept.
        say: Takes what people are told of such a run.
        bench: One that is warm; None to start one and end it again.

    Raises:
        SpecError: A value cannot be.
        EngineError: The lab came to nothing; the words say why.
        KeyboardInterrupt: Ctrl-C; a run goes on.
    """
    from lessons.kit.bench.bench import Bench

    values = found.lab.values(values)
    if found.lab.long:
        return _run(found, values, home, say)
    if bench is not None:
        return bench.compute(found.lesson.folder, found.lab.name, values)
    with Bench() as own:
        return own.compute(found.lesson.folder, found.lab.name, values)


def _run(
    found: FoundLab, values: Mapping[str, Any], home: Home, say: Callable[[str], None]
) -> Figure:
    from engine.runs.client import Client
    from lessons.kit.worker import lab as lab_run
    from tutor.report.follow import follow_to_end

    with closing(Client(home, worker=lab_run.WORKER)) as client:
        spec = lab_run.LabSpec(_lesson_name(found), found.lab.name, values)
        number = client.submit(lab_run.KIND, spec)
        run = follow_to_end(client, number, say)
    made = lab_run.figure(run)
    if made is None:
        raise EngineError(
            f"The lab {found.lab.name} came to no figure: run {number} is {run.state}.",
            f"`tutor show {number}` says more.",
        )
    return made


def _lesson_name(found: FoundLab) -> str:
    """The lesson's id where it is one of the course's, else its folder."""
    import lessons

    own = Path(lessons.__file__).parent / found.lesson.id
    return found.lesson.id if own == Path(found.lesson.folder) else str(found.lesson.folder)
