"""A teacher that has answered already: teacher data in a file, as a run of its own.

A file of JSON lines in OpenAI's chat format, or a folder that `datasets` saved, with a column
`messages`, or `prompt` and `completion`. A question that a run of this home was ever asked is
judged by the gold answer that stands there. For any other the answer is taken at its word: the
number that it gives is its gold one, so it can be learnt from, and its score says nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.data.problems import Problem
from engine.errors import EngineError
from engine.evaluation.answers import extract
from engine.teachers.distill import Answer, Reply
from engine.training import chat_format
from engine.training.chat_format import Pair


@dataclass(frozen=True, slots=True)
class FileTeacher:
    """What a file says."""

    problems: list[Problem]
    """Its questions, each once, in its order."""
    answers: Mapping[str, str]
    """What it says to each, by the problem's id."""
    known: int
    """Questions whose gold answer did not come from the file."""
    repeated: int
    """Lines whose question stood in an earlier one; they are left out."""

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """All that it has to say, at once; tokens are not counted in it."""
        yield [Answer(each.id, self.answers[each.id], 0, 0) for each in problems]


def read(path: Path, known: Mapping[str, tuple[str, str]]) -> FileTeacher:
    """The teacher that a file or a saved data set is.

    Args:
        path: The file, or the folder.
        known: The id and the gold answer of every question that is known here.

    Raises:
        EngineError: It cannot be read, or holds nothing.
    """
    pairs = list(_saved(path)) if path.is_dir() else chat_format.read(path)
    problems: dict[str, Problem] = {}
    answers: dict[str, str] = {}
    for each in pairs:
        if each.question in problems:
            continue
        problem_id, gold = known.get(each.question) or (_id(each), extract(each.answer).value or "")
        problems[each.question] = Problem(problem_id, each.question, "", gold)
        answers[problem_id] = each.answer
    if not problems:
        raise EngineError(f"{path.name} holds no answer.", "Each line is one conversation.")
    found = sum(question in known for question in problems)
    return FileTeacher(list(problems.values()), answers, found, len(pairs) - len(problems))


def fingerprint(path: Path) -> str:
    """SHA-256 over the file, or over all files of the folder by their names."""
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _saved(folder: Path) -> Iterator[Pair]:
    from datasets import load_from_disk

    try:
        dataset = load_from_disk(str(folder), keep_in_memory=True)
        columns = dataset.column_names
    except (OSError, ValueError, AttributeError) as error:
        what = f"{folder} is no data set that `datasets` saved: {error}"
        raise EngineError(what, "Give what save_to_disk wrote.") from None
    for number, row in enumerate(dataset, 1):
        turns = row["messages"] if "messages" in columns else None
        if turns is None and {"prompt", "completion"} <= set(columns):
            turns = [*row["prompt"], *row["completion"]]
        yield chat_format.pair(turns, f"Row {number} of {folder.name}")


def _id(each: Pair) -> str:
    return f"file-{hashlib.sha256(each.question.encode()).hexdigest()[:16]}"
