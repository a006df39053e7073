"""Runs in words: states, shares, times, rates. Plain functions, the same words on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runs.chains import for_anothers_sake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.chain.card import ScoreCard
    from engine.runs.snapshot import Run
    from tutor.tutorial.tasks import Task

HELD_UP = "held up"
"""How a run stands that has not begun, since one that it needs has failed."""
STATES = {
    "queued": ("·", "queued", "$foreground 60%"),
    "running": ("▸", "running", "$accent"),
    "paused": ("‖", "paused", "$text-warning"),
    "interrupted": ("!", "interrupted", "$text-warning"),
    "finished": ("✓", "finished", "$text-success"),
    "failed": ("✗", "failed", "$text-error"),
    "cancelled": ("–", "cancelled", "$foreground 60%"),
    HELD_UP: ("~", HELD_UP, "$text-warning"),
}
"""A state's glyph, its word and its colour; the word always stands beside the glyph."""

GOING_ON = ("running", "queued", "paused", "interrupted")
"""States of a run that is not over."""

LEAST_LOSS = 0.005
"""Of EM: less cannot be seen in two digits."""
WEAK_SAMPLES = 0.1
"""So far below greedy answers single samples may lie before a word is said of it."""

BLOCKS = " ▏▎▍▌▋▊▉█"


def kind(run: Run) -> str:
    """What it does, in a word; of a kind that is not known here, its name."""
    from engine.kinds import KINDS  # when it is asked, not at the first paint

    return KINDS[run.kind].word if run.kind in KINDS else run.kind


def runs(numbers: Iterable[int]) -> str:
    """`run 4`, `runs 4 and 9`, `runs 3 to 7, 9 and 10`; empty for none."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    told: list[str] = []
    for span in spans:
        told += [f"{span[0]} to {span[-1]}"] if len(span) > 2 else map(str, span)
    words = " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
    if not words:
        return ""
    return f"run{'s' if sum(map(len, spans)) > 1 else ''} {words}"


def duration(seconds: float | None) -> str:
    """Seconds as `41 s`, `1:12` or `2:03:20`; empty for None."""
    if seconds is None:
        return ""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def share(done: float, total: float) -> str:
    """How far, as `43%`; never 100% before the last one is done."""
    if not total:
        return "0%"
    percent = int(100 * done / total)
    return f"{min(percent, 100)}%"


def count(number: float) -> str:
    """A number with thousands apart: `2,000`."""
    return f"{number:,.0f}"


def rate(per_second: float | None, what: str) -> str:
    """`1,240 tok/s`, `4.2 answers/s`; empty for None."""
    if not per_second or per_second < 0.05:
        return ""
    return f"{per_second:,.0f} {what}/s" if per_second >= 10 else f"{per_second:.1f} {what}/s"


def bar(done: float, total: float, width: int) -> str:
    """A bar of `width` cells, in eighths of a cell, with a track that is seen without colour."""
    eighths = int(8 * width * min(1.0, done / total)) if total else 0
    full, rest = divmod(eighths, 8)
    drawn = "█" * full + (BLOCKS[rest] if rest else "")
    return drawn + "░" * (width - len(drawn))


def em(value: float | None) -> str:
    """Exact match as a share with two digits: `0.45`; a dash where it is not known."""
    return "–" if value is None else f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str:
    """The 95% interval: `0.40 to 0.51`."""
    return "" if low is None or high is None else f"{low:.2f} to {high:.2f}"


def stands(run: Run) -> str:
    """How a run stands: a key of STATES."""
    return HELD_UP if for_anothers_sake(run) else run.state


def state(run: Run) -> str:
    """The state's glyph and word, and what was asked of it and has not happened yet."""
    glyph, word, _ = STATES[stands(run)]
    if run.state == "running" and run.request == "pause":
        word = "pausing"
    elif run.state == "running" and run.request == "cancel":
        word = "cancelling"
    return f"{glyph} {word}"


def colour(run: Run) -> str:
    """The state's colour, a theme variable."""
    return STATES[stands(run)][2]


def short(run: Run) -> str:
    """A running run in the top line: `fine-tune 43% 1:12 left`."""
    left = f" {duration(run.eta_seconds)} left" if run.eta_seconds else ""
    far = f" {share(run.done, run.total)}" if run.total else ""
    return f"{kind(run)}{far}{left}"


def far(run: Run) -> str:
    """How far a run is: `step 86 of 200  43%  1:12 left`, as much of it as is known."""
    if not run.total:
        return run.message or ""
    unit = run.unit or "done"
    left = ""
    if run.state == "running" and run.eta_seconds is not None:
        left = f" · {duration(run.eta_seconds)} left"
    return f"{unit} {count(run.done)} of {count(run.total)} · {share(run.done, run.total)}{left}"


def gigabytes(size: float) -> str:
    """Bytes as `1.2 GB`, or `34 MB` where that is more telling."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def dollars(cost: float) -> str:
    """`$1.20`, or `$0.0031` where two digits would say nothing."""
    return f"${cost:.2f}" if cost >= 0.1 or not cost else f"${cost:.2g}"


def left(seconds: float, unknown: int) -> str:
    """`4:10 left`; `at least 4:10 left` where some runs cannot be foreseen; empty where none can.

    Args:
        seconds: Of the runs that are known.
        unknown: How many are not.
    """
    if not seconds and unknown:
        return ""
    return f"{'at least ' if unknown else ''}{duration(seconds)} left"


def forecast(told: Sequence[Mapping | None]) -> str:
    """What runs are going to take, all together: `forecast 1:20 · 34 MB · $0.0031`.

    Args:
        told: Their forecasts, as `Forecast.as_dict` gives them.
    """
    known = [each for each in told if each]
    seconds = [each["seconds"] for each in known]
    parts = ["first time here: no forecast of time"]
    if known and None not in seconds:
        parts = [f"forecast {duration(sum(seconds))}"]
    elif any(each is not None for each in seconds):
        some = sum(each for each in seconds if each is not None)
        parts = [f"forecast at least {duration(some)}: some of it was never timed on this machine"]
    sizes = [each["bytes"] for each in known if each["bytes"]]
    costs = [each["dollars"] for each in known if each["dollars"] is not None]
    parts += [gigabytes(max(sizes))] if sizes else []
    parts += [dollars(sum(costs))] if costs else []
    return " · ".join(parts)


def held_against(run: Run) -> str:
    """`forecast 1:20 · 2.6 GB, took 1:15 · 2.4 GB`: what was foreseen, once the run has finished.

    Empty where nothing was. Of the CPU's memory `memory` tells.
    """
    told, peak = run.environment.get("forecast") or {}, run.environment.get("peak")
    if run.state != "finished":
        return ""
    pairs = []
    if told.get("seconds") is not None:
        pairs.append((duration(told["seconds"]), duration(run.seconds)))
    if told.get("bytes") and peak and peak["of"] == "card":
        pairs.append((gigabytes(told["bytes"]), gigabytes(peak["bytes"])))
    paid = (run.result or {}).get("hosted")
    if told.get("dollars") is not None and paid:
        pairs.append((dollars(told["dollars"]), dollars(paid["dollars"])))
    if not pairs:
        return ""
    foreseen, took = (" · ".join(side) for side in zip(*pairs, strict=True))
    return f"forecast {foreseen}, took {took}"


def memory(run: Run) -> str:
    """The most memory that a run took, and what was foreseen; empty where nobody looked.

    A training knows better than its forecast did once it has read its rows.
    """
    peak, noted = run.environment.get("peak"), run.environment
    if not peak:
        return ""
    of_process = peak["of"] == "process"
    took = f"{gigabytes(peak['bytes'])}{' with all libraries' if of_process else ' of the card'}"
    if peak.get("before"):
        took += f", {gigabytes(peak['before'])} of it from before the run"
    told = (noted.get("training") or {}).get("bytes") or (noted.get("forecast") or {}).get("bytes")
    if not told:
        return took
    beside = " beside them" if of_process else ""
    return f"{took}; forecast {gigabytes(told)}{beside}"


def best_policy(row: Mapping[str, float] | None) -> str:
    """`K 5, threshold 0.4: EM 0.68, saving 59% on validation`; empty where none is known."""
    if row is None:
        return ""
    policy = f"K {row['k']:g}, threshold {row['threshold']:.3g}"
    return f"{policy}: EM {row['em']:.2f}, saving {row['cost_saving']:.0%} on validation"


def change_to(row: Mapping[str, float], own: Mapping[str, float] | None) -> str:
    """`K 5, threshold 0.4: EM 0.93 → 0.68, saving 19% → 59% on validation`."""
    if own is None or own["em"] is None or own["cost_saving"] is None:
        return best_policy(row)
    em = f"{own['em']:.2f} → {row['em']:.2f}"
    saving = f"{own['cost_saving']:.0%} → {row['cost_saving']:.0%}"
    policy = f"K {row['k']:g}, threshold {row['threshold']:.3g}"
    return f"{policy}: EM {em}, saving {saving} on validation"


def gives_up(row: Mapping[str, float], own: Mapping[str, float] | None) -> str:
    """What a policy costs in EM beside the learner's own, on the same problems; else empty."""
    if own is None or None in (row["em"], own["em"]) or own["em"] - row["em"] < LEAST_LOSS:
        return ""
    return (
        f"EM falls by {own['em'] - row['em']:.2f} for it: yours has EM {own['em']:.2f}, saving "
        f"{own['cost_saving']:.0%} there."
    )


def better_policy(row: Mapping[str, float] | None) -> list[str]:
    """What validation knows of a policy that is worth more; nothing where none is."""
    if row is None:
        return []
    own = {"em": row["own_em"], "cost_saving": row["own_cost_saving"]}
    mine = f"Yours has EM {own['em']:.2f}, saving {own['cost_saving']:.0%} there."
    return [f"{best_policy(row)}, and worth more points. {gives_up(row, own) or mine}"]


def single_samples(card: ScoreCard) -> str:
    """Where single samples are right far less often than greedy answers, what to do about it."""
    if None in (card.sample_em, card.student_em, card.temperature):
        return ""
    if card.student_em - card.sample_em < WEAK_SAMPLES:
        return ""
    return (
        f"At temperature {card.temperature:g} a single sample is right in "
        f"{card.sample_em:.2f}, a greedy answer in {card.student_em:.2f}: a lower temperature "
        "lets samples be right, and agree, more often."
    )


def cut(card: ScoreCard) -> str:
    """Whose answers were cut off before they ended, and so judged by what there was of them."""
    whose = {
        "baseline_em": "the student's as shipped",
        "student_em": "the fine-tuned student's",
        "teacher_em": "the teacher's",
    }
    told = [f"{card.cut_off[name]:.0%} of {who}" for name, who in whose.items()
            if name in card.cut_off]  # fmt: skip
    if not told:
        return ""
    return f"Cut off at the limit, and judged by what there was: {', '.join(told)} answers."


def hollow(card: ScoreCard) -> str:
    """Where a saving brings points though next to nothing was right: that it does."""
    if card.cascade_em is None or card.points.cascade_em or not card.points.cost_saving:
        return ""
    saved = f"{card.points.cost_saving:g} points for saving"
    if not card.cascade_em:
        return f"{saved}, but nothing that this cascade answered was right."
    return f"{saved}, but only {card.cascade_em:.0%} of what this cascade answered was right."


def earned_by(task: Task) -> str:
    """The run, with what it measured; the checks; or what the task still lacks."""
    if task.run:
        return f"run {task.run}: {_measured(task)}"
    if task.code:
        return "your code passed its checks" if task.points else "your code has not passed yet"
    return "no run counts yet"


def _measured(task: Task) -> str:
    words = {"student_em": "EM {:.2f}", "cascade_em": "EM {:.2f}", "cost_saving": "saving {:.0%}"}
    told = [words[name].format(value) for name, value in task.values.items() if value is not None]
    if task.values.get("cascade_em") == 0:
        told.append("nothing right")
    return ", ".join(told)
