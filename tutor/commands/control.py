"""`tutor pause`, `resume` and `cancel`: ask something of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.options import home_option, json_option, print_json, say, with_client

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.store import Run

RUNS = click.argument("numbers", metavar="RUN...", nargs=-1, required=True, type=int)


@click.command(epilog="Example: tutor pause 3")
@RUNS
@json_option
@home_option
@with_client
def pause(client: Client, numbers: tuple[int, ...], as_json: bool) -> None:
    """Pause runs. One that computes saves a checkpoint first."""
    _tell([client.pause(number) for number in numbers], as_json)


@click.command(epilog="Example: tutor resume 3", short_help="Go on with runs that stopped.")
@RUNS
@json_option
@home_option
@with_client
def resume(client: Client, numbers: tuple[int, ...], as_json: bool) -> None:
    """Go on with runs that were paused, interrupted or failed, from where they stood."""
    _tell([client.resume(number) for number in numbers], as_json)


@click.command(epilog="Example: tutor cancel 3 4 5")
@RUNS
@json_option
@home_option
@with_client
def cancel(client: Client, numbers: tuple[int, ...], as_json: bool) -> None:
    """End runs for good. What they have written stays; runs that wait for them fail."""
    _tell([client.cancel(number) for number in numbers], as_json)


def _tell(runs: list[Run], as_json: bool) -> None:
    if as_json:
        print_json([run.as_dict() for run in runs])
        return
    for run in runs:
        asked = f", {run.request} is asked for" if run.request else ""
        say(f"Run {run.id} ({run.title}) is {run.state}{asked}.")
