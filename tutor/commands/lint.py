"""`tutor lint`: whether the course is what it says; for who writes lessons."""

from __future__ import annotations

import click

from tutor.commands.options import NOT_RIGHT, home_option, json_option, print_json, say, tell


@click.command(
    epilog="Example: tutor lint absmax --part questions --seeds 50",
    short_help="Look through the lessons for faults.",
)
@click.argument("names", metavar="[LESSON]...", nargs=-1)
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
@click.option("--long", is_flag=True, help="Compute labs that take minutes, too.")
@json_option
@home_option
@click.pass_context
def lint(
    ctx: click.Context,
    names: tuple[str, ...],
    parts: tuple[str, ...],
    seeds: int,
    long: bool,
    as_json: bool,
) -> None:
    """Look through the lessons named, or all of them; for who writes them.

    Names, sources and links; each question under many seeds; each exercise as it is shipped and
    solved; each lab at its defaults and at the ends of its ranges. The exit code is 5 where
    something is wrong.
    """
    from lessons.kit.lint import PARTS
    from lessons.kit.lint import lint as look
    from tutor import finding
    from tutor.report.lint import lint_text
    from tutor.report.paragraphs import room

    chosen = [finding.lesson(name) for name in names] or None
    report = look(chosen, parts=parts or PARTS, seeds=seeds, long=long, told=say)
    if as_json:
        print_json(report.as_dict())
    else:
        tell(lint_text(report, room()))
    ctx.exit(0 if report.clean else NOT_RIGHT)
