"""Labs on LoRA: what an adapter weighs, and rank, learning rate and epochs against the loss."""

import math
from collections.abc import Callable, Mapping
from typing import Annotated

from engine.figures import Axis, Figure, Line, LineChart, Reference, Several, Table
from engine.numerics.architecture import LINEAR, QWEN25
from engine.numerics.budget import inference, lora_params
from lessons.kit.lab import Choice, Progress, Slider, Toggle, lab

MODULES = {
    "q v": ("q_proj", "v_proj"),
    "q k v": ("q_proj", "k_proj", "v_proj"),
    "attention": LINEAR[:4],
    "mlp": LINEAR[4:],
    "all linear": LINEAR,
}
"""Which layers get an adapter; `q k v` as the tutorial hands it out."""
RANKS = (1, 4, 16, 64)
RATES = (2e-4, 2e-3, 2e-2)
BATCH, HELD_OUT = 8, 48
LEVEL = 1
"""Of the problems that are learnt: the easiest, so that a minute is enough to learn something."""


@lab("adapter", about="What an adapter weighs and takes to train, by rank and by layers.")
def adapter_lab(
    size: Annotated[str, Choice(*QWEN25)] = "1.5B",
    rank: Annotated[int, Slider(1, 256, step=2, log=True)] = 32,
    eight_bit: Annotated[bool, Toggle()] = False,
) -> Figure:
    model = QWEN25[size]
    states = 2 if eight_bit else 8
    rows, values = [], {}
    for name, modules in MODULES.items():
        weights = lora_params(model, rank, modules)
        values[f"share {name}"] = 100 * weights / model.params
        millions = weights / 1e6
        trained = millions * (4 + 4 + states)
        rows.append((name, millions, values[f"share {name}"], 4 * millions, trained))
    base = inference(model, "nf4-dq").weights / 1e9
    return Table(
        columns=("adapter on", "million weights", "% of model", "MB, stored", "MB, trained"),
        rows=tuple(rows),
        caption=f"Adapters of rank {rank} for Qwen2.5-{size}, trained in FP32 with moments of "
        f"{'8' if eight_bit else '32'} bits. The frozen model takes {base:.2f} GB in nf4-dq; "
        "activations come on top.",
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("schedule", about="The learning rate from step to step: warm-up, then half a cosine.")
def schedule_lab(
    rate: Annotated[float, Slider(1e-5, 1e-1, step=2, log=True)] = 5e-4,
    steps: Annotated[int, Slider(20, 2000, step=20)] = 250,
    warmup: Annotated[int, Slider(0, 200, step=5)] = 10,
) -> Figure:
    at = tuple(range(steps + 1))
    rates = tuple(_rate(step, rate, steps, warmup) for step in at)
    return LineChart(
        lines=(Line("learning rate", tuple(map(float, at)), rates),),
        x="step",
        y="learning rate",
        caption=f"{rate:g} after {warmup} steps of warm-up, then a cosine down to 0 at {steps}.",
        values={"halfway": rates[steps // 2], "mean": sum(rates) / len(rates)},
        words={"halfway": "{} halfway", "mean": "{} on average"},
        references=(Reference("warmed up", warmup, "x"),) if 0 < warmup <= steps else (),
        places={"halfway": "y", "mean": "y"},
    )


@lab("rank", about="Train adapters of four ranks on the same answers.", long=True)
def rank_lab(
    modules: Annotated[str, Choice(*MODULES)] = "q k v",
    steps: Annotated[int, Choice(2, 20, 40)] = 40,
    seed: Annotated[int, Slider(0, 9)] = 0,
    *,
    progress: Progress,
) -> Figure:
    lines, rows, values = [], [], {}
    for place, rank in enumerate(RANKS):
        tried = _tried(
            _tell(progress, place, len(RANKS), f"rank {rank}"),
            steps * BATCH,
            lora_r=rank,
            lora_alpha=rank,
            target_modules=MODULES[modules],
            max_steps=steps,
            eval_steps=max(steps // 8, 1),
            seed=seed,
        )
        lines.append(_line(f"rank {rank}", tried.validation))
        values[f"loss {rank}"] = tried.validation[-1][1]
        rows.append((rank, tried.trained, values[f"loss {rank}"]))
    progress(len(RANKS), len(RANKS), "done")
    return _together(
        Table(
            columns=("rank", "weights trained", "loss on new answers"),
            rows=tuple(rows),
            caption=f"acorn, adapters on {modules}, after {steps} steps of {BATCH} answers.",
            values=values,
        ),
        lines,
        "loss on new answers",
        dict.fromkeys(values, "y"),
    )


@lab("learning-rate", about="Train with four learning rates, of which you set one.", long=True)
def learning_rate_lab(
    rate: Annotated[float, Slider(1e-4, 1, step=2, log=True)] = 0.1,
    steps: Annotated[int, Choice(2, 20, 40)] = 40,
    judged_on: Annotated[int, Choice(10, 100, 200)] = 100,
    seed: Annotated[int, Slider(0, 9)] = 0,
    *,
    progress: Progress,
) -> Figure:
    from engine.data.problems import DataSpec
    from engine.evaluation.greedy import exact_match_of

    asked = DataSpec(split="validation", level=LEVEL, limit=judged_on).problems()
    rates = {f"{each:g}": each for each in (*RATES, rate)}
    lines, rows, values = [], [], {}
    for place, (name, each) in enumerate(rates.items()):
        tried = _tried(
            _tell(progress, place, len(rates), f"learning rate {name}"),
            steps * BATCH,
            learning_rate=each,
            max_steps=steps,
            eval_steps=steps,
            logging_steps=max(steps // 10, 1),
            seed=seed,
        )
        right = 100 * exact_match_of(tried.tuned, asked).em
        lines.append(_line(name, tried.loss))
        loss = tried.validation[-1][1] if tried.validation else math.nan
        lost = f"no number from step {tried.first_lost} on"
        rows.append((name, loss if math.isfinite(loss) else lost, right))
        if math.isfinite(loss):
            values[f"loss {name}"] = loss
        values[f"right {name}"] = right
    progress(len(rates), len(rates), "done")
    values |= {
        name: values[key] for name in ("loss", "right") if (key := f"{name} {rate:g}") in values
    }
    return _together(
        Table(
            columns=("learning rate", "loss on new answers", "right, %"),
            rows=tuple(rows),
            caption=f"acorn after {steps} steps of {BATCH} answers, rank 16 on all linear layers, "
            f"and its score on {judged_on} problems.",
            values=values,
        ),
        lines,
        "training loss",
        {},
    )


@lab(
    "epochs",
    about="Learn a few answers again and again, and watch answers that are new.",
    long=True,
)
def epochs_lab(
    answers: Annotated[int, Choice(16, 32, 64, 128)] = 16,
    epochs: Annotated[int, Choice(1, 10, 40)] = 40,
    seed: Annotated[int, Slider(0, 9)] = 0,
    *,
    progress: Progress,
) -> Figure:
    steps = answers // BATCH * epochs
    tried = _tried(
        _tell(progress, 0, 1, "learning"),
        answers,
        max_steps=steps,
        learning_rate=1e-2,
        scheduler="constant",  # a rate that falls to 0 would end the learning by heart, too
        eval_steps=max(steps // 20, 1),
        logging_steps=max(steps // 20, 1),
        seed=seed,
    )
    each = answers // BATCH
    learnt = tuple((step / each, loss) for step, loss in tried.loss)
    new = tuple((step / each, loss) for step, loss in tried.validation)
    best = min(new, key=lambda point: point[1])
    values = {"learnt": learnt[-1][1], "new": new[-1][1], "best": best[1], "best epoch": best[0]}
    progress(1, 1, "done")
    return LineChart(
        lines=(_line("answers that it learns", learnt), _line("new answers", new)),
        x="epoch",
        y="loss",
        caption=f"acorn on {answers} answers, {epochs} times: {values['learnt']:.3f} on what it "
        f"learns and {values['new']:.3f} on new ones, where it was best, {best[1]:.3f}, after "
        f"epoch {best[0]:.3g}.",
        values=values,
        words=dict.fromkeys(values, ""),
        references=(Reference("best for new answers", best[0], "x"),),
        places={"learnt": "y", "new": "y", "best": "y", "best epoch": "x"},
    )


def _rate(step: int, rate: float, steps: int, warmup: int) -> float:
    """As transformers' schedule `cosine` has it."""
    if step < warmup:
        return rate * step / warmup
    share = (step - warmup) / max(1, steps - warmup)
    return rate * max(0.0, (1 + math.cos(math.pi * share)) / 2)


def _tried(tell: Callable[[int, int], None], answers: int, **settings):
    """The student after a training on so many gold answers; what is not set is as here."""
    from engine.kinds.specs import SftSpec
    from engine.kinds.trial import trial
    from engine.models.loading import load

    spec = SftSpec(
        **{
            "teach": 1,
            "lora_r": 16,
            "lora_alpha": 16,
            "lora_dropout": 0.0,
            "target_modules": ("all-linear",),
            "learning_rate": 5e-3,
            "batch_size": BATCH,
            "warmup_steps": min(4, settings["max_steps"] - 1),
            **settings,
        }
    )
    student = load("acorn", "nf4-dq", device="cpu")
    return trial(student, spec, _gold("train", answers), _gold("validation", HELD_OUT), tell)


def _gold(split: str, limit: int):
    """Problems with their gold answers, as conversations."""
    from engine.data.problems import DataSpec
    from engine.training.dataset import conversations

    return conversations(
        {"problem_id": p.id, "question": p.question, "gold": p.gold, "text": p.answer}
        for p in DataSpec(split=split, level=LEVEL, limit=limit).problems()
    )


def _tell(progress: Progress, part: int, parts: int, message: str) -> Callable[[int, int], None]:
    """Progress in steps over trainings of equal length."""

    def tell(done: int, total: int) -> None:
        progress(part * total + done, parts * total, message)

    return tell


def _line(name: str, points: tuple[tuple[float, float], ...]) -> Line:
    return Line(name, tuple(float(x) for x, _ in points), tuple(y for _, y in points))


def _together(table: Table, lines: list[Line], y: str, places: Mapping[str, Axis]) -> Several:
    """A table of where it ended, over a chart of how it went, and of what lies on its axes."""
    drawn = tuple(line for line in lines if line.xs)
    chart = LineChart(lines=drawn, x="step", y=y, caption="On the way there.", places=places)
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=table.values,
        words=dict.fromkeys(table.values, ""),
    )
