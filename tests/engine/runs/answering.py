"""Rows of runs that answer problems, as a worker would leave them, and the runs themselves."""

from __future__ import annotations

from engine.evaluation.answers import judge
from engine.runs.record import Recorder


def said(problem, value, sample=0, text=None, question=None, gold=None):
    """A judged row: problem `n`, whose gold is 10 * n unless told, was answered `value`."""
    gold = gold or str(10 * problem)
    text = text if text is not None else f"It is so.\n#### {value}"
    found = judge(text, gold)
    return {
        "problem_id": f"p{problem}", "sample": sample,
        "question": question or f"Ten times {problem}?", "gold": gold,
        "text": text, "extracted": found.extracted, "stage": found.stage,
        "correct": found.correct, "strict": found.strict, "flexible": found.flexible,
        "tokens_in": 5, "tokens_out": 7, "cut_off": False, "batch": 0,
    }  # fmt: skip


def answered(client, spec, rows, state="finished"):
    """A run of that spec with those rows, at its end."""
    number = client.submit(spec.kind, spec)
    run = client.store.claim()
    assert run.id == number
    record = Recorder(client.store, run)
    if spec.kind == "teach":
        names = ("strict", "flexible", "sample", "batch", "cut_off")
        record.answers([{k: v for k, v in row.items() if k not in names} for row in rows])
    else:
        record.predictions(rows, len(rows), len(rows))
    client.store.end(number, state, result={})
    return number
