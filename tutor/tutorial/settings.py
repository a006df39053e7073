"""The learner's settings of two tasks: one TOML file of the home, which the form edits too.

    <home>/tutorial/settings.toml        [sft] lora_r = 32 ...      [policy] k = 5 ...

Where a line is missing, or what it says cannot be, the tutorial's own value holds; what is wrong is
told, and nothing is run until it is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.chain.tuning import POLICY, SFT, UNTOUCHED, Tuning
from engine.chain.tuning import read as read_values
from engine.errors import EngineError, SpecError
from engine.runs.home import Home
from engine.settings_file import change_settings, read_settings

TABLES = {"sft": SFT, "policy": POLICY}
HEAD = """\
# Your settings for the tutorial: the tasks Fine-tune (sft) and Cascade (policy).
# The form on the tutorial's screen shows and writes this file; tutor pipeline --set does too.
# What you write beside a value stays there.
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says."""

    tuning: Tuning = UNTOUCHED
    faults: tuple[str, ...] = ()
    """What is wrong with it, a sentence or two each."""
    broken: bool = False
    """Whether nothing of it could be read."""


def path(home: Home) -> Path:
    """Where the file is, or will be."""
    return home.path / "tutorial" / "settings.toml"


def stamp(home: Home) -> tuple[int, int]:
    """What changes when the file does; zeros where there is none."""
    try:
        stat = path(home).stat()
    except OSError:
        return (0, 0)
    return (stat.st_mtime_ns, stat.st_size)


def read(home: Home) -> Kept:
    """The settings; a file that is half wrong stops nobody from reading the rest."""
    file = path(home)
    try:
        raw = read_settings(file)
    except EngineError as error:
        return Kept(faults=(error.what,), broken=True)
    faults, tuning = [], UNTOUCHED
    for table, values in raw.items():
        if not isinstance(values, Mapping) or table not in TABLES:
            faults.append(f"{file}: there is no table {table!r}; it has {' and '.join(TABLES)}.")
            continue
        for name, value in values.items():
            try:
                if name not in TABLES[table]:
                    raise SpecError(name, value, f"[{table}] has no setting {name!r}.")
                given = read_values({name: value}, tuning)
                if wrong := given.faults().get(name):
                    raise wrong
            except SpecError as error:
                faults.append(f"{file}: {error}")
            else:
                tuning = given
    return Kept(tuning, tuple(faults))


def write(home: Home, tuning: Tuning) -> Path:
    """Keep settings that can be; of a file that is there, the lines that say otherwise change.

    Raises:
        SpecError: One of them cannot.
        EngineError: The file is broken, or cannot be written.
    """
    tuning.check()
    file, values = path(home), asdict(tuning)
    said = read_settings(file)
    if file.exists():
        values = {name: each for name, each in values.items() if not _says(said, name, each)}
    _keep(file, values)
    return file


def change(home: Home, values: Mapping[str, Any]) -> Tuning:
    """Change some of the settings and keep them; gives all of them.

    Raises:
        SpecError: There is no such setting, or a value cannot be.
        EngineError: The file is broken, or cannot be written.
    """
    changed = read_values(values, read(home).tuning)
    changed.check()
    if path(home).exists():
        _keep(path(home), {name: getattr(changed, name) for name in values})
    else:
        write(home, changed)
    return changed


def take_policy(home: Home, policy: Mapping[str, float]) -> Tuning:
    """Keep K and threshold as a grid of policies has them.

    Two thirds become 0.6666, never 0.6667: two votes of three must still be enough.
    """
    threshold = math.floor(policy["threshold"] * 10_000) / 10_000
    return change(home, {"k": policy["k"], "threshold": threshold})


def _says(said: Mapping[str, Any], name: str, value: object) -> bool:
    """Whether a setting is that by the file, or by leaving it out."""
    table = next(said.get(table) for table, names in TABLES.items() if name in names)
    try:
        given = read_values({name: table[name]} if name in (table or {}) else {})
    except (SpecError, TypeError):  # it is no setting's value, or no table
        return False
    return name not in given.faults() and getattr(given, name) == value


def _keep(file: Path, values: Mapping[str, Any]) -> None:
    listed = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
    tables = {
        table: {name: listed[name] for name in names if name in listed}
        for table, names in TABLES.items()
    }
    change_settings(file, {name: each for name, each in tables.items() if each}, head=HEAD)
