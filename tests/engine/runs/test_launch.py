import os
import sys

import psutil
import pytest

from engine.runs.launch import Launcher
from engine.runs.lock import Lock
from tests.engine.runs.waiting import until

LIVE = "import sys, time; print('alive', flush=True); time.sleep(600)"


@pytest.fixture
def launch(home):
    """Launches a program in a worker's place."""
    home.prepare()
    started = []

    def launch_one(program):
        started.append(Launcher(home, (sys.executable, "-c", program)))
        started[-1].launch()
        return started[-1]

    yield launch_one
    for launcher in started:
        if launcher._started:
            launcher._started.kill()
            launcher._started.wait()


def test_it_is_a_process_of_its_own(launch, home):
    process = launch(LIVE)._started
    until(lambda: home.worker_log.read_text() == "alive\n")
    assert os.getsid(process.pid) == process.pid != os.getsid(0)
    told = psutil.Process(process.pid)
    assert told.cmdline()[-2:] == ["--home", str(home.path)]
    assert told.cwd() == str(home.path)
    if sys.platform == "linux":
        links = [os.readlink(f"/proc/{process.pid}/fd/{number}") for number in (0, 1, 2)]
        assert links == ["/dev/null", str(home.worker_log), str(home.worker_log)]


def test_it_is_started_once(launch):
    launcher = launch(LIVE)
    first = launcher._started
    launcher.launch()
    assert launcher._started is first


def test_none_is_started_while_one_lives(launch, home):
    home.prepare()
    lock = Lock(home.lock)
    assert lock.acquire()
    assert launch(LIVE)._started is None
    lock.release()


def test_it_says_why_it_came_to_nothing(launch, home, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "correct horse")
    launcher = launch("raise SystemExit('no engine here, correct horse')")
    trouble = until(launcher.trouble)
    assert trouble.what == "The worker ended with status 1: no engine here, •••"
    assert str(home.worker_log) in trouble.way_out


def test_an_end_in_peace_or_by_a_signal_is_no_trouble(launch):
    for program in ("pass", "import os; os.kill(os.getpid(), 9)"):
        launcher = launch(program)
        launcher._started.wait()
        assert launcher.trouble() is None


def test_a_log_does_not_grow_for_ever(launch, home, monkeypatch):
    monkeypatch.setattr("engine.runs.launch.LONGEST_LOG", 100)
    home.worker_log.write_text("old " * 100)
    launch("print('new')")._started.wait()
    assert home.worker_log.read_text() == "new\n"
