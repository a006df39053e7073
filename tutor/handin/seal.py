"""The seal on a notebook: digests of its record, its code and its outputs, to see what was edited.

It finds what was changed since it was made. It does not keep anybody from making another: there is
no secret in it. What can be computed again is therefore computed again (`tutor.handin.verify`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

FORMAT = 1
"""Of the record."""


def sealed(record: Mapping[str, Any], cells: Iterable[Any]) -> dict[str, Any]:
    """What goes into a notebook's metadata.

    Args:
        record: What was computed, as JSON holds it.
        cells: The notebook's cells as they were made.
    """
    content = {"format": FORMAT, **record, "cells": [_digests(cell) for cell in cells]}
    return {**content, "seal": digest(content)}


def edits(content: Mapping[str, Any], cells: Iterable[Any]) -> Iterator[str]:
    """What is no longer as it was sealed, in words, a line each.

    Args:
        content: The notebook's metadata, as `sealed` made it.
        cells: The notebook's cells as they are now.
    """
    record = {name: each for name, each in content.items() if name != "seal"}
    if content.get("seal") != digest(record):
        yield "The record in the notebook's metadata was edited."
    before = {each["id"]: each for each in content.get("cells", ())}
    seen = set()
    for cell in cells:
        now = _digests(cell)
        was = before.get(now["id"])
        seen.add(now["id"])
        if was is None:
            yield f"A {cell['cell_type']} cell was added: {_start(cell)}"
        elif now["source"] != was["source"]:
            yield f"The cell {now['id']} was edited: {_start(cell)}"
        elif now["outputs"] != was["outputs"]:
            how = "removed" if not cell.get("outputs") else "edited, or made by running it again"
            yield f"The outputs of the cell {now['id']} were {how}."
    for id in before.keys() - seen:
        yield f"The cell {id} was removed."


def digest(content: object) -> str:
    """SHA-256 of something that JSON can hold."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _digests(cell: Any) -> dict[str, str]:
    outputs = [
        {name: each for name, each in output.items() if name != "execution_count"}
        for output in cell.get("outputs", ())
    ]
    return {"id": cell["id"], "source": digest(cell["source"]), "outputs": digest(outputs)}


def _start(cell: Any) -> str:
    """The first line of a cell, to be found by."""
    return cell["source"].strip().partition("\n")[0][:60] or "(empty)"
