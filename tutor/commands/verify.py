"""`tutor verify`: whether a notebook's scores follow from its predictions, and what was edited."""

from __future__ import annotations

from pathlib import Path

import click

from tutor.commands.options import NOT_JUDGED, NOT_RIGHT, json_option, print_json, tell


@click.command(
    epilog="Example: tutor verify tutorial.ipynb", short_help="Check a notebook that was handed in."
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--run-checks", is_flag=True, help="Check the learner's code too; that runs it.")
@click.option(
    "--data",
    metavar="PATH",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with GSM8K's files, where the notebook is about them.",
)
@json_option
@click.pass_context
def verify(
    ctx: click.Context, file: Path, run_checks: bool, data: Path | None, as_json: bool
) -> None:
    """Count a notebook again: problems, answers, scores, the cascade, the points.

    Nothing is taken on trust but that the recorded texts are the models' own: no model is asked.
    The exit code is 0 when all was counted, all follows and nothing was edited; 6 when something
    could not be counted here; 5 otherwise.
    """
    from tutor.handin.verdict import verdict_text
    from tutor.handin.verify import verify
    from tutor.report.paragraphs import room

    told = verify(file, run_checks=run_checks, data=data)
    if as_json:
        print_json(told.as_dict())
    else:
        tell(verdict_text(told, room()))
    if not (told.follows and told.untouched):
        ctx.exit(NOT_RIGHT)
    ctx.exit(0 if told.counted else NOT_JUDGED)
