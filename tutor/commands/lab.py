"""`tutor lab`: a lab's figure, after the number that was predicted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.errors import SpecError
from tutor.commands.options import (
    INTERRUPTED,
    home,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_learner,
)

if TYPE_CHECKING:
    from engine.figures import Figure
    from lessons.kit.course.steps import Step
    from tutor.course.names import FoundLab
    from tutor.course.predictions import Compared
    from tutor.learner.record import Learner


@click.command(
    epilog="Example: tutor lab absmax bits=4 outlier=10", short_help="Compute a lab's figure."
)
@click.argument("name", metavar="LAB")
@click.argument("values", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--predict", "said", metavar="NUMBER", help="Name a number first, as the lab asks.")
@click.option("--skip", is_flag=True, help="Look without a prediction.")
@click.option("--controls", is_flag=True, help="Only say what can be set.")
@click.option(
    "--to",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Save it, too: as a picture (.svg, .png) or its numbers (.tsv).",
)
@click.option("--yes", is_flag=True, help="Replace FILE without asking.")
@json_option
@home_option
@click.pass_context
@with_learner
def lab(
    learner: Learner,
    ctx: click.Context,
    name: str,
    values: tuple[str, ...],
    said: str | None,
    skip: bool,
    controls: bool,
    file: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Compute a lab with these values and show its figure; what is left out has its default.

    Where the lesson asks for a prediction, the lab waits for it: --predict NUMBER, or --skip.
    A lab that takes long is a run, which goes on after Ctrl-C. --to saves what was computed, with
    the prediction and what was measured, as a picture for a slide or as rows for a sheet.
    """
    import shlex

    from tutor.course import names as finding
    from tutor.plain.lab import controls_text, read_values

    found = finding.lab(name)
    given: dict[str, Any] = read_values(shlex.join(values))
    begin = dict(found.step.settings.get("set", {})) if found.step else {}
    if controls:
        _controls(found, found.lab.values(begin | given), as_json)
        return
    asked = _open_prediction(learner, found)
    if said is not None and asked is None:
        asked = found.predictions[0] if found.predictions else None
        if asked is None:
            raise SpecError("predict", said, f"The lab {found.lab.name} asks for no prediction.")
    if asked is not None and said is None and not skip:
        raise SpecError(
            "predict",
            None,
            f"First predict. {' '.join(asked.text.split())}",
            f"tutor lab {name} --predict NUMBER, or --skip to look without one.",
        )
    out = Out(file, as_json)
    if file is not None:
        _see_to(file, yes)
    if asked is not None and said is not None:
        _or_interrupted(ctx, found, lambda: _predict(learner, found, asked, said, out))
        return
    if asked is not None:
        learner.skipped(asked)
    try:
        found.lab.values(begin | given)
    except SpecError:
        say(f"It can be set to\n{controls_text(found, {})}")
        raise
    _or_interrupted(ctx, found, lambda: _compute(learner, found, begin | given, out))


def _or_interrupted(ctx: click.Context, found: FoundLab, compute: Callable[[], None]) -> None:
    try:
        compute()
    except KeyboardInterrupt:
        if found.lab.long:
            say("The lab goes on as a run. `tutor runs` lists it, `tutor cancel RUN` ends it.")
        ctx.exit(INTERRUPTED)


def _see_to(file: Path, yes: bool) -> None:
    """Before anything is computed: whether it can be saved there, and may be."""
    from tutor.report.saving.file import refuse

    refuse(file)
    if file.exists() and not yes:
        click.confirm(f"{file} is there. Replace it?", abort=True, err=True)


def _compute(learner: Learner, found: FoundLab, given: dict[str, Any], out: Out) -> None:
    from tutor.course import measuring
    from tutor.plain import computing
    from tutor.plain.lab import values_text

    figure = computing.figure(found, given, home(), say)
    values = found.lab.values(given)
    measured = measuring.measure(learner, found.lesson, found.lab, values, figure)
    if found.step is not None:
        learner.computed(found.step, values_text(found, given))
    about = {"lab": found.lab.name, "lesson": found.lesson.id, "values": values}
    out.put(found, values, figure, measured, about, values_text(found, given))


def _predict(learner: Learner, found: FoundLab, step: Step, typed: str, out: Out) -> None:
    from lessons.kit.answers.reading import Unreadable
    from tutor.course import predictions as prediction
    from tutor.plain import computing

    try:
        number = prediction.read(step, typed)
    except Unreadable as error:
        raise SpecError(
            "predict", typed, f"{typed!r} is not read as a number.", str(error)
        ) from error
    attempt = learner.predicted(step, typed, number.read_as)  # kept, whatever comes of the lab
    figure = computing.figure(found, step.settings["set"], home(), say)
    compared = prediction.compare(step, float(number.value), figure)
    learner.measured(attempt, compared)
    about = {
        "lab": found.lab.name,
        "step": step.id,
        "read_as": number.read_as,
        "said": compared.said,
        "measured": compared.measured,
        "off": compared.off,
        "near": compared.near,
    }
    out.put(found, found.lab.values(step.settings["set"]), figure, [compared], about)


@dataclass(frozen=True, slots=True)
class Out:
    """Where a figure goes: to the terminal or as JSON, and to a file."""

    file: Path | None
    as_json: bool

    def put(
        self,
        found: FoundLab,
        values: Mapping[str, Any],
        figure: Figure,
        compared: Sequence[Compared],
        about: Mapping[str, Any],
        head: str = "",
    ) -> None:
        """All of it.

        Args:
            found: The lab.
            values: What it computed with.
            figure: What it gave.
            compared: What was predicted of it.
            about: What JSON says beside the figure.
            head: What stands above it.
        """
        from engine.figures import as_dict
        from tutor.report.drawing import figures
        from tutor.report.drawing.held import held

        if self.file is not None:
            from tutor.report.saving.file import save
            from tutor.report.saving.shown import shown

            save(shown(found.lesson.title, found.lab, values, figure, compared), self.file)
        if self.as_json:
            saved = {} if self.file is None else {"file": str(self.file)}
            print_json({**about, "figure": as_dict(figure), **saved})
            return
        drawn = figures.text(held(figure, compared), symbols=_symbols())
        tell("\n\n".join(filter(None, [head, drawn, *(each.words for each in compared)])))
        if self.file is not None:
            say(f"It is saved in {self.file}.")


def _open_prediction(learner: Learner, found: FoundLab) -> Step | None:
    """The first prediction of this lab that was neither made nor skipped."""
    places = learner.steps(found.lesson.id)
    for step in found.predictions:
        place = places.get(step.id)
        if place is None or place.state == "seen":
            return step
    return None


def _controls(found: FoundLab, values: dict[str, Any], as_json: bool) -> None:
    from tutor.plain.lab import controls_text

    if not as_json:
        tell(f"{found.lab.name}: {found.lab.about}\n{controls_text(found, values)}")
        return
    parameters = [
        {"name": each.name, "takes": each.control.says(), "default": each.default}
        for each in found.lab.parameters
    ]
    print_json(
        {
            "lab": found.lab.name,
            "lesson": found.lesson.id,
            "about": found.lab.about,
            "long": found.lab.long,
            "parameters": parameters,
            "values": values,
        }
    )


def _symbols() -> str:
    from tutor import config

    chosen = config.read().plot_symbols
    return "block" if chosen == "braille" else chosen
