"""`tutor pause`, `resume` and `cancel`: ask something of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from engine.errors import EngineError
from tutor.commands.options import Said, home_option, json_option, print_json, say, with_client

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

RUNS = click.argument("numbers", metavar="RUN...", nargs=-1, required=True, type=int)


@click.command(epilog="Example: tutor pause 3")
@RUNS
@json_option
@home_option
@with_client
def pause(client: Client, numbers: tuple[int, ...], as_json: bool) -> None:
    """Pause runs. One that computes saves a checkpoint first."""
    _each(client.pause, numbers, as_json)


@click.command(
    epilog="Example: tutor resume 3 --batch-size 10",
    short_help="Go on with runs that stopped before their end.",
)
@RUNS
@click.option(
    "--batch-size",
    "at_most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Compute N problems or rows at once from here on, where memory asks for fewer.",
)
@json_option
@home_option
@with_client
def resume(client: Client, numbers: tuple[int, ...], at_most: int | None, as_json: bool) -> None:
    """Go on with runs that were paused, interrupted or failed, from where they stood."""
    _each(lambda number: client.resume(number, at_most), numbers, as_json)


@click.command(epilog="Example: tutor cancel 3 4 5")
@RUNS
@json_option
@home_option
@with_client
def cancel(client: Client, numbers: tuple[int, ...], as_json: bool) -> None:
    """End runs for good. What they have written stays; runs that wait for them fail."""
    # The newest first: what waits for a run is cancelled before it could fail for the run's sake.
    _each(client.cancel, sorted(numbers, reverse=True), as_json)


def _each(do: Callable[[int], Run], numbers: Iterable[int], as_json: bool) -> None:
    """Do it to every run; one that refuses does not spare the others."""
    done, refused = [], []
    for number in numbers:
        try:
            done.append(do(number))
        except EngineError as error:
            refused.append(Said(error))
    if as_json:
        print_json([run.as_dict() for run in done])
    for run in () if as_json else done:
        asked = f", {run.request} is asked for" if run.request else ""
        say(f"Run {run.id} ({run.title}) is {run.state}{asked}.")
    for each in refused[:-1]:
        each.show()
    if refused:
        raise refused[-1]
