"""Labs on learning from a teacher: soft targets, what asking costs, rationales, and filtering."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated

from engine.figures import BarChart, Figure, Reference, Series, Several, Table
from lessons.kit.lab import Choice, Number, Progress, Slider, Toggle, lab

BATCH = 8
"""Answers in a training step, as the tutorial hands it out."""
HELD_OUT = 32
"""Problems for the validation loss."""
SHOWN = 6
"""Tokens that the lab on soft targets draws."""


@lab("soft-targets", about="What oak holds for likely at one place of an answer, by temperature.")
def soft_targets_lab(
    temperature: Annotated[float, Slider(0.25, 8, step=1.25, log=True)] = 1.0,
    place: Annotated[int, Slider(0, 25)] = 3,
) -> Figure:
    logits, names, before = _at(place)
    chances = (logits / temperature).softmax(-1)
    top = logits.topk(SHOWN).indices
    shares = [100 * chances[token].item() for token in top]
    seen = chances[chances > 0]
    values = {
        "first": shares[0],
        "second": shares[1],
        "others": 100 - shares[0],
        "bits": -(seen * seen.log2()).sum().item(),
    }
    return BarChart(
        labels=tuple(repr(names[token]) for token in top.tolist()),
        series=(Series("oak", tuple(shares)),),
        y="% likely",
        caption=f"What oak expects after {before!r}, at temperature {temperature:g}: "
        f"{values['bits']:.2f} bits.",
        values=values,
        words={
            "others": "{}% left for all but the first",
            **dict.fromkeys(("first", "second", "bits"), ""),
        },
        places={"first": "y", "second": "y"},
    )


@lab("asking", about="How long it takes to ask a hosted teacher, and what it costs.")
def asking_lab(
    questions: Annotated[int, Number(1, 1_000_000)] = 7473,
    tokens_in: Annotated[int, Slider(50, 2000, step=50)] = 200,
    tokens_out: Annotated[int, Slider(10, 2000, step=10)] = 400,
    requests_a_minute: Annotated[int, Number(1, 100_000)] = 30,
    tokens_a_minute: Annotated[int, Number(100, 100_000_000)] = 15_000,
    requests_a_day: Annotated[int, Number(10, 10_000_000)] = 14_400,
    dollars_in: Annotated[float, Number(0, 1000)] = 0.13,
    dollars_out: Annotated[float, Number(0, 1000)] = 0.38,
    answers_count: Annotated[bool, Toggle()] = True,
) -> Figure:
    from engine.cascades.prices import Prices

    counted = tokens_in + (tokens_out if answers_count else 0)
    # the last day's requests need no whole day: what is left of it goes by the minute
    waiting = (questions - 1) // requests_a_day * 24 * 60
    limits = {
        "requests a minute": questions / requests_a_minute,
        "tokens a minute": questions * counted / tokens_a_minute,
        "requests a day": float(waiting),
    }
    binds = max(limits, key=lambda name: limits[name])
    dollars = Prices(dollars_in, dollars_out).cost(questions * tokens_in, questions * tokens_out)
    answers = Prices(dollars_in, dollars_out).cost(0, questions * tokens_out)
    return Table(
        columns=("limit", "minutes at least", ""),
        rows=tuple(
            (name, each, "the one that binds" if name == binds else "")
            for name, each in limits.items()
        ),
        caption=f"{questions:,} questions: {limits[binds]:,.0f} minutes, and ${dollars:,.2f}, "
        f"of which ${answers:,.2f} for what is written. The limits are even at "
        f"{tokens_a_minute / requests_a_minute:g} tokens a request; here it is {counted:,}.",
        values={
            "minutes": limits[binds],
            "dollars": dollars,
            "even": tokens_a_minute / requests_a_minute,
            **limits,
        },
        words=dict.fromkeys(("minutes", "dollars", "even", *limits), ""),
    )


@lab(
    "rationale",
    about="acorn learns oak's whole answers, or their results alone. Who solves more problems?",
    long=True,
)
def rationale_lab(
    questions: Annotated[int, Choice(16, 80, 160, 320)] = 320,
    level: Annotated[int, Choice(1, 2)] = 1,
    judged_on: Annotated[int, Choice(10, 100, 200, 400)] = 200,
    seed: Annotated[int, Slider(0, 9)] = 0,
    *,
    progress: Progress,
) -> Figure:
    told = _Told(progress, 3, questions)
    rows = [row for row in _taught(questions, level, seed, 0.0, told.tell) if row["correct"]]
    ways = {
        "results alone": [{**row, "text": f"#### {row['extracted']}"} for row in rows],
        "whole answers": rows,
    }
    table, values = [], {}
    values["as shipped"] = _score(_acorn(), level, judged_on)
    table.append(("nothing", 0, 0.0, values["as shipped"]))
    for name, chosen in ways.items():
        tried = _learn(chosen, questions, level, seed, told.next(name))
        values[name] = _score(tried.tuned, level, judged_on)
        table.append((name, len(chosen), _tokens(chosen), values[name]))
    told.done()
    values["gain"] = values["whole answers"] - values["results alone"]
    caption = (
        f"acorn after {_steps(questions)} steps of {BATCH} answers of oak's, on {judged_on} other "
        f"problems of level {level}."
    )
    rows_told = Table(
        columns=("learnt", "answers", "tokens an answer", "right, %"),
        rows=tuple(table),
        caption=caption,
    )
    words = {"gain": "{} points more from whole answers than from results alone"}
    return Several(
        figures=(rows_told, _bars({name: values[name] for name in ways}, values["as shipped"])),
        caption=caption,
        values=values,
        words=dict.fromkeys(values, "") | words,
    )


@lab(
    "filter",
    about="oak answers at a high temperature and errs. acorn learns all of it, or what is right.",
    long=True,
)
def filter_lab(
    temperature: Annotated[float, Choice(1, 1.5, 2, 2.25, 2.5)] = 2.25,
    questions: Annotated[int, Choice(16, 80, 160, 320)] = 320,
    judged_on: Annotated[int, Choice(10, 100, 200, 400)] = 200,
    seed: Annotated[int, Slider(0, 9)] = 0,
    *,
    progress: Progress,
) -> Figure:
    told = _Told(progress, 4, questions)
    rows = _taught(questions, 1, seed, temperature, told.tell)
    right = [row for row in rows if row["correct"]]
    wrong = [row for row in rows if not row["correct"]]
    values = {"teacher wrong": 100 * len(wrong) / len(rows)}
    table = []
    for name, chosen in {"all": rows, "right": right, "wrong": wrong}.items():
        tell = told.next(name)
        if len(chosen) < BATCH:
            table.append((name, len(chosen), "too few to learn from", ""))
            continue
        tried = _learn(chosen, questions, 1, seed, tell)
        values[name] = _score(tried.tuned, 1, judged_on)
        values[f"loss {name}"] = tried.validation[-1][1]
        table.append((name, len(chosen), values[f"loss {name}"], values[name]))
    if "right" in values:
        values["gain"] = values["right"] - values["all"]
    told.done()
    caption = (
        f"oak at temperature {temperature:g} got {values['teacher wrong']:.0f}% of {questions} "
        f"problems wrong. acorn learnt for {_steps(questions)} steps of {BATCH} each time, and was "
        f"judged on {judged_on} others."
    )
    rows_told = Table(
        columns=("learnt", "answers", "loss on gold answers", "right, %"),
        rows=tuple(table),
        caption=caption,
    )
    scores = {name: values[name] for name in ("all", "right", "wrong") if name in values}
    words = {"gain": "{} points more from what is right than from all of it"}
    return Several(
        figures=(rows_told, _bars(scores)) if scores else (rows_told,),
        caption=caption,
        values=values,
        words=dict.fromkeys(values, "") | words,
    )


def _bars(scores: Mapping[str, float], shipped: float | None = None) -> BarChart:
    """What acorn gets right after learning each, in percent, beside what it did as shipped."""
    return BarChart(
        labels=tuple(scores),
        series=(Series("right", tuple(scores.values())),),
        y="% of problems right",
        caption="By what it learnt.",
        references=(Reference("as shipped", shipped),) if shipped is not None else (),
        places=dict.fromkeys(scores, "y"),
    )


def _steps(questions: int) -> int:
    """Once through all that was asked; a smaller choice of it is read more than once."""
    return questions // BATCH


class _Told:
    """Progress over several parts: so many trainings, and the teacher's answers before them."""

    def __init__(self, progress: Progress, parts: int, questions: int) -> None:
        self._progress, self._steps = progress, _steps(questions)
        self._part, self._total = 0, parts * self._steps
        self.tell = self._teller("oak answers")

    def next(self, name: str) -> Callable[[int, int], None]:
        """What to tell the next training's steps to."""
        self._part += 1
        return self._teller(f"learning: {name}")

    def done(self) -> None:
        self._progress(self._total, self._total, "done")

    def _teller(self, message: str) -> Callable[[int, int], None]:
        before = self._part * self._steps

        def tell(done: int, total: int) -> None:
            share = min(done / total, 1) if total else 0
            self._progress(before + int(share * self._steps), self._total, message)

        return tell


@lru_cache(maxsize=8)
def _answered(questions: int, level: int, seed: int, temperature: float) -> dict:
    """Where answers by these settings are kept once they are there: none is asked for twice."""
    return {}


def _taught(questions: int, level: int, seed: int, temperature: float, tell: Callable) -> list:
    """Rows as a teacher's table has them: oak's answers to training problems, judged."""
    from engine.data.problems import DataSpec
    from engine.evaluation.answers import judge
    from engine.models.loading import load
    from engine.models.sampling import generate_batch, plan_batches

    kept = _answered(questions, level, seed, temperature)
    if "rows" in kept:
        return kept["rows"]
    asked = DataSpec(split="train", level=level, limit=questions, seed=seed).problems()
    oak = load("oak", "nf4-dq", device="cpu")
    rows = []
    for batch in plan_batches(asked, oak.tokenizer, batch_size=80):
        tell(len(rows), questions)
        by_id = {each.id: each for each in batch.problems}
        for sample in generate_batch(
            oak, batch, temperature=temperature, max_new_tokens=100, seed=seed
        ):
            problem = by_id[sample.problem_id]
            judged = judge(sample.text, problem.gold)
            rows.append(
                {
                    "problem_id": problem.id,
                    "question": problem.question,
                    "gold": problem.gold,
                    "text": sample.text,
                    "extracted": judged.extracted,
                    "correct": judged.correct,
                }
            )
    kept["rows"] = rows
    return rows


def _learn(rows: list, questions: int, level: int, seed: int, tell: Callable):
    """The student after so many steps; its loss is on gold answers to other problems."""
    from engine.data.problems import DataSpec
    from engine.kinds.specs import SftSpec
    from engine.kinds.trial import trial
    from engine.training.dataset import conversations

    held_out = DataSpec(split="validation", level=level, limit=HELD_OUT, seed=1).problems()
    gold = [
        {"problem_id": p.id, "question": p.question, "gold": p.gold, "text": p.answer}
        for p in held_out
    ]
    steps = _steps(questions)
    spec = SftSpec(
        teach=1,
        max_steps=steps,
        batch_size=BATCH,
        lora_dropout=0.0,
        target_modules=("all-linear",),
        learning_rate=5e-3,
        warmup_steps=min(4, steps),
        eval_steps=steps,
        seed=seed,
    )
    return trial(_acorn(), spec, conversations(rows), conversations(gold), tell)


def _acorn():
    from engine.models.loading import load

    return load("acorn", "nf4-dq", device="cpu")


def _score(student, level: int, problems: int) -> float:
    """Exact match in percent, on problems that are neither learnt nor in the tutorial's test."""
    from engine.data.problems import DataSpec
    from engine.evaluation.greedy import exact_match_of

    asked = DataSpec(split="validation", level=level, limit=problems).problems()
    return 100 * exact_match_of(student, asked).em


def _tokens(rows: list) -> float:
    tokenizer = _acorn().tokenizer
    return sum(len(tokenizer(row["text"])["input_ids"]) for row in rows) / len(rows)


@lru_cache(maxsize=64)
def _at(place: int):
    """The logits after `place` tokens of an answer, the tokens' names, and what stands before."""
    import torch

    oak, ids, start = _oak()
    end = min(start + place, ids.shape[1] - 1)
    with torch.no_grad():
        logits = oak.model(input_ids=ids[:, :end]).logits[0, -1].float()
    names = [oak.tokenizer.decode([token]) for token in range(len(logits))]
    before = oak.tokenizer.decode(ids[0, start:end].tolist())
    return logits, names, before[-40:]


@lru_cache(maxsize=1)
def _oak():
    """The teacher, the tokens of a question with its right answer, and where that begins."""
    from engine.data.word_problems import problem
    from engine.models.loading import load
    from engine.models.perplexity import IGNORED, rows

    oak = load("oak", "fp32", device="cpu")
    ids, labels = rows([problem("validation", 3, 0, 0)], oak.tokenizer)
    return oak, ids, int((labels[0] != IGNORED).nonzero()[0])
