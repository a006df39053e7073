"""Labs on a quantized model and its score: speed, what is read out of an answer, and how sure."""

import math
from typing import Annotated

from engine.figures import BarChart, Figure, Line, LineChart, Reference, Series, Several, Table
from lessons.kit.lab import Choice, Model, Number, Progress, Slider, Text, lab

PRECISIONS = ("fp32", "bf16", "int8", "nf4-dq")
ROUNDS = 3
"""The best of them counts: what else a machine does only ever makes one slower."""
SIZES = (25, 50, 100, 200, 400, 800, 1319, 3000, 8792)
"""Numbers of problems that the interval is drawn at; GSM8K's test split, and all of it, are two."""


@lab(
    "quantized-speed",
    about="Load a model in four precisions, let each answer the same problems, and time it.",
    long=True,
)
def quantized_speed_lab(
    model: Annotated[str, Model("acorn", "oak")] = "oak",
    problems: Annotated[int, Choice(4, 10, 25, 50)] = 25,
    at_once: Annotated[int, Choice(1, 10, 50)] = 50,
    *,
    progress: Progress,
) -> Figure:
    import time

    from engine.data.problems import DataSpec
    from engine.evaluation.greedy import are_right
    from engine.models.loading import load
    from engine.models.sampling import generate_batch, plan_batches

    asked = DataSpec(split="validation", limit=problems).problems()
    rows = []
    for done, precision in enumerate(PRECISIONS):

        def tick(token: int, done: int = done, precision: str = precision) -> None:
            progress(done, len(PRECISIONS), f"{precision}, token {token}")

        progress(done, len(PRECISIONS), f"loading {model} in {precision}")
        loaded = load(model, precision)
        batches = plan_batches(
            asked, loaded.tokenizer, loaded.source.instruction, batch_size=at_once
        )
        generate_batch(loaded, batches[-1], temperature=0.0, max_new_tokens=4)  # warm, not timed
        seconds = math.inf
        for _ in range(ROUNDS):
            samples, began = [], time.perf_counter()
            for batch in batches:
                samples += generate_batch(
                    loaded, batch, temperature=0.0, max_new_tokens=100, tick=tick
                )
            seconds = min(seconds, time.perf_counter() - began)
        tokens = sum(each.tokens_out for each in samples)
        right = sum(are_right(samples, asked))
        megabytes = loaded.record.bytes_parameters / 1e6
        rows.append((precision, megabytes, tokens / seconds, f"{right} of {problems}"))
    progress(len(PRECISIONS), len(PRECISIONS), "done")
    (_, widest, fast, _), (_, smallest, slow, _) = rows[0], rows[-1]
    values = {"times": slow / fast, "size": widest / smallest}
    table = Table(
        columns=("precision", "MB", "tokens a second", "right"),
        rows=tuple(rows),
        caption=f"{model} on {loaded.record.device}, {at_once} at a time. In nf4-dq it is "
        f"{values['size']:.2f} times smaller than in fp32, and writes {values['times']:.2f} times "
        "as many tokens a second.",
    )
    speeds = tuple(speed for _, _, speed, _ in rows)
    bars = BarChart(
        labels=PRECISIONS,
        series=(Series("tokens", speeds),),
        y="tokens a second",
        caption="The best of three rounds.",
        references=(Reference("as fast as in fp32", fast),),
    )
    return Several(
        figures=(table, bars),
        caption=table.caption,
        values=values,
        words={"times": "", "size": ""},
    )


@lab("extraction", about="Write an answer and see what each rule reads in it.")
def extraction_lab(
    answer: Annotated[str, Text()] = "54 + 33 = 87, so she has $87.00 left on day 2.",
    gold: Annotated[float, Number(-1_000_000, 1_000_000)] = 87,
) -> Figure:
    from engine.data.numbers import canonical
    from engine.evaluation.answers import judge
    from engine.evaluation.harness import flexible_value, strict_value

    digits = canonical(f"{abs(gold):f}")
    wanted = f"-{digits}" if gold < 0 else digits
    judged = judge(answer, wanted)
    robust = judged.extracted if judged.extracted is not None else "nothing"
    found = {
        "strict": (strict_value(answer), judged.strict, "first `#### ` and a number"),
        "flexible": (flexible_value(answer), judged.flexible, "last thing like a number"),
        "robust": (robust, judged.correct, judged.stage),
    }
    return Table(
        columns=("score", "reads", "counts", "by"),
        rows=tuple(
            (name, value, "right" if right else "wrong", rule)
            for name, (value, right, rule) in found.items()
        ),
        caption=f"What three scores make of this answer, where {wanted} is right.",
        values={name: float(right) for name, (_, right, _) in found.items()},
        words=dict.fromkeys(found, ""),
    )


@lab("interval", about="How far off a score may be, by how many problems it was measured on.")
def interval_lab(
    score: Annotated[float, Slider(0, 100, step=1)] = 73,
    problems: Annotated[int, Slider(10, 10_000, step=1.1, log=True)] = 100,
    wanted: Annotated[float, Slider(0.5, 10, step=0.5)] = 2.5,
) -> Figure:
    from engine.evaluation.statistics import wilson

    low, high = (100 * each for each in wilson(score / 100 * problems, problems))
    half, needed = _half_width(score, problems), _needed(score, wanted)
    sizes = tuple(map(float, SIZES))
    ends = [wilson(score / 100 * each, each) for each in SIZES]
    lines = (
        Line(f"at {score:g}%", sizes, tuple(_half_width(score, each) for each in SIZES)),
        Line("half of Wilson's", sizes, tuple(50 * (most - least) for least, most in ends)),
    )
    takes = f"For {wanted:g} points it takes {needed:,.0f} problems."
    if not needed:
        takes = "By the formula nothing is ever uncertain here; Wilson's interval knows better."
    return LineChart(
        lines=lines,
        x="problems",
        y="half-width, points",
        log_x=True,
        caption=f"{score:g}% of {problems:,} problems: give or take {half:.1f} points (Wilson: "
        f"{low:.1f} to {high:.1f}). {takes}",
        values={"half": half, "low": low, "high": high, "needed": needed},
        words=dict.fromkeys(("half", "low", "high", "needed"), ""),
        references=(
            Reference(f"{wanted:g} {'point' if wanted == 1 else 'points'} wanted", wanted),
            Reference(f"{problems:,} problems", problems, "x"),
        ),
        places={"half": "y", "needed": "x"} if needed else {"half": "y"},
    )


def _half_width(score: float, problems: int) -> float:
    """1.96 standard errors, in points like the score."""
    from engine.evaluation.statistics import Z95

    return Z95 * (score * (100 - score) / problems) ** 0.5


def _needed(score: float, wanted: float) -> int:
    """The fewest problems whose half-width is at most `wanted` points."""
    from engine.evaluation.statistics import Z95

    return math.ceil(score * (100 - score) * (Z95 / wanted) ** 2)
