import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.errors import EngineError
from engine.runs.lock import Lock
from tests.engine.runs.waiting import until

HOLD = """
import sys, time
from pathlib import Path
from engine.runs.lock import Lock
lock = Lock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
time.sleep(600)
"""
FORK = """
import os, sys, time
from pathlib import Path
from engine.runs.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.keep_from_children()
held = lock.acquire()
child = os.fork()
if child:
    Path(sys.argv[1] + ".child").write_text(str(child))
    print(held, flush=True)
time.sleep(600)
"""


def holder(file, program=HOLD):
    environment = {**os.environ, "PYTHONPATH": str(Path(engine.__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(file)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "True\n"
    return process


def test_one_holds_it(tmp_path):
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    first.release()
    assert second.acquire()


def test_it_is_waited_for(tmp_path):
    held = holder(tmp_path / "lock")
    assert not Lock(tmp_path / "lock").acquire(patience=0.05)
    held.terminate()
    assert Lock(tmp_path / "lock").acquire(patience=60)
    held.wait()


def test_kill_9_frees_it(tmp_path):
    held = holder(tmp_path / "lock")
    assert not Lock(tmp_path / "lock").free()
    held.send_signal(signal.SIGKILL)
    held.wait()
    assert Lock(tmp_path / "lock").free()


def test_a_forked_child_does_not_keep_it_when_its_parent_dies(tmp_path):
    """As data loaders fork; a flock belongs to all that share the open file."""
    held = holder(tmp_path / "lock", FORK)
    child = int((tmp_path / "lock.child").read_text())
    try:
        assert not Lock(tmp_path / "lock").free()
        held.send_signal(signal.SIGKILL)
        held.wait()
        assert until(Lock(tmp_path / "lock").free)
        os.kill(child, 0)  # it is there still
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_folder_in_its_place_is_said(tmp_path):
    (tmp_path / "lock").mkdir()
    with pytest.raises(EngineError, match="lock is a folder, and should be a file"):
        Lock(tmp_path / "lock").free()
