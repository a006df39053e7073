"""What a process of ours is started with."""

import os
import subprocess
import sys
from pathlib import Path

import engine
from engine.child_process import start, surroundings

ROOT = str(Path(engine.__file__).parents[1])
LOOK = "import os, sys, engine; print(os.getsid(0) == os.getpid(), sys.stdin.read() == '')"


def test_this_package_is_found_before_what_was_named_already():
    assert surroundings({"A": "b"}) == {"A": "b", "PYTHONPATH": ROOT}
    more = surroundings({"PYTHONPATH": "/more"})
    assert more == {"PYTHONPATH": os.pathsep.join((ROOT, "/more"))}


def test_it_has_a_session_of_its_own_and_nothing_to_read(tmp_path):
    command = (sys.executable, "-P", "-c", LOOK)
    child = start(command, env=surroundings(), stdout=subprocess.PIPE, cwd=tmp_path)
    assert child.communicate()[0].split() == [b"True", b"True"]
