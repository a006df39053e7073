"""`tutor run KIND`: one run, with every setting of its spec as an option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tutor.commands.options import (
    INTERRUPTED,
    Commands,
    exit_code,
    home_option,
    json_option,
    print_json,
    say,
    with_client,
)
from tutor.report.follow import follow_to_end
from tutor.tutorial.run_options import options, spec_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.kinds.kind import Kind
    from engine.runs.client import Client


class Kinds(Commands):
    """The kinds of run; a kind's options are made when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The kinds, in the order of a pipeline."""
        return list(_kinds())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a kind, or None."""
        return _command(name) if name in _kinds() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of kinds, without making their options."""
        with formatter.section("Kinds"):
            formatter.write_dl([(name, each.about) for name, each in _kinds().items()])


@click.group(
    cls=Kinds,
    subcommand_metavar="KIND [OPTIONS]",
    epilog="Example: tutor run evaluate --model acorn --limit 50\n\n"
    "`tutor run KIND --help` lists the settings of a kind.",
)
def run() -> None:
    """Start one run and follow it to its end."""


def _kinds() -> Mapping[str, Kind]:
    """Those that can be typed; they are not loaded by who runs another command."""
    from engine.kinds.kind import typed

    return typed()


def _command(kind: str) -> click.Command:
    about, example = _kinds()[kind].about, _kinds()[kind].example

    @with_client
    def start(client: Client, detach: bool, as_json: bool, **values: Any) -> None:
        _start(client, kind, values, detach, as_json)

    command = click.Command(
        kind,
        callback=start,
        params=[
            *options(kind),
            click.Option(["--detach"], is_flag=True, help="Queue it and return."),
        ],
        help=about,
        epilog=f"Example: tutor run {kind} {example}",
        short_help=about,
    )
    return home_option(json_option(command))


def _start(client: Client, kind: str, values: dict[str, Any], detach: bool, as_json: bool) -> None:
    number = client.submit(kind, spec_of(client.home, kind, values))
    ctx = click.get_current_context()
    if detach:
        say(f"Queued as run {number}. To follow it: tutor follow {number}")
        if as_json:
            print_json({"run": number})
        return
    from tutor.commands.runs import print_run

    try:
        ended = follow_to_end(client, number, say)
    except KeyboardInterrupt:
        say(f"Run {number} goes on without you. To follow it again: tutor follow {number}")
        ctx.exit(INTERRUPTED)
    print_run(client, number, as_json)
    ctx.exit(exit_code(ended))
