"""The learner's commands load nothing heavy: seen in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tutor

ROOT = Path(tutor.__file__).parents[1]
HEAVY = ["torch", "transformers", "peft", "datasets", "numpy", "pandas", "textual"]
PROGRAM = f"""
import json, sys
from tests.tutor.lessons_here import halves
from tutor.course import names as finding
from tutor.cli import main
lessons = (halves(),)
finding.lessons = lambda: lessons
try:
    main(sys.argv[1:], prog_name="tutor")
except SystemExit as leaving:
    code = leaving.code
print(json.dumps([code, [name for name in {HEAVY} if name in sys.modules]]), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "command",
    [
        ["lessons"],
        ["read", "halves"],
        ["ask", "half", "--seed", "1", "--json"],
        ["ask", "half", "--seed", "1", "--answer", "1"],
        ["lab", "halving", "--controls"],
        ["review"],
        ["progress"],
        ["check", "halves", "--path"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_loaded(command, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--home", str(tmp_path / "home"), *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    code, heavy = json.loads(done.stderr.strip().splitlines()[-1])
    assert heavy == []
    assert code == (5 if "--answer" in command else 0)
