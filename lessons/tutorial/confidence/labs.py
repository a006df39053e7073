"""Labs on confidence: a vote by the book, acorn's own samples as K grows, and its temperature."""

from functools import lru_cache
from statistics import mean
from typing import Annotated

from engine.figures import Figure, Line, LineChart, Reference, Several, Table
from lessons.kit.lab import Choice, Progress, Slider, lab

MOST_VOTES = 25
DRAWN = 10
"""Samples of each problem that the long labs draw."""
KS = (1, 2, 3, 5, 10)
TEMPERATURES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
SURE = 0.8
"""A share of votes from which a problem counts as sure."""
LEVEL = 2
EVERY = 10
"""Tokens between two signs of life."""


@lab("majority", about="Let samples vote that are right with a chance of your choice.")
def majority_lab(
    chance: Annotated[float, Slider(0.05, 0.95, step=0.05)] = 0.6,
    k: Annotated[int, Slider(1, MOST_VOTES, step=2)] = 5,
    wrong_answers: Annotated[int, Choice(1, 2, 4, 8)] = 1,
) -> Figure:
    from engine.cascades.consistency import share_error, vote_right

    ks = tuple(range(1, MOST_VOTES + 1, 2))
    voted = vote_right(chance, k, wrong_answers)
    error = share_error(chance, k)
    values = {"vote": voted, "pass": 1 - (1 - chance) ** k, "error": error, "sample": chance}
    lines = (
        Line(
            "the vote is right", ks, tuple(vote_right(chance, each, wrong_answers) for each in ks)
        ),
        Line("some sample is (pass@K)", ks, tuple(1 - (1 - chance) ** each for each in ks)),
    )
    wrong = "one wrong answer" if wrong_answers == 1 else f"{wrong_answers} wrong answers alike"
    return LineChart(
        lines=lines,
        x="K",
        y="chance",
        caption=f"A sample is right with {chance:.2f}, else it gives {wrong}. A vote of {k} is "
        f"right with {voted:.3f}; its share of right samples has a standard error of {error:.3f}.",
        values=values,
        words={
            "pass": f"some sample of {k} is right with {{}}",
            **dict.fromkeys(("vote", "error", "sample"), ""),
        },
        references=(Reference("one sample", chance), Reference(f"K = {k}", k, "x")),
        places={"vote": "y", "pass": "y"},
    )


@lab(
    "samples", about="Draw acorn's samples, let K of them vote, and hold s to the truth.", long=True
)
def samples_lab(
    temperature: Annotated[float, Choice(0.1, 0.2, 0.3, 0.5)] = 0.3,
    top_p: Annotated[float, Choice(0.5, 0.9, 1.0)] = 0.9,
    problems: Annotated[int, Choice(20, 50, 100, 150)] = 100,
    seed: Annotated[int, Slider(0, 5)] = 0,
    *,
    progress: Progress,
) -> Figure:
    from engine.cascades.consistency import calibration_error, reliability
    from engine.cascades.voting import vote

    drawn = _drawn(temperature, top_p, problems, DRAWN, seed, progress, 0, 1)
    progress(1000, 1000, "done")
    votes = [vote(values) for values, _ in drawn]
    bins = reliability(
        (said.confidence, _same(said.answer, gold))
        for said, (_, gold) in zip(votes, drawn, strict=True)
    )
    scores = {k: _vote_em(drawn, k) for k in KS}
    passed = {k: _pass(drawn, k) for k in KS}
    agree = {k: _agreement(drawn, k) for k in KS if 2 * k <= DRAWN}
    sure = [each for each in bins if each.confidence >= SURE]
    values = {
        "sample": passed[1],
        "vote": scores[DRAWN],
        "pass": passed[DRAWN],
        "confidence": mean(said.confidence for said in votes),
        "calibration error": calibration_error(bins),
        "sure": sum(each.problems for each in sure) / len(drawn),
        "sure right": _share(sum(b.right for b in sure), sum(b.problems for b in sure)),
    }
    values |= {f"agree {k}": share for k, share in agree.items()}
    table = Table(
        columns=("votes", "s", "problems", "right", "share right"),
        rows=tuple(
            (round(b.confidence * DRAWN), b.confidence, b.problems, b.right, b.accuracy)
            for b in bins
        ),
        caption=f"acorn at {temperature:g}, top-p {top_p:g}, {len(drawn)} problems, {DRAWN} "
        f"samples of each. One sample is right in {passed[1]:.2f}, the vote in "
        f"{scores[DRAWN]:.2f}, some sample in {passed[DRAWN]:.2f}. s is off by "
        f"{values['calibration error']:.2f} on average.",
    )
    chart = LineChart(
        lines=(
            Line("vote of K", KS, tuple(scores.values())),
            Line("pass@K", KS, tuple(passed.values())),
            Line("two votes of K agree", tuple(agree), tuple(agree.values())),
        ),
        x="K",
        y="share of problems",
        caption="More samples: the vote gets steadier, and a little better.",
        references=(Reference("one sample", passed[1]),),
    )
    calibration = LineChart(
        lines=(
            Line(
                "share right",
                tuple(each.confidence for each in bins),
                tuple(each.accuracy for each in bins),
            ),
            Line("if s were right", (0.0, 1.0), (0.0, 1.0)),
        ),
        x="confidence s",
        y="share right",
        caption="Where s is to be trusted, the two lines are one.",
        places={"sure right": "y"},
    )
    words = {
        "confidence": "a mean s of {}",
        "sure": f"{{}} of the problems have an s of {SURE:g} or more",
        "sure right": "of those the vote gets {} right",
    }
    return Several(
        figures=(table, calibration, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, "") | words,
    )


@lab("temperature", about="Draw acorn's samples at six temperatures; see them agree.", long=True)
def temperature_lab(
    k: Annotated[int, Choice(3, 5, 8)] = 5,
    top_p: Annotated[float, Choice(0.5, 0.9, 1.0)] = 0.9,
    problems: Annotated[int, Choice(20, 60, 100)] = 60,
    *,
    progress: Progress,
) -> Figure:
    from engine.cascades.voting import vote

    rows = []
    for at, temperature in enumerate(TEMPERATURES):
        drawn = _drawn(temperature, top_p, problems, k, 0, progress, at, len(TEMPERATURES))
        confidence = mean(vote(values).confidence for values, _ in drawn)
        rows.append((temperature, confidence, _pass(drawn, 1), _vote_em(drawn, k), _pass(drawn, k)))
    progress(1000, 1000, "done")
    names = ("confidence s", "one sample right", "vote right", f"pass@{k}")
    lines = tuple(
        Line(name, TEMPERATURES, tuple(row[at] for row in rows)) for at, name in enumerate(names, 1)
    )
    values = {
        f"{name} at {row[0]:g}": row[at]
        for row in rows
        for at, name in enumerate(("confidence", "sample", "vote", "pass"), 1)
    }
    table = Table(
        columns=("temperature", *names),
        rows=tuple(rows),
        caption=f"acorn, {problems} problems of level {LEVEL}, {k} samples of each, top-p "
        f"{top_p:g}.",
    )
    chart = LineChart(
        lines=lines,
        x="temperature",
        y="share of problems",
        caption="The same as lines.",
        places=dict.fromkeys(values, "y"),
    )
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


Drawn = list[tuple[tuple[str | None, ...], str]]
"""For each problem the canonical values of its samples, and its gold answer."""

_kept: dict[tuple, Drawn] = {}
"""What was drawn in this process: moving another control does not draw it again."""


def _drawn(
    temperature: float,
    top_p: float,
    problems: int,
    k: int,
    seed: int,
    progress: Progress,
    part: int,
    parts: int,
) -> Drawn:
    """Samples of acorn on validation problems; all alike at temperature 0, so drawn once."""
    from engine.data.problems import DataSpec
    from engine.evaluation.answers import extract
    from engine.models.plain_text import MOST_TOKENS, draw

    key = (temperature, top_p, problems, k, seed)
    if key not in _kept:
        asked = DataSpec(split="validation", level=LEVEL, limit=problems).problems()
        batches = -(-problems // 50)

        def tick(batch: int, step: int) -> None:
            if step % EVERY == 0:
                share = (part + (batch + step / MOST_TOKENS) / batches) / parts
                progress(round(1000 * share), 1000, f"sampling at temperature {temperature:g}")

        progress(1000 * part // parts, 1000, "loading acorn")
        once = 1 if temperature == 0 else k
        samples = draw(
            _acorn(),
            asked,
            k=once,
            temperature=temperature,
            top_p=top_p,
            seed=seed,
            batch_size=50,
            tick=tick,
        )
        _kept[key] = [
            (tuple(extract(each.text).value for each in row) * (k // once), problem.gold)
            for row, problem in zip(samples, asked, strict=True)
        ]
    return _kept[key]


def _vote_em(drawn: Drawn, k: int) -> float:
    """Exact match of the vote of the first k samples."""
    from engine.cascades.voting import vote

    return mean(_same(vote(values[:k]).answer, gold) for values, gold in drawn)


def _pass(drawn: Drawn, k: int) -> float:
    """pass@k, from all samples that were drawn."""
    from engine.cascades.consistency import pass_at

    right = [(len(values), sum(_same(each, gold) for each in values)) for values, gold in drawn]
    return mean(pass_at(n, c, k) for n, c in right)


def _agreement(drawn: Drawn, k: int) -> float:
    """How often the vote of k samples says what the vote of the next k says."""
    from engine.cascades.voting import vote

    pairs = [(vote(values[:k]).answer, vote(values[k : 2 * k]).answer) for values, _ in drawn]
    return mean(one is not None and one == other for one, other in pairs)


@lru_cache(maxsize=100_000)
def _same(value: str | None, gold: str) -> bool:
    from engine.evaluation.answers import same

    return value is not None and same(value, gold)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


@lru_cache(maxsize=1)
def _acorn():
    from engine.models.loading import load

    return load("acorn", "fp32", device="cpu")
