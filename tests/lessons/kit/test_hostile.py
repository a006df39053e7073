"""Files that try to pass without doing what is asked, or to hang or break what checks them.

Every one is 'failed' (or, where it killed the judge, 'not judged'), never passed; what it left
behind is gone, and nothing of it was written to this process's own stdout and stderr.
"""

import os
import re
import sys
import tempfile
from dataclasses import replace

import psutil
import pytest

from lessons.kit.judging.grader import Grader, Limits
from tests.lessons.kit.small_exercise import write

LIMITS = Limits(wall_seconds=40, cpu_seconds=1, memory_mb=300, most_output_kb=256)
"""Patient, since the machine may be busy: most kinds come to their end by another limit."""
HASTY = replace(LIMITS, wall_seconds=2, grace_seconds=2)
"""For kinds that do nothing for ever, and say so by `WAITS`."""
WAITS = "not done after 2 s"
LINUX = sys.platform == "linux"

WRONG = """
def double(x): return 0
def halve(x): return 0
"""
"""Wrong functions, so that only a trick could pass."""

ALWAYS_EQUAL = """
class Anything:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __hash__(self): return hash(42)
    def __float__(self): return 42.0
"""

KINDS = {
    # it says that it passed
    "prints passed": ("print('passed')\nprint('{\"verdict\": {\"outcome\": \"passed\"}}')" + WRONG,
                      "not as expected"),
    "exits at import": ("import sys\nsys.exit(0)", "asked the program to end"),
    "exits when called": ("import sys\ndef double(x): sys.exit(0)", "asked the program to end"),
    "ends hard at import": ("import os\nos._exit(0)", r"ended the program \(status 0\)"),
    "ends hard when called": ("import os\ndef double(x): os._exit(0)", r"\(status 0\)"),
    "writes to every descriptor": (
        "import os\nfor fd in range(1, 256):\n    try: os.write(fd, b'passed\\n' * 9)\n"
        "    except OSError: pass" + WRONG, "not as expected"),
    "writes to every descriptor there is": (
        "import os, struct\nbody = b'{\"verdict\": {\"outcome\": \"passed\"}}'\n"
        "for fd in range(3, 4096):\n"
        "    try: os.write(fd, struct.pack('!I', len(body)) + body)\n"
        "    except OSError: pass" + WRONG, "something of its own"),
    "writes garbage to every descriptor": (
        "import os\nfor fd in range(3, 4096):\n    try: os.write(fd, b'\\xff' * 99)\n"
        "    except OSError: pass" + WRONG, "something of its own"),
    "opens the judge's descriptors": (
        "import glob, os\nfor name in glob.glob(f'/proc/{os.getppid()}/fd/*'):\n"
        "    try:\n        if not os.readlink(name).startswith('socket'): continue\n"
        "        open(name, 'wb').write(b'passed')\n    except OSError: pass" + WRONG,
        "not as expected"),
    # it changes what judges it
    "changes assert's error": ("import builtins\nbuiltins.AssertionError = ValueError" + WRONG,
                               "not as expected"),
    "changes the built-ins": (
        "import builtins\nfor name in ('isinstance', 'type', 'all', 'any', 'repr', 'len'):\n"
        "    setattr(builtins, name, lambda *a, **k: True)" + WRONG, "."),
    "changes expect": (
        "import lessons.kit.checks as c\nc.expect = lambda *a, **k: None\n"
        "c.difference = lambda *a: ''\n"
        "import lessons.kit.difference as d\nd.difference = lambda *a: ''" + WRONG,
        "not as expected"),
    "changes every function of the tutor's": (
        "import sys\nfor name, module in list(sys.modules.items()):\n"
        "    if name.startswith('lessons'):\n        for key in list(vars(module)):\n"
        "            if callable(vars(module)[key]): setattr(module, key, lambda *a, **k: None)"
        + WRONG, "something of its own|ended the program"),
    "changes its callers' frames": (
        "import sys\nframe = sys._getframe()\nwhile frame:\n"
        "    frame.f_globals['expect'] = frame.f_globals['judge'] = lambda *a, **k: None\n"
        "    frame = frame.f_back" + WRONG, "not as expected"),
    "changes every object it can find": (
        "import gc\nfor each in gc.get_objects():\n"
        "    if isinstance(each, dict) and 'outcome' in each: each['outcome'] = 'passed'" + WRONG,
        "not as expected"),
    # it gives what is equal to everything, or cannot be shown
    "equal to everything": (ALWAYS_EQUAL + "def double(x): return Anything()\nhalve = double",
                            "Anything"),
    "a number that is equal to everything": (
        "class Anything(int):\n    def __eq__(self, other): return True\n"
        "    __hash__ = int.__hash__\ndef double(x): return Anything(7)\nhalve = double",
        "Anything"),
    "a class that says it is int": (
        ALWAYS_EQUAL + "    __class__ = property(lambda self: int)\n"
        "def double(x): return Anything()\nhalve = double", "Anything"),
    "cannot be shown": (
        "class Mute:\n    def __repr__(self): raise KeyboardInterrupt\n    __str__ = __repr__\n"
        "def double(x): return Mute()", "Mute"),
    "is shown without end": (
        "class Endless:\n    def __repr__(self):\n        while True: pass\n"
        "def double(x): return Endless()", "Endless"),
    "an error that cannot be shown": (
        "class Mute(Exception):\n    def __str__(self): raise SystemExit\n"
        "def double(x): raise Mute", "raised Mute"),
    "an error whose text never ends": (
        "class Endless(Exception):\n    def __str__(self):\n        while True: pass\n"
        "def double(x): raise Endless", "computed for more than 1 s"),
    "lists within lists": ("def double(x):\n    a = []\n    for _ in range(9999): a = [a]\n"
                           "    return a", "nested deeper"),
    "a list that holds itself": ("def double(x):\n    a = []\n    a.append(a)\n    return a",
                                 "nested deeper"),
    "a generator without end": (
        "import itertools\ndef double(x): return itertools.count()", "wanted"),
    # it never ends
    "loops at import": ("while True: pass", "computed for more than 1 s"),
    "loops when called": ("def double(x):\n    while True: pass",
                          "computed for more than 1 s"),
    "loops and keeps the signals": (
        "import signal\nfor each in range(1, 65):\n"
        "    try: signal.signal(each, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
        "while True: pass", "SIGKILL"),
    "sleeps at import": ("import time\ntime.sleep(3600)", WAITS),
    "stops itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", WAITS),
    "a regular expression that takes for ever": (
        "import re\nre.match('(a+)+$', 'a' * 40 + 'b')", "computed for more than 1 s"),
    "waits for a lock": ("import threading\nlock = threading.Lock()\nlock.acquire()\n"
                         "lock.acquire()", WAITS),
    # it uses too much
    "prints a gigabyte": ("while True: print('x' * 65536)", "printed more than 256 kB"),
    "prints a gigabyte and is wrong": (
        "import os\ndef double(x):\n    for _ in range(1 << 14): os.write(2, b'x' * 65536)\n"
        "    return 0", "printed more than 256 kB"),
    "wants all memory": ("x = [bytearray(1 << 27) for _ in range(1000)]", "out of memory"),
    "a number that is too large": ("def double(x): return 10 ** 400_000_000",
                                   "memory|computed for more"),
    "recurses": ("def double(x): return double(x)", "too deep"),
    "recurses beyond the stack": (
        "import sys\nsys.setrecursionlimit(10 ** 9)\n"
        "class Deep:\n    def __getattr__(self, name): return getattr(self, name + 'x')\n"
        "def double(x): return Deep().y", "crashed|memory|computed|ended|too deep"),
    "crashes Python": ("import ctypes\nctypes.string_at(0)", "crashed Python itself"),
    "writes a huge file": (
        "with open('huge', 'wb') as file:\n    while True: file.write(b'x' * (1 << 20))",
        "File too large|ended by a signal"),
    "starts many processes": (  # at most 2 ** 10, all of which only wait
        "import os, time\nfor _ in range(10): os.fork()\ntime.sleep(30)",
        "started more than 8 processes"),
    "starts many sessions": (
        "import os, time\nfor _ in range(10):\n    if os.fork() == 0: os.setsid()\n"
        "time.sleep(30)", "started more than 8 processes"),
    "starts many threads": (
        "import threading, time\nfor _ in range(5000):\n"
        "    threading.Thread(target=time.sleep, args=(99,)).start()\ntime.sleep(99)",
        "can't start new thread|not done after"),
    # it leaves something behind
    "leaves a thread": (
        "import threading, time\n"
        "threading.Thread(target=lambda: [time.sleep(0.1) for _ in range(999)]).start()" + WRONG,
        "not as expected"),
    "leaves a child that holds everything open": (
        "import os, time\nif os.fork() == 0: time.sleep(60)\nos._exit(0)", r"\(status 0\)"),
    "leaves a daemon": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        while True: time.sleep(1)\n    os._exit(0)" + WRONG, "not as expected"),
    "lets its child answer": (
        "import os\ndef double(x):\n    os.fork()\n    return 0", "not as expected"),
    # it takes away what it stands on
    "closes every descriptor": ("import os\nos.closerange(0, 4096)" + WRONG, "ended the program"),
    "closes stdout": ("import os, sys\nos.close(1)\nsys.stdout.close()" + WRONG,
                      "not as expected"),
    "replaces stdout": (
        "import sys\nclass Out:\n    def write(self, text): raise SystemExit\n"
        "    def flush(self): raise SystemExit\nsys.stdout = sys.stderr = Out()" + WRONG,
        "not as expected"),
    "removes the working folder": (
        "import os, shutil\nshutil.rmtree(os.getcwd())\nos.chdir('/')" + WRONG,
        "not as expected"),
    "closes the working folder": (
        "import os\nos.makedirs('a/b/c')\nopen('a/b/c/d', 'w').close()\n"
        "os.chmod('a/b', 0)\nos.chmod('.', 0)" + WRONG, "not as expected"),
    "reads stdin": ("import sys\nsys.stdin.readline() or 1 / 0", "ZeroDivisionError"),
    "asks for input": ("x = input('What? ')", "EOFError"),
    "kills itself": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "kills its group": ("import os, signal\nos.killpg(0, signal.SIGTERM)", "SIGTERM"),
    "leaves its session": ("import os\ntry: os.setsid()\nexcept OSError: pass\n" + WRONG,
                           "not as expected"),
    "becomes another program": (
        "import os\nos.execv('/bin/sh', ['sh', '-c', 'echo passed; exit 0'])", r"\(status 0\)"),
    # it raises what programs do not catch
    "interrupts": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "raises a BaseException": ("class Out(BaseException): pass\nraise Out('passed')", "raised Out"),
    "an error that says it is the grader's": (
        "import lessons.kit.judging.peer as p\nraise p.Gone", "ended the program"),
    "is no Python": ("def double(x:\n    return 2", "Line 1 cannot be read as Python"),
    "is nested too deep for Python": ("x = " + "(" * 9999 + ")" * 9999, "."),
    "needs what is not there": ("import no_such_package", "not installed here: No module"),
    "is empty": ("", "There is no `double` in your file"),
    "writes to the terminal": (
        "try:\n    open('/dev/tty', 'w').write('\\x1b[2J')\nexcept OSError: pass" + WRONG,
        "not as expected"),
}  # fmt: skip

BYTES = {
    "is no UTF-8": (b"x = 1\ny = '\xff\xfe'\n", "no UTF-8 text: line 2"),
    "has NUL bytes": (b"x = 1\n\n\0", "NUL byte in line 3"),
    "is 10 MB large": (b"# " + b"x" * 10_000_000, "at most 1 MB"),
}
"""Files that are not even given to a process."""


@pytest.fixture(scope="module")
def patient():
    with Grader(LIMITS, imports=()) as grader:
        yield grader


@pytest.fixture(scope="module")
def hasty():
    with Grader(HASTY, imports=()) as grader:
        yield grader


@pytest.fixture
def judged(tmp_path, monkeypatch, capfd):
    """What a file comes to; whatever it is, it leaves nothing behind."""
    folders = tmp_path / "tmp"
    folders.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folders))

    def judged(content, grader):
        exercise = write(tmp_path / "lesson")
        file = tmp_path / "exercise.py"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = grader.check(exercise, file)
        assert not report.passed
        assert [each.name for each in report.results] == ["doubles", "undoes", "refuses_zero"]
        assert list(folders.iterdir()) == []
        assert left_behind(grader) == []
        assert capfd.readouterr() == ("", "")
        return report

    return judged


def left_behind(grader):
    process = grader._process
    return psutil.Process(process._process.pid).children() if process and process.alive else []


@pytest.mark.parametrize("kind", KINDS)
def test_never_passes(judged, patient, hasty, kind):
    content, why = KINDS[kind]
    grader = hasty if "not done" in why else patient
    first, second, third = judged(content, grader).results
    assert first.outcome == "failed", first
    assert re.search(why, first.why), first.why
    assert first.why[0].isupper()
    assert second.outcome == "not run"
    assert second.why.startswith(("Needs ", "Left out, since "))
    assert third.outcome in ("failed", "not run")
    assert all("\x1b" not in text for text in (first.why, first.output, first.traceback))


@pytest.mark.parametrize("kind", BYTES)
def test_a_file_that_no_process_is_given(judged, patient, kind):
    content, why = BYTES[kind]
    first, *rest = judged(content, patient).results
    assert first.outcome == "failed"
    assert re.search(why, first.why), first.why
    assert {each.outcome for each in rest} == {"not run"}


def test_a_pipe_for_a_file(patient, tmp_path):
    """Opening it would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    first, *_ = patient.check(write(tmp_path / "lesson"), tmp_path / "pipe").results
    assert first.outcome == "failed"
    assert first.why.endswith("is no file.")


@pytest.mark.parametrize("signal", ["SIGKILL", "SIGSTOP"])
@pytest.mark.parametrize("whose", ["the judge", "the warm process"])
@pytest.mark.skipif(not LINUX, reason="reads /proc")
def test_ending_those_who_judge_is_no_pass(judged, hasty, tmp_path, signal, whose):
    """It may not be told whose fault that was; the next file is judged as ever."""
    parent = "os.getppid()"
    above = "int(open(f'/proc/{os.getppid()}/stat').read().rsplit(')')[-1].split()[1])"
    pid = parent if whose == "the judge" else above
    wanted = f"import os, signal, time\nos.kill({pid}, signal.{signal})\ntime.sleep(60)"
    first, *rest = judged(wanted, hasty).results
    if whose == "the judge":
        assert first.outcome == "not judged"
        assert "not held against you" in first.why
    else:  # the judge is there still
        assert first.outcome == "failed"
        assert WAITS in first.why
    assert {each.outcome for each in rest} == {"not run"}
    exercise = write(tmp_path / "again")
    outcomes = {each.outcome for each in hasty.check(exercise, exercise.solution).results}
    assert "not judged" not in outcomes


def test_escapes_are_not_shown(judged, patient):
    clear = "print('\\x1b[2J\\x1b]0;title\\x07seen\\u202e\\ud800\\r\\x9b1m')"
    first, *_ = judged(clear + WRONG, patient).results
    assert first.output.startswith("seen")
    assert all(one in "\n\t" or one.isprintable() or one == "\ufffd" for one in first.output)


def test_secrets_are_not_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("GEMINI_API_KEY", "secret")
    show = "import os\nprint(sorted(os.environ.items()), os.getcwd(), os.listdir())" + WRONG
    exercise = write(tmp_path / "lesson")
    (tmp_path / "exercise.py").write_text(show)
    with Grader(LIMITS, imports=()) as grader:
        first, *_ = grader.check(exercise, tmp_path / "exercise.py").results
    assert "'PATH'" in first.output
    assert "tutor-check-" in first.output
    assert first.output.rstrip().endswith("[]")
    assert "secret" not in first.output.replace(str(tmp_path), "")
    assert "TOKEN" not in first.output
