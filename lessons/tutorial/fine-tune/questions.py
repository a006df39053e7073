"""Questions on LoRA and its training: weights, scaling, memory, rates, steps, labels, symptoms."""

from itertools import combinations
from math import ceil, cos, pi
from random import Random

from engine.numerics.architecture import QWEN25
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Matrix, Numeric, Option, Slip, question

ROUNDED_ONCE = (
    "You rounded once, at the end. Every epoch ends with a smaller batch of its own: round up in "
    "each, then multiply."
)


@question("adapter-weights")
def adapter_weights(rng: Random) -> Numeric:
    while True:
        size = rng.choice(["0.5B", "1.5B", "3B", "7B"])
        model = QWEN25[size]
        rank = rng.choice([4, 8, 16, 32, 64])
        name, (out, into) = rng.choice(
            [("query", model.linear[0]), ("value", model.linear[2]), ("down", model.linear[6])]
        )
        answer = model.layers * rank * (into + out)
        values = [
            rank * (into + out),
            model.layers * into * out,
            model.layers * rank * into * out,
            model.layers * rank * into,
            2 * answer,
        ]
        if len({answer, *values}) == 6:
            break
    names = ("one-layer-only", "full-matrix", "rank-times-full", "one-matrix-of-two", "twice")
    says = (
        f"That is one layer's. The model has {model.layers}.",
        "That is what the frozen matrices have. An adapter puts two thin ones beside each.",
        "The rank does not multiply the whole matrix: it is the inner side of two thin ones.",
        "That is A alone. B leads from the rank to the output.",
        "r * (in + out) counts both thin matrices already.",
    )
    return Numeric(
        ask=f"Qwen2.5-{size} has {model.layers} layers, and the {name} matrix of each leads from "
        f"{into:,} numbers to {out:,}. How many weights do adapters of rank {rank} on all of "
        "these have together?",
        answer=answer,
        unit="weight",
        tolerance=0,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "What shapes do A and B have?",
            f"A is rank x in, B is out x rank: r * (in + out) weights, in each of {model.layers} "
            "layers.",
            f"One layer: {rank} * ({into:,} + {out:,}) = {rank * (into + out):,}.",
        ],
        worked=f"{model.layers} * {rank} * ({into:,} + {out:,}) = **{answer:,}**. The frozen "
        f"matrices have {model.layers * into * out:,}.",
    )


@question("scaled-update")
def scaled_update(rng: Random) -> Matrix:
    while True:
        a = [[rng.randint(-3, 3) for _ in range(2)] for _ in range(2)]
        b = [[rng.randint(-3, 3) for _ in range(2)] for _ in range(2)]
        alpha = rng.choice([1, 4, 6, 8])
        right = product(b, a)
        answer = scaled(right, alpha / 2)
        values = [
            right,
            scaled(right, alpha),
            scaled(right, 2 / alpha),
            scaled(product(a, b), alpha / 2),
            scaled(product(b, [list(row) for row in zip(*a, strict=True)]), alpha / 2),
        ]
        if all(x != y for x, y in combinations([answer, *values], 2)) and any(map(any, answer)):
            break
    names = ("not-scaled", "alpha-alone", "scale-inverted", "order-swapped", "a-transposed")
    says = (
        "That is B A. It is still to be scaled by alpha / r.",
        "You multiplied by alpha. The scale is alpha / r.",
        "You multiplied by r / alpha. It is the other way round.",
        "That is A B. A comes first to the input, so it stands on the right: B A.",
        "You used A's columns for its rows.",
    )
    return Matrix(
        ask="An adapter of rank 2 has alpha = "
        f"{alpha} and\n\n    A = {shown(a)}        B = {shown(b)}\n\n(rows one after another, "
        "with a `;` between). What does it add to the frozen matrix W?",
        answer=answer,
        tolerance=0.001,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "W x becomes W x + (alpha / r) B (A x).",
            "Multiply B by A, rows of B by columns of A, then scale by alpha / r.",
            f"The first cell of B A is {b[0][0]} * {a[0][0]} + {b[0][1]} * {a[1][0]} = "
            f"{right[0][0]}, and alpha / r is {show(alpha / 2)}.",
        ],
        worked=f"B A = {shown(right)}, and alpha / r = {alpha} / 2 = {show(alpha / 2)}. So "
        f"**{shown(answer)}**.",
    )


@question("adapter-training")
def adapter_training(rng: Random) -> Numeric:
    millions = rng.randrange(4, 80) + rng.choice([0, 0.5])
    eight = rng.random() < 0.6
    states = 2 if eight else 8
    answer = millions * (8 + states)
    values = [
        millions * (8 + (8 if eight else 2)),
        millions * (4 + states),
        millions * states,
        millions * 4,
    ]
    names = ("other-states", "no-gradient", "moments-only", "weights-only")
    says = (
        "Those are moments of " + ("32" if eight else "8") + " bits. Look what is said of them.",
        "There is a gradient for each weight, in FP32 too.",
        "Those are the moments. The weights and their gradients come on top.",
        "Those are the weights. Training takes more than that for each.",
    )
    kind = "8-bit AdamW, with two moments of one byte" if eight else "AdamW, with moments in FP32"
    return Numeric(
        ask=f"An adapter of {millions:g} million weights is trained in FP32 by {kind}. How many MB "
        "do its weights, gradients and moments take? (The frozen model is not asked for.)",
        answer=answer,
        unit="MB",
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "What is held for each weight that is trained?",
            "The weight, its gradient, and two moments.",
            f"4 + 4 + {states} bytes a weight.",
        ],
        worked=f"4 + 4 + {states} = {8 + states} bytes a weight: {millions:g} * {8 + states} = "
        f"**{show(answer)} MB**.",
    )


@question("rate-at-step")
def rate_at_step(rng: Random) -> Numeric:
    while True:
        peak = rng.choice([1e-4, 2e-4, 5e-4, 1e-3, 2e-3])
        steps, warmup = rng.choice([100, 200, 250, 500]), rng.choice([10, 20, 50])
        if rng.random() < 0.3:
            step = rng.randint(2, warmup - 2)
            answer = peak * step / warmup
            values = [
                peak,
                falling(peak, step, steps),
                peak * step / steps,
                peak * (1 - step / warmup),
            ]
            names = ("full-at-once", "warm-up-forgotten", "over-all-steps", "falling-warm-up")
            says = (
                "That is the peak. During the warm-up the rate is still rising to it.",
                "You began with the cosine. First comes the warm-up.",
                "The warm-up rises over its own steps, not over all.",
                "The warm-up rises.",
            )
            part = f"{step} / {warmup} of the way up"
        else:
            step = rng.randint(warmup + 5, steps - 10)
            share = (step - warmup) / (steps - warmup)
            answer = falling(peak, step - warmup, steps - warmup)
            values = [
                peak,
                falling(peak, step, steps),
                peak * (1 - share),
                peak * (1 + cos(pi * share)),
            ]
            names = ("full-at-once", "warm-up-not-taken-off", "straight-line", "not-halved")
            says = (
                "That is the peak. After the warm-up the rate falls.",
                "The cosine begins where the warm-up ends: take its steps off both numbers.",
                "You fell along a straight line. This is a cosine.",
                "1 + cos goes from 2 to 0. Halve it.",
            )
            part = f"{step - warmup} of {steps - warmup} steps down"
        if min(answer, *values) > 0 and apart([answer, *values], 0.02):
            break
    worked = (
        f"{peak:g} * {step} / {warmup}"
        if step < warmup
        else f"{peak:g} * (1 + cos(pi * {step - warmup} / {steps - warmup})) / 2"
    )
    return Numeric(
        ask=f"A training of {steps} steps has a learning rate of {peak:g}, {warmup} steps of "
        f"warm-up and a cosine schedule that ends at 0. What is the rate after {step} steps?",
        answer=answer,
        tolerance=0.01,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Is it still in the warm-up?",
            "Up in a straight line during the warm-up; then peak * (1 + cos(pi * share)) / 2.",
            f"It is {part}.",
        ],
        worked=f"It is {part}: {worked} = **{show(answer)}**.",
    )


@question("training-steps")
def training_steps(rng: Random) -> Numeric:
    while True:
        rows = rng.randint(300, 4000)
        batch, gather, epochs = rng.choice([4, 8, 16]), rng.choice([2, 4]), rng.choice([1, 2, 3])
        answer = ceil(ceil(rows / batch) / gather) * epochs
        values = [
            ceil(rows / batch) * epochs,
            rows // (batch * gather) * epochs,
            ceil(rows / (batch * gather)) if epochs > 1 else rows * epochs,
            ceil(rows / batch) * gather * epochs,
        ]
        if rows % (batch * gather) and len({answer, *values}) == 5:
            break
    names = (
        "not-gathered",
        "rest-dropped",
        "one-epoch-only" if epochs > 1 else "one-row-a-step",
        "gathered-the-wrong-way",
    )
    says = (
        f"{gather} batches are summed up before the weights are changed once.",
        "What is left at the end of an epoch is a step, too.",
        f"That is one epoch. There are {epochs}." if epochs > 1 else "A batch has several rows.",
        "Summing batches up makes steps fewer, not more.",
    )
    once = ceil(rows * epochs / (batch * gather))
    late = [Slip("rounded-at-the-end", once, ROUNDED_ONCE)] if once not in (answer, *values) else []
    return Numeric(
        ask=f"{rows:,} rows, a batch of {batch}, gradients summed over {gather} batches, {epochs} "
        f"{'epoch' if epochs == 1 else 'epochs'}. How often are the weights changed?",
        answer=answer,
        unit="step",
        tolerance=0,
        slips=[*(Slip(*each) for each in zip(names, values, says, strict=True)), *late],
        hints=[
            "How many rows go into one change?",
            "Batches an epoch, rounded up; divided by the batches summed up, rounded up; times "
            "the epochs.",
            f"{rows:,} / {batch} = {show(rows / batch)}, so {ceil(rows / batch)} batches an epoch.",
        ],
        worked=f"{ceil(rows / batch)} batches an epoch, / {gather} = "
        f"{show(ceil(rows / batch) / gather)}, so {ceil(ceil(rows / batch) / gather)} changes, "
        f"times {epochs}: **{answer}**.",
    )


@question("labels-counted")
def labels_counted(rng: Random) -> Numeric:
    while True:
        prompt, completion = rng.randint(60, 260), rng.randint(80, 320)
        length = rng.choice([128, 192, 256, 320, 384, 512])
        answer = length - prompt
        values = [completion, length, prompt + completion - length, length - completion]
        cut = prompt < length < prompt + completion
        if cut and values[3] > 0 and len({answer, *values}) == 5:
            break
    names = ("not-cut", "prompt-counted", "what-is-lost", "prompt-for-completion")
    says = (
        f"The row is cut at {length} tokens. Some of the answer is lost.",
        "Those are the tokens of the row. The prompt's are masked: they have no label.",
        "Those are the tokens that the cut takes away.",
        "You took the completion off. It is the prompt that has no labels.",
    )
    return Numeric(
        ask=f"A row has a prompt of {prompt} tokens and a completion of {completion}. Rows are cut "
        f"at {length} tokens, and the loss is on the completion alone. How many of its tokens "
        "does the student learn from?",
        answer=answer,
        unit="token",
        tolerance=0,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Which tokens have a label?",
            "Prompt first, then completion, then the cut.",
            f"{length} - {prompt} tokens are left for the completion.",
        ],
        worked=f"{prompt} + {completion} = {prompt + completion} is more than {length}, so the row "
        f"is cut. {length} - {prompt} = **{answer}** tokens of the completion are left, and the "
        "student never sees it end.",
    )


SYMPTOMS = (
    (
        "In the first steps the loss jumps from {start} to {high}, and it stays there.",
        "Lower the learning rate",
        "The steps are so large that each destroys what was there.",
    ),
    (
        "After {epochs} epochs the training loss is {low} and still falling. On answers that are "
        "held out it has been rising since the second.",
        "Train for fewer epochs, or on more answers",
        "It learns the rows by heart, and no longer what they have in common.",
    ),
    (
        "After 300 steps the loss has gone from {start} to {near}, in a straight line. Rank, rows "
        "and labels are as they should be.",
        "Raise the learning rate",
        "It goes the right way, in steps that are far too small.",
    ),
    (
        "The loss falls nicely. But when it is asked, the student goes on and on and never ends "
        "an answer. Rows are cut at {cut} tokens.",
        "Let rows be longer",
        "The answers' ends were cut off, so it never saw one.",
    ),
)
NAMES = {
    "Lower the learning rate": "rate-lowered",
    "Train for fewer epochs, or on more answers": "overfitting-seen",
    "Raise the learning rate": "rate-raised",
    "Let rows be longer": "cut-suspected",
}


@question("what-is-wrong")
def what_is_wrong(rng: Random) -> Choice:
    told, best, why = rng.choice(SYMPTOMS)
    start = rng.randint(19, 25) / 10
    text = told.format(
        start=start,
        high=show(start + rng.randint(12, 20) / 10),
        near=show(start - rng.randint(1, 3) / 10),
        low=show(rng.randint(2, 9) / 100),
        epochs=rng.randint(8, 20),
        cut=rng.choice([64, 96, 128]),
    )
    wrong = {
        "Lower the learning rate": "Look at how fast the loss falls, and at where it goes.",
        "Train for fewer epochs, or on more answers": "That is what one does when held-out loss "
        "rises while training loss falls.",
        "Raise the learning rate": "That would make it worse, or change nothing about this.",
        "Let rows be longer": "Nothing here says that answers are cut off.",
    }
    return Choice(
        ask=f"{text} What do you change first?",
        options=[
            Option(
                name,
                why if name == best else wrong[name],
                name == best,
                "" if name == best else NAMES[name],
            )
            for name in NAMES
        ],
        hints=[
            "Which way does each curve go, and what did the student see?",
            "Too large a rate jumps, too small a one crawls, and rows learnt by heart part the two "
            "curves.",
            f"{why}",
        ],
        worked=f"**{best}.** {why}",
    )


@question("settings-judged")
def settings_judged(rng: Random) -> Essay:
    rows = rng.choice([1500, 1800, 2000])
    return Essay(
        ask=f"A small model is fine-tuned on {rows:,} worked answers: rank 32, alpha 32, dropout "
        "0.1, adapters on q, k and v, one epoch in batches of 8, learning rate 5e-4. The loss "
        "falls slowly and is still falling at the end. What would you try first, in which order, "
        "and how would you know that it helped? Three or four sentences.",
        rubric=[
            "Raises the learning rate, or trains for longer, since the loss is still falling.",
            "Puts adapters on more layers, those of the MLP among them.",
            "Changes one thing at a time, or says why two at once.",
            "Judges by a validation split, by loss or exact match, and not by the test problems; "
            "or names the interval of the score.",
        ],
        sample="The loss is still falling, so I would raise the learning rate by a factor of a few "
        "first, which costs nothing, and then train for two epochs. Next I would put adapters on "
        "all linear layers, since the MLP holds most of the weights. I would change one thing at a "
        "time and compare the loss on answers that were held out, and exact match on a validation "
        "split. The test problems are asked once, at the end.",
        hints=[
            "What does it mean that the loss is still falling?",
            "Learning rate, epochs, layers, rank: which of them costs least to try?",
            "And which problems must not be used to choose?",
        ],
    )


def product(left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(a * b for a, b in zip(row, col, strict=True)) for col in columns] for row in left]


def scaled(rows: list[list[int]], by: float) -> list[list[float]]:
    return [[rounded(cell * by, 6) + 0.0 for cell in row] for row in rows]


def shown(rows: list[list[float]]) -> str:
    return "; ".join(" ".join(show(cell) for cell in row) for row in rows)


def falling(peak: float, done: int, steps: int) -> float:
    """Half a cosine from the peak to 0."""
    return peak * (1 + cos(pi * done / steps)) / 2


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
