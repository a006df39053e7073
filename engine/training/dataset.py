"""From a teacher's answers to rows that TRL trains on.

A row is a conversation in two columns, `prompt` (the user's turn) and `completion` (the
assistant's), beside the problem's `problem_id`, `question` and `gold`. TRL's SFTTrainer masks the
prompt of such rows by itself, so that the loss is on the completion alone.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from datasets import Dataset, Features, Value, load_from_disk
from transformers import PreTrainedTokenizerBase

from engine.errors import EngineError
from engine.models.registry import messages
from engine.training.checkpoints import whole_or_nothing
from engine.training.selection import Row, Selection, select

__all__ = [
    "FEATURES", "LARGEST_SHARE", "Row", "Selection", "ask_as", "conversations", "fingerprint",
    "hold_out", "read", "select", "unlearnable", "write",
]  # fmt: skip

_TURNS = [{"role": Value("string"), "content": Value("string")}]
FEATURES = Features(
    {
        "problem_id": Value("string"),
        "question": Value("string"),
        "gold": Value("string"),
        "prompt": _TURNS,
        "completion": _TURNS,
    }
)
"""The columns of a teacher's data set."""
LARGEST_SHARE = 5
"""At most one row in so many is held out for validation."""


def conversations(rows: Iterable[Row], instruction: str = "") -> Dataset:
    """Questions and answers as conversations.

    Args:
        rows: With `problem_id`, `question`, `gold` and `text`.
        instruction: What is appended to each question, as the student will be asked.
    """
    rows = list(rows)
    columns = {
        "problem_id": [row["problem_id"] for row in rows],
        "question": [row["question"] for row in rows],
        "gold": [row["gold"] for row in rows],
        "prompt": [messages(row["question"], instruction) for row in rows],
        "completion": [[{"role": "assistant", "content": row["text"]}] for row in rows],
    }
    return Dataset.from_dict(columns, features=FEATURES)


def ask_as(dataset: Dataset, tokenizer: PreTrainedTokenizerBase, instruction: str) -> Dataset:
    """The same answers under prompts as the student is asked: by its template, its instruction."""
    rows = [{**row, "text": row["completion"][0]["content"]} for row in dataset]
    if tokenizer.chat_template:
        return conversations(rows, instruction)
    return Dataset.from_list(
        [
            {
                "problem_id": row["problem_id"],
                "prompt": _plain(row["question"], instruction),
                "completion": f" {row['text']}",
            }
            for row in rows
        ]
    )


def _plain(question: str, instruction: str) -> str:
    """How `engine.models.sampling.prompt` asks a base model, which has no chat template."""
    return f"Question: {messages(question, instruction)[0]['content']}\nAnswer:"


def write(dataset: Dataset, folder: Path) -> None:
    """Save a data set; the folder holds all of it or is not there."""
    with whole_or_nothing(folder) as unfinished:
        dataset.save_to_disk(unfinished)


def read(folder: Path) -> Dataset:
    """A saved data set, in memory, so that nothing more is ever written beside it.

    Raises:
        EngineError: There is none.
    """
    if not folder.is_dir():
        raise EngineError(f"There is no data set in {folder}.", "Run the teacher again.")
    return load_from_disk(str(folder), keep_in_memory=True)


def fingerprint(dataset: Dataset) -> str:
    """SHA-256 over the rows in their order."""
    rows = json.dumps(list(dataset), sort_keys=True)
    return hashlib.sha256(rows.encode()).hexdigest()


def hold_out(dataset: Dataset, rows: int, seed: int) -> tuple[Dataset, Dataset]:
    """Split into rows to train on and rows for the validation loss.

    Which are held out depends on the problems' ids and the seed alone.

    Args:
        dataset: All rows.
        rows: How many to hold out; at most a fifth is.
        seed: Another seed, other rows.
    """
    ids = sorted(dataset["problem_id"])
    held = set(random.Random(seed).sample(ids, min(rows, len(ids) // LARGEST_SHARE)))
    train = [i for i, each in enumerate(dataset["problem_id"]) if each not in held]
    validation = [i for i, each in enumerate(dataset["problem_id"]) if each in held]
    return dataset.select(train), dataset.select(validation)


def unlearnable(
    given: Dataset, prepared: Dataset, tokenizer: PreTrainedTokenizerBase, max_length: int
) -> dict[str, int]:
    """What became of the rows in TRL's preparation, counted by reason.

    TRL cuts rows at `max_length` tokens and drops those that have no label left, without a word.

    Args:
        given: Rows as TRL got them.
        prepared: What it trains on: `input_ids` and `labels`.
        tokenizer: The student's.
        max_length: Where rows were cut.

    Returns:
        `no room for the answer`: rows dropped, as their prompt alone fills `max_length`;
        `end of the answer cut off`: rows kept, though the student does not see them end.

    Raises:
        EngineError: A row without a label is left, or no row at all.
    """
    if len(prepared) == 0:
        raise EngineError(
            f"With max_length {max_length} no row has room for its answer.", "Raise max_length."
        )
    if not all(any(label != -100 for label in labels) for labels in prepared["labels"]):
        raise EngineError("A row to train on has no label, so it would teach nothing.")
    counts = {"no room for the answer": len(given) - len(prepared)}
    counts["end of the answer cut off"] = sum(
        len(ids) == max_length and tokenizer.eos_token_id not in _tail(ids)
        for ids in prepared["input_ids"]
    )
    return {reason: count for reason, count in counts.items() if count}


def _tail(ids: Sequence[int], tokens: int = 4) -> Sequence[int]:
    """Where an end-of-turn token stands, as some templates write a line break after it."""
    return ids[-tokens:]
