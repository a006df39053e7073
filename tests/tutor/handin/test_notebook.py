import ast
import base64
from contextlib import closing
from pathlib import Path

import nbformat
import pytest

import engine.kinds.specs as specs
from engine.chain import pipeline
from engine.data.problems import DataSpec
from engine.errors import EngineError
from tests.tutor.handin import earlier
from tests.tutor.homes import code
from tutor.handin import cells, markdown
from tutor.handin.code import call
from tutor.handin.handed import gather
from tutor.handin.notebook import SET_UP, notebook
from tutor.learner.record import Learner
from tutor.tutorial import reader


def test_it_is_a_valid_notebook_that_says_the_points_and_what_earned_them(made, handed):
    nbformat.validate(made)
    head = made.cells[0].source
    assert f"**{handed.points:g} of 100 points**" in head
    cascade = handed.part("cascade").run
    assert f"run {cascade.id}: EM" in head


def test_every_stage_is_there_in_an_order_in_which_it_can_run_again(made):
    defined = set()
    for cell in made.cells:
        if cell.cell_type != "code" or cell.source.startswith("%%"):
            continue
        tree = ast.parse(cell.source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        stages = {"baseline", "teach", "sft", "student", "sample", "cascade", "teacher"}
        new = {
            each.id for node in tree.body if isinstance(node, ast.Assign) for each in node.targets
        }
        assert (names & stages) - new <= defined, cell.source
        defined |= new
    assert {"baseline", "sft", "student", "validation_cascade", "cascade"} <= defined


@pytest.mark.parametrize("set_up", [SET_UP, earlier.SET_UP])
def test_the_cells_submit_the_very_specs_of_the_runs(handed, set_up, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = {}
    exec(set_up, known)
    known["chain"].client.close()
    names = {part.run.id: part.name for part in handed.parts}
    known |= {part.name: part.run for part in handed.parts}
    for part in handed.parts:
        code = call(part.run.kind, part.run.spec, names)
        assert eval(code, known) == specs.read(part.run.kind, part.run.spec), code


def test_what_a_cell_names_is_had_from_one_address_of_the_tutors():
    told = [each for each in ast.walk(ast.parse(SET_UP)) if isinstance(each, ast.ImportFrom)]
    assert {each.module for each in told} == {"pathlib", "tutor.handin.cells"}
    named = {alias.name for each in told for alias in each.names} - {"Path"}
    assert named == set(cells.__all__)


def test_the_references_code_is_named_and_not_given_away(hand):
    """A learner who has not done a task would read its solution in what they hand in."""
    hand.chain()
    with Learner(hand.home) as learner, closing(reader.Reader(hand.home)) as read:
        made = notebook(gather(hand.client, learner), read)
    sources = "\n".join(cell.source for cell in made.cells)
    assert "own=reference('baseline')" in sources
    assert "own=reference('cascade')" in sources
    assert "%%writefile" not in sources
    assert cells.reference("teach").reference


def test_the_folder_of_the_problems_is_a_variable_of_the_first_cell(hand):
    folder = str(Path("tests/engine/data/gsm8k").resolve())
    data = DataSpec(source="gsm8k", path=folder)
    small = pipeline.Preset("small", "", 4, 1, 8)
    stages = pipeline.build(small, settings="untouched", own=code(), data=data)
    pipeline.submit(hand.client, stages)
    for name in pipeline.ORDER:
        hand.compute(name)
    with Learner(hand.home) as learner, closing(reader.Reader(hand.home)) as read:
        made = notebook(gather(hand.client, learner), read)
    first, *others = [cell.source for cell in made.cells if cell.cell_type == "code"]
    assert f"DATA = {folder!r}" in first
    assert not any(folder in source for source in others)
    assert sum("path=DATA" in source for source in others) == 7


def test_curves_are_pictures(made):
    shown = {cell.id: cell.outputs for cell in made.cells if cell.cell_type == "code"}
    for id in ("run-baseline", "run-sft", "run-cascade"):
        picture = base64.b64decode(shown[id][1].data["image/png"])
        assert picture.startswith(b"\x89PNG")


def test_a_home_without_anything_has_nothing_to_hand_in(hand):
    with Learner(hand.home) as learner, pytest.raises(EngineError, match="nothing to hand in"):
        gather(hand.client, learner)


def test_as_a_text_its_pictures_lie_beside_it(made, tmp_path):
    file = tmp_path / "tutorial.md"
    written = markdown.write(made, file)
    text = file.read_text()
    assert "# Efficient AI: the tutorial" in text and "```python" in text
    for picture in written[1:]:
        assert f"]({picture.relative_to(tmp_path)})" in text
        assert picture.read_bytes().startswith(b"\x89PNG")
