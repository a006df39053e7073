"""`tutor info`: what stands behind the runs of this machine."""

from __future__ import annotations

import click

from tutor.commands.options import home, home_option, json_option, print_json, tell


@click.command(epilog="Example: tutor info --json", short_help="Show what stands behind the runs.")
@json_option
@home_option
def info(as_json: bool) -> None:
    """Show versions, device, memory, paths, models at hand, and fallbacks that were taken."""
    from tutor.report.info import gather, info_text
    from tutor.report.paragraphs import room

    gathered = gather(home())
    if as_json:
        print_json(gathered)
    else:
        tell(info_text(gathered, room()))
