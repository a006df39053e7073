"""`tutor export`: the tutorial as a notebook, or as a text."""

from __future__ import annotations

from pathlib import Path

import click

from tutor.commands.options import home, home_option, json_option, print_json, say, tell


@click.command(
    epilog="Example: tutor export tutorial --to tutorial.ipynb", short_help="Hand in the tutorial."
)
@click.argument("what", metavar="tutorial", type=click.Choice(["tutorial"]))
@click.option(
    "--to",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A notebook (.ipynb), or a text with pictures beside it (.md).",
)
@click.option("--yes", is_flag=True, help="Replace FILE without asking.")
@json_option
@home_option
def export(what: str, file: Path, yes: bool, as_json: bool) -> None:
    """Write what is handed in: code as written, settings, results with figures, and points.

    The runs are those that earned the points. A notebook runs again from top to bottom, and
    `tutor verify` tells whether its scores follow from its predictions.
    """
    from tutor.handin.export import check_name
    from tutor.handin.export import export as write
    from tutor.report.paragraphs import room
    from tutor.report.table import table
    from tutor.tutorial import run_words as wording

    check_name(file)
    if file.exists() and not yes:
        click.confirm(f"{file} is there. Replace it?", abort=True, err=True)
    written = write(home(), file)
    handed = written.handed
    if as_json:
        tasks = [task.as_dict() for task in handed.tasks]
        files = [str(each) for each in written.files]
        print_json({"files": files, "points": handed.points, "of": written.of, "tasks": tasks})
        return
    rows = [
        (task.name, f"{task.points:g} of {task.of:g}", wording.earned_by(task))
        for task in handed.tasks
    ]
    tell(table(rows, right=(1,), width=room()))
    tell(f"{handed.points:g} of {written.of:g} points, in {file}.")
    if file.suffix == ".ipynb":
        say(f"To see whether it holds: tutor verify {file}")
