"""What is typed for a file's name, whatever it is."""

from pathlib import Path

import pytest

from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.models.registry import resolve
from engine.runs.home import Home
from engine.teachers import imports
from tutor.course.file_names import file_named
from tutor.handin.export import check_name
from tutor.report.saving.file import refuse
from tutor.tui.widgets.path import completed
from tutor.tutorial import chain
from tutor.tutorial.choice import Choice

NOBODYS = ("~nobody-of-that-name/x", "x" * 3000, "a\0b")
"""A folder of a user that there is not, a name longer than a file's may be, and a zero byte."""


def test_a_name_is_one_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/somebody")
    assert file_named(" a/../b.svg ") == tmp_path / "b.svg"
    assert file_named("~/b.svg") == Path("/somebody/b.svg")
    (tmp_path / "file").touch()
    assert file_named("file/b.svg") == tmp_path / "file/b.svg", "that is said by whoever opens it"


@pytest.mark.parametrize("typed", ["x" * 3000, "a\0b"])
def test_what_no_file_can_be_called_is_said_in_few_words(typed):
    with pytest.raises(EngineError) as raised:
        file_named(typed)
    assert "cannot be used: " in raised.value.what
    assert len(raised.value.what) < 120
    assert raised.value.way_out == "Name another."


@pytest.mark.parametrize("typed", NOBODYS)
@pytest.mark.parametrize(
    "look",
    [
        resolve,
        lambda typed: DataSpec(source="gsm8k", path=typed, limit=1).anchored().check(),
        lambda typed: imports.files(Path(typed)),
        lambda typed: check_name(Path(f"{typed}/x.ipynb")),
        lambda typed: refuse(Path(f"{typed}/x.svg")),
    ],
    ids=["model", "problems", "teacher", "export", "figure"],
)
def test_whoever_looks_for_it_says_that_it_is_not_there(look, typed):
    with pytest.raises(EngineError):
        look(typed)


@pytest.mark.parametrize("typed", NOBODYS)
def test_the_form_of_the_chain_names_the_part(typed, tmp_path):
    choice = Choice(student=typed, teacher=typed, source="gsm8k", path=typed)
    assert {*chain.faults(choice, tmp_path)} == {"student", "teacher", "problems"}
    assert completed(f"{typed}/") is None


def test_nobodys_folder_is_one_from_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Home(Path(NOBODYS[0])).path == tmp_path / NOBODYS[0]
