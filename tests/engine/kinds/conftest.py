"""A recorder of a run as the worker makes it, without a worker."""

import pytest

from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.record import Recorder


@pytest.fixture
def recorder(tmp_path):
    """Submits a run and claims it: `recorder("evaluate", spec)`; given its id, claims it again."""
    home = Home(tmp_path / "home")
    client = Client(home, worker=None)

    def claim(kind, spec, run_id=None):
        run_id = run_id or client.submit(kind, spec)
        return Recorder(client.store, client.run(run_id))

    yield claim
    client.close()
