"""The command `tutor`: opens the tutor, or does without a screen what its screens do.

Only click is imported here; what a command needs is imported when it runs, so that `--help` and
the first paint come at once.
"""

from __future__ import annotations

import os
import sys

import click

from tutor import __version__
from tutor.commands.ask import ask
from tutor.commands.audit import audit
from tutor.commands.check import check
from tutor.commands.compare import compare
from tutor.commands.control import cancel, pause, resume
from tutor.commands.data import data
from tutor.commands.export import export
from tutor.commands.info import info
from tutor.commands.lab import lab
from tutor.commands.lessons import lessons, read
from tutor.commands.lint import lint
from tutor.commands.models import models
from tutor.commands.options import EXIT_CODES, INTERRUPTED, USAGE, Commands, home_option, say, tell
from tutor.commands.pipeline import pipeline
from tutor.commands.progress import progress
from tutor.commands.review import review
from tutor.commands.run import run
from tutor.commands.runs import follow, runs, show
from tutor.commands.score import score
from tutor.commands.serve import serve
from tutor.commands.verify import verify

DUMB = ("", "dumb", "unknown")
"""Terminals that a screen cannot be drawn on."""
FRAMES = "120"
"""How often a second Textual may paint, at most; by its own 60 a key behind a paint waits 17 ms."""
EXAMPLES = """\b
Examples
  tutor                            open the tutor
  tutor --plain                    the whole course by prompts, without a screen
  tutor ask absmax-scale           one question
  tutor pipeline --preset quick    run the whole chain and print the score card
  tutor show 7 --json              all about run 7
"""


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=f"{EXAMPLES}\n{EXIT_CODES}",
)
@click.option("--plain", is_flag=True, help="By prompts: for screen readers, pipes, bad links.")
@home_option
@click.version_option(__version__, prog_name="tutor")
@click.pass_context
def main(ctx: click.Context, plain: bool) -> None:
    """Learn to make language models small, cheap and fast, and to prove that they are still good.

    Without a command it opens the tutor in this terminal; in one that can only print lines
    (TERM=dumb), by prompts. Runs go on when it is closed.
    """
    if ctx.invoked_subcommand is not None:
        return
    served = "TEXTUAL_DRIVER" in os.environ  # a browser is the terminal: see `tutor serve`
    a_terminal = served or (sys.stdin.isatty() and sys.stdout.isatty())
    if plain or (a_terminal and not served and os.environ.get("TERM", "") in DUMB):
        _open_plain(ctx)
        return
    if not a_terminal:
        say(
            "There is no terminal here to open the tutor in. `tutor --plain` and these need none:\n"
        )
        tell(ctx.get_help())
        ctx.exit(USAGE)
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from tutor.commands.options import home
    from tutor.tui.app import open_tutor

    open_tutor(home())


def _open_plain(ctx: click.Context) -> None:
    from tutor.commands.options import home
    from tutor.plain.course import open_plain

    try:
        open_plain(home())
    except KeyboardInterrupt:
        say("\nYour place is remembered.")
        ctx.exit(INTERRUPTED)


for command in (
    lessons, read, ask, lab, check, review, progress, lint,
    pipeline, score, run, runs, show, follow, audit, compare, pause, resume, cancel,
    export, verify, models, info, serve, data,
):  # fmt: skip
    main.add_command(command)
