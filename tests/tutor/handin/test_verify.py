import copy
import json

import nbformat
import pytest
from click.testing import CliRunner

from engine.errors import EngineError
from tests.tutor.handin import earlier
from tutor.cli import main
from tutor.handin import seal
from tutor.handin.verdict import sentence
from tutor.handin.verify import verify


@pytest.fixture
def handed_in(made, tmp_path):
    """Writes the notebook with a change, and verifies it."""

    def handed_in(change=lambda notebook: None, resealed=False):
        notebook = copy.deepcopy(made)
        change(notebook)
        if resealed:
            record = {k: v for k, v in notebook.metadata.tutor.items()
                      if k not in ("seal", "cells", "format")}  # fmt: skip
            notebook.metadata.tutor = seal.sealed(record, notebook.cells)
        file = tmp_path / "handed.ipynb"
        nbformat.write(notebook, file)
        return verify(file)

    return handed_in


def run_of(notebook, name):
    return next(run for run in notebook.metadata.tutor.runs if run["name"] == name)


def test_as_exported_all_follows_and_nothing_was_edited(handed_in):
    told = handed_in()
    assert told.follows and told.untouched, told
    assert sentence(told) == (
        "The scores follow from the recorded predictions; nothing was edited."
    )
    assert "cascade: cost saving" in {claim.what for claim in told.claims}
    assert all(claim.holds for claim in told.claims)


def test_a_notebook_that_was_handed_in_earlier_follows_as_it_did(handed_in):
    def change(notebook):
        next(c for c in notebook.cells if c.id == "set-up").source = earlier.SET_UP

    told = handed_in(change, resealed=True)
    assert told.follows and told.untouched, told


def test_a_code_cell_that_was_edited_is_named(handed_in):
    def change(notebook):
        next(c for c in notebook.cells if c.id == "run-cascade").source += "\n# raised"

    told = handed_in(change)
    assert told.follows
    assert told.edits == ("The cell run-cascade was edited: " + told.edits[0].split(": ", 1)[1],)


def test_an_output_that_was_edited_and_a_cell_that_was_added_are_named(handed_in):
    def change(notebook):
        cell = next(c for c in notebook.cells if c.id == "run-student")
        cell.outputs[0].text = cell.outputs[0].text.replace("EM 0.6", "EM 0.9")
        notebook.cells.append(nbformat.v4.new_markdown_cell("Please."))

    edits = handed_in(change).edits
    assert any("run-student were edited" in each for each in edits)
    assert any("was added: Please." in each for each in edits)


def test_a_score_that_its_predictions_do_not_give_is_found_though_it_was_sealed_again(handed_in):
    def change(notebook):
        run_of(notebook, "student")["result"]["em"] = 0.9

    told = handed_in(change, resealed=True)
    assert told.untouched and not told.follows
    assert [each.what for each in told.claims if each.holds is False] == ["student: EM"]


def test_an_answer_that_is_called_right_is_judged_again(handed_in):
    def change(notebook):
        rows = run_of(notebook, "student")["predictions"]
        wrong = next(row for row in rows if not row[6])
        wrong[6] = True

    told = handed_in(change, resealed=True)
    failed = {each.what: each.found for each in told.claims if each.holds is False}
    assert failed == {"student: answers": "1 judged otherwise"}


def test_a_gold_that_was_changed_to_fit_is_not_the_data_sets(handed_in):
    def change(notebook):
        row = next(row for row in run_of(notebook, "student")["predictions"] if not row[6])
        row[3], row[6] = row[5], True

    told = handed_in(change, resealed=True)
    assert not told.follows
    assert any("1 with another question or gold" in each.found for each in told.claims)


def test_points_that_the_bands_do_not_give_are_found(handed_in):
    def change(notebook):
        notebook.metadata.tutor.tasks[2]["points"] = 20.5

    told = handed_in(change, resealed=True)
    assert [each.said for each in told.claims if each.holds is False] == ["20.5", "50"]


def test_points_of_an_exercise_need_its_code(handed_in):
    def change(notebook):
        notebook.metadata.tutor.tasks[0]["points"] = 10.0

    assert not handed_in(change, resealed=True).follows


@pytest.mark.parametrize("content", ["", "{}", "no json", json.dumps({"cells": 1})])
def test_what_is_no_notebook_is_said_so(tmp_path, content):
    file = tmp_path / "x.ipynb"
    file.write_text(content)
    with pytest.raises(EngineError, match="is no notebook"):
        verify(file)


def test_a_notebook_of_others_holds_no_record(tmp_path):
    file = tmp_path / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), file)
    with pytest.raises(EngineError, match="holds no record"):
        verify(file)


def test_a_broken_record_is_said_so(handed_in):
    def change(notebook):
        del run_of(notebook, "student")["predictions"][0][3]

    with pytest.raises(EngineError, match="is broken"):
        handed_in(change)


def test_the_commands(home, tmp_path):
    runner, file = CliRunner(), tmp_path / "t.ipynb"
    done = runner.invoke(main, ["--home", str(home.path), "export", "tutorial", "--to", str(file)])
    assert done.exit_code == 0, done.output
    assert "of 100 points" in done.output
    told = runner.invoke(main, ["verify", str(file), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["follows"]
    again = runner.invoke(main, ["--home", str(home.path), "export", "tutorial", "--to", str(file)],
                          input="n\n")  # fmt: skip
    assert again.exit_code == 1 and "Replace it?" in again.output
    wrong = runner.invoke(main, ["--home", str(home.path), "export", "tutorial", "--to", "x.pdf"])
    assert "x.pdf is no .ipynb and no .md" in wrong.output
