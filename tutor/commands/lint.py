"""`tutor lint`: whether the course is what it says; for who writes lessons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.commands.options import NOT_RIGHT, home_option, json_option, print_json, say, tell

if TYPE_CHECKING:
    from lessons.kit.course.lesson import Lesson


@click.command(
    epilog="Example: tutor lint absmax --part questions --seeds 50",
    short_help="Look through the lessons for faults.",
)
@click.argument("names", metavar="[LESSON|FOLDER]...", nargs=-1)
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(["structure", "questions", "exercises", "labs"]),
    help="Only this; may be given more than once.",
)
@click.option(
    "--seeds",
    default=200,
    show_default=True,
    type=click.IntRange(1),
    help="Variants of each question.",
)
@click.option(
    "--new",
    metavar="UNIT/LESSON",
    help="Make a folder for a new lesson in this one, and say what is to be filled in.",
)
@click.option("--long", is_flag=True, help="Compute labs that take minutes, too.")
@json_option
@home_option
@click.pass_context
def lint(
    ctx: click.Context,
    names: tuple[str, ...],
    parts: tuple[str, ...],
    seeds: int,
    new: str | None,
    long: bool,
    as_json: bool,
) -> None:
    """Look through the lessons named, or all of them; for who writes them.

    A lesson is named, or given as the path of its folder, wherever that lies; --new makes one here.

    Names, sources and links; each question under many seeds; each exercise as it is shipped and
    solved; each lab at its defaults and at the ends of its ranges. The exit code is 5 where
    something is wrong.
    """
    from lessons.kit.linting import template
    from lessons.kit.linting.lint import PARTS
    from lessons.kit.linting.lint import lint as look
    from tutor.report.lint import lint_text
    from tutor.report.paragraphs import room

    if new:
        names, parts = (str(template.create(new, Path.cwd())),), ("structure",)
        say(f"Made {names[0]}: a whole small lesson, with what is to be filled in listed below.")
    chosen = [_lesson(name) for name in names] or None
    report = look(chosen, parts=parts or PARTS, seeds=seeds, long=long, told=say)
    if as_json:
        print_json(report.as_dict())
    else:
        tell(lint_text(report, room()))
    ctx.exit(0 if new or report.clean else NOT_RIGHT)


def _lesson(name: str) -> Lesson:
    """The course's lesson of a name, or the one whose folder lies at that path."""
    from lessons.kit.course.lesson import read_lesson
    from tutor.course import names as finding

    folder = Path(name).expanduser()
    if name[:1] not in (".", "~", "/"):
        try:
            return finding.lesson(name)
        except finding.NotThere:
            if not folder.is_dir():
                raise
    folder = folder.resolve()
    return read_lesson(folder, f"{folder.parent.name}/{folder.name}")
