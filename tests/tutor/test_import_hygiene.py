"""What the learner waits for never loads what computes: proved in processes of their own.

The import contracts read the source; this looks at what was loaded after the fact.
"""

import json
import subprocess
import sys

import pytest

from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client

HEAVY = [
    "torch", "transformers", "peft", "trl", "bitsandbytes", "datasets", "pandas", "numpy",
    "google.genai", "openai", "httpx2", "tomlkit",
]  # fmt: skip
COMMANDS = [
    ["--help"],
    ["--version"],
    ["pipeline", "--help"],
    ["run", "--help"],
    ["run", "sft", "--help"],
    ["runs"],
    ["runs", "--json"],
    ["show", "1"],
    ["show", "1", "--json"],
    ["follow", "1"],
    ["info"],
    ["info", "--json"],
    ["data", "--help"],
    ["data", "import", "--help"],
]

RUN_COMMAND = """
import json, sys
from tutor.cli import main
try:
    main(sys.argv[1:], prog_name="tutor")
except SystemExit as leaving:
    code = leaving.code
print(json.dumps([code, [name for name in {heavy} if name in sys.modules]]), file=sys.stderr)
"""

OPEN_TUI = """
import asyncio, json, sys
from engine.runs.home import Home
from tutor.tui.app import TutorApp

async def look():
    app = TutorApp(Home.find(sys.argv[1]))
    async with app.run_test(size=(80, 24)) as pilot:
        while not app.seen.ready:  # until the watch has read the runs
            await pilot.pause(0.01)
        app.look_at(app.seen.runs[0].id)
        while app.view is None:
            await pilot.pause(0.01)
        return len(app.seen.runs)

seen = asyncio.run(look())
print(json.dumps([seen, [name for name in {heavy} if name in sys.modules]]), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with one cancelled run, so that nothing computes while we look."""
    folder = tmp_path_factory.mktemp("hygiene") / "home"
    with Client(folder, worker=None) as client:
        number = client.submit("evaluate", EvaluateSpec())
        client.cancel(number)
    return folder


def loaded_by(program, *args):
    """The exit code and the heavy modules that a fresh interpreter ends with."""
    script = program.replace("{heavy}", repr(HEAVY))
    done = subprocess.run(
        [sys.executable, "-c", script, *args], capture_output=True, text=True, timeout=120
    )
    assert done.stderr.strip(), done.stdout
    return json.loads(done.stderr.strip().splitlines()[-1])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_only_looks_loads_nothing_heavy(command, home):
    code, heavy = loaded_by(RUN_COMMAND, "--home", str(home), *command)
    assert heavy == []
    assert code == (4 if command[0] == "follow" else 0)


def test_the_open_tutor_loads_nothing_heavy(home):
    runs_seen, heavy = loaded_by(OPEN_TUI, str(home))
    assert heavy == []
    assert runs_seen == 1


def test_the_proof_would_see_a_heavy_import():
    assert loaded_by("import torch\n" + RUN_COMMAND, "--help")[1] == ["torch", "numpy"]
