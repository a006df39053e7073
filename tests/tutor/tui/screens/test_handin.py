"""Handing in on screens: on a home whose chain was planted, with real files."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import nbformat
import pytest

from lessons.kit.course import exercise
from lessons.kit.course.lesson import lesson
from tests.tutor.handin.chain import planted
from tests.tutor.homes import worker
from tests.tutor.lessons import record
from tests.tutor.lessons_here import FOLDER
from tests.tutor.looking import keys, text
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.handin.notebook import Verify
from tutor.tui.screens.handin.room import HandIn
from tutor.tui.screens.predictions import Predictions
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.which import Which
from tutor.tui.threads.errand import Errand
from tutor.tui.widgets.path import PathField, completed


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A chain that has finished, and an exercise that was solved."""
    with worker(tmp_path_factory.mktemp("handin") / "home") as hand:
        planted(hand)
        made = lesson("tutorial/quantize").exercise()
        solved = made.solution.read_text(encoding="utf-8")
        exercise.create(hand.home, made).write_text(solved, encoding="utf-8")
        step = next(s for s in lesson("tutorial/quantize").steps if s.kind == "exercise")
        with record(hand.home) as learner:
            learner.checked(step, "passed", "7 of 7 passed")
        yield hand.home


@pytest.fixture
def at(home, tmp_path, monkeypatch):
    """Opens a place of the room, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    @asynccontextmanager
    async def open_at(command, size=(80, 24), of=home):
        app = TutorApp(of)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.seen.machine != "")
            app.action_door(command)
            await until(pilot, lambda: app.screen is not app.screen_stack[0])
            yield app, pilot

    return open_at


def name(app, file):
    app.screen.query_one(PathField).value = str(file)


def still(app):
    return not app.screen.going_on


@pytest.fixture(scope="module")
def exported(home, tmp_path_factory):
    """A notebook that was handed in."""
    from tutor.handin.export import export

    return export(home, tmp_path_factory.mktemp("exported") / "tutorial.ipynb").files[0]


@pytest.fixture
def notebook(exported, tmp_path):
    """A copy of it where the tutor is opened."""
    return Path(shutil.copy(exported, tmp_path))


async def test_the_notebook_is_written_and_verified_at_once(at, tmp_path):
    file = tmp_path / "tutorial.ipynb"
    async with at("export", (60, 20)) as (app, pilot):
        assert app.screen.query_one(PathField).value == str(file), "a name is there already"
        await until(pilot, lambda: "10 of 10" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "60 of 100 points are in" in " ".join(text(app).split()))
        assert isinstance(app.screen, Verify)
        told = " ".join(text(app).split())
        assert "What was counted follows" in told
        await until(pilot, lambda: "run its code" in keys(app))
        assert "baseline: problems" in told
        nbformat.validate(nbformat.read(file, as_version=4))
        await pilot.press("escape")
        assert app.screen is app.screen_stack[0], "back to where it was begun"


async def test_verify_offers_the_newest_notebook_or_says_what_to_type(at, tmp_path):
    async with at("verify") as (app, pilot):
        line = app.screen.query_one(PathField)
        assert line.value == ""
        await until(pilot, lambda: "a file's name or path; Tab completes it" in text(app))
    for at_time, name in enumerate(("old.ipynb", "new.ipynb", "newest.md"), 1):
        (tmp_path / name).write_text("{}")
        os.utime(tmp_path / name, (at_time, at_time))
    async with at("verify") as (app, pilot):
        assert app.screen.query_one(PathField).value == str(tmp_path / "new.ipynb")
    (tmp_path / "tutorial.ipynb").write_text("{}")
    os.utime(tmp_path / "tutorial.ipynb", (0, 0))
    async with at("verify") as (app, pilot):
        named = app.screen.query_one(PathField).value
        assert named == str(tmp_path / "tutorial.ipynb"), "what an export has written comes first"


async def test_what_is_there_is_replaced_only_where_one_says_so(at, tmp_path):
    file = tmp_path / "tutorial.ipynb"
    file.write_text("mine")
    async with at("export") as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        assert file.read_text() == "mine"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, Verify))
    assert file.read_text() != "mine"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tutorial.pdf", "tutorial.pdf is no .ipynb and no .md."),
        ("nowhere/tutorial.ipynb", "There is no folder"),
        ("", "Type a file's name first."),
        ("x" * 300, "cannot be used: file name too long. Name another."),
    ],
)
async def test_a_name_that_cannot_be_is_told_and_typed_again(at, monkeypatch, typed, said):
    notices = []
    monkeypatch.setattr(TutorApp, "notify", lambda self, words, **rest: notices.append(words))
    async with at("export") as (app, pilot):
        name(app, typed)
        await pilot.press("enter")
        await until(pilot, lambda: said in " ".join([*text(app).split(), *notices]))
        assert isinstance(app.focused, PathField)


async def test_a_text_is_written_with_its_pictures(at, tmp_path):
    async with at("export") as (app, pilot):
        name(app, tmp_path / "tutorial.md")
        await pilot.press("enter")
        await until(pilot, lambda: "pictures are beside it" in " ".join(text(app).split()))
    assert "# Efficient AI" in (tmp_path / "tutorial.md").read_text()


async def test_who_has_nothing_yet_is_told_what_to_do(at, hand):
    async with at("export", of=hand.home) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "nothing to hand in yet" in " ".join(text(app).split()))
        await until(pilot, lambda: isinstance(app.focused, PathField))


async def test_what_goes_on_is_left_by_esc_and_nothing_comes_of_it(at, tmp_path, monkeypatch):
    """The errand waits at its first word until the learner has left it."""
    begun = []
    monkeypatch.setattr(Errand, "begin", lambda self: begun.append(self) or self)
    async with at("export") as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: begun)
        assert "esc cancels" in text(app) and keys(app)["cancel"] in ("c", "escape")
        assert app.screen.query_one(PathField).disabled
        await pilot.press("escape")
        await until(pilot, lambda: "Cancelled." in text(app))
        await until(pilot, lambda: isinstance(app.focused, PathField))
        begun[0]._work()
        await pilot.pause()
        assert "Cancelled." in text(app)
    assert list(tmp_path.iterdir()) == []


async def test_the_code_runs_only_where_one_says_so(at, notebook, monkeypatch):
    ran = []
    monkeypatch.setattr(
        "lessons.kit.judging.grader.check",
        lambda made, file: ran.append(file.read_text()) or PASSED,
    )
    async with at("verify") as (app, pilot):
        assert app.screen.query_one(PathField).value == str(notebook)
        await pilot.press("enter")
        await until(pilot, lambda: "Not counted: 1 claim" in " ".join(text(app).split()))
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("n")
        assert not ran
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, Verify) and still(app))
        await until(pilot, lambda: "✓ The scores follow" in " ".join(text(app).split()))
        assert "run its code" not in keys(app)
    assert len(ran) == 1


class PASSED:
    """What the checks say of code that is right."""

    results = ()


async def test_an_edit_is_told(at, notebook):
    made = nbformat.read(notebook, as_version=4)
    made.cells.append(nbformat.v4.new_markdown_cell("Please."))
    nbformat.write(made, notebook)
    async with at("verify", size=(80, 40)) as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "✗ " in text(app) and "1 edit since" in text(app))


@pytest.mark.parametrize(
    ("content", "said"), [("no json", "is no notebook"), (None, "cannot be read")]
)
async def test_what_is_no_notebook_is_told(at, tmp_path, content, said):
    file = tmp_path / "x.ipynb"
    if content:
        file.write_text(content)
    async with at("verify") as (app, pilot):
        name(app, file)
        await pilot.press("enter")
        await until(pilot, lambda: said in " ".join(text(app).split()))
        await until(pilot, lambda: isinstance(app.focused, PathField))


async def test_a_record_goes_out_and_comes_in_after_it_was_shown(at, hand, tmp_path):
    async with at("progress export") as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "1 attempts are in" in " ".join(text(app).split()))
    kept = json.loads((tmp_path / "record.json").read_text())
    assert len(kept["attempts"]) == 1
    async with at("progress import", of=hand.home) as (app, pilot):
        await until(pilot, lambda: "look at it" in keys(app))
        await pilot.press("enter")
        await until(pilot, lambda: "This would change" in text(app))
        told = " ".join(text(app).split())
        assert "1 attempts are new" in told and "0 points now, 10 points then, +10" in told
        assert "tutorial/quantize: 1 step would" in told
        with record(hand.home) as learner:
            assert learner.history() == [], "nothing was changed yet"
        assert "merge it" in keys(app)
        await pilot.press("enter")
        await until(pilot, lambda: "Merged: 1 attempts were new." in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "it would change nothing" in " ".join(text(app).split()))
    with record(hand.home) as learner:
        assert len(learner.history()) == 1


async def test_what_is_no_record_is_told(at, tmp_path):
    (tmp_path / "record.json").write_text("[]")
    async with at("progress import") as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "holds no learner's record" in " ".join(text(app).split()))


async def test_a_runs_answers_are_audited_from_a_list(at):
    async with at("audit") as (app, pilot):
        assert isinstance(app.screen, Which)
        await pilot.press("end", "enter")
        await until(pilot, lambda: isinstance(app.screen, Predictions))
        await until(pilot, lambda: "right by robust 5" in text(app))


async def test_two_runs_are_compared_from_a_list(at):
    async with at("compare") as (app, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "Compare run 10 with" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Runs › " in text(app) and "compared" in text(app))


async def test_a_single_run_is_typed_with_its_settings_below(at, hand):
    async with at("run evaluate", (100, 50), of=hand.home) as (app, pilot):
        assert "--model" in text(app) and "--limit" in text(app)
        line = app.screen.query_one("Input")
        for typed, said in (
            ("bake --model acorn", "'bake' is no kind of run. There are evaluate"),
            ("evaluate --model", "requires an argument"),
            ("evaluate --precision fp3", "Choose fp32"),
            ("evaluate --help", "No such option"),
            ("evaluate 'acorn", "cannot be read"),
        ):
            line.value = typed
            await pilot.press("enter")
            await until(pilot, lambda said=said: said in " ".join(text(app).split()))
            await until(pilot, lambda: app.focused is line)
        line.value = "sample --model oak --k 3 --limit 7"
        await until(pilot, lambda: "Samples of each problem" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
    (run,) = hand.client.runs()
    assert (run.kind, run.spec["model"], run.spec["k"], run.spec["data"]["limit"]) == (
        "sample", "oak", 3, 7,
    )  # fmt: skip


async def test_a_teachers_answers_come_in_as_a_run(at, hand, tmp_path):
    rows = [
        {"messages": [{"role": "user", "content": f"What is {n} + 1?"},
                      {"role": "assistant", "content": f"It is {n + 1}.\n#### {n + 1}"}]}
        for n in range(8)
    ]  # fmt: skip
    file = tmp_path / "answers.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    async with at("data import", of=hand.home) as (app, pilot):
        await pilot.press("f6", "f7")
        assert "keep    all" in text(app) and "answer only" in text(app)
        name(app, file)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
    (run,) = hand.client.runs()
    assert (run.kind, run.spec["keep"], run.spec["rationale"]) == ("teach", "all", "answer only")
    assert str(hand.home.path) in run.spec["teacher"], "a copy of its own"


async def test_a_file_that_is_no_data_is_told(at, tmp_path):
    (tmp_path / "answers.jsonl").write_text("nothing\n")
    async with at("data import") as (app, pilot):
        name(app, tmp_path / "answers.jsonl")
        await pilot.press("enter")
        await until(pilot, lambda: "✗ " in text(app))
        await until(pilot, lambda: isinstance(app.focused, PathField))


async def test_a_folder_with_a_lesson_is_looked_through(at):
    async with at("lint", size=(80, 40)) as (app, pilot):
        await pilot.press("f6")
        assert "part    structure" in text(app)
        app.screen.query_one("Input").value = str(FOLDER)
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing is wrong." in text(app) or "below." in text(app))
        assert "1 lessons" in text(app)


async def test_a_lesson_that_is_not_there_is_told(at):
    async with at("lint") as (app, pilot):
        await pilot.press(*"absmx", "enter")
        await until(pilot, lambda: "Did you mean absmax" in " ".join(text(app).split()))


@pytest.mark.parametrize(("command", "said"), [("models", "acorn"), ("info", "versions")])
async def test_what_this_machine_has_is_told_in_a_window(at, command, said):
    async with at(command, size=(60, 20)) as (app, pilot):
        await until(pilot, lambda: said in text(app))


async def test_a_path_is_completed_by_tab(at, tmp_path):
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "x.ipynb").touch()
    async with at("verify") as (app, pilot):
        name(app, "")
        await pilot.press(*"han")
        line = app.screen.query_one(PathField)
        await until(pilot, lambda: line._suggestion == "handed/")
        await pilot.press("tab")
        assert line.value == "handed/"
        await until(pilot, lambda: line._suggestion == "handed/x.ipynb")
        await pilot.press("tab")
        assert line.path == tmp_path / "handed" / "x.ipynb"


def test_only_what_is_there_completes_a_path(tmp_path):
    (tmp_path / ".hidden").touch()
    assert completed(f"{tmp_path}/") is None
    assert completed(f"{tmp_path}/.h") == f"{tmp_path}/.hidden"
    assert completed(f"{tmp_path}/x") is None
    assert completed("") is None


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)])
async def test_nothing_in_the_room_is_cut(at, size):
    async with at("export", size) as (app, pilot):
        app.action_handin()
        await until(pilot, lambda: isinstance(app.screen, HandIn) and "Verify" in text(app))
        assert "…" not in text(app)
