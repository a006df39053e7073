"""Waiting on a condition, and finding the process that computes a run."""

import time


def until(condition, seconds=60):
    """The first true value; the limit only keeps a broken test from hanging."""
    give_up = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.01)
    return value


def reached(client, run_id, done):
    """The run, once it is running and at least `done` is done."""
    return until(
        lambda: (run := client.run(run_id)).state == "running" and run.done >= done and run
    )


def ended(client, run_id):
    """The run, once nothing more happens to it by itself."""
    *_, last = client.follow(run_id, every=0.01)
    return last


def worker_of(run):
    """The process id of its latest attempt."""
    return run.environment["pids"][-1]
