"""`tutor pause`, `resume` and `cancel`: ask something of runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import click

from engine.errors import EngineError
from tutor.commands.options import Said, home_option, json_option, print_json, say, with_client
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.snapshot import Run

RUNS = click.argument("numbers", metavar="RUN...", nargs=-1, required=True, type=int)
CHAIN = click.option(
    "--chain",
    "whole",
    is_flag=True,
    help="And all runs that are not over and hang together with it.",
)


@click.command(epilog="Example: tutor pause 3 --chain")
@RUNS
@CHAIN
@json_option
@home_option
@with_client
def pause(client: Client, numbers: tuple[int, ...], whole: bool, as_json: bool) -> None:
    """Pause runs. One that computes saves a checkpoint first."""
    if whole:
        _told(client.pause_all(_chains(client, numbers)), as_json)
    else:
        _each(client, client.pause, numbers, as_json)


@click.command(
    epilog="Example: tutor resume 3 --batch-size 10",
    short_help="Go on with runs that stopped before their end.",
)
@RUNS
@CHAIN
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
def resume(
    client: Client, numbers: tuple[int, ...], whole: bool, at_most: int | None, as_json: bool
) -> None:
    """Go on with runs that were paused, interrupted or failed, from where they stood."""
    if not whole:
        _each(client, lambda number: client.resume(number, at_most), numbers, as_json)
        still = [run.id for run in _still(client, numbers)]
        if still and not as_json:
            say(f"Of the same chain {wording.runs(still)} stand still: --chain resumes all of it.")
        return
    chains = _chains(client, numbers)
    with client.together():
        for number in numbers if at_most else ():
            client.resume(number, at_most)
        _told(client.resume_all(chains), as_json)


@click.command(epilog="Example: tutor cancel 3 --chain", short_help="End runs for good.")
@RUNS
@CHAIN
@json_option
@home_option
@with_client
def cancel(client: Client, numbers: tuple[int, ...], whole: bool, as_json: bool) -> None:
    """End runs for good, and what has become pointless with them. What they have written stays.

    Runs that need one of them are cancelled too, and so is what was only for those and has not
    begun.
    """
    if whole:
        _told(client.cancel_all(_chains(client, numbers)), as_json)
    else:
        _each(client, client.cancel, numbers, as_json, client.going_with)


def _chains(client: Client, numbers: Iterable[int]) -> set[int]:
    """All runs of the chains of these."""
    return {run.id for number in numbers for run in client.chain(number)}


def _still(client: Client, numbers: Iterable[int]) -> list[Run]:
    """What stands still beside these in their chains."""
    from engine.runs.chains import chains_with

    found = chains_with(numbers, client.runs(limit=-1))
    return [run for chain in found for run in chain.runs if run.state in ("paused", "interrupted")]


def _each(
    client: Client,
    do: Callable[[int], Run],
    numbers: Iterable[int],
    as_json: bool,
    along: Callable[[int], list[Run]] = lambda _: [],
) -> None:
    """Do it to every run; one that refuses does not spare the others.

    Args:
        client: Of their home.
        do: What is done.
        numbers: To which.
        as_json: Whether they are printed as JSON.
        along: What else it is done to with each of them.
    """
    done, refused, with_it = [], [], {}
    for number in numbers:
        try:
            with client.together():
                with_it[number] = [run.id for run in along(number)]
                done.append(do(number))
        except EngineError as error:
            refused.append(Said(error))
    _told(done, as_json, with_it)
    for each in refused[:-1]:
        each.show()
    if refused:
        raise refused[-1]


def _told(runs: list[Run], as_json: bool, with_it: Mapping[int, list[int]] | None = None) -> None:
    """How these runs stand now; of each what was done to others with it."""
    also = with_it or {}
    if as_json:
        print_json([{**run.as_dict(), "with_it": also.get(run.id, [])} for run in runs])
        return
    if not runs and also == {}:
        say("There was nothing to change: all of it stands so already.")
    for run in runs:
        asked = f", {run.request} is asked for" if run.request else ""
        others = also.get(run.id)
        rest = f" With it: {wording.runs(others)}." if others else ""
        say(f"Run {run.id} ({run.title}) is {run.state}{asked}.{rest}")
