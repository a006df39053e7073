"""A learner's home of 0.1.0 opens today, and nothing of theirs is lost.

`old_home/home.tar.xz` was made by that version (`old_home/make.py`), and `old_home/said.json` is
what it said of it. What is said beside that may grow; nothing that was said may be gone.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from engine.chain import pipeline
from engine.runs import schema as engine_schema
from engine.runs.client import Client
from engine.runs.home import Home
from lessons.kit.worker import lab as lab_run
from lessons.kit.worker.lab import WORKER
from tests.tutor.looking import text
from tests.tutor.old_home import telling
from tests.tutor.old_home.computing import HALF_ASKED, KILLED, PAUSED, WHOLE
from tests.tutor.old_home.learning import CONFIG, HALF_WRITTEN, SETTINGS
from tests.tutor.old_home.processor import processor
from tests.tutor.old_home.program import ROOT, Program
from tutor import config
from tutor.handin.notebook import FOLDER
from tutor.handin.verify import verify
from tutor.learner import schema as learner_schema
from tutor.tui.pictures import until
from tutor.tutorial import settings as tuning
from tutor.tutorial.reader import Reader

OLD = Path(__file__).parent / "old_home"
SAID = json.loads((OLD / "said.json").read_text(encoding="utf-8"))
TOLD = tuple(name for name in SAID if name not in ("processor", "adapter", "asked"))


def unpacked(folder: Path) -> Program:
    """The learner's folder as it was left, in another place."""
    with tarfile.open(OLD / "home.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return Program(folder)


@dataclass(frozen=True)
class LookedAt:
    program: Program
    said: dict
    before: dict[str, bytes]


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    """A copy that is looked at and no more: what is said of it today, and its files before that."""
    program = unpacked(tmp_path_factory.mktemp("old"))
    before = contents(program.folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in program.environment.items():
            patch.setenv(name, value)
        return LookedAt(program, telling.told(program), before)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A copy of the test's own."""
    program = unpacked(tmp_path / "old")
    for name, value in program.environment.items():
        monkeypatch.setenv(name, value)
    return program


@pytest.mark.parametrize("what", TOLD)
def test_all_that_was_said_of_it_is_said_today(looked_at, what):
    assert not list(telling.lost(SAID[what], looked_at.said[what], what))


def test_what_is_lost_is_found():
    before = {"points": 3, "steps": ["a", {"done": True}]}
    assert not list(telling.lost(before, {**before, "more": 1}))
    for now in ({"points": 3}, {**before, "points": 2}, {**before, "steps": ["a"]},
                {**before, "steps": ["a", {"done": False}]}):  # fmt: skip
        assert len(list(telling.lost(before, now))) == 1


def test_what_is_said_is_worth_comparing():
    """The home holds something of everything that could be lost."""
    states = [run["state"] for run in SAID["runs"]]
    finished = {run["kind"] for run in SAID["runs"] if run["state"] == "finished"}
    assert {"paused", "interrupted", "failed", "cancelled", "finished"} == set(states)
    assert finished == {"evaluate", "teach", "sft", "sample", "cascade", "lab"}
    outcomes = {row["outcome"] for row in SAID["record"]["attempts"]}
    assert outcomes >= {"read", "right", "slip", "wrong", "predicted", "computed", "skipped",
                        "passed", "failed"}  # fmt: skip
    assert {row["kind"] for row in SAID["record"]["wishes"]} == {
        "put off", "set aside", "brought back", "undone",
    }  # fmt: skip
    assert {row["purpose"] for row in SAID["record"]["sittings"]} >= {"lesson", "review"}
    assert SAID["place"]["drafts"] and SAID["place"]["in hand"]["draft"]
    assert SAID["place"]["bookmarks"] and SAID["due"] and SAID["place"]["set aside"]
    assert {task["code"] for task in SAID["score"]["tasks"]} == {"your code", ""}
    assert SAID["score"]["points"] == 50  # all that runs can earn
    assert SAID["verify"]["follows"] and SAID["verify"]["untouched"]


def test_its_files_name_no_machine(looked_at):
    for each in texts(looked_at.program):
        assert not re.search(r"/(tmp|root|work|usr|Users|private)/\w", each)


def test_what_its_files_name_of_the_code_is_there(looked_at):
    """Modules that its notebook imports from, sets of migrations, figures that labs have given."""
    name = re.compile(r"\b(?:engine|lessons|tutor)(?:\.[a-z_]+)+\b")
    named = {each for held in texts(looked_at.program) for each in name.findall(held)}
    assert len(named) == 6
    for module in named:
        assert find_spec(module), module
    with Client(looked_at.program.home, worker=None) as client:
        migrated = client.store.database.rows("SELECT migration_set FROM _sqlite_migrations")
        labs = [run for run in client.finished() if run.kind == lab_run.KIND]
    assert {row[0] for row in migrated} == {engine_schema.migrations.name, learner_schema.SET}
    assert len([lab_run.figure(run) for run in labs]) == 2


def texts(program: Program) -> list[str]:
    """All that its files hold, the database as text."""
    with closing(sqlite3.connect(program.home / "tutor.db")) as database:
        dump = "\n".join(database.iterdump())
    return [dump, *(each.decode("latin-1") for each in contents(program.folder).values())]


def test_every_run_is_shown_in_words(looked_at):
    """With its figure, its settings and its result, by the code of today."""
    for run in SAID["runs"]:
        assert run["title"] in " ".join(looked_at.program.run("show", run["id"]).split())


def test_files_of_the_learners_are_as_they_left_them(program):
    file = program.home / "exercises" / "numbers" / "absmax" / "exercise.py"
    assert file.read_text(encoding="utf-8") == HALF_WRITTEN
    assert Path(program.run("check", "absmax", "--path").strip()) == file
    kept = program.home / "exercises" / "numbers" / "zero-point" / "exercise.kept-1.py"
    assert kept.read_text(encoding="utf-8").endswith("# a dead end\n")


def test_looking_at_it_changes_no_file_but_the_database(looked_at):
    after = contents(looked_at.program.folder)
    assert {name: after.get(name) for name in looked_at.before} == looked_at.before


def contents(folder: Path) -> dict[str, bytes]:
    """All files, by their names."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and not each.name.startswith("tutor.db")
    }


def test_the_tutorial_knows_the_chain_as_its_own(program):
    """By specs that are equal to those that its choice gives today: nothing is computed again."""
    with closing(Reader(Home(program.home))) as reader:
        seen = reader.look(None)
    assert [seen.stages[name].id for name in pipeline.ORDER] == list(range(1, 11))
    assert sum(task.points for task in seen.tasks) == 100
    assert {task.code for task in seen.tasks} == {"your code", ""}


async def test_the_first_screen_goes_on_where_they_were(program, opened):
    async with opened(Home(program.home)) as (app, pilot):
        await until(pilot, lambda: "Continue" in text(app))
        assert "Continue  Absmax, step 17 of 21" in text(app)
        assert "paused" in text(app)


def test_settings_and_their_comments_stay(program):
    held = config.read()
    assert (held.theme, held.plot_symbols, held.review_session) == ("contrast", "ascii", 10)
    assert held.keys == {"help": "f1,question_mark"} and not held.complaints
    config.change(theme="light")
    changed = CONFIG.replace('"contrast"  ', '"light"')
    assert config.path().read_text(encoding="utf-8").split() == changed.split()
    kept = tuning.read(Home(program.home))
    assert not kept.faults
    assert (kept.tuning.lora_r, kept.tuning.epochs, kept.tuning.threshold) == (8, 4, 0.4)


def test_comments_in_the_tutorials_settings_stay_after_a_set(program):
    program.run("pipeline", "--task", "quantize", "--set", "lora_r=16")
    kept = tuning.path(Home(program.home)).read_text(encoding="utf-8")
    assert "lora_r = 16" in kept
    for line in SETTINGS.splitlines():
        if "#" in line:
            assert line.partition("#")[2] in kept


def test_runs_that_stood_still_go_on_to_what_those_never_stopped_gave(program, monkeypatch):
    """The worker of today, from the checkpoint and the answers of that day.

    Bytes are compared where the processor rounds as the old one did. On another one they are other
    bytes, as half of the training was rounded otherwise, so there its losses are held to be near.
    """
    worker = (*WORKER, "--idle", "0.5")
    monkeypatch.setattr("lessons.kit.worker.lab.WORKER", worker)
    program.run("resume", PAUSED, HALF_ASKED, KILLED)
    with closing(Client(program.home, worker=worker)) as client:
        for number in (PAUSED, HALF_ASKED, KILLED):
            *_, run = client.follow(number, every=0.1)
            assert (run.state, run.attempts) == ("finished", 2), run.error
        trained, whole = client.run(PAUSED).result, client.run(WHOLE).result
    answers = [telling.told_of(program, each)["answers"] for each in (HALF_ASKED, KILLED)]
    if processor() == SAID["processor"]:
        assert telling.adapter(program, PAUSED) == SAID["adapter"]
        assert trained["validation_loss"] == whole["validation_loss"]
        assert answers == [SAID["asked"]] * 2
    assert trained["validation_loss"] == pytest.approx(whole["validation_loss"], rel=1e-3)
    assert (trained["steps"], trained["tokens"]) == (whole["steps"], whole["tokens"])


def executed(program: Program):
    """The old notebook, run from top to bottom by a kernel of its own beside it."""
    notebook = nbformat.read(program.folder / "tutorial.ipynb", 4)
    before = {cell.id: cell for cell in notebook.cells}
    where = {"metadata": {"path": str(program.folder)}}
    again = NotebookClient(nbformat.from_dict(notebook), timeout=1_200, resources=where).execute()
    return before, again.cells


def printed(cell) -> str:
    """What it printed, in however many pieces that came."""
    return "".join(each.text for each in cell.outputs if each.output_type == "stream").strip()


def test_the_old_notebook_runs_where_its_runs_are_kept_and_verifies(program, monkeypatch):
    """Its cells find what was computed before in the home beside it, by specs that are equal."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shutil.copytree(program.home, program.folder / FOLDER)
    verdict = verify(program.folder / "tutorial.ipynb")
    assert verdict.follows and verdict.untouched
    before, cells = executed(program)
    ran = [cell for cell in cells if cell.id.startswith("run-")]
    assert len(ran) == 10
    for cell in ran:
        assert printed(cell) == printed(before[cell.id])
    assert (
        cells[-1].outputs[0].data["text/plain"]
        == (before[cells[-1].id].outputs[0].data["text/plain"])
    )
    with closing(Client(program.folder / FOLDER, worker=None)) as client:
        assert len(client.runs()) == len(SAID["runs"])  # nothing was computed again


@pytest.mark.slow
def test_the_old_notebook_runs_anew_and_gives_the_same_scores(program, monkeypatch):
    """With nothing beside it: each of its ten runs is computed again."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    before, cells = executed(program)
    for cell in cells:
        if cell.id.startswith("run-"):
            said, was = (
                [line for line in printed(each).splitlines() if line.startswith("EM ")]
                for each in (cell, before[cell.id])
            )
            assert said == was or processor() != SAID["processor"]
