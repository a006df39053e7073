"""A teacher that has answered already: teacher data in a file, as a run of its own.

A file of JSON lines in OpenAI's chat format, or a folder that `datasets` saved, with a column
`messages`, or `prompt` and `completion`. A question that a run of this home was ever asked is
judged by the gold answer that stands there. For any other the answer is taken at its word: the
number that it gives is its gold one, so it can be learnt from, and its score says nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.data.problems import Problem
from engine.errors import EngineError
from engine.evaluation.answers import extract, judge
from engine.runs.evidence import known_problems
from engine.runs.home import Home
from engine.runs.store import Store
from engine.teachers.distill import Answer, Reply
from engine.teachers.teacher_data import NO_DATASET, files
from engine.training import chat_format
from engine.training.chat_format import Pair
from engine.training.selection import select

HANDFUL = 500
"""Answers that are given, and so judged and written down, together."""
SPLIT = "train"
"""Of a folder with several splits, the one that is taken."""


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
    split: str | None = None
    """Of a folder with several, the one that was taken."""
    look: Callable[[], None] = lambda: None
    """Called between two handfuls; it may raise to leave."""

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """All that it has to say; tokens are not counted in it."""
        for start in range(0, len(problems), HANDFUL):
            self.look()
            part = problems[start : start + HANDFUL]
            yield [Answer(each.id, self.answers[each.id], 0, 0) for each in part]


def read(
    path: Path, known: Mapping[str, tuple[str, str]], look: Callable[[], None] = lambda: None
) -> FileTeacher:
    """The teacher that a file or a saved data set is.

    Args:
        path: The file, or the folder.
        known: The id and the gold answer of every question that is known here.
        look: Called between two answers; it may raise to leave.

    Raises:
        EngineError: It cannot be read, or holds nothing.
    """
    split = None
    if path.is_dir():
        split, pairs = _saved(path, look)
    else:
        pairs = chat_format.read(path, look)
    problems: dict[str, Problem] = {}
    answers: dict[str, str] = {}
    for each in pairs:
        look()
        if each.question in problems:
            continue
        problem_id, gold = known.get(each.question) or (_id(each), extract(each.answer).value or "")
        problems[each.question] = Problem(problem_id, each.question, "", gold)
        answers[problem_id] = each.answer
    if not problems:
        raise EngineError(f"{path.name} holds no answer.", "Each line is one conversation.")
    found = sum(question in known for question in problems)
    repeated = len(pairs) - len(problems)
    return FileTeacher(list(problems.values()), answers, found, repeated, split, look)


def refuse(path: Path, home: Home, keep: str, rationale: str) -> None:
    """See to it, before anything is kept, that something can be learnt from it.

    Raises:
        EngineError: It cannot be read, or none of its answers would be kept.
    """
    with closing(Store(home)) as store:
        teacher = read(path, known_problems(store.database))
    rows = []
    for each in teacher.problems:
        text = teacher.answers[each.id]
        rows.append({"text": text, **asdict(judge(text, each.gold))})
    chosen = select(rows, keep, rationale)
    if not chosen.rows:
        why = ", ".join(f"{count} {reason}" for reason, count in chosen.dropped.items())
        raise EngineError(
            f"None of the {len(rows)} answers in {path.name} can be kept ({why}).",
            "See what stands in brackets: an answer ends in #### and its number. "
            "Or keep all of them: --keep all.",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """`refuse` in a process of its own, for whoever must not load `datasets`; says why as JSON."""
    path, home, keep, rationale = sys.argv[1:] if arguments is None else arguments
    try:
        refuse(Path(path), Home(Path(home)), keep, rationale)
    except EngineError as error:
        print(json.dumps({"what": error.what, "way_out": error.way_out}))
        return 1
    return 0


def fingerprint(path: Path) -> str:
    """SHA-256 over the file, or over the folder's files by their names."""
    whole = hashlib.sha256()
    for file in files(path):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _saved(folder: Path, look: Callable[[], None]) -> tuple[str | None, list[Pair]]:
    """Which split of a folder is taken, if it has any, and what that says."""
    from datasets import load_from_disk

    try:
        dataset = load_from_disk(str(folder), keep_in_memory=True)
        split = _split(dataset, folder) if isinstance(dataset, dict) else None
        pairs = []
        for number, row in enumerate(dataset[split] if split else dataset, 1):
            look()
            pairs.append(chat_format.pair(row, f"Row {number} of {folder.name}"))
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise EngineError(f"{folder} is {NO_DATASET}: {error}", "Save it anew.") from None
    return split, pairs


def _split(splits: Mapping[str, Any], folder: Path) -> str:
    """The only one, or else that to learn from."""
    if len(splits) > 1 and SPLIT not in splits:
        what = f"{folder} holds the splits {', '.join(splits)}."
        raise EngineError(what, f"Give one of them, such as {folder / next(iter(splits))}.")
    return SPLIT if SPLIT in splits else next(iter(splits))


def _id(each: Pair) -> str:
    return f"file-{hashlib.sha256(each.question.encode()).hexdigest()[:16]}"


if __name__ == "__main__":
    sys.exit(main())
