"""Where the sources of lessons can be read: `sources.toml`, an address by a source's words.

addresses("Hu et al., LoRA (2021); Dettmers et al., QLoRA (2023)")      both, in their order
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from engine.errors import EngineError


@cache
def known() -> Mapping[str, str]:
    """All addresses, by the words that a source has.

    Raises:
        EngineError: The file is no TOML.
    """
    try:
        return tomllib.loads(files("lessons").joinpath("sources.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise EngineError(f"sources.toml is no TOML: {error}.") from error


def addresses(source: str) -> tuple[str, ...]:
    """Where a source of a lesson can be read; empty for one that is not public."""
    there = [(source.find(words), address) for words, address in known().items()]
    return tuple(address for place, address in sorted(there) if place >= 0)
