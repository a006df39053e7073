"""A run in full, in words: its head line, the facts beside its curve, and the whole record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tutor.tui.words import spec as settings
from tutor.tutorial import chain_words
from tutor.tutorial import run_words as wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.tui.threads.runs import View

SHORTEST_BAR = 8
"""Cells under which a bar says nothing."""

RESULTS = {
    "em": "EM",
    "vote": "majority EM",
    "any": "solved by one at least",
    "strict": "strict EM",
    "flexible": "flexible EM",
    "asked": "asked",
    "correct": "right",
    "kept": "kept",
    "dropped": "left out",
    "failures": "failed",
    "loss": "loss",
    "validation_loss": "validation loss",
    "cost_saving": "money saved",
    "compute_saving": "compute saved",
    "share_sent": "sent on",
}
"""Results that stand beside the curve, and their words."""


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
    found = [line for name, line in results(run) if name in RESULTS]
    if found:
        lines += [Content.styled("result", "bold"), *(Content("  ") + line for line in found)]
    lines.append(Content.styled("settings", "bold"))
    shown = settings.lines(run.kind, run.spec, all_of_it=False)
    lines += [Content("  ") + line for line in shown]
    for fallback in run.environment.get("fallbacks", []):
        lines.append(Content.styled(f"  {fallback['what']}", "$text-warning"))
    return Content("\n").join(lines)


def results(run: Run) -> Iterator[tuple[str, Content]]:
    """Each result that is a number, a score or counts by reason, with its word."""
    found = run.result or {}
    for name, held in found.items():
        if name in ("low", "high"):
            continue
        if name == "em":
            text = _score(found)
        elif isinstance(held, Mapping):
            text = _score(held) if "em" in held else _counts(held)
        elif isinstance(held, bool) or not isinstance(held, int | float):
            continue
        else:
            text = f"{held:,}" if isinstance(held, int) else f"{held:.3g}"
        if text:
            word = RESULTS.get(name, name.replace("_", " "))
            yield name, Content.assemble((f"{word} ", "$foreground 60%"), text)


def _score(held: Mapping[str, object]) -> str:
    """An exact match with its interval."""
    spread = wording.interval(held.get("low"), held.get("high"))
    return f"{wording.em(held['em'])} ({spread})" if spread else wording.em(held["em"])


def _counts(held: Mapping[str, object]) -> str:
    """`29 wrong result, 2 no number`; empty where the values are no counts."""
    if not all(isinstance(each, int) for each in held.values()):
        return ""
    return ", ".join(f"{each:,} {name}" for name, each in held.items())


def record(run: Run, others: Sequence[Run] = ()) -> Content:
    """All that is known of a run, and that is needed to repeat it."""
    stands = f"{wording.state(run)}. {why(run, others)}"
    parts = [Content.styled(run.title, "bold"), Content(stands)]
    if found := [line for _, line in results(run)]:
        parts += [Content(""), Content.styled("Result", "bold"), *found]
    parts += [Content(""), Content.styled("Settings", "bold"), *settings.lines(run.kind, run.spec)]
    if loaded := (run.result or {}).get("load"):
        parts += [Content(""), Content.styled("The model as it was loaded", "bold")]
        parts += _lines(loaded)
    if took := wording.memory(run):
        parts += [Content(""), Content.styled("Memory at most", "bold"), Content(took)]
    told = ("forecast", "peak", "training", "kernel", "died_for")
    noted = {name: held for name, held in run.environment.items() if name not in told}
    if noted:
        parts += [Content(""), Content.styled("Needed to repeat it", "bold")]
        parts += _lines(noted)
    return Content("\n").join(parts)


def _lines(tree: Mapping[str, object]) -> list[Content]:
    return [Content.assemble((f"{name} ", "$foreground 60%"), text) for name, text in leaves(tree)]


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
