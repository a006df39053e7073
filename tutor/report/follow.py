"""Follow runs on standard error: what they do, how far they are, how long they still take."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.runs.client import Client
    from engine.runs.store import Run


def follow_to_end(client: Client, number: int, say: Callable[[str], None], stage: str = "") -> Run:
    """Show a run's progress until it ends or stands still, and return it as it is then.

    Args:
        client: Of the run's home.
        number: The run.
        say: Takes what people are told beside the progress: why it waits, why it ended.
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
