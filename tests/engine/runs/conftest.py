"""A home, and clients on it whose workers know the small kinds of `counting`."""

import sys
from pathlib import Path

import pytest

from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from tests.engine.runs.waiting import until

COUNTING = Path(__file__).parent / "counting.py"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def open_client(home):
    """Opens clients, and at the end sees to it that no worker is left."""
    opened = []

    def open_one(idle=30.0, worker=True):
        command = (sys.executable, str(COUNTING), "--idle", str(idle))
        client = Client(home, worker=command if worker else None)
        opened.append(client)
        return client

    yield open_one
    for client in opened:
        process = client._launcher and client._launcher._started
        if process:
            process.kill()
            process.wait()
        client.close()
    if home.path.exists():
        until(Lock(home.lock).free)  # no worker is left behind


@pytest.fixture
def client(open_client):
    return open_client()


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "gate"
