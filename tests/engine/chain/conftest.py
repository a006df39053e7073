"""The same clients as for runs."""

from tests.engine.runs.conftest import client, gate, home, open_client  # noqa: F401
