"""Questions on LoRA and its training: weights, scaling, memory, rates, steps, labels, symptoms."""

from collections.abc import Sequence
from math import ceil, cos, pi
from operator import mul
from random import Random

from engine.numerics.architecture import QWEN25
from lessons.kit.compare import keep_if
from lessons.kit.display import in_rows, rounded, show
from lessons.kit.question import Choice, Essay, Matrix, Numeric, question
from lessons.kit.words import choice, essay, matrix, numeric

Grid = Sequence[Sequence[float]]


@question("adapter-weights")
def adapter_weights(rng: Random) -> Numeric:
    size = rng.choice(["0.5B", "1.5B", "3B", "7B"])
    model, rank = QWEN25[size], rng.choice([4, 8, 16, 32, 64])
    name, at = rng.choice([("query", 0), ("value", 2), ("down", 6)])
    out, into = model.linear[at]
    each, full = rank * (into + out), model.layers * into * out
    answer = model.layers * each
    return numeric(answer, unit="weight", tolerance=0).asks(f"""
    Qwen2.5-{size} has {model.layers} layers, and the {name} matrix of each leads from {into:,}
    numbers to {out:,}. How many weights do adapters of rank {rank} on all of these have together?

    one-layer-only = {each}: That is one layer's. The model has {model.layers}.
    full-matrix = {full}: That is what the frozen matrices have. An adapter puts two thin ones
      beside each.
    rank-times-full = {rank * full}: The rank does not multiply the whole matrix: it is the inner
      side of two thin ones.
    one-matrix-of-two = {model.layers * rank * into}: That is A alone. B leads from the rank to the
      output.
    twice = {2 * answer}: r * (in + out) counts both thin matrices already.

    hint: What shapes do A and B have?
    hint: A is rank x in, B is out x rank: r * (in + out) weights, in each of {model.layers} layers.
    hint: One layer: {rank} * ({into:,} + {out:,}) = {each:,}.
    worked: {model.layers} * {rank} * ({into:,} + {out:,}) = **{answer:,}**. The frozen matrices
      have {full:,}.""")


@question("scaled-update")
def scaled_update(rng: Random) -> Matrix:
    a, b = ([[rng.randint(-3, 3) for _ in range(2)] for _ in range(2)] for _ in "AB")
    alpha = rng.choice([1, 4, 6, 8])
    scale, update = alpha / 2, product(b, a)
    answer = scaled(update, scale)
    keep_if(any(map(any, answer)))
    return matrix(answer, tolerance=0.001).asks(f"""
    An adapter of rank 2 has alpha = {alpha} and

        A = {in_rows(a)}        B = {in_rows(b)}

    (rows one after another, with a `;` between). What does it add to the frozen matrix W?

    not-scaled = {update}: That is B A. It is still to be scaled by alpha / r.
    alpha-alone = {scaled(update, alpha)}: You multiplied by alpha. The scale is alpha / r.
    scale-inverted = {scaled(update, 1 / scale)}: You multiplied by r / alpha. It is the other way
      round.
    order-swapped = {scaled(product(a, b), scale)}: That is A B. A comes first to the input, so it
      stands on the right: B A.
    a-transposed = {scaled(product(b, list(zip(*a, strict=True))), scale)}: You used A's columns for
      its rows.

    hint: W x becomes W x + (alpha / r) B (A x).
    hint: Multiply B by A, rows of B by columns of A, then scale by alpha / r.
    hint: The first cell of B A is {b[0][0]} * {a[0][0]} + {b[0][1]} * {a[1][0]} = {update[0][0]},
      and alpha / r is {scale:g}.
    worked: B A = {in_rows(update)}, and alpha / r = {alpha} / 2 = {scale:g}. So
      **{in_rows(answer)}**.""")


def product(left: Grid, right: Grid) -> Grid:
    columns = list(zip(*right, strict=True))
    return [[sum(map(mul, row, column)) for column in columns] for row in left]


def scaled(rows: Grid, by: float) -> Grid:
    return [[rounded(cell * by, 6) + 0.0 for cell in row] for row in rows]


@question("adapter-training")
def adapter_training(rng: Random) -> Numeric:
    millions = rng.randrange(4, 80) + rng.choice([0, 0.5])
    eight = rng.random() < 0.6
    states, others, wide = (2, 8, 32) if eight else (8, 2, 8)
    kind = "8-bit AdamW, with two moments of one byte" if eight else "AdamW, with moments in FP32"
    answer = millions * (8 + states)
    return numeric(answer, unit="MB").asks(f"""
    An adapter of {millions:g} million weights is trained in FP32 by {kind}. How many MB do its
    weights, gradients and moments take? (The frozen model is not asked for.)

    other-states = {millions * (8 + others)}: Those are moments of {wide} bits. Look what is said of
      them.
    no-gradient = {millions * (4 + states)}: There is a gradient for each weight, in FP32 too.
    moments-only = {millions * states}: Those are the moments. The weights and their gradients come
      on top.
    weights-only = {millions * 4}: Those are the weights. Training takes more than that for each.

    hint: What is held for each weight that is trained?
    hint: The weight, its gradient, and two moments.
    hint: 4 + 4 + {states} bytes a weight.
    worked: 4 + 4 + {states} = {8 + states} bytes a weight: {millions:g} * {8 + states} =
      **{show(answer)} MB**.""")


@question("rate-at-step")
def rate_at_step(rng: Random) -> Numeric:
    peak = rng.choice([1e-4, 2e-4, 5e-4, 1e-3, 2e-3])
    steps, warmup = rng.choice([100, 200, 250, 500]), rng.choice([10, 20, 50])
    if rising := rng.random() < 0.3:
        step = done = rng.randint(2, warmup - 2)
        whole, still = warmup, "During the warm-up the rate is still rising to it."
        answer, share = peak * done / whole, f"{done} / {whole}"
        part = f"{share} of the way up"
    else:
        step = rng.randint(warmup + 5, steps - 10)
        done, whole, still = step - warmup, steps - warmup, "After the warm-up the rate falls."
        answer, share = falling(peak, done, whole), f"(1 + cos(pi * {done} / {whole})) / 2"
        part = f"{done} of {whole} steps down"
    early, down = falling(peak, step, steps), peak * (1 - done / whole)
    return numeric(answer, tolerance=0.01, apart=0.02).asks(f"""
    A training of {steps} steps has a learning rate of {peak:g}, {warmup} steps of warm-up and a
    cosine schedule that ends at 0. What is the rate after {step} steps?

    full-at-once = {peak}: That is the peak. {still}
    warm-up-forgotten = {early if rising else None}: You began with the cosine. First comes the
      warm-up.
    warm-up-not-taken-off = {None if rising else early}: The cosine begins where the warm-up ends:
      take its steps off both numbers.
    over-all-steps = {peak * step / steps if rising else None}: The warm-up rises over its own
      steps, not over all.
    straight-line = {None if rising else down}: You fell along a straight line. This is a cosine.
    falling-warm-up = {down if rising else None}: The warm-up rises.
    not-halved = {None if rising else 2 * answer}: 1 + cos goes from 2 to 0. Halve it.

    hint: Is it still in the warm-up?
    hint: Up in a straight line during the warm-up; then peak * (1 + cos(pi * share)) / 2.
    hint: It is {part}.
    worked: It is {part}: {peak:g} * {share} = **{show(answer)}**.""")


def falling(peak: float, done: int, steps: int) -> float:
    """Half a cosine from the peak to 0."""
    return peak * (1 + cos(pi * done / steps)) / 2


@question("training-steps")
def training_steps(rng: Random) -> Numeric:
    rows = rng.randint(300, 4000)
    batch, gather, epochs = rng.choice([4, 8, 16]), rng.choice([2, 4]), rng.choice([1, 2, 3])
    several = epochs > 1
    keep_if(rows % (batch * gather))
    batches = ceil(rows / batch)
    changes, once = ceil(batches / gather), ceil(rows * epochs / (batch * gather))
    answer = changes * epochs
    return numeric(answer, unit="step", tolerance=0).asks(f"""
    {rows:,} rows, a batch of {batch}, gradients summed over {gather} batches, {epochs}
    {"epochs" if several else "epoch"}. How often are the weights changed?

    not-gathered = {batches * epochs}: {gather} batches are summed up before the weights are changed
      once.
    rest-dropped = {rows // (batch * gather) * epochs}: What is left at the end of an epoch is a
      step, too.
    one-epoch-only = {changes if several else None}: That is one epoch. There are {epochs}.
    one-row-a-step = {None if several else rows}: A batch has several rows.
    gathered-the-wrong-way = {batches * gather * epochs}: Summing batches up makes steps fewer, not
      more.
    rounded-at-the-end = {once if once < answer else None}: You rounded once, at the end. Every
      epoch ends with a smaller batch of its own: round up in each, then multiply.

    hint: How many rows go into one change?
    hint: Batches an epoch, rounded up; divided by the batches summed up, rounded up; times the
      epochs.
    hint: {rows:,} / {batch} = {show(rows / batch)}, so {batches} batches an epoch.
    worked: {batches} batches an epoch, / {gather} = {show(batches / gather)}, so {changes} changes,
      times {epochs}: **{answer}**.""")


@question("labels-counted")
def labels_counted(rng: Random) -> Numeric:
    prompt, completion = rng.randint(60, 260), rng.randint(80, 320)
    length, total = rng.choice([128, 192, 256, 320, 384, 512]), prompt + completion
    keep_if(max(prompt, completion) < length < total)
    return numeric(length - prompt, unit="token", tolerance=0).asks(f"""
    A row has a prompt of {prompt} tokens and a completion of {completion}. Rows are cut at {length}
    tokens, and the loss is on the completion alone. How many of its tokens does the student learn
    from?

    not-cut = {completion}: The row is cut at {length} tokens. Some of the answer is lost.
    prompt-counted = {length}: Those are the tokens of the row. The prompt's are masked: they have
      no label.
    what-is-lost = {total - length}: Those are the tokens that the cut takes away.
    prompt-for-completion = {length - completion}: You took the completion off. It is the prompt
      that has no labels.

    hint: Which tokens have a label?
    hint: Prompt first, then completion, then the cut.
    hint: {length} - {prompt} tokens are left for the completion.
    worked: {prompt} + {completion} = {total} is more than {length}, so the row is cut. {length} -
      {prompt} = **{length - prompt}** tokens of the completion are left, and the student never sees
      it end.""")


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
"""What is seen, what to change, and why."""


@question("what-is-wrong")
def what_is_wrong(rng: Random) -> Choice:
    seen, best, why = rng.choice(SYMPTOMS)
    start = rng.randint(19, 25) / 10
    text = seen.format(
        start=start,
        high=show(start + rng.randint(12, 20) / 10),
        near=show(start - rng.randint(1, 3) / 10),
        low=show(rng.randint(2, 9) / 100),
        epochs=rng.randint(8, 20),
        cut=rng.choice([64, 96, 128]),
    )
    return choice(right=best, because=why).asks(f"""
    {text} What do you change first?

    rate-lowered: Lower the learning rate
      -> Look at how fast the loss falls, and at where it goes.
    overfitting-seen: Train for fewer epochs, or on more answers
      -> That is what one does when held-out loss rises while training loss falls.
    rate-raised: Raise the learning rate -> That would make it worse, or change nothing about this.
    cut-suspected: Let rows be longer -> Nothing here says that answers are cut off.

    hint: Which way does each curve go, and what did the student see?
    hint: Too large a rate jumps, too small a one crawls, and rows learnt by heart part the two
      curves.
    hint: {why}
    worked: **{best}.** {why}""")


@question("settings-judged")
def settings_judged(rng: Random) -> Essay:
    rows = rng.choice([1500, 1800, 2000])
    return essay().asks(f"""
    A small model is fine-tuned on {rows:,} worked answers: rank 32, alpha 32, dropout 0.1, adapters
    on q, k and v, one epoch in batches of 8, learning rate 5e-4. The loss falls slowly and is still
    falling at the end. What would you try first, in which order, and how would you know that it
    helped? Three or four sentences.

    rubric: Raises the learning rate, or trains for longer, since the loss is still falling.
    rubric: Puts adapters on more layers, those of the MLP among them.
    rubric: Changes one thing at a time, or says why two at once.
    rubric: Judges by a validation split, by loss or exact match, and not by the test problems; or
      names the interval of the score.

    sample: The loss is still falling, so I would raise the learning rate by a factor of a few
      first, which costs nothing, and then train for two epochs. Next I would put adapters on all
      linear layers, since the MLP holds most of the weights. I would change one thing at a time and
      compare the loss on answers that were held out, and exact match on a validation split. The
      test problems are asked once, at the end.

    hint: What does it mean that the loss is still falling?
    hint: Learning rate, epochs, layers, rank: which of them costs least to try?
    hint: And which problems must not be used to choose?""")
