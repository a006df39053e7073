"""`tutor runs`, `show` and `follow`: look at runs; nothing here changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.options import (
    INTERRUPTED,
    details,
    exit_code,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_client,
)
from tutor.report.follow import follow_to_end

if TYPE_CHECKING:
    from engine.runs.client import Client


@click.command(epilog="Example: tutor runs --limit 5")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many.")
@json_option
@home_option
@with_client
def runs(client: Client, limit: int, as_json: bool) -> None:
    """List the latest runs, newest first."""
    found = client.runs(limit=limit)
    if as_json:
        print_json([run.as_dict() for run in found])
        return
    from tutor.report.runs import list_text

    tell(list_text(found))


@click.command(epilog="Example: tutor show 7 --json", short_help="Show one run, in full.")
@click.argument("number", metavar="RUN", type=int)
@json_option
@home_option
@with_client
def show(client: Client, number: int, as_json: bool) -> None:
    """Show one run: state, spec, metrics, result, and the folder of its artifacts.

    For the last run of a pipeline, the score card too.
    """
    print_run(client, number, as_json)


@click.command(epilog="Example: tutor follow 3")
@click.argument("number", metavar="RUN", type=int)
@json_option
@home_option
@click.pass_context
@with_client
def follow(client: Client, ctx: click.Context, number: int, as_json: bool) -> None:
    """Follow a run to its end, then show it. Ctrl-C stops the following, not the run."""
    try:
        run = follow_to_end(client, number, say)
    except KeyboardInterrupt:
        say(f"Run {number} goes on without you. To follow it again: tutor follow {number}")
        say(f"To end it: tutor cancel {number}")
        ctx.exit(INTERRUPTED)
    print_run(client, number, as_json)
    ctx.exit(exit_code(run))


def print_run(client: Client, number: int, as_json: bool) -> None:
    """A run on standard output, as `show` prints it."""
    from engine.chain.pipeline import chain
    from tutor.commands.score import card_dict, card_words

    run = client.run(number)
    ids = chain(client, run)
    whole = details(client, number)
    if as_json:
        print_json({**whole, "card": card_dict(client, ids)} if ids else whole)
        return
    from tutor.report.runs import show_text

    others = client.runs(limit=-1) if run.state == "queued" else ()
    tell(show_text(run, whole["metrics"], whole["artifacts"], others))
    if ids:
        tell("\n" + card_words(client, ids))
