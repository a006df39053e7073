"""What a version says of a home: by its commands in JSON, and by the record where none tells.

Nothing is told that a clock decides, or that grows with the course. Long texts stand as digests and
the learner's folder as FOLDER.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.runs.home import Home
from engine.training.checkpoints import file_sha256
from lessons.kit.course.lesson import lesson
from tests.tutor.old_home.program import Program
from tutor.learner.record import Learner
from tutor.tui.classroom.classroom import Classroom

BEGUN = ("numbers/integers", "numbers/absmax", "tutorial/quantize", "tutorial/distill",
         "tutorial/confidence")  # fmt: skip
"""Lessons in which something was done."""
LISTED = ("id", "kind", "title", "state")
"""What is told of each run in the list; all of it is told by `show`."""
LONGEST = 160
"""Characters of a text that is told as it is."""
JUDGED = ("problem_id", "sample", "question", "gold", "text", "extracted", "stage", "correct")
"""What of an answer's judgement is in its digest."""


def told(program: Program) -> dict[str, Any]:
    """All that is compared, by what it is about."""
    runs = program.told("runs", "--limit", 100)
    finished = [run["id"] for run in runs if run["state"] == "finished" and _judged(run["kind"])]
    said = {
        "due": _due(program),  # before anything is opened at a later time
        "points": _points(program),
        "steps": dict(_steps(program)),
        "place": _place(program),
        "record": _record(program),
        "score": program.told("score"),
        "runs": [{name: run[name] for name in LISTED} for run in runs],
        "show": {str(run["id"]): program.told("show", run["id"]) for run in runs},
        "audit": {str(number): told_of(program, number) for number in finished},
        "compare": _judgements(program.told("compare", 1, 4)),
        "verify": _verdict(program),
    }
    return shortened(said, program.folder)


def adapter(program: Program, number: int) -> dict[str, str]:
    """What a training has saved: SHA-256 by file."""
    files = (program.home / "runs" / str(number) / "adapter").iterdir()
    return {each.name: file_sha256(each) for each in sorted(files)}


def shortened(value: Any, folder: Path) -> Any:
    """The same with digests in place of long texts, and no folder of this machine."""
    match value:
        case dict():
            return {name: shortened(each, folder) for name, each in value.items()}
        case list():
            return [shortened(each, folder) for each in value]
        case str():
            value = value.replace(str(folder), "FOLDER")
            return value if len(value) <= LONGEST else f"sha256:{digest(value)}"
    return value


def digest(value: Any) -> str:
    """SHA-256 of anything that JSON can hold."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def lost(before: Any, now: Any, where: str = "") -> Iterator[str]:
    """What was said before and is not said now, a line each; what is said beside it may be."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        for name, each in before.items():
            yield from lost(each, now.get(name, "nothing"), f"{where}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, pair in enumerate(zip(before, now, strict=True)):
            yield from lost(*pair, f"{where}[{place}]")
    elif before != now:
        yield f"{where}: {before!r} was said, and now {now!r}"


def _points(program: Program) -> dict[str, Any]:
    """Of all of it, and of each lesson that was begun: points, steps done, steps changed."""
    found = program.told("lessons")
    kept = ("points", "done", "changed", "seconds")
    by_lesson = {each["lesson"]: {name: each[name] for name in kept} for each in found}
    all_of_it = program.told("progress")
    kept = ("points", "slips", "predictions", "seconds", "gone", "notes")
    return {**{name: by_lesson[name] for name in BEGUN}, **{each: all_of_it[each] for each in kept}}


def _steps(program: Program) -> Iterator[tuple[str, dict[str, Any]]]:
    """How each step stands that was seen, and whether it is done with the text of today."""
    with Learner(Home(program.home)) as learner:
        for id in BEGUN:
            places = learner.steps(id)
            for step in lesson(id).steps:
                if place := places.get(step.id):
                    standing = {"state": place.state, "points": place.points}
                    yield step.id, {**standing, "done": place.done(step.hash)}


def _due(program: Program) -> list[str]:
    """The questions that were due when the record was written last, in a place where it is UTC."""
    tables = ("attempts.at", "places.at", "wishes.at", "bookmarks.at", "sittings.begun")
    with closing(sqlite3.connect(program.home / "tutor.db")) as database:
        latest = max(
            database.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
            for table, column in (each.split(".") for each in tables)
        )
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        with Learner(Home(program.home), lambda: latest) as learner:
            return sorted(each.step for each in learner.due())
    finally:
        del os.environ["TZ"]
        if before is not None:
            os.environ["TZ"] = before
        time.tzset()


def _place(program: Program) -> dict[str, Any]:
    """Where a screen opens, what is half typed there, what is in hand, what is marked."""
    classroom = Classroom(Home(program.home))
    learner = classroom.learner
    try:
        last = learner.place()
        opened = classroom.open("numbers/absmax")
        drafts = {page.step.id: page.draft for page in opened.pages if page.draft}
        step = next(page.step for page in opened.pages if page.step.name == "absmax-outlier")
        asked = classroom.asking.ask(opened.lesson, step)
        sitting = {"seed": asked.sitting.seed, "hints": asked.sitting.hints}
        return {
            "last": last,
            "at": opened.at,
            "drafts": drafts,
            "in hand": {**sitting, "draft": asked.sitting.draft, "asks": asked.variant.body.ask},
            "bookmarks": sorted(classroom.bookmarks()),
            "set aside": list(learner.progress([opened.lesson]).reviews.set_aside),
        }
    finally:
        learner.close()


def _record(program: Program) -> dict[str, Any]:
    """All rows; the digest of a step's text is the program's own affair."""
    found = json.loads(program.run("progress", "export", "-"))
    tables = {name: rows for name, rows in found.items() if isinstance(rows, list)}
    tables["places"] = [_without(row, "at") for row in tables["places"]]  # looking moves it
    return {name: [_without(row, "hash") for row in rows] for name, rows in tables.items()}


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: each for key, each in row.items() if key != name}


def _judged(kind: str) -> bool:
    return kind in ("evaluate", "sample", "teach", "cascade")


def told_of(program: Program, number: int) -> dict[str, Any]:
    """How a run's answers were judged."""
    return _judgements(program.told("audit", number))


def _verdict(program: Program) -> dict[str, Any]:
    """What follows from the notebook; the words for it may change."""
    found = program.told("verify", program.folder / "tutorial.ipynb", may=(0, 6))
    claims = {each["what"]: [each["holds"], each["points"]] for each in found.pop("claims")}
    return {**found, "claims": claims}


def _judgements(found: dict[str, Any]) -> dict[str, Any]:
    """The same with a digest in place of the answers."""
    return {
        name: digest([[row.get(key) for key in JUDGED] for row in value])
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in found.items()
    }
