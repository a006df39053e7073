"""What the documents show is so: at a Python prompt, and in a lesson's folder."""

import doctest
import re
from pathlib import Path

from click.testing import CliRunner

import tutor
from lessons.kit.linting.template import FILES
from tutor.cli import main

DOCS = Path(tutor.__file__).parents[1] / "docs"
FILE = re.compile(r"^````\w+ (\w+\.\w+)\n(.*?)^````$", re.MULTILINE | re.DOTALL)
"""A block that is a file: its name, and what it holds."""


def test_the_engine_from_a_prompt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(
        str(DOCS / "engine.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert found.attempted > 20
    assert not found.failed


def test_the_lesson_in_the_guide(tmp_path):
    told = dict(FILE.findall((DOCS / "lessons.md").read_text(encoding="utf-8")))
    assert told.keys() == set(FILES)
    folder = tmp_path / "numbers" / "speed"
    folder.mkdir(parents=True)
    for name, text in told.items():
        (folder / name).write_text(text, encoding="utf-8")
    linted = CliRunner().invoke(main, ["lint", str(folder)])
    assert linted.exit_code == 0, linted.output
    said = " ".join(linted.output.split())  # it is folded at the terminal's width
    assert "2 questions, 400 variants" in said
    assert "4 checks, 1 labs" in said
