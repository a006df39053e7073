"""From a name to where its weights come from. Touches no network and imports nothing heavy.

acorn                          a built-in, shipped with the engine
./models/mine, ~/mine, /a/b    a folder that transformers wrote
Qwen/Qwen2.5-1.5B-Instruct     a model of the hub: owner/name
gemini:gemma-4-31b-it          a model that somebody hosts, for Gemini's interface
openai:llama3.2:3b             a model of any server that speaks as OpenAI's does

The last two are asked over the network: they have no weights here, so they can teach and be judged,
not learn.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import ModelNotFound
from engine.hosting import hosted

PRECISIONS = ("fp32", "bf16", "fp16", "int8", "nf4", "nf4-dq", "fp4", "fp4-dq")
"""How weights are held; `-dq` quantizes the 4-bit constants once more."""

BUILTIN: dict[str, Path] = {
    name: Path(__file__).parent / "builtin" / name for name in ("acorn", "oak")
}
"""The models that ship, by name: acorn is the student, oak the teacher."""

INSTRUCTION = (
    "Reason step by step, keep it short, and end with a last line that holds "
    '"#### " and the final number alone.'
)
"""What a model that was not trained on these problems is told, after the question."""

FILE = "file:"
"""Before the path of teacher data that stands in a file; it goes where a teacher's name does."""

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a model's weights come from, and how it is asked."""

    name: str
    """As it was given."""
    kind: Literal["builtin", "folder", "hub", "hosted"]
    location: str
    """A folder's path, a hub id, or a hosted model's name at its provider."""
    instruction: str
    """Appended to each question; empty for the built-ins, which know the format."""


def resolve(name: str) -> Source:
    """Find out what a name means.

    A built-in's name wins over a folder that happens to be called so; `./acorn` is the folder.

    Raises:
        ModelNotFound: The name is no built-in, no model folder, and no hub id could look so.
    """
    name = name.strip()
    if name in BUILTIN:
        return Source(name, "builtin", str(BUILTIN[name]), "")
    if named := hosted(name):
        return Source(name, "hosted", named[1], INSTRUCTION)
    folder = Path(os.path.expanduser(name))
    if name and (packed := _gguf(folder)):
        raise ModelNotFound(
            f"{packed} is a GGUF file: its weights were quantized already, in llama.cpp's formats.",
            "Give the model that it was made of, a folder or a hub id; it is quantized here to the "
            "precision that you choose. Or serve the file (llama-server, Ollama) and name it as a "
            "teacher, openai:MODEL.",
        )
    if name and os.path.isdir(folder):
        return Source(name, "folder", str(_checked(folder)), INSTRUCTION)
    if _is_path(name):
        raise ModelNotFound(
            f"There is no folder {name}.", "Give the folder that holds the model's config.json."
        )
    if _HUB_ID.fullmatch(name):
        return Source(name, "hub", name, INSTRUCTION)
    near = difflib.get_close_matches(name.lower(), BUILTIN, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ModelNotFound(
        f"There is no model {name!r}.",
        f"{hint}Built in are {' and '.join(BUILTIN)}; otherwise give a folder, or a hub id "
        "such as Qwen/Qwen2.5-1.5B-Instruct.",
    )


def written(name: str) -> Path | None:
    """The file or folder of a teacher that has answered already (`file:PATH`); else None."""
    return Path(name.removeprefix(FILE)) if name.startswith(FILE) else None


def messages(question: str, instruction: str = "") -> list[dict[str, str]]:
    """The one user turn that asks a question; a chat template makes the prompt of it."""
    content = f"{question}\n\n{instruction}" if instruction else question
    return [{"role": "user", "content": content}]


def _is_path(name: str) -> bool:
    return name.startswith((".", "~", os.sep)) or "\\" in name or name.count("/") > 1


def _gguf(place: Path) -> Path | None:
    """The GGUF file that a name means: itself, or a folder's where there are no other weights.

    Unlike a `Path`, `os.path` says no of a name that is too long, or that may not be looked at.
    """
    if os.path.isfile(place):
        return place if place.suffix.lower() == ".gguf" else None
    if not os.path.isdir(place) or any(place.glob("*.safetensors")):
        return None
    return next(iter(sorted(place.glob("*.gguf"))), None)


def _checked(folder: Path) -> Path:
    if os.path.isfile(folder / "config.json"):
        return folder.resolve()
    if os.path.isfile(folder / "adapter_config.json"):
        raise ModelNotFound(
            f"The folder {folder} holds an adapter, not a model.",
            "Name the model that it was trained on, and give the adapter beside it.",
        )
    raise ModelNotFound(
        f"The folder {folder} has no config.json.",
        "Give the folder that transformers' save_pretrained wrote, or a hub snapshot.",
    )
