"""What a run can be, and which change is legal.

    queued ──► running ──► finished
      ▲           ├──────► failed ───────┐
      │           ├──────► interrupted ──┤
      │           ├──────► paused ───────┤
      │           └──────► cancelled     │
      └────────────── resume ────────────┘

A run waits for those that it needs. Where one of them fails, it fails for that one's sake and comes
back with it; where one of them is cancelled, so is it.

Nobody but the worker makes a run `running` or ends it; a client asks (`request`) and the worker
obeys. The one exception is a worker that died: whoever finds its lock free marks the run.
"""

QUEUED = "queued"
RUNNING = "running"
PAUSED = "paused"
INTERRUPTED = "interrupted"
FINISHED = "finished"
FAILED = "failed"
CANCELLED = "cancelled"

STATES = (QUEUED, RUNNING, PAUSED, INTERRUPTED, FINISHED, FAILED, CANCELLED)

LEGAL: dict[str, tuple[str, ...]] = {
    QUEUED: (RUNNING, PAUSED, CANCELLED, FAILED),
    RUNNING: (FINISHED, FAILED, CANCELLED, PAUSED, INTERRUPTED),
    PAUSED: (QUEUED, CANCELLED),
    INTERRUPTED: (QUEUED, CANCELLED),
    FAILED: (QUEUED, CANCELLED),
    FINISHED: (),
    CANCELLED: (),
}
"""From each state, the states that may follow. A queued run fails when what it needs has failed;
of failed runs, those are cancelled that have never begun."""

ACTIVE = (QUEUED, RUNNING)
"""Something will still happen by itself."""
RESUMABLE = (PAUSED, INTERRUPTED, FAILED)
"""`resume` puts these back into the queue."""
OPEN = (*ACTIVE, *RESUMABLE)
"""It may still come to an end of its own; all but finished and cancelled."""
