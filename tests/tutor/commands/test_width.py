"""Every command's words at the widths that terminals have: nothing is wider than its window."""

import pytest
from click.testing import CliRunner

from tests.tutor.handin.chain import planted
from tests.tutor.homes import worker
from tutor.cli import main

WIDTHS = (60, 80, 100, 120)
SHOWN = {
    "lessons": ["lessons"],
    "read": ["read", "halves"],
    "ask": ["ask", "half", "--hint"],
    "lab": ["lab", "halving", "--controls"],
    "check": ["check", "halves", "--path"],
    "review": ["review", "--list"],
    "progress": ["progress"],
    "lint": ["lint", "halves", "--part", "questions", "--seeds", "3"],
    "pipeline": ["pipeline", "--help"],
    "score": ["score"],
    "run": ["run", "evaluate", "--help"],
    "runs": ["runs"],
    "show": ["show", "10"],
    "follow": ["follow", "3"],
    "audit": ["audit", "4", "--only", "wrong"],
    "compare": ["compare", "1", "4"],
    "pause": ["pause", "1", "2"],
    "resume": ["resume", "1"],
    "cancel": ["cancel", "1"],
    "export": ["export", "tutorial", "--to", "{folder}/t.ipynb", "--yes"],
    "verify": ["verify", "{folder}/t.ipynb"],
    "models": ["models"],
    "info": ["info"],
    "serve": ["serve", "--help"],
    "data": ["data", "export", "1", "--to", "{folder}/x.jsonl"],
}
"""A call of each command that prints what it can."""
LONG = {(name, width) for name in ("export", "verify") for width in (80, 120)}
"""What takes long, and is the same in two other widths."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with worker(tmp_path_factory.mktemp("width") / "home") as hand:
        planted(hand)
        yield hand.home


@pytest.fixture(scope="module")
def folder(home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("to")
    CliRunner().invoke(main, _args(home, "export", folder))
    return folder


def _args(home, name, folder):
    return ["--home", str(home.path), *(each.format(folder=folder) for each in SHOWN[name])]


def test_each_command_is_looked_at():
    assert SHOWN.keys() == main.commands.keys()


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, width) for name in SHOWN for width in WIDTHS if (name, width) not in LONG],
)
def test_nothing_is_wider_than_the_window(home, folder, name, width, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(width))
    with pytest.raises(SystemExit):
        main.main(_args(home, name, folder), prog_name="tutor")
    printed = "".join(capsys.readouterr())
    wide = [line for line in printed.splitlines() if len(line) > width and " " in line.strip()]
    assert printed.strip()
    assert wide == [], "a word alone may be longer, such as a path"
