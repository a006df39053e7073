"""Questions on outliers: what they cost, who shares a scale, and what LLM.int8 takes out."""

from collections.abc import Iterable
from random import Random

from lessons.kit.compare import apart, keep_if
from lessons.kit.display import bullets, show, table
from lessons.kit.question import Choice, Matrix, Numeric, Option, question
from lessons.kit.words import choice, matrix, numeric

HIDDEN = (768, 1024, 2048, 4096, 5120, 8192)
"""Input channels of a layer."""


@question("outlier-integer")
def outlier_integer(rng: Random) -> Numeric:
    others = [round(rng.uniform(-3, 3), 2) for _ in range(4)]
    outlier = round(rng.uniform(15, 70), 1) * rng.choice([-1, 1])
    x, alpha = max(others, key=abs), abs(outlier)
    row = [*others, outlier]
    product = 127 * x / alpha
    answer = round(product)
    top, exact = 127 if x > 0 else -127, round(product, 2)
    by_range = round(255 * x / (max(row) - min(row)))
    keep_if(0.1 < abs(exact - answer) < 0.45 and abs(answer) > 2)  # no rounding of s decides
    keep_if(apart([answer, top, exact, by_range, -answer]))
    rng.shuffle(row)
    return numeric(answer, tolerance=0).asks(f"""
    A row of activations: {", ".join(f"{each:.2f}" for each in row)}. It is quantized to INT8 by
    absmax, with one scale. Which integer stands for {x:.2f}?

    outlier-left-out = {top}: That is what it would be if the outlier were not there. One scale
      serves all five, and the largest of them sets it.
    not-rounded = {exact}: That is s * x. An integer is stored: round it.
    zero-point-scale = {by_range}: 255 over the whole range is the zero-point method's scale. Absmax
      has 127 over the largest |x|.
    sign-lost = {-answer}: The size is right. The scale is positive, so an integer has the sign of
      its number: 127 / |outlier|.

    hint: Which number of the row decides on the scale?
    hint: s = 127 / largest |x|, and q = round(s * x).
    hint: The largest |x| is {alpha:g}, so s = 127 / {alpha:g} = {show(127 / alpha)}.
    worked: The outlier sets the scale: s = 127 / {alpha:g} = {show(127 / alpha)}. Then q =
      round({show(127 / alpha)} * {x:.2f}) = round({product:.2f}) = **{answer}**. Of 127 integers on
      each side, what is not an outlier uses {abs(answer)}.""")


@question("error-growth")
def error_growth(rng: Random) -> Numeric:
    usual = rng.choice([2, 2.5, 3, 4, 5])
    ratio = rng.choice([3, 5, 6, 8, 10, 12, 16, 20, 25])
    large = usual * ratio
    return numeric(ratio**2, tolerance=0.02).asks(f"""
    The largest |x| of a tensor is {usual:g}. One new activation of {large:g} comes in, and absmax
    has one scale for the whole tensor. How many times as large does the mean squared rounding error
    of the other numbers become, about?

    step-not-squared = {ratio}: That is how much the step grows, and with it the error. The mean
      *squared* error was asked for.
    upside-down = {1 / ratio**2}: The outlier makes the scale smaller, but the step, 1 / scale,
      larger.
    no-change = {1}: The other numbers did not change, but their step did: they share the scale.
    doubled-not-squared = {2 * ratio}: Squared is not doubled: an error k times as large has a
      square k * k times as large.

    hint: How much wider does one step become?
    hint: A rounding error lies between minus and plus half a step, so it grows as the step does.
      And its square?
    hint: The step is alpha / 127, and alpha grows by {large:g} / {usual:g} = {ratio}.
    worked: The step is alpha / 127, so it grows by {large:g} / {usual:g} = {ratio}. Every error
      grows with it, and its square by {ratio} * {ratio} = **{ratio**2}**.""")


@question("row-wise-integers")
def row_wise_integers(rng: Random) -> Matrix:
    small = [round(rng.uniform(-1, 1), 2) for _ in range(3)]
    large = [round(rng.uniform(-1, 1) * rng.choice([6, 8, 10]), 2) for _ in range(3)]
    # each row's largest |x| is negative in one of the two, so that the sign matters
    at = rng.randrange(3)
    small[at] = -round(max(map(abs, small)) + 0.11, 2)
    rows = [small, large]
    rng.shuffle(rows)

    def integers(alphas: Iterable[list[float]]) -> list[list[int]]:
        """The rows by the largest |x| that stands for each of their numbers."""
        return [
            [round(127 / alpha * x) for alpha, x in zip(*each, strict=True)]
            for each in zip(alphas, rows, strict=True)
        ]

    by_row = [max(map(abs, row)) for row in rows]
    keep_if(min(map(max, rows)) > 0.05 and min(by_row) >= 0.3)
    answer = integers([alpha] * 3 for alpha in by_row)
    scaled = [127 / alpha * x for alpha, row in zip(by_row, rows, strict=True) for x in row]
    keep_if(all(abs(each % 1 - 0.5) > 0.03 for each in scaled))
    keep_if(all(abs(cell) > 1 for row in answer for cell in row))
    done = [
        f"row {i}: s = 127 / {alpha:.2f} = {show(127 / alpha)}, so "
        + ", ".join(f"**{q}**" for q in row)
        for i, (alpha, row) in enumerate(zip(by_row, answer, strict=True), 1)
    ]
    return matrix(answer, tolerance=0).asks(f"""
    Activations of two tokens (rows) in three channels:

    {table(rows, "6.2f")}

    Quantize them to INT8 by absmax, row-wise. Which integers?

    one-for-all = {integers([[max(by_row)] * 3] * 2)}: One scale served both rows there. Row-wise,
      each token has its own.
    by-column = {integers([[max(map(abs, each)) for each in zip(*rows, strict=True)]] * 2)}: You
      gave each column its own scale. Row-wise goes along a row: one token, all channels.
    signed-max = {integers([max(row)] * 3 for row in rows)}: alpha is the largest *absolute* value
      of the row. In one of them that is negative.

    hint: How many scales does a matrix of two rows have, row-wise?
    hint: For each row: s = 127 / largest |x| of the row, then round(s * x).
    hint: The first row has s = 127 / {by_row[0]:.2f} = {show(127 / by_row[0])}.
    worked: {bullets(done)}""")


@question("how-many-scales")
def how_many_scales(rng: Random) -> Numeric:
    tokens = rng.choice([16, 32, 100, 128, 500, 512])
    channels, outputs = rng.choice(HIDDEN), rng.choice(HIDDEN)
    keep_if(channels != outputs)
    return numeric(tokens + outputs, unit="scale", tolerance=0).asks(f"""
    A linear layer multiplies activations of {tokens} tokens by {channels:,} channels with weights
    of {outputs:,} outputs by {channels:,} channels. Both are INT8, vector-wise. How many scales are
    there in all?

    one-a-tensor = {2}: That is per tensor: one for the activations and one for the weights.
    row-wise = {tokens + 1}: That is row-wise: a scale for each token, but one for all of the
      weights.
    by-channel = {2 * channels}: You counted one for each input channel. The sum runs over those, so
      a scale for each could not be taken out of it.
    one-a-result = {tokens * outputs}: That is how many results there are. Each is divided by a
      product of two scales, but a token's scale serves all its results.

    hint: A vector is one token's activations, or one output's weights.
    hint: One for each row of the activations, and one for each row of the weights.
    hint: The activations have {tokens} rows.
    worked: {tokens} tokens have one each, and {outputs:,} outputs have one each: {tokens} +
      {outputs:,} = **{tokens + outputs:,}**. Beside {tokens * channels:,} activations and
      {outputs * channels:,} weights that is next to nothing.""")


@question("which-channels")
def which_channels(rng: Random) -> Choice:
    """One channel with a positive outlier, one with a negative one, and three that only look so."""
    below = round(rng.uniform(5.6, 5.95), 2)
    part = round(rng.uniform(2.5, 4.5), 2)
    columns = [
        ([round(rng.uniform(6.2, 40), 2), *_ordinary(rng, 2)], ""),
        ([-round(rng.uniform(6.2, 40), 2), *_ordinary(rng, 2)], ""),
        ([rng.choice([-1, 1]) * below, *_ordinary(rng, 2)], "rounded-up"),
        ([part, round(part - 0.4, 2), round(part + 0.3, 2)], "sum-for-largest"),
        (_ordinary(rng, 3), "ordinary-channel"),
    ]
    rng.shuffle(columns)
    for column, _ in columns:
        rng.shuffle(column)
    says = {
        "": "Its largest |x| is {:g}, which is at least 6.0.",
        "rounded-up": "Close, but {:g} is below 6.0: it stays in INT8.",
        "sum-for-largest": "Together its numbers are large, but no single one reaches 6.0.",
        "ordinary-channel": "Its largest |x| is {:g}. It stays in INT8.",
    }
    largest = [max(map(abs, column)) for column, _ in columns]
    options = [
        Option(f"channel {at + 1}", says[slip].format(largest[at]), right=not slip, slip=slip)
        for at, (_, slip) in enumerate(columns)
    ]
    right = [
        f"{each.text} (largest |x| {largest[at]:g})"
        for at, each in enumerate(options)
        if each.right
    ]
    return choice(options, several=True).asks(f"""
    Activations of three tokens (rows) in five channels (columns, 1 to 5):

    {table(zip(*(column for column, _ in columns), strict=True))}

    Which channels does LLM.int8 multiply in floating point, with its threshold of 6.0?

    hint: Look at columns, not rows.
    hint: One number of size 6.0 or more is enough, whatever its sign.
    hint: Write down the largest |x| of each column.
    worked: A channel goes to floating point if any |x| in it is at least 6.0:
      {" and ".join(right)}. The other three stay in INT8.""")


@question("kept-share")
def kept_share(rng: Random) -> Numeric:
    channels, kept = rng.choice(HIDDEN), rng.choice([3, 4, 5, 6, 7])
    tokens = rng.choice([64, 256, 500, 2000])
    answer = 100 * kept / channels
    return numeric(answer, unit="percent", tolerance=0.01).asks(f"""
    A layer reads {channels:,} channels of {tokens:,} tokens. {kept} channels hold outliers and are
    multiplied in 16 bits, the others in 8. What share of the products is computed in 16 bits, in
    percent?

    of-tokens = {100 * kept / tokens}: You divided by the number of tokens. The {kept} are channels,
      of {channels:,}.
    the-other-part = {100 - answer}: That is the share in 8 bits.
    weighed-by-bits = {100 * 2 * kept / (channels + kept)}: You counted a 16-bit product twice, as
      if bytes were asked for. Count products.

    hint: Every channel takes part in equally many products.
    hint: So the share of products is the share of channels.
    hint: {kept} of {channels:,} channels.
    worked: {kept} / {channels:,} = **{show(answer)}%**. That is why LLM.int8 can afford it.""")


def _ordinary(rng: Random, count: int) -> list[float]:
    return [round(rng.uniform(-1.9, 1.9), 2) for _ in range(count)]
