"""Follow runs on standard error: what they do, how far they are, how long they still take."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tutor.commands.options import FAILED, STOPPED, say

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.store import Run


def follow_to_end(client: Client, number: int, stage: str = "") -> Run:
    """Show a run's progress until it ends or stands still, and return it as it is then.

    Args:
        client: Of the run's home.
        number: The run.
        stage: What stands before it, such as `2/7`.

    Raises:
        KeyboardInterrupt: Ctrl-C; the run goes on.
    """
    from tutor.report.progress import Progress
    from tutor.tutorial.chain_words import waiting

    run = client.run(number)
    if run.state == "queued" and not stage:
        say(waiting(run, client.runs(limit=-1)))
    progress = Progress(sys.stderr)
    try:
        for run in client.follow(number):
            progress.show(run, stage)
    finally:
        progress.close()
    if run.error:
        say(f"{run.error.get('what', '')} {run.error.get('way_out', '')}".strip())
    elif run.state in ("paused", "interrupted"):
        say(f"{run.message} To go on: tutor resume {number}".strip())
    elif run.state == "cancelled" and run.message:
        say(run.message)
    return run


def exit_code(run: Run) -> int:
    """The exit code for a run as it stands."""
    if run.state == "finished":
        return 0
    return FAILED if run.state == "failed" else STOPPED
