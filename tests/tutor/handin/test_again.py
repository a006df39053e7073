"""A real chain, handed in, and its notebook run again from top to bottom in a fresh kernel.

pytest -m slow tests/tutor/handin/test_again.py
"""

from contextlib import closing

import nbformat
import pytest
from nbclient import NotebookClient

from engine.chain import pipeline
from engine.chain.tuning import REFERENCE
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.own import Own
from lessons.kit.course.lesson import lesson
from lessons.kit.worker.lab import WORKER
from tutor.handin.handed import gather
from tutor.handin.notebook import notebook
from tutor.handin.verify import verify
from tutor.learner.record import Learner
from tutor.tutorial.reader import Reader

CODE = {"baseline": "quantize", "teach": "distill", "cascade": "confidence"}


@pytest.mark.slow
def test_a_handed_in_notebook_runs_again_and_gives_the_same(tmp_path, monkeypatch):
    home = Home(tmp_path / "home").prepare()
    own = {
        stage: Own(lesson(f"tutorial/{name}").exercise().solution.read_text())
        for stage, name in CODE.items()
    }
    with closing(Client(home, worker=WORKER)) as client:
        ids = pipeline.submit(client, pipeline.build("quick", settings=REFERENCE, own=own))
        *_, ended = client.follow(ids["cascade"])
        assert ended.state == "finished", ended.error
    with Learner(home) as learner, closing(Reader(home)) as reader:
        handed = gather(reader.client, learner)
        made = notebook(handed, reader)
    file = tmp_path / "handed.ipynb"
    nbformat.write(made, file)
    told = verify(file)
    assert told.follows and told.untouched, told

    monkeypatch.chdir(tmp_path)
    again = NotebookClient(nbformat.read(file, 4), timeout=1_200, resources={
        "metadata": {"path": str(tmp_path)}
    }).execute()  # fmt: skip
    scores = {
        cell.id: cell.outputs[-1].data["text/plain"] for cell in (made.cells[-1], again.cells[-1])
    }
    assert len(set(scores.values())) == 1, scores
    before = {cell.id: cell.outputs for cell in made.cells if cell.cell_type == "code"}
    for cell in again.cells:
        if cell.id.startswith("run-"):
            said, was = (
                outputs[0].text.splitlines() for outputs in (cell.outputs, before[cell.id])
            )
            assert said[0].split()[0] == was[0].split()[0]
            assert [x for x in said if x.startswith("EM ")] == [
                x for x in was if x.startswith("EM ")
            ]
