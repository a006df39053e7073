import os
import queue
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import psutil
import pytest

import lessons
from engine.errors import EngineError, SpecError
from engine.figures import UnknownFigure
from lessons.kit.bench import bench as bench_module
from lessons.kit.bench.bench import Bench, LabFailed, NoFigure
from tests.engine.runs.waiting import until
from tests.lessons.kit import lab_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return lab_files.write(tmp_path_factory.mktemp("labs") / "unit" / "lesson")


@pytest.fixture(scope="module")
def warm():
    """A bench for tests that leave its child alive."""
    with Bench() as bench:
        yield bench


@pytest.fixture
def fresh():
    """A bench whose child a test may kill; without torch, so that the next one is soon there."""
    with Bench(command=LIGHT) as bench:
        yield bench


LIGHT = (
    sys.executable,
    "-c",
    "import sys; from lessons.kit.bench import child; child.IMPORTS = (); "
    "child.main(*map(int, sys.argv[1:]))",
)


def works(bench, folder):
    return bench.compute(folder, "bad", {"how": "print"}).caption == "printed"


@pytest.fixture
def ends():
    return queue.SimpleQueue()


def pid(bench):
    return until(lambda: bench._link).pid


def running(bench, told, gate, folder, name="first", ends=None):
    """Have `gated` compute, and return once it does."""
    ends = ends or queue.SimpleQueue()
    number = bench.submit(folder, "gated", {"gate": str(gate), "name": name}, ends.put, told)
    return number


@pytest.fixture
def told():
    """Collects progress; `wait` returns once there was some."""

    class Told(list):
        def __init__(self):
            super().__init__()
            self.some = threading.Event()

        def __call__(self, *far):
            self.append(far)
            self.some.set()

        def wait(self):
            assert self.some.wait(60)

    return Told()


def test_the_figure_of_a_lab(warm, folder):
    figure = warm.compute(folder, "rounding", {"bits": "2"})
    coarse, fine = figure.values["mse"], warm.compute(folder, "rounding", {"bits": 8}).values["mse"]
    assert coarse > 1000 * fine > 0
    assert figure.rows == ((2, pytest.approx(coarse)),)  # a tensor of one number is a number


def test_the_child_stays_warm_and_this_process_light(warm, folder):
    first = pid(warm)
    warm.compute(folder, "rounding", {})
    assert pid(warm) == first and warm.ready.is_set()
    maps = {each.path for each in psutil.Process(first).memory_maps()}
    assert any("torch" in path for path in maps)


def test_it_is_polite_and_in_a_session_of_its_own(warm, folder):
    warm.compute(folder, "rounding", {})
    child = psutil.Process(pid(warm))
    assert child.nice() == min(19, os.nice(0) + 5)
    assert os.getsid(child.pid) == child.pid


def test_progress_is_told(warm, folder, tmp_path, told, ends):
    running(warm, told, tmp_path / "gate", folder, ends=ends)
    told.wait()
    (tmp_path / "gate").touch()
    ended = ends.get(timeout=60)
    assert ended.figure.caption == "first" and ended.error is None and ended.stopped == ""
    assert told[-1] == (10, 10, "done") and told[0] == (1, 10, "waiting")
    assert ended.seconds > 0 and ended.values["name"] == "first"


@pytest.mark.parametrize(
    ("how", "what", "way_out"),
    [
        ("engine", "acorn is not there.", "Build it."),
        ("memory", "There was not enough memory for the lab bad.", "Close other programs"),
        ("unforeseen", "did not foresee stopped it (ValueError: a shape of (3, 4))", "lesson's"),
        ("import", "needs no_such_module", "Install"),
        ("exit", "did not foresee stopped it (SystemExit: 0)", "lesson's"),
        ("nothing", "gave a NoneType and no figure", "lesson's fault"),
    ],
)
def test_errors_come_back_in_words(warm, folder, how, what, way_out):
    with pytest.raises(LabFailed) as error:
        warm.compute(folder, "bad", {"how": how})
    assert what in error.value.what and way_out in error.value.way_out
    assert ("Traceback" in error.value.detail) == (
        how in ("unforeseen", "memory", "import", "exit")
    )


def test_a_wrong_value_is_said_with_its_field(warm, folder):
    with pytest.raises(SpecError) as error:
        warm.compute(folder, "rounding", {"bits": 5})
    assert (error.value.field, error.value.value) == ("bits", 5)
    assert error.value.way_out == "It can be 2, 3, 4 or 8."


def test_a_lab_that_is_not_there(warm, folder):
    with pytest.raises(LabFailed, match=r"no lab 'roundig'.*rounding, gated, deaf, bad"):
        warm.compute(folder, "roundig", {})


def test_what_a_lab_prints_reaches_nobody(warm, folder, capfd):
    assert warm.compute(folder, "bad", {"how": "print"}).caption == "printed"
    assert capfd.readouterr() == ("", "")


def test_the_latest_request_wins(warm, folder, tmp_path, told, ends):
    gate, child = tmp_path / "gate", pid(warm)
    first = running(warm, told, gate, folder, ends=ends)
    told.wait()
    others = [running(warm, None, gate, folder, f"n{n}", ends) for n in range(5)]
    gate.touch()
    came = [ends.get(timeout=60) for _ in range(6)]
    assert {each.request: each.stopped for each in came} == {
        each: "superseded" if each != others[-1] else "" for each in [first, *others]
    }
    assert came[-1].figure.caption == "n4"
    assert pid(warm) == child  # the running lab stopped where it told its progress


def test_cancel_stops_a_lab_that_tells_its_progress_and_keeps_the_child(
    warm, folder, tmp_path, told, ends
):
    child = pid(warm)
    running(warm, told, tmp_path / "gate", folder, ends=ends)
    told.wait()
    warm.cancel()
    assert ends.get(timeout=60).stopped == "cancelled"
    warm.compute(folder, "rounding", {})
    assert pid(warm) == child


def test_cancel_with_nothing_to_cancel_does_nothing(warm, folder):
    warm.cancel()
    assert warm.compute(folder, "rounding", {}).values


def test_compute_says_that_it_was_overtaken(warm, folder, tmp_path, told):
    def overtake():
        told.wait()
        warm.cancel()

    threading.Thread(target=overtake).start()
    with pytest.raises(NoFigure, match="gated was cancelled"):
        warm.compute(folder, "gated", {"gate": str(tmp_path / "gate")}, told)


def deaf(bench, folder, tmp_path, ends, **more):
    """Have `deaf` compute, and return the child's process once it does."""
    bench.submit(folder, "deaf", {"mark": str(tmp_path / "mark")}, ends.put, **more)
    until((tmp_path / "mark").exists)
    return psutil.Process(pid(bench))


def test_cancel_kills_what_does_not_stop_and_the_next_child_computes(fresh, folder, tmp_path, ends):
    child = deaf(fresh, folder, tmp_path, ends)
    fresh.cancel()
    assert ends.get(timeout=60).stopped == "cancelled"
    assert not child.is_running()
    assert works(fresh, folder)
    assert pid(fresh) != child.pid


def test_a_later_request_kills_what_does_not_return(fresh, folder, tmp_path, ends, monkeypatch):
    monkeypatch.setattr(bench_module, "PATIENCE_SECONDS", 0.1)
    child = deaf(fresh, folder, tmp_path, ends)
    assert works(fresh, folder)
    assert ends.get(timeout=60).stopped == "superseded"
    assert not child.is_running()


def test_a_lab_that_takes_too_long_is_killed_and_the_next_child_warms_up(
    fresh, folder, tmp_path, ends
):
    fresh.start()
    fresh.ready.wait(60)
    child = deaf(fresh, folder, tmp_path, ends, limit=0.5)
    ended = ends.get(timeout=60)
    assert ended.error.what == "The lab deaf took longer than 0.5 seconds and was stopped."
    assert not child.is_running()
    until(fresh.ready.is_set)  # without being asked
    assert pid(fresh) != child.pid


def test_a_child_that_dies_says_how_and_another_one_computes(fresh, folder):
    with pytest.raises(LabFailed, match="ended unexpectedly, with status 3"):
        fresh.compute(folder, "bad", {"how": "die"})
    assert works(fresh, folder)


def test_a_child_that_is_killed_says_by_what(fresh, folder, tmp_path, ends):
    child = deaf(fresh, folder, tmp_path, ends)
    child.kill()
    assert "by SIGKILL" in ends.get(timeout=60).error.what
    assert works(fresh, folder)


def test_a_child_that_cannot_start_is_said_and_not_tried_for_ever(folder):
    broken = (sys.executable, "-c", "import sys; sys.exit('no such thing')")
    with Bench(command=broken) as bench, pytest.raises(LabFailed) as error:
        bench.compute(folder, "rounding", {})
    assert "with status 1" in error.value.what and "no such thing" in error.value.detail
    with Bench(command=("/no/such/program",)) as bench, pytest.raises(LabFailed, match="started"):
        bench.compute(folder, "rounding", {})


def test_close_ends_the_child_and_whoever_waits(folder, tmp_path, ends):
    bench = Bench(command=LIGHT)
    child = deaf(bench, folder, tmp_path, ends)
    bench.close()
    assert ends.get(timeout=60).stopped == "cancelled"
    assert not child.is_running()
    bench.close()
    bench.cancel()
    with pytest.raises(EngineError, match="closed"):
        bench.compute(folder, "rounding", {})


def test_a_callback_that_fails_does_not_end_the_bench(warm, folder, caplog):
    called = threading.Event()

    def broken(_):
        called.set()
        raise RuntimeError("drawn on a closed screen")

    warm.submit(folder, "rounding", {}, broken)
    assert called.wait(60)
    assert warm.compute(folder, "rounding", {}).values
    assert "drawn on a closed screen" in caplog.text


def test_a_figure_of_a_later_version_is_said_and_the_bench_goes_on(folder):
    """The tutor was upgraded while it is open: its next child is of the new version."""
    newer = LIGHT[2].replace(
        "child.main",
        "made = child.as_dict; child.as_dict = lambda f: {**made(f), 'shade': 1}; child.main",
    )
    with Bench(command=(sys.executable, "-c", newer)) as bench:
        for _ in range(2):
            with pytest.raises(UnknownFigure, match=r"another version.*open it again"):
                works(bench, folder)


PARENT = """
import sys, time
from lessons.kit.bench.bench import Bench
from tests.lessons.kit.bench.test_bench import LIGHT
bench = Bench(command=LIGHT)
bench.submit(sys.argv[1], "deaf", {"mark": sys.argv[2]}, print)
while bench._link is None:
    time.sleep(0.01)
print(bench._link.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_child_ends_with_its_parent_in_the_midst_of_a_lab(folder, tmp_path, number):
    mark = tmp_path / "mark"
    command = [sys.executable, "-c", textwrap.dedent(PARENT), str(folder), str(mark)]
    root = Path(lessons.__file__).parents[1]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        until(mark.exists)
        assert child.is_running()
        parent.send_signal(number)
    until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
