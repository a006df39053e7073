"""`tutor progress`: what is mastered and what is shaky; and the record as a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tutor.commands.options import (
    home,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_learner,
)

if TYPE_CHECKING:
    from tutor.learner.record import Learner


@click.group(
    invoke_without_command=True,
    epilog="Example: tutor progress export record.json",
    short_help="Show what is mastered and what is shaky.",
)
@json_option
@home_option
@click.pass_context
def progress(ctx: click.Context, as_json: bool) -> None:
    """Show points, what is mastered, what is shaky, slips that recur, and the days of work."""
    if ctx.invoked_subcommand is None:
        _show(as_json)


@with_learner
def _show(learner: Learner, as_json: bool) -> None:
    from tutor import config
    from tutor.course import measuring
    from tutor.course import names as finding
    from tutor.report.learner import progress_text

    lessons = finding.lessons()
    measuring.catch_up(learner, lessons, home())
    settings = config.read()
    seen = learner.progress(lessons, settings.review_day)
    if as_json:
        print_json(seen.as_dict())
        return
    symbols = "ascii" if settings.plot_symbols == "ascii" else "block"
    tell(progress_text(seen, symbols))


@progress.command(epilog="Example: tutor progress export record.json")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@json_option
@home_option
@with_learner
def export(learner: Learner, file: str, as_json: bool) -> None:
    """Write the whole record to FILE as JSON; `-` writes it to standard output."""
    from tutor.course import measuring
    from tutor.course import names as finding
    from tutor.learner.file import write

    measuring.catch_up(learner, finding.lessons(), home())
    record = learner.export()
    if file == "-":
        print_json(record)
        return
    write(record, file)
    counted = {name: len(record[name]) for name in ("attempts", "sittings")}
    say(f"{counted['attempts']} attempts are in {file}.")
    if as_json:
        print_json({"file": file, **counted})


@progress.command("import", epilog="Example: tutor progress import record.json")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
@json_option
@home_option
@with_learner
def import_(learner: Learner, file: click.utils.LazyFile, as_json: bool) -> None:
    """Merge the record in FILE into this one; what is here stays, and nothing counts twice."""
    from tutor.learner.file import parse

    name = getattr(file, "name", "-")  # a pipe may have none
    added = learner.import_(parse(file, name))
    say(" ".join([f"{added.attempts} attempts were new.", added.doubts]).rstrip())
    if as_json:
        print_json({"file": name, **asdict(added)})
