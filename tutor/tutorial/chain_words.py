"""Chains of runs in words: how one stands, what it still takes, what a run of it waits for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.runs.chains import going_with, waits_for
from tutor.tutorial import run_words as wording
from tutor.tutorial import size_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.chain.forecast import Forecast
    from engine.chain.size import Size
    from engine.runs.chains import Chain
    from engine.runs.snapshot import Run
    from tutor.tutorial.choice import Choice

OVER = ("finished", "cancelled")


def name(chain: Chain) -> str:
    """`the chain of 10 runs`, or `run 7` where it is alone."""
    return f"the chain of {chain.size} runs" if chain.size > 1 else f"run {chain.runs[0].id}"


def state(chain: Chain) -> str:
    """The glyph and word of how it stands; `pausing` until the worker has obeyed."""
    glyph, word, _ = wording.STATES[chain.state]
    if chain.state == "running" and not chain.moves:
        asked = {run.request for run in chain.runs if run.state == "running"}
        word = "cancelling" if "cancel" in asked else "pausing"
    return f"{glyph} {word}"


def far(chain: Chain) -> str:
    """`2 of 10 finished, 1 failed, 5 held up`."""
    stands = Counter(map(wording.stands, chain.runs))
    told = [f"{stands[word]} {word}" for word in ("failed", wording.HELD_UP) if stands[word]]
    return ", ".join([f"{len(chain.finished)} of {chain.size} finished", *told])


def left(chains: Iterable[Chain], foreseen: Mapping[int, float | None]) -> str:
    """`4:10 left` of these chains together; see `wording.left`."""
    each = [chain.left(foreseen) for chain in chains]
    return wording.left(sum(s for s, _ in each), sum(unknown for _, unknown in each))


def one_line(chains: Sequence[Chain], foreseen: Mapping[int, float | None]) -> str:
    """`▸ running: 2 of 10 runs finished · 4:10 left in all`; of what moves where they are many."""
    if not chains:
        return ""
    first = next((chain for chain in chains if chain.moves), chains[0])
    done, size = sum(len(c.finished) for c in chains), sum(c.size for c in chains)
    failed = [run.id for c in chains for run in c.runs if wording.stands(run) == "failed"]
    words = f"{state(first)}: {done} of {size} runs finished"
    words += f", {wording.runs(failed)} failed" if failed else ""
    return " · ".join(filter(None, [words, _time_left(chains, foreseen)]))


def _time_left(chains: Sequence[Chain], foreseen: Mapping[int, float | None]) -> str:
    """That of all together, and of how many of their runs nothing is known."""
    unknown = sum(chain.left(foreseen)[1] for chain in chains)
    time_left = left(chains, foreseen)
    if not unknown:
        return f"{time_left} in all" if time_left else ""
    to_run = sum(len(chain.runs) for chain in chains)
    of = f"{unknown} of the {to_run} runs" if to_run > 1 else "a run"
    has = "has" if unknown == 1 else "have"
    never = f"{of} to go {has} never been timed on this machine"
    return f"{time_left}: {never}" if time_left else f"time left not known: {never}"


def waiting(run: Run, runs: Iterable[Run]) -> str:
    """What a queued run waits for, in a sentence."""
    found = waits_for(run, runs)
    if not found:
        return "It begins as soon as a worker is there."
    first = found[0]
    named = f"run {first.id} ({first.title}), which is {wording.STATES[wording.stands(first)][1]}"
    if first.id not in run.after:
        return f"It waits for its turn, after {named}."
    more = f", and for {len(found) - 1} more" if len(found) > 1 else ""
    return f"It waits for {named}{more}."


def cancelling(run: Run, runs: Sequence[Run]) -> str:
    """What is lost with a run that is cancelled, before it is."""
    along = going_with([run.id], [each for each in runs if each.state not in OVER])
    words = "What it has so far stays to be read, but it cannot be resumed."
    if along:
        needs = [number for number in along if _needs(number, {run.id, *along}, runs)]
        only = [number for number in along if number not in needs]
        told = [f"{wording.runs(needs)}, needing it"] if needs else []
        told += [f"{wording.runs(only)}, being only for that"] if only else []
        words += f" Cancelled with it: {'; '.join(told)}."
    return f"{run.title}. {wording.far(run)}\n\n{words} To go on later, pause it."


def cancelling_all(chains: Sequence[Chain]) -> str:
    """What is lost with whole chains."""
    states = Counter(
        wording.STATES[wording.stands(run)][1] for chain in chains for run in chain.runs
    )
    counted = ", ".join(f"{count} {word}" for word, count in states.items())
    done = sum(len(chain.finished) for chain in chains)
    words = f"Not over yet: {counted}."
    if done:
        words += f" The {done} that have finished stay, and are used again."
    return (
        f"{words}\n\nWhat the others have so far stays to be read, but they cannot be resumed. "
        "To go on later, pause the chain."
    )


def before_start(ahead: Sequence[Forecast], choice: Choice, size: Size | None = None) -> str:
    """What runs would take in time, memory and money, before they are queued.

    Args:
        ahead: Their forecasts.
        choice: What they are run with.
        size: How much that is; where it is small, what may come of it is said.
    """
    from engine.models.registry import hosted  # when it is asked, not at the first paint

    told = wording.forecast([each.as_dict() for each in ahead])
    words = f"{told[0].upper()}{told[1:]}."
    priced = any(each.dollars for each in ahead)
    if hosted(choice.teacher):
        words += " The teacher is hosted by somebody else and may cost money"
        words += "." if priced else "; how much is not known before it has answered something."
    elif priced:
        words += f" Nobody is paid: {choice.teacher} runs here, and that is what its tokens would "
        words += "cost."
    if size is not None and size.small:
        words += f"\n\n{size_words.about(size)} (z: the full size)."
    return (
        f"{words}\n\nThey go on when you quit the tutor. space pauses the chain and c cancels it, "
        "here and on Runs; what has finished by then is kept."
    )


def _needs(number: int, ended: set[int], runs: Iterable[Run]) -> bool:
    run = next(each for each in runs if each.id == number)
    return not ended.isdisjoint(run.after)
