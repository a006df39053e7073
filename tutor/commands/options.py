"""What every command shares: its home, its `--json`, and how errors and exit codes are said."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TextIO

import click

from engine.errors import EngineError, RunNotFound, SpecError
from engine.printable import printable, printable_json
from tutor.course.names import NotThere

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.home import Home
    from engine.runs.store import Run

FAILED, USAGE, NO_RUN, STOPPED, INTERRUPTED = 1, 2, 3, 4, 130
NOT_RIGHT, NOT_JUDGED = 5, 6

EXIT_CODES = f"""\b
Exit codes
    0  done
  {FAILED:>3}  it failed, and what went wrong was said
  {USAGE:>3}  wrong usage or settings, or no terminal to open the tutor in
  {NO_RUN:>3}  there is no such run, lesson, question, lab or exercise
  {STOPPED:>3}  the run stopped before its end: paused, interrupted or cancelled
  {NOT_RIGHT:>3}  the answer is not right, a check did not pass, or the course has a fault
  {NOT_JUDGED:>3}  an exercise, or a part of what was handed in, could not be judged
  {INTERRUPTED:>3}  Ctrl-C; a run that was followed goes on
"""


class Said(click.ClickException):
    """An engine's error as this command line says it: two sentences, and an exit code."""

    def __init__(self, error: EngineError) -> None:
        begins = "Error: "  # which click puts before it
        super().__init__(_folded(f"{begins}{error}").removeprefix(begins))
        codes = {SpecError: USAGE, RunNotFound: NO_RUN, NotThere: NO_RUN}
        self.exit_code = codes.get(type(error), FAILED)


class Commands(click.Group):
    """A group whose commands may raise EngineError."""

    def invoke(self, ctx: click.Context) -> Any:
        """Invoke, and turn the engine's errors into plain words."""
        try:
            return super().invoke(ctx)
        except EngineError as error:
            raise Said(error) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as error:
            from tutor.report import mistakes

            raise Said(EngineError(*mistakes.told(home(), error))) from error

    def main(self, *args: Any, **more: Any) -> Any:
        """The whole command; where what it prints cannot be written, it says so and ends."""
        try:
            return super().main(*args, **more)
        except OSError as error:
            if error.filename is not None:  # a file of its own; a stream's write names none
                raise
            with suppress(OSError):
                say(f"What was to be printed cannot be written: {(error.strerror or '').lower()}.")
            _let_go_of(sys.stdout)
            sys.exit(FAILED)


def _let_go_of(stream: TextIO) -> None:
    """Have what is still held back for a stream go nowhere: Python tries it again at its end."""
    with suppress(OSError, ValueError):  # ValueError: a stream that is no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def home_option(command: Callable) -> Callable:
    """`--home DIR`, before or after the command's name."""
    return click.option(
        "--home",
        metavar="DIR",
        type=click.Path(file_okay=False),
        expose_value=False,
        is_eager=True,
        callback=_remember_home,
        help="Where runs are kept. Default: $TUTOR_HOME, else this platform's data folder.",
    )(command)


def json_option(command: Callable) -> Callable:
    """`--json`, passed on as `as_json`."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON on standard output, and nothing else."
    )(command)


def with_client(command: Callable) -> Callable:
    """Pass an open client of the chosen home as the first argument."""

    @functools.wraps(command)
    def opened(*args: Any, **values: Any) -> Any:
        from engine.runs.client import Client
        from lessons.kit.worker.lab import WORKER

        with closing(Client(home(), worker=WORKER)) as client:
            return command(client, *args, **values)

    return opened


def with_learner(command: Callable) -> Callable:
    """Pass the open record of the chosen home's learner as the first argument."""

    @functools.wraps(command)
    def opened(*args: Any, **values: Any) -> Any:
        from tutor.learner.record import Learner

        with Learner(home()) as learner:
            return command(learner, *args, **values)

    return opened


def home() -> Home:
    """The home that `--home`, the environment or the platform names."""
    from engine.runs.home import Home

    return Home.find(click.get_current_context().find_root().obj)


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    click.echo(printable_json(value))


def tell(words: str, *, as_it_is: bool = False) -> None:
    """What a command has to say to people, on standard output.

    Args:
        words: Folded between words where the terminal is narrower.
        as_it_is: Whether they are code, whose lines stay.
    """
    click.echo(printable(words) if as_it_is else _folded(words))


def say(words: str) -> None:
    """A message for people beside it, on standard error."""
    click.echo(_folded(words), err=True)


def exit_code(run: Run) -> int:
    """The exit code for a run as it stands."""
    if run.state == "finished":
        return 0
    return FAILED if run.state == "failed" else STOPPED


def _folded(words: str) -> str:
    from tutor.report.paragraphs import room, wrapped

    width = room()
    return wrapped(printable(words), width) if width else printable(words)


def details(client: Client, run_id: int) -> dict:
    """A run as `show --json` prints it."""
    run = client.run(run_id)
    metrics: dict[str, list] = {}
    for row in client.metrics(run_id):
        metrics.setdefault(row["name"], []).append([row["step"], row["value"]])
    row = run.as_dict()
    return {
        **row,
        "metrics": metrics,
        "artifacts": str(client.home.artifacts(run_id)),
        "log": str(client.home.log(run_id)),
    }


def _remember_home(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        ctx.find_root().obj = value
