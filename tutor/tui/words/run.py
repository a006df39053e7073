"""A run in full, in words: its head line, the facts beside its curve, and the whole record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.tui.words import spec as settings
from tutor.tutorial import chain_words, results
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.tutorial.snapshot import View

SHORTEST_BAR = 8
"""Cells under which a bar says nothing."""


def head(view: View, width: int, others: Sequence[Run] = ()) -> Content:
    """State, bar, share, time left and pace; below, what it does or why it stands still.

    Args:
        view: The run.
        width: Of the bar's line, in cells.
        others: The runs that it may wait for.
    """
    run = view.run
    unit = f"{run.unit or 'done'} {wording.count(run.done)} of {wording.count(run.total)}"
    state = Content.styled(wording.state(run), f"bold {wording.colour(run)}")
    start = state + Content(f"  {unit}  " if run.total else "  ")
    right = "  ".join(_right(view))
    fast = pace(view)
    if fast and width - start.cell_length - len(right) - len(fast) - 4 >= SHORTEST_BAR:
        right += f"  {fast}"
    room = width - start.cell_length - len(right) - 2
    drawn = wording.bar(run.done, run.total, room) if run.total and room >= SHORTEST_BAR else ""
    line = start + Content.styled(drawn, "$primary") + Content(f"  {right}" if drawn else right)
    told = why(run, others)
    return line + Content("\n") + Content(told) if told else line


def _right(view: View) -> Iterator[str]:
    """Share, then the time left or the time it took."""
    run = view.run
    if run.total:
        yield wording.share(run.done, run.total)
    if run.state == "running" and run.eta_seconds is not None:
        yield f"{wording.duration(run.eta_seconds)} left"
    elif said := wording.held_against(run):
        yield said
    elif run.state != "running" and run.seconds:
        yield f"took {wording.duration(run.seconds)}"


def why(run: Run, others: Sequence[Run] = ()) -> str:
    """What it does now; or why it stands still, and the way out."""
    if run.error:
        return f"{run.error.get('what', '')} {run.error.get('way_out', '')}".strip()
    if run.state == "interrupted":
        return f"{run.message} space resumes it from its last checkpoint.".strip()
    if run.state == "paused":
        return f"{run.message} space lets it go on from where it stands.".strip()
    if run.state == "queued":
        return chain_words.waiting(run, others)
    return run.message


def pace(view: View) -> str:
    """Tokens a second where they are recorded, else what the time left goes by."""
    run = view.run
    tokens = view.metrics.get("tokens_per_second")
    if tokens and run.state == "running":
        return wording.rate(tokens[-1][1], "tok")
    if run.state != "running" or not run.eta_seconds:
        return ""
    return wording.rate((run.total - run.done) / run.eta_seconds, run.unit or "done")


def facts(run: Run) -> Content:
    """Result first, then the settings that matter most, a line each."""
    lines = []
    if found := _lines(results.main(run)):
        lines += [Content.styled("result", "bold"), *(Content("  ") + line for line in found)]
    lines.append(Content.styled("settings", "bold"))
    shown = settings.lines(run.kind, run.spec, all_of_it=False)
    lines += [Content("  ") + line for line in shown]
    for fallback in run.environment.get("fallbacks", []):
        lines.append(Content.styled(f"  {fallback['what']}", "$text-warning"))
    return Content("\n").join(lines)


def record(run: Run, others: Sequence[Run] = ()) -> Content:
    """All that is known of a run, and that is needed to repeat it."""
    stands = f"{wording.state(run)}. {why(run, others)}"
    parts = [Content.styled(run.title, "bold"), Content(stands)]
    if found := _lines(results.every(run)):
        parts += [Content(""), Content.styled("Result", "bold"), *found]
    parts += [Content(""), Content.styled("Settings", "bold"), *settings.lines(run.kind, run.spec)]
    if loaded := (run.result or {}).get("load"):
        parts += [Content(""), Content.styled("The model as it was loaded", "bold")]
        parts += _lines(leaves(loaded))
    if took := wording.memory(run):
        parts += [Content(""), Content.styled("Memory at most", "bold"), Content(took)]
    told = ("forecast", "peak", "training", "kernel", "died_for")
    noted = {name: held for name, held in run.environment.items() if name not in told}
    if noted:
        parts += [Content(""), Content.styled("Needed to repeat it", "bold")]
        parts += _lines(leaves(noted))
    return Content("\n").join(parts)


def _lines(told: Iterable[tuple[str, str]]) -> list[Content]:
    return [Content.assemble((f"{word} ", "$foreground 60%"), text) for word, text in told]


def leaves(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """A tree of settings as lines: `versions torch`, `2.13.0`."""
    for name, held in tree.items():
        if isinstance(held, Mapping):
            yield from leaves(held, f"{prefix}{name} ")
        elif isinstance(held, list) and any(isinstance(each, Mapping) for each in held):
            for each in held:
                yield f"{prefix}{name}", ": ".join(str(part) for part in each.values())
        else:
            yield f"{prefix}{name}", settings.value(held)


def without_date(line: str) -> str:
    """A log line without its day: `2026-01-31 10:00:00  words` is `10:00:00  words`."""
    return line[11:] if line[:4].isdigit() and line[10:11] == " " else line
