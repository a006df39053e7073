"""A run in full, in words: its head line, the facts beside its curve, and the whole record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from tutor import settings, wording

if TYPE_CHECKING:
    from engine.runs.snapshot import Run
    from tutor.watch import View

RESULTS = {
    "em": "EM",
    "kept": "kept",
    "asked": "asked",
    "validation_loss": "validation loss",
    "cost_saving": "money saved",
    "compute_saving": "compute saved",
    "share_sent": "sent on",
    "majority_em": "majority EM",
    "strict": "strict EM",
    "flexible": "flexible EM",
}
"""Results that stand beside the curve, and their words."""


def head(view: View, width: int) -> Content:
    """State, bar, share, time left and pace; below, what it does or why it stands still."""
    run = view.run
    right = f"{wording.share(run.done, run.total)}" if run.total else ""
    if run.state == "running":
        left = wording.duration(run.eta_seconds)
        right = "  ".join(part for part in (right, f"{left} left" if left else "", pace(view)) if part)
    elif run.seconds:
        right += f"  took {wording.duration(run.seconds)}"
    unit = f"{run.unit or 'done'} {wording.count(run.done)} of {wording.count(run.total)}"
    state = Content.styled(wording.state(run), f"bold {wording.colour(run)}")
    start = state + Content(f"  {unit}  " if run.total else "  ")
    room = width - start.cell_length - len(right) - 2
    drawn = wording.bar(run.done, run.total, room) if run.total and room >= 8 else ""
    line = start + Content.styled(drawn, "$primary") + Content(f"  {right}")
    return line + Content("\n") + Content(why(run)) if why(run) else line


def why(run: Run) -> str:
    """What it does now; or why it stands still, and the way out."""
    if run.error:
        return f"{run.error.get('what', '')} {run.error.get('way_out', '')}".strip()
    if run.state == "interrupted":
        return f"{run.message} space resumes it from its last checkpoint.".strip()
    if run.state == "paused":
        return "space lets it go on from where it stands."
    if run.state == "queued":
        needs = ", ".join(str(each) for each in run.after)
        return f"It waits for its turn{f', after run {needs}' if needs else ''}."
    return run.message


def pace(view: View) -> str:
    """Tokens a second where they are recorded, else what is counted a second."""
    tokens = view.metrics.get("tokens_per_second")
    if tokens:
        return wording.rate(tokens[-1][1], "tok")
    run = view.run
    return wording.rate(run.done / run.seconds, run.unit or "done") if run.seconds > 1 else ""


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
    """Each result that is one number, with its interval where it has one."""
    found = run.result or {}
    for name, held in found.items():
        if isinstance(held, bool) or not isinstance(held, int | float) or name in ("low", "high"):
            continue
        text = f"{held:,}" if isinstance(held, int) else f"{held:.3g}"
        if name == "em":
            text = wording.em(held)
            if spread := wording.interval(found.get("low"), found.get("high")):
                text += f" ({spread})"
        word = RESULTS.get(name, name.replace("_", " "))
        yield name, Content.assemble((f"{word} ", "$text-muted"), text)


def record(run: Run) -> Content:
    """All that is known of a run, and that is needed to repeat it."""
    parts = [Content.styled(run.title, "bold"), Content(f"{wording.state(run)}. {why(run)}")]
    if found := [line for _, line in results(run)]:
        parts += [Content(""), Content.styled("Result", "bold"), *found]
    parts += [Content(""), Content.styled("Settings", "bold"), *settings.lines(run.kind, run.spec)]
    if run.environment:
        parts += [Content(""), Content.styled("Needed to repeat it", "bold")]
        parts += [
            Content.assemble((f"{name} ", "$text-muted"), text)
            for name, text in leaves(run.environment)
        ]
    return Content("\n").join(parts)


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
