"""Code of one's own in a process of its own: what it gives, how it fails, and that it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from engine.runs.own import Fault
from engine.runs.record import Paused
from lessons.kit.worker.own import LIMITS, perform
from tests.engine.runs.waiting import until
from tests.lessons.kit.far import call, call_each

HASTY = replace(LIMITS, cpu_seconds=1, memory_mb=300, most_output_kb=256)


@pytest.fixture
def log():
    return []


@pytest.fixture
def do(log, tmp_path, monkeypatch):
    """Loads a file and calls its `f` with what is given."""

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def once(source, *given, look=lambda: None, limits=HASTY, quiet=60.0):
        with perform(source, log.append, look, limits, quiet) as code:
            return code.run(call, "f", *given)

    return once


def test_plain_data_goes_over_and_comes_back(do, log):
    value = {"a": [1, 2.5, None, "é"], "b": (True, b"x")}
    assert do("def f(x):\n    print('got', x['a'])\n    return [x, len(x)]", value) == [value, 2]
    assert log == ["got [1, 2.5, None, 'é']"]


def test_what_is_needed_often_is_looped_over_there():
    with perform("def double(x): return 2 * x", print, lambda: None) as code:
        assert code.run(call_each, "double", list(range(5000)))[-1] == 9998
        assert code.run(call, "double", "ab") == "abab", "it stays loaded"


def test_a_function_that_is_handed_over_runs_here(do):
    here = []

    def ask(number):
        here.append(os.getpid())
        return {"twice": 2 * number}

    source = "import os\ndef f(ask):\n    return [ask(i)['twice'] for i in range(3)], os.getpid()"
    values, there = do(source, ask)
    assert values == [0, 2, 4]
    assert set(here) == {os.getpid()} != {there}


def test_functions_may_be_called_from_threads_over_there(do):
    source = """
from concurrent.futures import ThreadPoolExecutor
def f(ask):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(ask, range(200)))
"""
    made = do(source, lambda number: number + 1, limits=LIMITS)
    assert made == list(range(1, 201))


@pytest.mark.parametrize("stop", [Paused(), Fault("It is over.")])
def test_what_it_raises_ends_the_work_even_if_the_code_would_go_on(do, stop):
    def ask():
        raise stop

    source = "def f(ask):\n    while True:\n        try: ask()\n        except BaseException: pass"
    with pytest.raises(type(stop)) as caught:
        do(source, ask)
    assert caught.value is stop


def test_a_request_to_stop_is_seen_while_the_code_computes(do):
    def look():
        raise Paused

    with pytest.raises(Paused):
        do("import threading\ndef f(): threading.Event().wait()", look=look)


def test_waiting_takes_no_time(do):
    """A rate limiter of the learner's would else sleep for hours; all answers are at hand."""
    source = "import time\ndef f():\n    for _ in range(1000): time.sleep(60)\n    return 'done'"
    assert do(source) == "done"


FAULTS = {
    "raises": ("def f():\n    x = {}\n    return x['question']",
               r"exercise\.py, line 3, in f: KeyError: 'question'\."),
    "raises in a function of its own": (
        "def f():\n    return g()\n\ndef g():\n    raise ValueError('no gold')",
        r"exercise\.py, line 5, in g: ValueError: no gold\."),
    "is not written yet": ("def f():\n    raise NotImplementedError", "not written yet"),
    "has no such function": ("def g(): pass", r"exercise\.py: .*'f'"),
    "is no Python": ("def f(:", r"exercise\.py: Line 1 cannot be read as Python"),
    "fails while it loads": ("x = 1\n1 / 0", r"exercise\.py, line 2: .*ZeroDivisionError"),
    "wants what is not there": ("import no_such_thing", "not installed here"),
    "ends the program": ("import sys\ndef f(): sys.exit(1)", r"asked the program to end"),
    "ends hard": ("import os\ndef f(): os._exit(0)", r"ended the program \(status 0\)"),
    "closes every descriptor": ("import os\ndef f(): os.closerange(0, 4096)", "ended"),
    "writes into the line": (
        "import os\ndef f():\n    for fd in range(3, 4096):\n"
        "        try: os.write(fd, b'\\xff' * 99)\n        except OSError: pass",
        "something of its own|ended"),
    "asks for nonsense": (
        "import sys\ndef f():\n    link = sys.modules['lessons.kit.judging.learner']\n"
        "    import gc\n    [one] = [o for o in gc.get_objects() if type(o) is link.Performer]\n"
        "    one.ask({'what': 'call', 'of': 1, 'with': 7})", "something of its own"),
    "computes for ever": ("def f():\n    while True: pass", "computed for more than 1 s"),
    "prints for ever": ("def f():\n    while True: print('x' * 9999)", "printed more than 256 kB"),
    "takes all memory": ("def f(): return bytearray(1 << 40)", "ran out of memory"),
    "recurses": ("def f(): f()", "calls itself too deep"),
    "crashes Python": ("import ctypes\ndef f(): ctypes.string_at(0)", "crashed Python itself"),
    "kills who guards it": (
        "import os, signal\ndef f():\n    os.kill(os.getppid(), 9)\n    signal.pause()", "ended"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_in_words_with_the_way_out(do, kind):
    source, says = FAULTS[kind]
    with pytest.raises(Fault, match=says) as caught:
        do(source)
    assert "run this stage anew" in caught.value.way_out
    assert "Traceback" not in str(caught.value)
    assert not list(Path(tempfile.gettempdir()).glob("tutor-check-*"))
    assert len(caught.value.what) < 500


def test_it_is_ended_where_it_falls_silent(do):
    source = "import threading\ndef f(): threading.Event().wait()"
    with pytest.raises(Fault, match="not done after 1 s, and said nothing"):
        do(source, quiet=1.0)


def test_the_lines_that_failed_stand_in_the_log(do, log):
    with pytest.raises(Fault):
        do("def f():\n    print('so far')\n    return {}['q']")
    assert log == ["so far", "line 3, in f\n    return {}['q']\nKeyError: 'q'"]


def test_long_output_is_cut_in_the_log_and_no_escape_is_left(do, log):
    limits = replace(HASTY, output_kb=1)
    assert do("def f():\n    print('\\x1b[31m' + 'y' * 5000)", limits=limits) is None
    assert log[0].startswith("yyy")
    assert len(log[0]) <= 1024
    assert "only the first 1 kB are kept" in log[1]


def test_it_sees_no_secret_and_an_empty_folder_that_goes(do, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "very-secret-indeed")
    source = """
import os
def f():
    open("left", "w").write("x")
    return str(dict(os.environ)), os.getcwd(), os.path.expanduser("~")
"""
    environment, folder, home = do(source)
    assert "very-secret" not in environment
    assert folder == home != str(Path.home())
    assert tempfile.gettempdir() in folder
    assert not Path(folder).exists()


def test_what_it_started_ends_with_it(do):
    source = """
import os, time
def f():
    child = os.fork()
    if child == 0:
        os.setsid()
        import signal
        while True: signal.pause()
    return child, os.getpid()
"""
    for pid in do(source):
        assert not psutil.pid_exists(pid)


WORKER = """
import sys
from lessons.kit.worker.own import perform
from tests.lessons.kit.far import call
source = '''
import os
def f(tell):
    child = os.fork()
    if child == 0:
        os.setsid()
    else:
        tell([os.getpid(), os.getppid(), child], os.getcwd())
    import signal
    while True: signal.pause()
'''
def tell(pids, folder):
    print(*pids, folder, flush=True)
with perform(source, print, lambda: None) as code:
    code.run(call, "f", tell)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")
def test_kill_9_of_the_worker_ends_the_code_and_all_that_it_started():
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    *pids, folder = worker.stdout.readline().split()
    pids = [int(pid) for pid in pids]
    assert len(pids) == 3
    assert all(map(psutil.pid_exists, pids))
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    until(lambda: not any(map(psutil.pid_exists, pids)))
    assert not Path(folder).exists()
