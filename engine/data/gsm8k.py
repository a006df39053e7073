"""GSM8K: grade-school word problems that people wrote (Cobbe et al., 2021), 7,473 and 1,319.

They come from the hub (`openai/gsm8k`, main) or from a folder with `train.jsonl` and `test.jsonl`,
one JSON object a line with `question` and `answer`.

`validation` is cut from train.jsonl by a fixed rule: a question whose SHA-256, its first 8 bytes
taken as a number, leaves less than 10 when divided by 100. That is about one in ten (695), whatever
the order of the file, and the rest is `train`. A question that is there twice is refused.

A problem's id is a hash of its question. A split is put into the order of a hash of seed and id,
so `limit` and `seed` choose the same problems on every machine, and the first 100 of a seed are
among its first 200.

The gold answer is what stands after `####`, in every row. In 8,209 of the 8,792 rows the last
annotation holds the same value; in 470 it holds another (working goes on without one, or with a
unit changed), and 113 rows have none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from engine.data.numbers import NUMBER, read
from engine.data.problem import Problem
from engine.errors import SpecError
from engine.storable import storable

FILES = ("train", "test")
"""The files of a folder, without `.jsonl`; `validation` is a part of the first."""
VALIDATION = 10
"""Hundredths of train.jsonl that are validation."""
SIZES = {"train": 6778, "validation": 695, "test": 1319}
"""Problems of each split on the hub."""

Splits = Mapping[str, tuple[Problem, ...]]


def check(split: str, limit: int, path: str) -> None:
    """Raise SpecError where a folder cannot be read or holds fewer problems than are wanted."""
    if limit < 0:
        raise SpecError("limit", limit, f"limit is {limit}: too few problems.", _ALL)
    there = len(_folder(path)[split]) if path else SIZES[split]
    if limit > there:
        where = f"in {path}" if path else "on the hub"
        what = f"The {split} split of GSM8K {where} has {there:,} problems, not {limit:,}."
        raise SpecError("limit", limit, what, _ALL)


def problems(split: str, limit: int, seed: int, path: str) -> list[Problem]:
    """The first `limit` of a split in the order of its seed; all of them where it is 0.

    Raises:
        SpecError: A folder that cannot be read.
        NoNetwork: They are to come from the hub, and it cannot be reached.
    """
    there = (_folder(path) if path else _hub())[split]
    ordered = sorted(there, key=lambda problem: _hash(f"{seed} {problem.id}"))
    return ordered[: limit or None]


def problem(row: object, where: str) -> Problem:
    """A row as a problem.

    Args:
        row: What a line of a file holds.
        where: Which line that is, for the error.

    Raises:
        SpecError: It is not a question with an answer that ends in `#### ` and a number.
    """
    if not isinstance(row, dict):
        raise _broken(where, "is not an object with question and answer")
    for name in ("question", "answer"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise _broken(where, f"has no {name}")
    question, answer = storable(row["question"]), storable(row["answer"])
    _, marker, after = answer.rpartition("####")
    if not marker:
        raise _broken(where, "has an answer without ####")
    found = NUMBER.fullmatch(after.strip())
    gold = read(found) if found else None
    if gold is None:
        raise _broken(where, f"has {after.strip()!r} after ####, which is not a number")
    return Problem(f"gsm8k-{_hash(question)[:16]}", question, answer, gold)


def _splits(train: list[Problem], test: list[Problem]) -> Splits:
    held_out = [_hundredth(problem) < VALIDATION for problem in train]
    return {
        "train": tuple(p for p, out in zip(train, held_out, strict=True) if not out),
        "validation": tuple(p for p, out in zip(train, held_out, strict=True) if out),
        "test": tuple(test),
    }


def _folder(path: str) -> Splits:
    folder = Path(os.path.expanduser(path))
    files = [folder / f"{name}.jsonl" for name in FILES]
    for file in files:
        if not os.path.isfile(file):
            inside = folder / "gsm8k"
            near = f"Did you mean {inside}? " if os.path.isfile(inside / file.name) else ""
            what = f"There is no {file.name} in {folder}."
            raise SpecError("path", path, what, f"{near}{_FOLDER}")
    stamps = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _read_files(stamps)


@lru_cache(maxsize=4)
def _read_files(stamps: tuple[tuple[str, int, int], ...]) -> Splits:
    """The splits of two files, which are read once as long as neither changes."""
    train, test = (_lines(Path(name)) for name, _, _ in stamps)
    seen: dict[str, str] = {}
    for (name, _, _), rows in zip(stamps, (train, test), strict=True):
        for number, each in enumerate(rows, 1):
            here = f"Question {number} of {Path(name).name}"
            if each.id in seen:
                raise SpecError("path", name, f"{here} is {seen[each.id].lower()} again.", _TWICE)
            seen[each.id] = here
    return _splits(train, test)


def _lines(file: Path) -> list[Problem]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError("path", str(file), f"{file} cannot be read: {error}.", _FOLDER) from error
    found = []
    for number, line in enumerate(lines, 1):
        where = f"Line {number} of {file}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            what = f"is not JSON ({error.msg} at character {error.colno})"
            raise _broken(where, what) from error
        except (ValueError, RecursionError) as error:  # thousands of digits, nesting without end
            raise _broken(where, "is no JSON that can be read") from error
        found.append(problem(row, where))
    return found


@lru_cache(maxsize=1)
def _hub() -> Splits:
    # By name: the tutor imports this module and must never reach `datasets`; a worker may.
    rows = import_module("engine.data.gsm8k_hub").rows()
    return _splits(
        *(
            [problem(row, f"Row {at} of {name} on the hub") for at, row in enumerate(rows[name], 1)]
            for name in FILES
        )
    )


def _broken(where: str, what: str) -> SpecError:
    return SpecError("path", where, f"{where} {what}.", "Mend that line, or fetch the file again.")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hundredth(problem: Problem) -> int:
    return int(_hash(problem.question)[:16], 16) % 100


_ALL = "Ask for fewer, or for all of them with 0."
_TWICE = "Leave one of the two out: no problem may be in two splits."
_FOLDER = "Give the folder that holds GSM8K's train.jsonl and test.jsonl: --data PATH."
