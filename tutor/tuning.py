"""The learner's settings of two tasks: one TOML file of the home, which the form edits too.

    <home>/tutorial/settings.toml        [sft] lora_r = 32 ...      [policy] k = 5 ...

Where a line is missing, or what it says cannot be, the tutorial's own value holds; what is wrong is
told, and nothing is run until it is right.
"""

from __future__ import annotations

import json
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import SpecError
from engine.runs.home import Home, private_folder, unusable
from engine.runs.tuning import POLICY, SFT, UNTOUCHED, Tuning
from engine.runs.tuning import read as read_values

TABLES = {"sft": SFT, "policy": POLICY}
HEAD = """\
# Your settings for the tutorial: the tasks Fine-tune (sft) and Cascade (policy).
# The form on the tutorial's screen shows and writes this file; tutor pipeline --set does too.
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file says."""

    tuning: Tuning = UNTOUCHED
    faults: tuple[str, ...] = ()
    """What is wrong with it, a sentence or two each."""


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
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Kept()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Kept(faults=(f"{file} cannot be read: {error}.",))
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
    """Keep settings that can be.

    Raises:
        SpecError: One of them cannot.
        EngineError: The file cannot be written.
    """
    tuning.check()
    file = path(home)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        private_folder(file.parent)
        draft.write_text(text(tuning), encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise unusable(file, error) from error
    return file


def change(home: Home, values: Mapping[str, Any]) -> Tuning:
    """Change some of the settings and keep them; gives all of them.

    Raises:
        SpecError: There is no such setting, or a value cannot be.
        EngineError: The file cannot be written.
    """
    changed = read_values(values, read(home).tuning)
    write(home, changed)
    return changed


def take_policy(home: Home, policy: Mapping[str, float]) -> Tuning:
    """Keep K and threshold as a grid of policies has them.

    Two thirds become 0.6666, never 0.6667: two votes of three must still be enough.
    """
    threshold = math.floor(policy["threshold"] * 10_000) / 10_000
    tuning = replace(read(home).tuning, k=policy["k"], threshold=threshold)
    write(home, tuning)
    return tuning


def text(tuning: Tuning) -> str:
    """The file."""
    values = asdict(tuning)
    parts = [HEAD]
    for table, names in TABLES.items():
        lines = [f"{name} = {_toml(values[name])}" for name in names]
        parts.append("\n".join([f"[{table}]", *lines]) + "\n")
    return "\n".join(parts)


def _toml(value: object) -> str:
    """Numbers, texts and lists of texts, as TOML writes them."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
