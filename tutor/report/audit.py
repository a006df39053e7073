"""The audit of a run in plain text: every answer as three judges see it, or one in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.evaluation.audit import JUDGES, ONLY, audit, counts
from engine.printable import one_line
from tutor.report.paragraphs import room, wrapped
from tutor.report.table import table

if TYPE_CHECKING:
    from engine.runs.snapshot import Run

Row = Mapping[str, Any]
HEADS = ("problem", "sample", *JUDGES, "said", "gold", "found by")
SAMPLE = 1
QUESTION, LEAST = 44, 16
"""Characters of a question in a table: at most, and fewer than which say nothing."""


def audit_text(run: Run, rows: Sequence[Row], only: str) -> str:
    """The counts, and a line for each answer that `only` leaves over."""
    number = counts(rows)
    shown = [row for row in rows if ONLY[only](row)]
    parts = [
        f"Run {run.id}: {one_line(run.title)}",
        "right by " + ", ".join(f"{judge} {number[judge]:,}" for judge in JUDGES)
        + f" of {len(rows):,} answers",
        ", ".join(f"{name} {number[name]:,}" for name in ONLY),
    ]  # fmt: skip
    if not shown:
        none = (
            "The judges differ on none of them." if only == "differ" else f"There is none: {only}."
        )
        return "\n".join([*parts, "", none])
    return "\n".join([*map(wrapped, parts), "", _table(shown, room())])


def answer_text(row: Row) -> str:
    """One answer in full: what each judge read and says, the question, and the text."""
    found = audit(row["text"], row["gold"])
    read = (found.value or "nothing", found.strict_read, found.flexible_read)
    judges = list(zip(JUDGES, map(_word, _held(row)), read, strict=True))
    place = "" if found.place is None else f": {row['text'][slice(*found.place)]!r}"
    return "\n\n".join(
        [
            f"{row['problem_id']}, sample {row.get('sample', 0) + 1}"
            f"{', of the ' + row['by'] if 'by' in row else ''}\n"
            f"gold {row['gold']}; found by {_rule(row)}{place}\n"
            + table(judges, ("", "", "read"), width=room()),
            f"Question\n{row['question']}",
            f"Answer\n{row['text'] or '(nothing)'}",
        ]
    )


def as_json(row: Row) -> dict[str, Any]:
    """One answer for JSON: as it was recorded, and what each judge read."""
    found = audit(row["text"], row["gold"])
    judged = dict(zip(JUDGES, map(bool, _held(row)), strict=True))
    kept = ("problem_id", "sample", "by", "question", "gold", "text", "tokens_in", "tokens_out")
    return {
        **{name: row[name] for name in kept if name in row},
        **found.as_dict(),
        "value": row["extracted"],
        "rule": row["stage"],
        **judged,
        "differ": len(set(judged.values())) > 1,
    }


def _table(rows: Sequence[Row], width: int | None) -> str:
    """A line for each answer; as much of its question as there is room for."""
    lines, heads = [_line(row) for row in rows], HEADS
    if all(
        line[SAMPLE] == "1" for line in lines
    ):  # of a run that answers once, which tells nothing
        lines, heads = [(line[0], *line[2:]) for line in lines], (HEADS[0], *HEADS[2:])
    right = [at for at, head in enumerate(heads) if head in ("sample", "said", "gold")]
    bare = table(lines, heads, right=right, width=width)
    left = QUESTION if width is None else width - max(map(len, bare.splitlines())) - 2
    if left < LEAST:
        return bare
    asked = [_cut(row["question"], min(left, QUESTION)) for row in rows]
    cells = [(*line, words) for line, words in zip(lines, asked, strict=True)]
    return table(cells, (*heads, "question"), right=right, width=width)


def _cut(question: str, most: int) -> str:
    words = " ".join(question.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _line(row: Row) -> tuple[str, ...]:
    said = row["extracted"] if row["extracted"] is not None else "nothing"
    sample = row.get("by") or str(row.get("sample", 0) + 1)
    judges = map(_word, _held(row))
    return (row["problem_id"], sample, *judges, said, row["gold"], _rule(row))


def _held(row: Row) -> tuple[bool, bool, bool]:
    return row["correct"], row["strict"], row["flexible"]


def _word(held: bool) -> str:
    return "✓ right" if held else "✗ wrong"


def _rule(row: Row) -> str:
    return "no rule" if row["stage"] == "none" else row["stage"]
