"""What the documents show at a Python prompt is what happens there."""

import doctest
from pathlib import Path

import tutor

DOCS = Path(tutor.__file__).parents[1] / "docs"


def test_the_engine_from_a_prompt(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(
        str(DOCS / "engine.md"), module_relative=False, optionflags=doctest.ELLIPSIS
    )
    assert found.attempted > 20
    assert not found.failed
