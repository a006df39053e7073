"""Questions on outliers: what they cost, who shares a scale, and what LLM.int8 takes out."""

from collections.abc import Sequence
from random import Random

from lessons.kit.display import show
from lessons.kit.question import Choice, Matrix, Numeric, Option, Slip, question

HIDDEN = (768, 1024, 2048, 4096, 5120, 8192)
"""Input channels of a layer."""


def listed(values: Sequence[float]) -> str:
    return ", ".join(f"{each:.2f}" for each in values)


@question("outlier-integer")
def outlier_integer(rng: Random) -> Numeric:
    while True:
        others = [round(rng.uniform(-3, 3), 2) for _ in range(4)]
        outlier = round(rng.uniform(15, 70), 1) * rng.choice([-1, 1])
        x = max(others, key=abs)
        answer = round(127 * x / abs(outlier))
        slips = [
            Slip(
                "outlier-left-out",
                127 if x > 0 else -127,
                "That is what it would be if the outlier were not there. One scale serves all "
                "five, and the largest of them sets it.",
            ),
            Slip(
                "not-rounded",
                round(127 * x / abs(outlier), 2),
                "That is s * x. An integer is stored: round it.",
            ),
            Slip(
                "zero-point-scale",
                round(255 * x / (max(*others, outlier) - min(*others, outlier))),
                "255 over the whole range is the zero-point method's scale. Absmax has 127 over "
                "the largest |x|.",
            ),
            Slip(
                "sign-lost",
                -answer,
                "The size is right. The scale is positive, so an integer has the sign of its "
                "number: 127 / |outlier|.",
            ),
        ]
        values = [answer, *(slip.value for slip in slips)]
        plain = 0.1 < abs(slips[1].value - answer) < 0.45  # no rounding of s decides
        if len(set(values)) == 5 and abs(answer) > 2 and plain:
            break
    row = [*others, outlier]
    rng.shuffle(row)
    return Numeric(
        ask=f"A row of activations: {listed(row)}. It is quantized to INT8 by absmax, with one "
        f"scale. Which integer stands for {x:.2f}?",
        answer=answer,
        tolerance=0,
        slips=slips,
        hints=[
            "Which number of the row decides on the scale?",
            "s = 127 / largest |x|, and q = round(s * x).",
            f"The largest |x| is {abs(outlier):g}, so s = 127 / {abs(outlier):g} = "
            f"{show(127 / abs(outlier))}.",
        ],
        worked=f"The outlier sets the scale: s = 127 / {abs(outlier):g} = "
        f"{show(127 / abs(outlier))}. Then q = round({show(127 / abs(outlier))} * {x:.2f}) = "
        f"round({127 * x / abs(outlier):.2f}) = **{answer}**. Of 127 integers on each side, what "
        f"is not an outlier uses {abs(answer)}.",
    )


@question("error-growth")
def error_growth(rng: Random) -> Numeric:
    usual = rng.choice([2, 2.5, 3, 4, 5])
    ratio = rng.choice([3, 5, 6, 8, 10, 12, 16, 20, 25])
    large = usual * ratio
    return Numeric(
        ask=f"The largest |x| of a tensor is {usual:g}. One new activation of {large:g} comes in, "
        "and absmax has one scale for the whole tensor. How many times as large does the mean "
        "squared rounding error of the other numbers become, about?",
        answer=ratio**2,
        tolerance=0.02,
        slips=[
            Slip(
                "step-not-squared",
                ratio,
                "That is how much the step grows, and with it the error. The mean *squared* error "
                "was asked for.",
            ),
            Slip(
                "upside-down",
                1 / ratio**2,
                "The outlier makes the scale smaller, but the step, 1 / scale, larger.",
            ),
            Slip(
                "no-change",
                1,
                "The other numbers did not change, but their step did: they share the scale.",
            ),
            Slip(
                "doubled-not-squared",
                2 * ratio,
                "Squared is not doubled: an error k times as large has a square k * k times as "
                "large.",
            ),
        ],
        hints=[
            "How much wider does one step become?",
            "A rounding error lies between minus and plus half a step, so it grows as the step "
            "does. And its square?",
            f"The step is alpha / 127, and alpha grows by {large:g} / {usual:g} = {ratio}.",
        ],
        worked=f"The step is alpha / 127, so it grows by {large:g} / {usual:g} = {ratio}. Every "
        f"error grows with it, and its square by {ratio} * {ratio} = **{ratio**2}**.",
    )


@question("row-wise-integers")
def row_wise_integers(rng: Random) -> Matrix:
    while True:
        small = [round(rng.uniform(-1, 1), 2) for _ in range(3)]
        large = [round(rng.uniform(-1, 1) * rng.choice([6, 8, 10]), 2) for _ in range(3)]
        # each row's largest |x| is negative in one of the two, so that the sign matters
        at = rng.randrange(3)
        small[at] = -round(max(map(abs, small)) + 0.11, 2)
        rows = [small, large]
        rng.shuffle(rows)

        def integers(scales, rows=rows):
            return [
                [round(s * x) for s, x in zip(scale, row, strict=True)]
                for scale, row in zip(scales, rows, strict=True)
            ]

        by_row = [max(map(abs, row)) for row in rows]
        by_column = [max(map(abs, column)) for column in zip(*rows, strict=True)]
        signed = [max(row) for row in rows]
        if min(signed) <= 0.05 or min(by_row) < 0.3:
            continue
        answer = integers([[127 / alpha] * 3 for alpha in by_row])
        wrong = [
            integers([[127 / max(by_row)] * 3] * 2),
            integers([[127 / alpha for alpha in by_column]] * 2),
            integers([[127 / top] * 3 for top in signed]),
        ]
        halves = (
            abs((127 / alpha * x) % 1 - 0.5)
            for alpha, row in zip(by_row, rows, strict=True)
            for x in row
        )
        apart = all(wrong[i] != other for i in range(3) for other in [answer, *wrong[:i]])
        if apart and min(halves) > 0.03 and all(abs(cell) > 1 for row in answer for cell in row):
            break
    says = (
        "One scale served both rows there. Row-wise, each token has its own.",
        "You gave each column its own scale. Row-wise goes along a row: one token, all channels.",
        "alpha is the largest *absolute* value of the row. In one of them that is negative.",
    )
    names = ("one-for-all", "by-column", "signed-max")
    text = "\n".join("    " + "  ".join(f"{x:6.2f}" for x in row) for row in rows)
    done = "\n".join(
        f"- row {i}: s = 127 / {alpha:.2f} = {show(127 / alpha)}, so "
        + ", ".join(f"**{q}**" for q in row)
        for i, (alpha, row) in enumerate(zip(by_row, answer, strict=True), 1)
    )
    return Matrix(
        ask="Activations of two tokens (rows) in three channels:\n\n"
        f"{text}\n\nQuantize them to INT8 by absmax, row-wise. Which integers?",
        answer=answer,
        tolerance=0,
        slips=[Slip(*each) for each in zip(names, wrong, says, strict=True)],
        hints=[
            "How many scales does a matrix of two rows have, row-wise?",
            "For each row: s = 127 / largest |x| of the row, then round(s * x).",
            f"The first row has s = 127 / {by_row[0]:.2f} = {show(127 / by_row[0])}.",
        ],
        worked=done,
    )


@question("how-many-scales")
def how_many_scales(rng: Random) -> Numeric:
    while True:
        tokens = rng.choice([16, 32, 100, 128, 500, 512])
        channels, outputs = rng.choice(HIDDEN), rng.choice(HIDDEN)
        counts = {2, tokens + 1, 2 * channels, tokens * outputs, tokens + outputs}
        if channels != outputs and len(counts) == 5:
            break
    return Numeric(
        ask=f"A linear layer multiplies activations of {tokens} tokens by {channels:,} channels "
        f"with weights of {outputs:,} outputs by {channels:,} channels. Both are INT8, "
        "vector-wise. How many scales are there in all?",
        answer=tokens + outputs,
        unit="scale",
        tolerance=0,
        slips=[
            Slip(
                "one-a-tensor",
                2,
                "That is per tensor: one for the activations and one for the weights.",
            ),
            Slip(
                "row-wise",
                tokens + 1,
                "That is row-wise: a scale for each token, but one for all of the weights.",
            ),
            Slip(
                "by-channel",
                2 * channels,
                "You counted one for each input channel. The sum runs over those, so a scale "
                "for each could not be taken out of it.",
            ),
            Slip(
                "one-a-result",
                tokens * outputs,
                "That is how many results there are. Each is divided by a product of two scales, "
                "but a token's scale serves all its results.",
            ),
        ],
        hints=[
            "A vector is one token's activations, or one output's weights.",
            "One for each row of the activations, and one for each row of the weights.",
            f"The activations have {tokens} rows.",
        ],
        worked=f"{tokens} tokens have one each, and {outputs:,} outputs have one each: {tokens} + "
        f"{outputs:,} = **{tokens + outputs:,}**. Beside {tokens * channels:,} activations and "
        f"{outputs * channels:,} weights that is next to nothing.",
    )


@question("which-channels")
def which_channels(rng: Random) -> Choice:
    """One channel with a positive outlier, one with a negative one, and three that only look so."""
    below = round(rng.uniform(5.6, 5.95), 2)
    part = round(rng.uniform(2.5, 4.5), 2)
    columns = [
        ([round(rng.uniform(6.2, 40), 2), *_ordinary(rng, 2)], True, ""),
        ([-round(rng.uniform(6.2, 40), 2), *_ordinary(rng, 2)], True, ""),
        ([rng.choice([-1, 1]) * below, *_ordinary(rng, 2)], False, "rounded-up"),
        ([part, round(part - 0.4, 2), round(part + 0.3, 2)], False, "sum-for-largest"),
        (_ordinary(rng, 3), False, "ordinary-channel"),
    ]
    rng.shuffle(columns)
    for column, _, _ in columns:
        rng.shuffle(column)
    options, right = [], []
    for number, (column, kept, slip) in enumerate(columns, 1):
        largest = max(map(abs, column))
        says = {
            "": f"Its largest |x| is {largest:g}, which is at least 6.0.",
            "rounded-up": f"Close, but {largest:g} is below 6.0: it stays in INT8.",
            "sum-for-largest": "Together its numbers are large, but no single one reaches 6.0.",
            "ordinary-channel": f"Its largest |x| is {largest:g}. It stays in INT8.",
        }[slip]
        options.append(Option(f"channel {number}", says, right=kept, slip=slip))
        if kept:
            right.append(f"channel {number} (largest |x| {largest:g})")
    lines = "\n".join(
        "    " + "  ".join(f"{x:7.2f}" for x in row)
        for row in zip(*(column for column, _, _ in columns), strict=True)
    )
    return Choice(
        ask="Activations of three tokens (rows) in five channels (columns, 1 to 5):\n\n"
        f"{lines}\n\nWhich channels does LLM.int8 multiply in floating point, with its threshold "
        "of 6.0?",
        options=options,
        several=True,
        hints=[
            "Look at columns, not rows.",
            "One number of size 6.0 or more is enough, whatever its sign.",
            "Write down the largest |x| of each column.",
        ],
        worked=f"A channel goes to floating point if any |x| in it is at least 6.0: "
        f"{' and '.join(right)}. The other three stay in INT8.",
    )


@question("kept-share")
def kept_share(rng: Random) -> Numeric:
    channels, kept = rng.choice(HIDDEN), rng.choice([3, 4, 5, 6, 7])
    tokens = rng.choice([64, 256, 500, 2000])
    answer = 100 * kept / channels
    return Numeric(
        ask=f"A layer reads {channels:,} channels of {tokens:,} tokens. {kept} channels hold "
        "outliers and are multiplied in 16 bits, the others in 8. What share of the products is "
        "computed in 16 bits, in percent?",
        answer=answer,
        unit="percent",
        tolerance=0.01,
        slips=[
            Slip(
                "of-tokens",
                100 * kept / tokens,
                f"You divided by the number of tokens. The {kept} are channels, of {channels:,}.",
            ),
            Slip(
                "the-other-part",
                100 - answer,
                "That is the share in 8 bits.",
            ),
            Slip(
                "weighed-by-bits",
                100 * 2 * kept / (channels + kept),
                "You counted a 16-bit product twice, as if bytes were asked for. Count products.",
            ),
        ],
        hints=[
            "Every channel takes part in equally many products.",
            "So the share of products is the share of channels.",
            f"{kept} of {channels:,} channels.",
        ],
        worked=f"{kept} / {channels:,} = **{show(answer)}%**. That is why LLM.int8 can afford it.",
    )


def _ordinary(rng: Random, count: int) -> list[float]:
    return [round(rng.uniform(-1.9, 1.9), 2) for _ in range(count)]
