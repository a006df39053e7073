"""`tutor export`: the tutorial as a notebook, or as a text."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from engine.errors import EngineError
from engine.runs.home import unusable
from tutor.commands.options import home, home_option, json_option, print_json, say, tell

KINDS = (".ipynb", ".md")


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
    from tutor import wording
    from tutor.handin import markdown
    from tutor.handin.handed import gather
    from tutor.handin.notebook import notebook
    from tutor.learner.record import Learner
    from tutor.reader import Reader

    if file.suffix not in KINDS:
        what_is = f"{file.name} is no {' and no '.join(KINDS)}."
        raise EngineError(what_is, "Name one, such as --to tutorial.ipynb.")
    if file.exists() and not yes:
        click.confirm(f"{file} is there. Replace it?", abort=True, err=True)
    folder = home()
    with Learner(folder) as learner, closing(Reader(folder)) as reader:
        handed = gather(reader.client, learner)
        made = notebook(handed, reader)
    try:
        written = _write(made, file) if file.suffix == ".ipynb" else markdown.write(made, file)
    except OSError as error:
        raise unusable(file, error) from error
    of = sum(task.of for task in handed.tasks)
    if as_json:
        tasks = [task.as_dict() for task in handed.tasks]
        files = [str(each) for each in written]
        print_json({"files": files, "points": handed.points, "of": of, "tasks": tasks})
        return
    for task in handed.tasks:
        tell(f"{task.number:<6} {task.points:>4g} of {task.of:<3g} {wording.earned_by(task)}")
    tell(f"{handed.points:g} of {of:g} points, in {file}.")
    if file.suffix == ".ipynb":
        say(f"To see whether it holds: tutor verify {file}")


def _write(made: object, file: Path) -> list[Path]:
    import nbformat

    nbformat.write(made, file)
    return [file]
