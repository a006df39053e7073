"""Students in plain text: what each weighs, needs to run and to learn, and whether it fits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.models.students import PRECISIONS, PROCESS, RANK, RUN_TOKENS, TUNE_TOKENS, memory
from tutor.report.paragraphs import WIDTH, wrapped
from tutor.report.table import table

if TYPE_CHECKING:
    from engine.machine import Machine
    from engine.models.students import Student

BRIEF = 76
"""Columns of a row that says what fits in few words."""


def models_text(machine: Machine, students: Sequence[Student], width: int | None = None) -> str:
    """A table for each precision, with what fits; then where the figures come from.

    Args:
        machine: Where.
        students: The rows.
        width: Columns of a table's line; None for as many as it takes.
    """
    prose = min(WIDTH, width or WIDTH)
    total, free = memory(machine)
    parts = [f"{machine}: {_size(free)} of {_size(total)} of memory free"]
    parts += [students_table(machine, students, precision, width) for precision in PRECISIONS]
    absent = [student.name for student in students if not student.here]
    there = f"To be downloaded when they are used: {', '.join(absent)}." if absent else ""
    parts += [
        wrapped(there or "All of them are on this machine.", prose),
        wrapped(
            f"To run: {RUN_TOKENS:,} tokens of keys and values at once. QLoRA: rank {RANK} on "
            f"queries, keys and values, {TUNE_TOKENS:,} tokens a step, activations estimated. "
            f"Whether it fits counts {_size(PROCESS)} for the libraries."
            + ("" if machine.cards else " Without a card, 4-bit layers compute in fp32."),
            prose,
        ),
    ]
    if machine.untried:
        parts.append("The card is not yet tried: the first run tells whether torch can use it.")
    if machine.unused:
        parts.append(wrapped(f"A card is not used: {machine.unused}.", prose))
    return "\n\n".join(parts)


def students_table(
    machine: Machine,
    students: Sequence[Student],
    precision: str,
    width: int | None = None,
    *,
    brief: bool = False,
) -> str:
    """What each needs with its weights held in one precision, and whether that fits.

    Args:
        machine: Where.
        students: The rows.
        precision: Of the weights.
        width: Columns of a line; None for as many as it takes.
        brief: Whether what fits is said in so few words that a row has 76 columns; where there are
            fewer, what the weights take is left out.
    """
    learn = "QLoRA" if precision.startswith("nf4") else "LoRA"
    heads = (f"in {precision}", "weights", "", "to run", learn, "fits here")
    rows = [_row(student, precision, learn, machine) for student in students]
    if brief:
        rows = [(*row[:-1], row[-1].partition(";")[0].replace("memory is ", "")) for row in rows]
    if brief and width is not None and width < BRIEF:
        heads, rows = (heads[0], *heads[3:]), [(row[0], *row[3:]) for row in rows]
        return table(rows, heads, right=(1, 2), width=width)
    return table(rows, heads, right=range(1, 5), width=width)


def _row(student: Student, precision: str, learn: str, machine: Machine) -> tuple[str, ...]:
    run, tune = student.run[precision], student.tune[precision]
    return (
        student.name,
        _count(student.parameters),
        _size(student.weights[precision]),
        _size(run.total),
        _size(tune.total),
        _fits(student.fits(run, machine), student.fits(tune, machine), learn),
    )


def _fits(run: str, tune: str, learn: str) -> str:
    """In words: the least that is true of both, then what is true of running alone."""
    if run == tune:
        return {"now": "yes", "when free": "when memory is freed", "no": "no"}[run]
    if run == "now":
        return f"to run; {learn} {'when memory is freed' if tune == 'when free' else 'does not'}"
    return f"to run when memory is freed; {learn} does not"


def _count(number: int) -> str:
    return f"{number / 1e9:.2f} B" if number >= 1e8 else f"{number / 1e6:.1f} M"


def _size(size: int) -> str:
    return f"{size / 1e9:.2f} GB" if size >= 1e8 else f"{size / 1e6:.1f} MB"
