"""`tutor compare RUN RUN`: which of two runs is better, and is it more than noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.options import home_option, json_option, print_json, tell, with_client

if TYPE_CHECKING:
    from engine.runs.client import Client


@click.command(
    epilog="Example: tutor compare 1 4", short_help="Compare two runs on the same problems."
)
@click.argument("first", metavar="RUN", type=int)
@click.argument("second", metavar="RUN", type=int)
@json_option
@home_option
@with_client
def compare(client: Client, first: int, second: int, as_json: bool) -> None:
    """Compare two runs on the problems that both have answered.

    Each run's exact match, which problems were gained and lost, and whether the difference is more
    than noise. A sample run is compared by its vote, a cascade by its final answers.
    """
    from engine.chain import comparison

    found = comparison.compare(client, first, second)
    if as_json:
        print_json(found.as_dict())
        return
    from tutor.report.comparison import comparison_text

    tell(comparison_text(found))
