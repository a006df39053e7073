"""Labs on cascades: what one costs, and every policy over acorn's samples and oak's answers."""

from functools import lru_cache
from typing import Annotated

from engine.figures import Figure, Line, LineChart, Reference, Several, Table
from lessons.kit.lab import Choice, Progress, Slider, lab

PROBLEMS = 1_000
"""The costs are for so many."""
SHARES = tuple(at / 20 for at in range(21))
DRAWN = 10
"""Samples of each problem that the long lab draws."""
SPLITS = ("validation", "test")
LEVEL = 2
TOP_P = 0.9
ROWS = 500
"""Samples that are generated together."""
EVERY = 10
"""Tokens between two signs of life."""
LEAST_SAVING = 0.3
"""What the tutorial's full points for saving begin at."""


@lab("costs", about="What a cascade costs, in money and in compute.")
def costs_lab(
    share_sent: Annotated[float, Slider(0, 1, step=0.05)] = 0.3,
    k: Annotated[int, Slider(1, 40)] = 5,
    strong_in: Annotated[float, Slider(0.05, 20, step=1.2, log=True)] = 0.08,
    strong_out: Annotated[float, Slider(0.05, 80, step=1.2, log=True)] = 0.16,
    student_in: Annotated[float, Slider(0, 1, step=0.01)] = 0.0,
    student_out: Annotated[float, Slider(0, 1, step=0.01)] = 0.0,
    tokens_in: Annotated[int, Slider(10, 2_000, step=1.25, log=True)] = 100,
    tokens_out: Annotated[int, Slider(10, 2_000, step=1.25, log=True)] = 200,
    student_billions: Annotated[float, Slider(0.5, 14, step=0.5)] = 1.5,
    strong_billions: Annotated[float, Slider(7, 700, step=1.25, log=True)] = 27.0,
) -> Figure:
    from engine.cascades.prices import Prices

    once = Prices(strong_in, strong_out).cost(tokens_in, tokens_out)
    samples = Prices(student_in, student_out).cost(tokens_in, k * tokens_out)
    work = strong_billions * (tokens_in + tokens_out)
    student_work = student_billions * (tokens_in + k * tokens_out)

    def money(share: float) -> float:
        return 1 - (samples + share * once) / once

    def compute(share: float) -> float:
        return 1 - (student_work + share * work) / work

    values = {
        "saving": money(share_sent),
        "compute saving": compute(share_sent),
        "cost": PROBLEMS * (samples + share_sent * once),
        "strong cost": PROBLEMS * once,
        "break-even": max(0.0, money(0)),
        "compute break-even": max(0.0, compute(0)),
    }
    table = Table(
        columns=("", "strong only", "student's samples", "sent on", "saving"),
        rows=(
            (
                f"dollars, {PROBLEMS:,} problems",
                PROBLEMS * once,
                PROBLEMS * samples,
                PROBLEMS * share_sent * once,
                f"{values['saving']:.1%}",
            ),
            (
                "parameters x tokens, 1e12",
                PROBLEMS * work / 1e3,
                PROBLEMS * student_work / 1e3,
                PROBLEMS * share_sent * work / 1e3,
                f"{values['compute saving']:.1%}",
            ),
        ),
        caption=f"{k} samples of {tokens_out} tokens, {share_sent:.0%} sent on: "
        f"{values['saving']:.1%} of the money and {values['compute saving']:.1%} of the compute "
        "saved.",
    )
    chart = LineChart(
        lines=(
            Line("money", SHARES, tuple(map(money, SHARES))),
            Line("compute", SHARES, tuple(map(compute, SHARES))),
        ),
        x="share sent",
        y="saving",
        caption="Below 0 the strong model alone is cheaper.",
        references=(
            Reference("nothing saved", 0.0),
            Reference(f"{share_sent:.0%} sent", share_sent, "x"),
        ),
        places={"break-even": "x", "compute break-even": "x", "saving": "y"},
    )
    words = {
        "cost": "${} for the cascade",
        "strong cost": "${} for the strong model alone",
        "break-even": "money is saved up to a share of {} sent",
        "compute break-even": "compute up to {}",
    }
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, "") | words,
    )


@lab("threshold", about="Replay every threshold over acorn's samples and oak's answers.", long=True)
def threshold_lab(
    k: Annotated[int, Slider(1, DRAWN)] = 5,
    threshold: Annotated[float, Slider(0, 1, step=0.05)] = 0.5,
    temperature: Annotated[float, Choice(0.1, 0.2, 0.3, 0.5)] = 0.3,
    problems: Annotated[int, Choice(20, 50, 100, 150)] = 100,
    *,
    progress: Progress,
) -> Figure:
    from engine.cascades.replay import Policy, policies, replay

    cases = {
        split: _cases(split, temperature, problems, progress, part)
        for part, split in enumerate(SPLITS)
    }
    progress(1000, 1000, "done")

    def outcome(split: str, policy: Policy):
        return replay(
            cases[split],
            policy,
            _prices(),
            student_parameters=_parameters("acorn"),
            strong_parameters=_parameters("oak"),
        )

    rows, lines = [], {split: [] for split in SPLITS}
    for votes in range(k + 2):
        policy = Policy(k, votes / k)  # none is sent at 0, and all beyond 1
        seen = [outcome(split, policy) for split in SPLITS]
        for split, each in zip(SPLITS, seen, strict=True):
            lines[split].append((each.cost_saving, each.score.em))
        name = f"{votes / k:.3g}" if votes <= k else "over 1"
        numbers = ((each.share_sent, each.score.em, each.cost_saving) for each in seen)
        rows.append((name, *(number for three in numbers for number in three)))
    chosen = {split: outcome(split, Policy(k, threshold)) for split in SPLITS}
    allowed = [
        each
        for each in (outcome("validation", policy) for policy in policies(DRAWN))
        if each.cost_saving >= LEAST_SAVING
    ]
    best = max(allowed, key=lambda each: (each.score.em, each.cost_saving), default=None)
    own = chosen["validation"]
    values = {
        "em": own.score.em,
        "saving": own.cost_saving,
        "sent": own.share_sent,
        "kept em": own.kept_score.em if own.kept_score else 0.0,
        "compute saving": own.compute_saving,
        "test em": chosen["test"].score.em,
        "test saving": chosen["test"].cost_saving,
        "student": outcome("validation", Policy(1, 0)).score.em,
        "strong": outcome("validation", Policy(1, 2)).score.em,
    }
    caption = (
        f"K = {k}, threshold {threshold:g}, {problems} validation problems: EM "
        f"{own.score.em:.2f} ({own.score.low:.2f} to {own.score.high:.2f}), "
        f"{own.cost_saving:.0%} of the money saved, {own.compute_saving:.0%} of the compute."
    )
    if best:
        again = outcome("test", best.policy)
        values |= {"best em": best.score.em, "best test em": again.score.em}
        caption += (
            f" Of all {len(policies(DRAWN))} policies that save {LEAST_SAVING:.0%} or more there, "
            f"K = {best.policy.k} and threshold {best.policy.threshold:.3g} is best: EM "
            f"{best.score.em:.2f}; on as many test problems it gets {again.score.em:.2f}."
        )
    table = Table(
        columns=("threshold", "sent", "EM", "saving", "test: sent", "test: EM", "test: saving"),
        rows=tuple(rows),
        caption=caption,
    )
    chart = LineChart(
        lines=tuple(Line(split, *zip(*points, strict=True)) for split, points in lines.items()),
        x="money saved",
        y="EM",
        caption=f"Each point is a threshold, for K = {k}.",
        references=(
            Reference("acorn alone", values["student"]),
            Reference("oak alone", values["strong"]),
            Reference("saving asked for", LEAST_SAVING, "x"),
        ),
        places={"em": "y", "saving": "x"},
    )
    words = {"kept em": "EM {} on what is not sent on"}
    return Several(
        figures=(table, chart),
        caption=caption,
        values=values,
        words=dict.fromkeys(values, "") | words,
    )


_kept: dict[tuple, list] = {}
"""What was drawn in this process: another K or threshold replays it."""


def _cases(split: str, temperature: float, problems: int, progress: Progress, part: int) -> list:
    """Acorn's samples and oak's answer for each problem of a split."""
    from engine.cascades.replay import Answered, Case
    from engine.data.problems import DataSpec
    from engine.evaluation.answers import extract
    from engine.models.plain_text import MOST_TOKENS, draw
    from engine.models.sampling import generate_batch, plan_batches

    key = (split, temperature, problems)
    if key in _kept:
        return _kept[key]
    asked = DataSpec(split=split, level=LEVEL, limit=problems).problems()
    batches = -(-problems * DRAWN // ROWS)

    def tick(batch: int, step: int) -> None:
        if step % EVERY == 0:
            share = (part + 0.8 * (batch + step / MOST_TOKENS) / batches) / len(SPLITS)
            progress(round(1000 * share), 1000, f"acorn on {split} problems")

    def answered(sample) -> Answered:
        return Answered(extract(sample.text).value, sample.tokens_in, sample.tokens_out)

    progress(1000 * part // len(SPLITS), 1000, "loading acorn and oak")
    acorn, oak = _model("acorn"), _model("oak")
    samples = draw(
        acorn,
        asked,
        k=DRAWN,
        temperature=temperature,
        top_p=TOP_P,
        batch_size=ROWS // DRAWN,
        tick=tick,
    )
    strong = {}
    for batch in plan_batches(asked, oak.tokenizer, batch_size=50):
        progress(round(1000 * (part + 0.9) / len(SPLITS)), 1000, f"oak on {split} problems")
        drawn = generate_batch(oak, batch, temperature=0, max_new_tokens=MOST_TOKENS)
        strong |= {each.problem_id: answered(each) for each in drawn}
    _kept[key] = [
        Case(each.id, each.gold, tuple(map(answered, row)), strong[each.id])
        for each, row in zip(asked, samples, strict=True)
    ]
    return _kept[key]


@lru_cache(maxsize=2)
def _model(name: str):
    from engine.models.loading import load

    return load(name, "fp32", device="cpu")


def _parameters(name: str) -> int:
    record = _model(name).record
    return record.quantized_params + record.unquantized_params


def _prices():
    """Oak is billed as the hosted model whose part it plays, as in the tutorial."""
    from engine.cascades.prices import read

    return read().of("oak")
