"""Questions on four bits: NF4 by hand, its worst error, and what constants weigh."""

from bisect import bisect
from collections.abc import Iterable
from itertools import pairwise
from random import Random

from engine.numerics.codes import FP4, NF4, nearest
from lessons.kit.compare import keep_if, redrawn
from lessons.kit.display import block, bullets, show
from lessons.kit.question import Bits, Choice, Numeric, question
from lessons.kit.words import bits, choice, numeric

TABLE = block(
    "   ".join(f"{code:2d} {NF4[code]:+.4f}" for code in range(row, 16, 4)) for row in range(4)
)
"""NF4 as it is shown: four columns of a code and its number."""
SHOWN = tuple(float(f"{each:.4f}") for each in NF4)
"""The numbers as they are shown, and so calculated with."""


def clear(value: float) -> bool:
    """Whether it is plain which number is nearest, at the four digits that are shown."""
    first, second, *_ = sorted(abs(each - value) for each in SHOWN)
    return second - first > 0.01


def joined(codes: Iterable[int]) -> str:
    """Codes as they stand in a byte."""
    return "".join(f"{code:04b}" for code in codes)


@question("nf4-byte")
def nf4_byte(rng: Random) -> Bits:
    absmax = round(rng.uniform(0.2, 0.9), 2)
    pair = [round(rng.uniform(-absmax, absmax), 3) for _ in range(2)]
    scaled = [each / absmax for each in pair]
    codes = [nearest(each, SHOWN) for each in scaled]
    keep_if(all(map(clear, [*scaled, *pair])))
    steps = [
        f"{w:g} / {absmax:g} = {show(x)}, nearest is {SHOWN[code]:+.4f}, code {code}: {code:04b}"
        for w, x, code in zip(pair, scaled, codes, strict=True)
    ]
    return bits(joined(codes), [("first weight", 4), ("second weight", 4)]).asks(f"""
    A block's largest |w| is {absmax:g}. Its first two weights are {pair[0]:g} and {pair[1]:g}.
    Which byte does NF4 make of these two?

    {TABLE}

    halves-swapped = {joined(reversed(codes))}: The two codes are right, but the first weight's goes
      into the upper four bits.
    not-divided = {joined(nearest(each, SHOWN) for each in pair)}: You looked the weights up as they
      are. Divide them by the block's largest |w| first.
    number-below = {joined(bisect(SHOWN, each) - 1 for each in scaled)}: You took the number below.
      It is the *nearest* one that counts.
    evenly-spaced = {joined(round((each + 1) * 7.5) for each in scaled)}: You counted as if the 16
      numbers were evenly spaced. Look them up in the table.

    hint: First divide by the largest |w| of the block.
    hint: Then find the nearest number of the table, and write its code in four bits.
    hint: {pair[0]:g} / {absmax:g} = {show(scaled[0])}, which is nearest to {SHOWN[codes[0]]:+.4f}.
    worked: {bullets(steps)}

    Together **{codes[0]:04b} {codes[1]:04b}**.""")


@question("nf4-value")
def nf4_value(rng: Random) -> Numeric:
    return value_of(rng.choice([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14]), rng)


@redrawn
def value_of(code: int, rng: Random) -> Numeric:
    """The question of one code, in a block that is drawn."""
    absmax, stored = round(rng.uniform(0.05, 2.5), 2), SHOWN[code]
    answer = stored * absmax
    return numeric(answer, apart=0.02).asks(f"""
    A weight was stored in NF4 as {code:04b}. The constant (absmax) of its block is {absmax:g}.
    Which weight comes back?

    {TABLE}

    constant-forgotten = {stored}: That is the table's number. It still has to be multiplied by the
      block's constant.
    counted-from-one = {SHOWN[code - 1] * absmax}: That is the number of the code before. Codes are
      counted from 0: 0000 stands for -1.
    evenly-spaced = {(code / 7.5 - 1) * absmax}: You spread 16 numbers evenly from -1 to 1. NF4's
      are not evenly spaced.
    divided-by-constant = {stored / absmax}: Quantizing divides by the constant. To come back,
      multiply.

    hint: Which code is {code:04b}, in decimal?
    hint: The code is a place in the table. What stands there was divided by the constant.
    hint: Code {code} stands for {stored:+.4f}.
    worked: {code:04b} is code {code}, which stands for {stored:+.4f}. Times {absmax:g} that is
      **{show(answer)}**.""")


@question("constants-a-weight")
def constants_a_weight(rng: Random) -> Numeric:
    size = rng.choice([32, 64, 128, 256])
    width, outer, group = rng.choice([(8, 32, 256), (8, 16, 64), (8, 32, 64), (6, 16, 16)])
    if rng.random() >= 0.6:
        return quantized_once(size, rng.choice([16, 32]))
    first, second = width / size, outer / (size * group)
    return numeric(first + second, unit="bit").asks(f"""
    Double quantization: blocks of {size} weights have a constant of {width} bits each, and every
    {group} of those constants share one more, of {outer} bits. How many bits of *constants* is that
    for each weight?

    second-level-forgotten = {first}: That is the first level. The constants of {outer} bits take a
      little, too.
    second-level-a-block = {(width + outer) / size}: You gave each block one of the {outer} bits.
      {group} blocks share it.
    codes-included = {4 + first + second}: That includes the weight's own 4 bits. Only the constants
      were asked for.
    not-quantized-twice = {32 / size}: Those are constants of 32 bits. Here they were quantized to
      {width}.

    hint: There are two levels. How many weights share a constant of each?
    hint: A first-level constant is shared by {size} weights, a second-level one by {size} *
      {group}.
    hint: The first level takes {width} / {size} = {show(first)} bits a weight.
    worked: {width} / {size} + {outer} / ({size} * {group}) = {show(first)} + {show(second)} =
      **{show(first + second)} bits** a weight. Constants of 32 bits would take
      {show(32 / size)}.""")


def quantized_once(size: int, width: int) -> Numeric:
    """The same question of constants that are left as they are."""
    share = width / size
    return numeric(4 + share, unit="bit", tolerance=0.001).asks(f"""
    Weights are quantized to 4 bits in blocks of {size}, with one constant of {width} bits a block.
    How many bits does a weight take in all, its share of the constant included?

    constants-forgotten = {4}: Those are the codes alone. Each block also has a constant, and its
      weights share it.
    bytes-for-bits = {4 + share / 8}: You counted the constant's bytes. Everything else here is in
      bits.
    constant-not-shared = {4 + width}: You gave every weight a constant of its own. {size} weights
      share one.

    hint: How many weights share the constant?
    hint: Bits a weight = bits of the code + bits of a constant / weights in a block.
    hint: The share is {width} / {size} bits.
    worked: 4 + {width} / {size} = 4 + {show(share)} = **{show(4 + share, 6)} bits**.""")


@question("worst-error")
def worst_error(rng: Random) -> Numeric:
    """A constant near 1 is not kept: it would forgive that it was forgotten."""
    absmax, kind = round(rng.uniform(0.3, 4), 2), rng.choice(["NF4", "FP4"])
    if kind == "NF4":
        numbers, told, lines = SHOWN, "NF4 has these numbers:", TABLE
        above_zero = (1 - SHOWN[14]) / 2 * absmax
    else:
        numbers, lines, above_zero = sorted({float(f"{each:.4f}") for each in FP4}), "", None
        told = "bitsandbytes' FP4 has zero and, with either sign, "
        told += ", ".join(f"{each:.4f}" for each in numbers if each > 0)
    low, high = max(pairwise(numbers), key=lambda ends: ends[1] - ends[0])
    gap = high - low
    answer = gap / 2 * absmax
    return numeric(answer, apart=0.02).asks(f"""
    The largest |w| of a block is {absmax:g}. How far off can a weight of this block be at most,
    once it is stored in {kind}? {told}

    {lines}

    whole-gap = {gap * absmax}: That is the whole gap. A weight goes to the nearer end, so it is off
      by half of it at most.
    constant-forgotten = {gap / 2}: That is in units of the block's constant. Multiply by it.
    evenly-spaced = {absmax / 15}: That is half a step of 16 evenly spaced numbers. These are not
      evenly spaced: look for the widest gap.
    upper-end-only = {above_zero}: That is the widest gap above zero. There is a wider one below.

    hint: Where are two neighbours farthest apart?
    hint: A weight in the middle of the widest gap has the greatest error: half of that gap.
    hint: The widest gap is from {low:+.4f} to {high:+.4f}.
    worked: The widest gap is from {low:+.4f} to {high:+.4f}: {show(gap)} wide. Half of it is
      {show(gap / 2)}, times {absmax:g} is **{show(answer)}**.""")


@question("qlora-memory")
def qlora_memory(rng: Random) -> Numeric:
    billions, millions = rng.choice([1.5, 3, 7, 8, 13, 33, 65, 70]), rng.choice([20, 40, 80, 160])
    bits = 4.127
    base, adapter = billions * bits / 8, millions * 16 / 1000
    answer = base + adapter
    return numeric(answer, unit="GB", apart=0.012).asks(f"""
    A model of {billions:g} billion weights is fine-tuned by QLoRA. All its weights are in NF4 with
    double quantization, at {bits} bits. The adapter has {millions} million weights, trained in FP32
    with AdamW (4 bytes weight, 4 gradient, 8 moments). How many GB is that, without activations?

    all-weights-trained = {billions * 16}: That is full fine-tuning: 16 bytes for every weight. Here
      the base is frozen.
    adapter-weights-only = {base + millions * 4 / 1000}: You counted the adapter's weights, but not
      their gradients and moments: 16 bytes each.
    bits-for-bytes = {billions * bits + adapter}: {bits} are bits. 8 bits are a byte.
    base-in-16-bits = {billions * 2 + adapter}: That is LoRA, with the base in 16 bits. QLoRA holds
      it in {bits}.

    hint: Two parts: what is frozen, and what is trained.
    hint: Frozen: {bits} bits a weight and nothing else. Trained: 4 + 4 + 8 bytes a weight.
    hint: The base takes {billions:g} * 10^9 * {bits} / 8 bytes = {show(base)} GB.
    worked: Base: {billions:g} * {bits} / 8 = {show(base)} GB. Adapter: {millions} * 10^6 * 16 bytes
      = {show(adapter)} GB. Together **{show(answer)} GB**.""")


@question("which-four-bits")
def which_four_bits(rng: Random) -> Choice:
    """Held against the engine in the tests: the right one has the least mean squared error."""
    if rng.random() < 0.5:
        spread = "like a bell around zero (normally distributed)"
        nf4 = "right: NF4 -> Yes: its numbers lie close where the weights are."
        int4 = """even-spacing: INT4 -> Evenly spaced numbers spend many codes on the ends, where
      few weights are."""
        best = "**NF4**, the quantiles of a bell"
    else:
        spread = "evenly from the least to the greatest, with none more frequent than others"
        nf4 = """nf4-for-all: NF4 -> NF4 has its numbers close around zero. These weights are just
      as often elsewhere."""
        int4 = "right: INT4 -> Yes: what is evenly spread is best served by even spacing."
        best = "**INT4**, with its even spacing"
    size = rng.choice([32, 64, 128])
    return choice().asks(f"""
    Weights are spread {spread}. They are quantized in blocks of {size}. Which 4-bit format has the
    least mean squared error?

    {nf4}
    {int4}
    float-is-finer: FP4
      -> Two of its 16 codes are zero, two more in bitsandbytes' FP4 are nearly so, and from 0.67 to
      1 there is nothing.
    places-do-not-count: All the same: each has 16 codes.
      -> They have as many codes, but at different places, and that is all that counts.

    hint: Where are most of the weights? Where are most of the format's numbers?
    hint: An error is small where numbers lie close together.
    hint: INT4's numbers are evenly spaced, NF4's are close around zero.
    worked: The numbers should lie where the weights lie. For these that is {best}.""")
