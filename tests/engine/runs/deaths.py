"""Runs whose worker is killed at chosen moments, by kill -9, and resumed each time."""

import signal
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.runs.client import Client
from tests.engine.runs.waiting import ended

HERE = Path(__file__)
DYING = (sys.executable, str(HERE.with_name("dying.py")), "--idle", "0.5")
DYING_OWN = (sys.executable, str(HERE.with_name("dying_own.py")), "--idle", "0.5")
"""Whose worker runs code of one's own."""


@dataclass
class Chain:
    """Runs 1, 2, 3 ... of one home, and a client whose workers die where DIE_AT says."""

    client: Client
    runs: int

    def finish(self):
        """Wait until every run has finished and the worker has ended."""
        for run_id in range(1, self.runs + 1):
            run = ended(self.client, run_id)
            assert run.state == "finished", run.error
        self.client._launcher._started.wait()
        return self

    def results(self):
        """Every run's result, without how long it took and what its load took."""
        timed = ("seconds", "samples_per_second", "load")
        return [
            {name: value for name, value in self._run(run_id).result.items() if name not in timed}
            for run_id in range(1, self.runs + 1)
        ]

    def attempts(self):
        """How often each run was begun."""
        return [self._run(run_id).attempts for run_id in range(1, self.runs + 1)]

    def _run(self, run_id):
        return self.client.run(run_id)


@contextmanager
def dying_at(moment):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        patch.setenv("DIE_AT", moment)
        yield


def killed(client):
    """Wait until the worker is dead, and see that it was killed; returns the run it left."""
    ended_by = client._launcher._started.wait()
    assert ended_by == -signal.SIGKILL, client.runs()
    [run_id] = client.sweep()
    assert client.run(run_id).state == "interrupted"
    return run_id


def chain_of(home, specs, deaths=(), worker=DYING):
    """Runs of these specs, one after another; the worker is killed at each moment, then let be."""
    with Client(home, worker=None) as client:
        before = []
        for spec in specs:
            before = [client.submit(spec.kind, spec, after=before)]
    first, *later = [*deaths, ""]
    with dying_at(first):
        client = Client(home, worker=worker)
    for moment in later:
        run_id = killed(client)
        with dying_at(moment):
            client.resume(run_id)
    return Chain(client, len(specs)).finish()
