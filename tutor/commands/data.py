"""`tutor data`: teacher data out of a run into a file, and out of a file into a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.commands.options import (
    INTERRUPTED,
    Commands,
    exit_code,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_client,
)
from tutor.report.follow import follow_to_end

if TYPE_CHECKING:
    from engine.runs.client import Client


@click.group(
    cls=Commands,
    subcommand_metavar="COMMAND [OPTIONS]",
    epilog="Example: tutor data export 2 --to answers.jsonl",
)
def data() -> None:
    """Take a teacher's answers out as a file, or bring a file in as a teacher."""


@data.command(epilog="Example: tutor data export 2 --to answers.jsonl")
@click.argument("number", metavar="RUN", type=int)
@click.option(
    "--to",
    required=True,
    type=click.Path(path_type=Path),
    help="A file that ends in .jsonl, or a folder for `datasets`.",
)
@json_option
@home_option
@with_client
def export(client: Client, number: int, to: Path, as_json: bool) -> None:
    """Write the data set of a teach run: the answers that were kept, in the problems' order.

    As JSON lines it is OpenAI's chat format for fine-tuning, which most trainers read.
    """
    from engine.teachers.imports import give

    run = client.run(number)
    written = give(run, client.home, to)
    answers = (run.result or {}).get("kept")
    if as_json:
        print_json({"run": number, "answers": answers, "file": str(written)})
    else:
        tell(f"{answers:,} answers of run {number}, in {written}")


@data.command(name="import", epilog="Example: tutor data import answers.jsonl")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep", default="correct", show_default=True, help="correct, or all.")
@click.option("--rationale", default="full", show_default=True, help="full, or answer only.")
@json_option
@home_option
@click.pass_context
@with_client
def import_(
    client: Client, ctx: click.Context, file: Path, keep: str, rationale: str, as_json: bool
) -> None:
    """Bring in a file of answers, or a folder that `datasets` saved, as a finished teach run.

    `tutor run sft --teach RUN` then learns from it. An answer to a question that this home knows is
    judged by the gold answer here; any other is taken at its word.
    """
    from engine.kinds.specs import TeachSpec
    from engine.models.registry import FILE
    from engine.teachers import imports
    from tutor.commands.runs import print_run

    spec = TeachSpec(teacher=f"{FILE}{file}", keep=keep, rationale=rationale)
    spec.check()
    imports.check(file, client.home, keep, rationale)
    kept = imports.keep(file, client.home)
    number = client.submit("teach", replace(spec, teacher=kept))
    try:
        ended = follow_to_end(client, number, say)
    except KeyboardInterrupt:
        say(f"Run {number} goes on without you. To follow it again: tutor follow {number}")
        ctx.exit(INTERRUPTED)
    print_run(client, number, as_json)
    ctx.exit(exit_code(ended))
