"""The same server as for teachers, and Oak's answers behind it."""

from tests.engine.teachers.conftest import (  # noqa: F401
    answers,
    drawn,
    fast,
    here,
    home,
    problems,
    recorder,
    server,
)
