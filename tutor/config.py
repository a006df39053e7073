"""`config.toml`: what the learner has chosen, in the folder that XDG names.

It is the user's and not a home's, as colours, keys and the editor are: all homes share it, and a
trial that is to leave it alone sets XDG_CONFIG_HOME beside TUTOR_HOME.

    theme = "dark"              # dark, light, contrast, terminal
    plot_symbols = "braille"    # braille, block, ascii, none
    editor = "nvim"             # empty: $VISUAL, then $EDITOR
    device = "auto"             # auto, cpu, cuda, mps
    review_session = 20         # questions of one review
    review_day = 40             # questions of all reviews of a day

    [keys]                      # a binding's id, and the keys that do it instead
    help = "f1,question_mark"

The file may be edited by hand: what it says wrongly is told and passed over, and a change made in
the tutor leaves all else as it stands.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import EngineError
from engine.settings_file import change_settings, read_settings
from tutor.learner.limits import DAILY, SESSION

NAME = "efficient-ai-tutor"
OFFERED = {
    "theme": ("dark", "light", "contrast", "terminal"),
    "plot_symbols": ("braille", "block", "ascii", "none"),
    "device": ("auto", "cpu", "cuda", "mps"),
}
"""What can be chosen; a device may also have a number, as in cuda:1."""
COUNTS = {"review_session": (5, 10, 20, 30, 50), "review_day": (10, 20, 40, 80, 200)}
"""Whole numbers, and some of them to choose from."""
MOST = 1000
"""The largest of these numbers; the least is 1."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; those that the file leaves out are as here."""

    theme: str = "dark"
    plot_symbols: str = "braille"
    """What charts are drawn with; with `none`, they are told in numbers."""
    editor: str = ""
    """The command that opens a file; empty for what the environment names."""
    device: str = "auto"
    """Where the tutorial's runs compute; `--device` says otherwise."""
    review_session: int = SESSION
    """Questions of one review, at most."""
    review_day: int = DAILY
    """Questions of all reviews of a day, at most; what is due beyond them waits for the next."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys, comma-separated, by binding id."""
    complaints: tuple[str, ...] = ()
    """What in the file could not be used, a sentence each."""

    def editor_command(self, environ: Mapping[str, str] = os.environ) -> list[str]:
        """The editor and its options; empty where none is named anywhere."""
        return shlex.split(self.editor or environ.get("VISUAL") or environ.get("EDITOR") or "")


def path() -> Path:
    """Where the file is, or would be."""
    named = os.environ.get("XDG_CONFIG_HOME")
    if named and os.path.isabs(named):  # XDG: a relative path is to be ignored
        return Path(named) / NAME / "config.toml"
    from platformdirs import user_config_path

    return user_config_path(NAME, appauthor=False) / "config.toml"


def read(file: Path | None = None) -> Config:
    """The settings. A file that is missing, broken or half wrong never stops the tutor."""
    file = file or path()
    try:
        raw = read_settings(file)
    except EngineError as error:
        return Config(complaints=(str(error),))
    config, complaints = Config(), []
    for name, value in raw.items():
        wrong = fault(name, value)
        if wrong:
            complaints.append(f"{file}: {wrong}")
        else:
            config = replace(config, **{name: value})
    return replace(config, complaints=tuple(complaints))


def change(file: Path | None = None, **settings: Any) -> Config:
    """Change settings in the file, and give all of them as they are now.

    Raises:
        EngineError: A value cannot be, the file is broken, or it cannot be written.
    """
    file = file or path()
    for name, value in settings.items():
        if wrong := fault(name, value):
            raise EngineError(wrong)
    change_settings(file, settings)
    return read(file)


def fault(name: str, value: object) -> str:
    """What is wrong with a setting, in a sentence; empty where nothing is."""
    known = [each.name for each in fields(Config) if each.name != "complaints"]
    if name not in known:
        return f"There is no setting {name!r}; there are {', '.join(known)}."
    if name == "keys":
        right = isinstance(value, Mapping) and all(isinstance(v, str) for v in value.values())
        return "" if right else 'keys holds a line for each binding: help = "f1".'
    if name in COUNTS:
        right = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST
        return (
            "" if right else f"{name} cannot be {value!r}; it is a whole number from 1 to {MOST}."
        )
    if not isinstance(value, str):
        return f"{name} cannot be {value!r}; it is a text in quotes."
    offered = OFFERED.get(name)
    if offered and (value.partition(":")[0] if name == "device" else value) not in offered:
        return f"{name} cannot be {value!r}; it can be {', '.join(offered)}."
    if name == "editor":
        try:
            shlex.split(value)
        except ValueError as error:
            return f"editor cannot be {value!r}: {error}."
    return ""
