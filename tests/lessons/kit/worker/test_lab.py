import sys

import pytest

from engine import kinds
from engine.errors import SpecError
from engine.figures import Table
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.lock import Lock
from lessons.kit.worker.lab import KIND, WORKER, LabSpec, compute, figure
from tests.engine.runs.waiting import ended, reached, until
from tests.lessons.kit import lab_files


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return str(lab_files.write(tmp_path_factory.mktemp("labs") / "unit" / "lesson"))


@pytest.fixture
def client(tmp_path):
    home = Home(tmp_path / "home")
    with Client(home, worker=(*WORKER, "--idle", "30")) as client:
        yield client
        process = client._launcher._started
        if process:
            process.kill()
            process.wait()
    until(Lock(home.lock).free)


def test_a_lab_is_a_run_and_its_figure_is_read_later(client, lesson, tmp_path):
    gate = tmp_path / "gate"
    run_id = client.submit(KIND, LabSpec(lesson, "gated", {"gate": str(gate), "name": "one"}))
    run = reached(client, run_id, 3)
    assert (run.message, run.unit, run.total) == ("waiting", "steps", 10)
    assert figure(run) is None
    gate.touch()
    assert ended(client, run_id).state == "finished"
    with Client(client.home, worker=None) as later:
        run = later.run(run_id)
    made = figure(run)
    assert isinstance(made, Table) and made.rows == (("one",),)
    assert run.environment["threads"] >= 1  # torch was there before the lab began
    assert run.done == run.total == 10 and run.result["seconds"] > 0


def test_pause_resume_and_cancel(client, lesson, tmp_path):
    gate = tmp_path / "gate"
    values = {"gate": str(gate)}
    run_id = client.submit(KIND, LabSpec(lesson, "gated", values))
    reached(client, run_id, 1)
    client.pause(run_id)
    assert ended(client, run_id).state == "paused"
    client.resume(run_id)
    reached(client, run_id, 1)
    client.cancel(run_id)
    assert ended(client, run_id).state == "cancelled"
    gate.touch()
    again = client.submit(KIND, LabSpec(lesson, "gated", values))
    assert ended(client, again).state == "finished"


def test_a_labs_error_is_the_runs(client, lesson):
    run = ended(client, client.submit(KIND, LabSpec(lesson, "bad", {"how": "engine"})))
    assert run.state == "failed"
    assert run.error == {"what": "acorn is not there.", "way_out": "Build it."}


def test_the_row_says_what_is_computed(client, lesson):
    spec = LabSpec(lesson, "rounding", {"bits": "4"}).anchored()
    assert spec.to_dict() == {
        "lesson": lesson,
        "lab": "rounding",
        "values": {"bits": 4, "outlier": 1.0},
    }
    assert spec.title() == "lab rounding, bits 4"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lesson": "numbers/nowhere"}, "lesson"),
        ({"lab": "nothing"}, "lab"),
        ({"values": {"bits": 5}}, "bits"),
        ({"values": {"bit": 4}}, "bit"),
    ],
)
def test_what_cannot_be_is_said_before_it_is_queued(client, lesson, change, field):
    made = {"lesson": lesson, "lab": "rounding", **change}
    with pytest.raises(SpecError) as error:
        client.submit(KIND, LabSpec(**made))
    assert error.value.field == field
    assert client.runs() == []


def test_the_worker_knows_the_engines_kinds_too():
    from engine.kinds import cascade

    assert kinds.compute("cascade") is cascade.compute
    assert kinds.compute(KIND) is compute
    with pytest.raises(SpecError, match="no run of kind 'juggle'"):
        kinds.compute("juggle")
    assert WORKER[0] == sys.executable
