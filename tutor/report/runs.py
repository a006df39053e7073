"""Runs in plain text: a list of them, and one of them in full."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.printable import one_line
from engine.runs.own import in_words
from tutor.report.paragraphs import room
from tutor.report.table import shorter, table
from tutor.tutorial.chain_words import waiting
from tutor.tutorial.run_words import (
    count,
    duration,
    forecast,
    held_against,
    memory,
    runs,
    share,
    stands,
)

if TYPE_CHECKING:
    from engine.runs.store import Run


MARGIN = "  "


def list_text(found: Sequence[Run]) -> str:
    """One line a run, newest first; in a narrow window what came of it is in one column."""
    if not found:
        return "No runs yet. `tutor pipeline` starts the whole chain."
    rows = [
        (
            str(run.id),
            stands(run),
            share(run.done, run.total) if run.total else "",
            duration(run.seconds) if run.started else "",
            headline(run),
            run.title,
        )
        for run in found
    ]
    heads = ("run", "state", "done", "time", "result", "what")
    width = room()
    fewer = [
        (number, state, came or (took if done in ("", "100%") else f"{done}, {took}"), title)
        for number, state, done, took, came, title in rows
    ]
    return shorter(
        table(rows, heads, right=(0, 2, 3), width=width),
        table(fewer, ("run", "state", "result", "what"), right=(0,), width=width),
    )


def headline(run: Run) -> str:
    """A finished run's result in a few characters; why, for one that failed."""
    result = run.result or {}
    if result.get("em") is not None:
        cut = f", {result['cut_off'] / result['n']:.0%} cut off" if result.get("cut_off") else ""
        return f"EM {result['em']:.3f}{cut}"
    if "kept" in result:
        return f"kept {count(result['kept'])}"
    if result.get("validation_loss") is not None:
        return f"loss {result['validation_loss']:.3f}"
    return ""


def stages_text(stages: Mapping[str, Run]) -> str:
    """What each of these stages of a chain has measured, by its run."""
    rows = [
        (name.replace("_", " "), str(run.id), stands(run), headline(run))
        for name, run in stages.items()
    ]
    return table(rows, ("stage", "run", "state", "result"), right=(1,))


def show_text(
    run: Run,
    metrics: Mapping[str, Sequence[tuple[int, float]]],
    folder: str,
    others: Sequence[Run] = (),
) -> str:
    """One run: where it stands, what it was asked, what came out, what is needed to repeat it.

    Args:
        run: It.
        metrics: (step, value) by name.
        folder: Of its artifacts.
        others: The runs that it may wait for.
    """
    parts = [f"Run {run.id}: {one_line(run.title)}", _standing(run)]
    if run.state == "queued":
        parts.append(waiting(run, others))
    if run.error:
        parts.append(f"{run.error.get('what', '')} {run.error.get('way_out', '')}".rstrip())
    parts.append(_block("spec", _flat(in_words(run.spec))))
    if run.result:
        # What was loaded stands in the environment; what went otherwise has lines of its own.
        told = {k: v for k, v in run.result.items() if k not in ("load", "fallbacks")}
        parts.append(_block("result", _flat(told)))
    if metrics:
        latest = [
            (
                name,
                f"{points[-1][1]:.5g}" if points[-1][1] is not None else "–",
                f"at step {points[-1][0]}, {len(points)} recorded",
            )
            for name, points in sorted(metrics.items())
        ]
        parts.append("metrics\n" + _indent(table(latest, right=(1,), width=room(len(MARGIN)))))
    if run.environment:
        told = {
            k: v for k, v in run.environment.items() if k not in ("fallbacks", "forecast", "kernel")
        }
        parts.append(_block("environment", _flat(told)))
    if fallbacks := run.environment.get("fallbacks"):
        lines = (f"{each['what']}: {each['why']}" for each in fallbacks)
        parts.append("fallbacks\n" + _indent("\n".join(lines)))
    parts.append(f"artifacts  {folder}")
    return "\n\n".join(parts)


def _standing(run: Run) -> str:
    words = [stands(run)]
    if run.total:
        words.append(f"{count(run.done)} of {count(run.total)} {run.unit}".rstrip())
    if run.eta_seconds is not None and run.state == "running":
        words.append(f"{duration(run.eta_seconds)} left")
    if run.started:
        began = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(run.started))
        words.append(f"began {began}, {duration(run.seconds)} of compute")
    if said := held_against(run):
        words.append(said)
    elif foreseen := run.environment.get("forecast"):
        words.append(forecast([foreseen]))
    if took := memory(run):
        words.append(f"memory: {took}")
    if run.after:
        words.append(f"needs {runs(run.after)}")
    if run.message and run.message not in words:
        words.append(run.message)
    return "; ".join(words)


def _flat(tree: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Nested tables as `outer.inner`; long lists as their length, since `--json` has them all."""
    for key, value in tree.items():
        if isinstance(value, Mapping) and value:
            value = {k: v for k, v in value.items() if k != "fallbacks"}
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list | tuple) and any(isinstance(v, Mapping | list) for v in value):
            yield f"{prefix}{key}", f"{len(value)} rows (--json shows them)"
        elif isinstance(value, list | tuple):
            yield f"{prefix}{key}", ", ".join(map(str, value)) or "none"
        else:
            yield f"{prefix}{key}", _plain(value)


def _plain(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"{value:,}" if isinstance(value, int) and value >= 10_000 else str(value)


def _block(title: str, rows: Iterable[tuple[str, str]]) -> str:
    return f"{title}\n" + _indent(table(list(rows), width=room(len(MARGIN))))


def _indent(text: str) -> str:
    return "\n".join(MARGIN + line for line in text.splitlines())
