"""What no column of the store holds, and what no disk takes, is said in words by every command."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine.kinds.specs import SPECS, EvaluateSpec
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from tutor.cli import main
from tutor.tutorial import run_options as kinds

HUGE = ("9223372036854775808", "-9223372036854775809", "9" * 40, "9" * 4000)
"""One beyond 64 bits each way; and far beyond, as a float holds it and as none does."""
ENOUGH = {
    "sft": ["--teach", "1"],
    "cascade": ["--sample", "1"],
}
"""What a kind of run asks for besides."""
RUNS = (
    ["show", "N"], ["follow", "N"], ["pause", "N"], ["resume", "N"], ["cancel", "N"],
    ["audit", "N"], ["compare", "1", "N"], ["compare", "N", "1"],
    ["data", "export", "N", "--to", "x.jsonl"],
)  # fmt: skip


@pytest.fixture
def home():
    """The home of this test, with one run and no worker but the test."""
    home = Home.find().prepare()
    lock = Lock(home.lock)
    assert lock.acquire()
    with Client(home, worker=None) as client:
        client.submit("evaluate", EvaluateSpec())
    yield home
    lock.release()


def said(*args):
    done = CliRunner().invoke(main, list(args), prog_name="tutor")
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert "Traceback" not in done.output
    return done


@pytest.mark.parametrize("number", HUGE)
@pytest.mark.parametrize("args", RUNS)
def test_no_run_has_a_number_beyond_the_store(home, args, number):
    if number.startswith("-"):
        args = [*args[:1], "--", *args[1:]] if args[0] != "data" else args[:2]
    done = said(*(number if each == "N" else each for each in args))
    assert done.exit_code in (2, 3)
    if done.exit_code == 3:
        assert f"There is no run {number}." in done.stderr


def whole_numbers():
    """Each option of each kind that takes a number, with a number of each sort."""
    for kind in SPECS:
        for option in kinds.options(kind):
            if option.type in (click.INT, click.FLOAT):
                yield kind, option.opts[0]


@pytest.mark.parametrize(("kind", "option"), whole_numbers())
def test_no_setting_of_a_run_is_beyond_what_a_row_holds(home, kind, option):
    for number in (*HUGE, "nan", "inf", "1e400"):
        more = ENOUGH.get(kind, [])
        more = [] if option in more else more
        done = said("run", kind, *more, option, number, "--detach")
        assert done.exit_code in (2, 3), (option, number)
        name = option.removeprefix("--").replace("-", "_").removeprefix("data_")
        named = [name, option, name.replace("price_", "prices."), f"no run {number}"]
        if name in SPECS[kind].needs_kinds:  # the first of several that is no such run is told
            named.append("Name a run of kind")
        assert any(each in done.stderr for each in named), done.stderr
    with Client(home, worker=None) as client:
        assert len(client.runs()) == 1


@pytest.mark.parametrize("number", HUGE)
def test_other_commands_say_so_too(home, number):
    for args in (
        ["ask", "half", "--seed", number],
        ["lab", "halving", f"times={number}", "--skip"],
        ["pipeline", "--set", f"k={number}", "--detach"],
        ["pipeline", "--set", f"lora_alpha={number}", "--detach"],
        ["serve", "--port", number],
    ):
        done = said(*args)
        assert done.exit_code == 2, (args, done.output)
    assert said("runs", "--limit", number).exit_code == (2 if number.startswith("-") else 0)


@pytest.mark.parametrize("name", ["tutor.db", "worker.lock", "runs", "logs", "models"])
def test_a_folder_where_a_file_belongs_or_the_other_way_round_is_said(tmp_path, name):
    home = Home(tmp_path / "home")
    home.path.mkdir(mode=0o700)
    (home.path / name).mkdir() if "." in name else (home.path / name).touch()
    if name == "worker.lock":
        with Client(home, worker=None) as client:
            client.submit("evaluate", EvaluateSpec())
    done = said("--home", str(home.path), "runs")
    assert done.exit_code == 1
    assert name in done.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="a device of Linux")
def test_what_cannot_be_printed_is_said_once_and_without_a_traceback(home):
    """In a process of its own: Python tries to write what is left once more at its end."""
    code = "from tutor.cli import main; main(['--help'])"
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert done.stderr == (
        f"What was to be printed cannot be written: {os.strerror(errno.ENOSPC).lower()}.\n"
    )
