"""Code of one's own that runs in the test's own process: what crosses the line is the same data."""

import json
from types import ModuleType


class Here:
    """`engine.runs.own.Code` without the other process."""

    def __init__(self, source):
        self.module = ModuleType("exercise")
        exec(compile(source, "exercise.py", "exec"), vars(self.module))
        self.sent = 0

    def run(self, work, *given):
        given = [each if callable(each) else json.loads(json.dumps(each)) for each in given]
        return work(self.module, *given)
