"""The command `tutor`: opens the tutor, or does without a screen what its screens do.

Only click is imported here; what a command needs is imported when it runs, so that `--help` and
the first paint come at once.
"""

from __future__ import annotations

import sys

import click

from tutor import __version__
from tutor.commands.control import cancel, pause, resume
from tutor.commands.info import info
from tutor.commands.kinds import run
from tutor.commands.options import EXIT_CODES, USAGE, Commands, home_option, say
from tutor.commands.pipeline import pipeline
from tutor.commands.watching import follow, runs, show

EXAMPLES = """\b
Examples
  tutor                            open the tutor
  tutor pipeline --preset quick    run the whole chain and print the score card
  tutor show 7 --json              all about run 7
"""


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"{EXAMPLES}\n{EXIT_CODES}",
)
@home_option
@click.version_option(__version__, prog_name="tutor")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Learn to make language models small, cheap and fast, and to prove that they are still good.

    Without a command it opens the tutor in this terminal. Runs go on when it is closed.
    """
    if ctx.invoked_subcommand is not None:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        say("There is no terminal here to open the tutor in. These commands need none:\n")
        click.echo(ctx.get_help())
        ctx.exit(USAGE)
    from tutor.app import open_tutor
    from tutor.commands.options import home

    open_tutor(home())


for command in (pipeline, run, runs, show, follow, pause, resume, cancel, info):
    main.add_command(command)
