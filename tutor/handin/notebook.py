"""What is handed in, as a notebook: prose, the learner's code, specs as Python, and what they gave.

    # Efficient AI: the tutorial        points by task, versions, machine
    ## Set-up                           imports, and the home that the cells' runs are in
    ## 1.1.2 Quantize                   %%writefile the code as written; the run; its figure
    ...

The outputs are those of the recorded runs, as `tutor.handin.cells` prints them; run again, a cell
replaces its own. The record itself, with every prediction, lies in the notebook's metadata.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pprint import pformat
from typing import TYPE_CHECKING, Any

from engine.kinds.specs import SPECS
from engine.runs.own import FILE
from tutor.handin import seal
from tutor.handin.cells import reference, said, score
from tutor.handin.code import call
from tutor.handin.handed import Handed, Part
from tutor.handin.pictures import png
from tutor.tutorial import run_words as wording
from tutor.tutorial.tasks import Task

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from tutor.tutorial.reader import Reader

FOLDER = "tutorial-again"
"""The home in which the notebook's cells run, beside the notebook."""
SET_UP = f"""\
from pathlib import Path

from tutor.handin.cells import CascadeSpec, Chain, DataSpec, EvaluateSpec, Own, Prices
from tutor.handin.cells import SampleSpec, SftSpec, TeachSpec, reference, score

chain = Chain("{FOLDER}")"""
DATA = "DATA"
"""The variable that holds the folder which the problems are in."""
ABOUT = {
    "baseline": "The student as shipped, in 4 bits, on the test split.",
    "teach": "The teacher answers training questions; what can be learnt from becomes a data set.",
    "sft": "A LoRA adapter over the student's 4-bit weights, trained on that data set.",
    "student": "The student with its adapter, on the test split.",
    "validation_sample": "K samples of each validation problem, to choose the policy by.",
    "validation_teacher": "The teacher on the same validation problems.",
    "validation_cascade": "Every policy over those samples; the one below was chosen here.",
    "teacher": "The teacher alone on the test split, which the cascade is held against.",
    "sample": "K samples of each test problem.",
    "cascade": "The student answers where it is sure, the teacher the rest; counted on test.",
}
"""What the run of each stage is there for."""
OWN = {"evaluate": "baseline", "teach": "teach", "cascade": "cascade"}
"""The stage that a kind's code of one's own is written for."""


def notebook(
    handed: Handed, reader: Reader, told: Callable[[str], object] = lambda words: None
) -> NotebookNode:
    """The whole notebook, sealed.

    Args:
        handed: What is handed in.
        reader: Of the home that it comes from; the pictures are drawn from what it reads.
        told: Called with what is made next, in words.
    """
    from nbformat import v4

    made = v4.new_notebook(cells=list(_cells(v4, handed, reader, told)))
    made.metadata.kernelspec = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    made.metadata.language_info = {"name": "python"}
    for number, cell in enumerate(each for each in made.cells if each.cell_type == "code"):
        cell.execution_count = number + 1
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number + 1
    made.metadata.tutor = seal.sealed(handed.record(), made.cells)
    return made


def _cells(
    v4: Any, handed: Handed, reader: Reader, told: Callable[[str], object]
) -> Iterator[NotebookNode]:
    yield v4.new_markdown_cell(_head(handed), id="head")
    yield v4.new_markdown_cell("## Set-up", id="set-up-title")
    yield v4.new_code_cell(_set_up(handed), id="set-up")
    for task in handed.tasks:
        points = f"{task.points:g} of {task.of:g} points: {wording.earned_by(task)}."
        title = f"## {task.number} {task.name}\n\n{points}"
        yield v4.new_markdown_cell(title, id=f"task-{task.number.replace('.', '-')}")
        yield from _last_file(v4, task, handed)
        for part in handed.parts_of(task):
            told(f"{task.number} {task.name}: run {part.run.id}")
            yield from _run(v4, part, handed, reader)
    if (measured := _measured(handed)) is not None:
        yield v4.new_markdown_cell("## Points for what was measured", id="score-title")
        text = pformat(score(*(each.run for each in measured)), sort_dicts=False)
        shown = v4.new_output("execute_result", {"text/plain": text}, execution_count=1)
        code = f"score({', '.join(each.name for each in measured)})"
        yield v4.new_code_cell(code, id="score", outputs=[shown])


def _folder(handed: Handed) -> str:
    """The folder with the problems; empty where they come from elsewhere."""
    folders = (part.run.spec.get("data", {}).get("path", "") for part in handed.parts)
    return next(filter(None, folders), "")


def _set_up(handed: Handed) -> str:
    folder = _folder(handed)
    if not folder:
        return SET_UP
    return f"{SET_UP}\n{DATA} = {folder!r}  # where GSM8K's train.jsonl and test.jsonl are"


def _head(handed: Handed) -> str:
    rows = [
        f"| {task.number} | {task.name} | {task.points:g} of {task.of:g} | "
        f"{wording.earned_by(task)} |"
        for task in handed.tasks
    ]
    versions = ", ".join(f"{name} {each}" for name, each in handed.versions.items())
    return "\n".join(
        [
            "# Efficient AI: the tutorial",
            "",
            f"**{handed.points:g} of {sum(task.of for task in handed.tasks):g} points**, handed in "
            f"{handed.made}.",
            "",
            "| task | | points | by |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            f"Made on {handed.machine}, with {versions}. What each run computed on stands in its "
            "output.",
            "",
            "Every prediction lies in this notebook's metadata. `tutor verify FILE` judges them "
            "again, and says what follows from them and what was edited. The cells run again from "
            f"top to bottom; their runs are kept in a folder `{FOLDER}` beside the notebook.",
        ]
    )


def _last_file(v4: Any, task: Task, handed: Handed) -> Iterator[NotebookNode]:
    """The learner's file where no run has it, so that it is handed in all the same."""
    file = handed.files.get(task.number)
    if file and file not in [part.own["source"] for part in handed.parts_of(task) if part.own]:
        words = "The file as it was written last; no run that is handed in has computed with it."
        yield v4.new_markdown_cell(words, id=f"about-file-{task.stage}")
        name = f"{task.stage.replace('-', '_')}_last.py"
        yield _file(v4, name, file, f"file-{task.stage}")


def _run(v4: Any, part: Part, handed: Handed, reader: Reader) -> Iterator[NotebookNode]:
    """One run: what it is, its code of one's own, and the cell that carries it out."""
    yield v4.new_markdown_cell(_about(part), id=f"about-{part.name}")
    own, stage = "", OWN.get(part.run.kind, "")
    if part.own and part.own == asdict(reference(stage)):
        own = f"reference({stage!r})"
    elif part.own:
        file = f"{part.name}.py"
        yield _file(v4, file, part.own["source"], f"code-{part.name}")
        marked = ", reference=True" if part.own["reference"] else ""
        own = f'Own(Path("{file}").read_text(){marked})'
    names = {each.run.id: each.name for each in handed.parts}
    variables = {folder: DATA} if (folder := _folder(handed)) else {}
    spec = call(part.run.kind, part.run.spec, names, own, variables)
    code = f"{part.name} = chain.run({spec})"
    yield v4.new_code_cell(code, id=f"run-{part.name}", outputs=list(_outputs(v4, part, reader)))


def _about(part: Part) -> str:
    words = [ABOUT[part.stage]]
    if part.name != part.stage:
        words.append("Of another chain, whose student has earned more.")
    if part.own:
        whose = "The reference's" if part.own["reference"] else "The learner's"
        words.append(f"{whose} `{SPECS[part.run.kind].own_function}` ({FILE}).")
    return " ".join(words)


def _file(v4: Any, name: str, source: str, id: str) -> NotebookNode:
    wrote = v4.new_output("stream", name="stdout", text=f"Writing {name}\n")
    return v4.new_code_cell(f"%%writefile {name}\n{source}", id=id, outputs=[wrote])


def _outputs(v4: Any, part: Part, reader: Reader) -> Iterator[NotebookNode]:
    yield v4.new_output("stream", name="stdout", text=f"{said(part.run)}\n")
    picture = png(reader.view(part.run.id))
    if picture:
        data = {"image/png": base64.b64encode(picture).decode("ascii")}
        yield v4.new_output("display_data", {**data, "text/plain": "<the run's figure>"})


def _measured(handed: Handed) -> tuple[Part, ...] | None:
    """The student and the cascade that earned points; None where one of them is missing."""
    student = handed.part("best_student") or handed.part("student")
    cascade = handed.part("cascade")
    return (student, cascade) if student and cascade else None
