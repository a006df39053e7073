"""Questions on four bits: NF4 by hand, its worst error, and what constants weigh."""

from itertools import pairwise
from random import Random

from engine.numerics.codes import FP4, NF4, nearest
from lessons.kit.display import show
from lessons.kit.question import Bits, Choice, Numeric, Option, Slip, question

TABLE = "\n".join(
    "    " + "   ".join(f"{code:2d} {NF4[code]:+.4f}" for code in range(row, 16, 4))
    for row in range(4)
)
"""NF4 as it is shown: four columns of a code and its number."""
SHOWN = tuple(float(f"{each:.4f}") for each in NF4)
"""The numbers as they are shown, and so calculated with."""


def clear(value: float) -> bool:
    """Whether it is plain which number is nearest, at the four digits that are shown."""
    near = sorted(abs(each - value) for each in SHOWN)
    return near[1] - near[0] > 0.01


@question("nf4-byte")
def nf4_byte(rng: Random) -> Bits:
    while True:
        absmax = round(rng.uniform(0.2, 0.9), 2)
        pair = [round(rng.uniform(-absmax, absmax), 3) for _ in range(2)]
        scaled = [each / absmax for each in pair]
        codes = [nearest(each, SHOWN) for each in scaled]
        below = [max(c for c in range(16) if SHOWN[c] <= each) for each in scaled]
        even = [round((each + 1) * 7.5) for each in scaled]
        values = [
            byte(*codes),
            byte(codes[1], codes[0]),
            byte(*(nearest(each, SHOWN) for each in pair)),
            byte(*below),
            byte(*even),
        ]
        if len(set(values)) == 5 and all(map(clear, [*scaled, *pair])):
            break
    answer, swapped, unscaled, floored, evenly = values
    return Bits(
        ask=f"A block's largest |w| is {absmax:g}. Its first two weights are {pair[0]:g} and "
        f"{pair[1]:g}. Which byte does NF4 make of these two?\n\n{TABLE}",
        answer=answer,
        fields=[("first weight", 4), ("second weight", 4)],
        slips=[
            Slip(
                "halves-swapped",
                swapped,
                "The two codes are right, but the first weight's goes into the upper four bits.",
            ),
            Slip(
                "not-divided",
                unscaled,
                "You looked the weights up as they are. Divide them by the block's largest |w| "
                "first.",
            ),
            Slip(
                "number-below",
                floored,
                "You took the number below. It is the *nearest* one that counts.",
            ),
            Slip(
                "evenly-spaced",
                evenly,
                "You counted as if the 16 numbers were evenly spaced. Look them up in the table.",
            ),
        ],
        hints=[
            "First divide by the largest |w| of the block.",
            "Then find the nearest number of the table, and write its code in four bits.",
            f"{pair[0]:g} / {absmax:g} = {show(scaled[0])}, which is nearest to "
            f"{SHOWN[codes[0]]:+.4f}.",
        ],
        worked=f"- {pair[0]:g} / {absmax:g} = {show(scaled[0])}, nearest is "
        f"{SHOWN[codes[0]]:+.4f}, code {codes[0]}: {codes[0]:04b}\n"
        f"- {pair[1]:g} / {absmax:g} = {show(scaled[1])}, nearest is {SHOWN[codes[1]]:+.4f}, code "
        f"{codes[1]}: {codes[1]:04b}\n\nTogether **{codes[0]:04b} {codes[1]:04b}**.",
    )


def byte(high: int, low: int) -> str:
    return f"{high:04b}{low:04b}"


@question("nf4-value")
def nf4_value(rng: Random) -> Numeric:
    code = rng.choice([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14])
    while True:
        absmax = round(rng.uniform(0.05, 2.5), 2)
        answer = SHOWN[code] * absmax
        values = [SHOWN[code], SHOWN[code - 1] * absmax, (code / 7.5 - 1) * absmax]
        values += [SHOWN[code] / absmax]
        taken = [answer, *values]
        if all(
            abs(a - b) > 0.02 * max(abs(a), abs(b))
            for at, a in enumerate(taken)
            for b in taken[:at]
        ):
            break
    names = ("constant-forgotten", "counted-from-one", "evenly-spaced", "divided-by-constant")
    says = (
        "That is the table's number. It still has to be multiplied by the block's constant.",
        "That is the number of the code before. Codes are counted from 0: 0000 stands for -1.",
        "You spread 16 numbers evenly from -1 to 1. NF4's are not evenly spaced.",
        "Quantizing divides by the constant. To come back, multiply.",
    )
    return Numeric(
        ask=f"A weight was stored in NF4 as {code:04b}. The constant (absmax) of its block is "
        f"{absmax:g}. Which weight comes back?\n\n{TABLE}",
        answer=answer,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            f"Which code is {code:04b}, in decimal?",
            "The code is a place in the table. What stands there was divided by the constant.",
            f"Code {code} stands for {SHOWN[code]:+.4f}.",
        ],
        worked=f"{code:04b} is code {code}, which stands for {SHOWN[code]:+.4f}. Times {absmax:g} "
        f"that is **{show(answer)}**.",
    )


@question("constants-a-weight")
def constants_a_weight(rng: Random) -> Numeric:
    block = rng.choice([32, 64, 128, 256])
    bits, outer, group = rng.choice([(8, 32, 256), (8, 16, 64), (8, 32, 64), (6, 16, 16)])
    nested = rng.random() < 0.6
    if not nested:
        bits = rng.choice([16, 32])
        answer = bits / block
        return Numeric(
            ask=f"Weights are quantized to 4 bits in blocks of {block}, with one constant of "
            f"{bits} bits a block. How many bits does a weight take in all, its share of the "
            "constant included?",
            answer=4 + answer,
            unit="bit",
            tolerance=0.001,
            slips=[
                Slip("constants-forgotten", 4, "Those are the codes alone. Each block also has a "
                     "constant, and its weights share it."),
                Slip("bytes-for-bits", 4 + answer / 8, "You counted the constant's bytes. "
                     "Everything else here is in bits."),
                Slip("constant-not-shared", 4 + bits, "You gave every weight a constant of its "
                     f"own. {block} weights share one."),
            ],
            hints=[
                "How many weights share the constant?",
                "Bits a weight = bits of the code + bits of a constant / weights in a block.",
                f"The share is {bits} / {block} bits.",
            ],
            worked=f"4 + {bits} / {block} = 4 + {show(answer)} = **{show(4 + answer, 6)} bits**.",
        )  # fmt: skip
    answer = bits / block + outer / (block * group)
    return Numeric(
        ask=f"Double quantization: blocks of {block} weights have a constant of {bits} bits each, "
        f"and every {group} of those constants share one more, of {outer} bits. How many bits of "
        "*constants* is that for each weight?",
        answer=answer,
        unit="bit",
        slips=[
            Slip(
                "second-level-forgotten",
                bits / block,
                f"That is the first level. The constants of {outer} bits take a little, too.",
            ),
            Slip(
                "second-level-a-block",
                (bits + outer) / block,
                f"You gave each block one of the {outer} bits. {group} blocks share it.",
            ),
            Slip(
                "codes-included",
                4 + answer,
                "That includes the weight's own 4 bits. Only the constants were asked for.",
            ),
            Slip(
                "not-quantized-twice",
                32 / block,
                f"Those are constants of 32 bits. Here they were quantized to {bits}.",
            ),
        ],
        hints=[
            "There are two levels. How many weights share a constant of each?",
            f"A first-level constant is shared by {block} weights, a second-level one by "
            f"{block} * {group}.",
            f"The first level takes {bits} / {block} = {show(bits / block)} bits a weight.",
        ],
        worked=f"{bits} / {block} + {outer} / ({block} * {group}) = {show(bits / block)} + "
        f"{show(outer / (block * group))} = **{show(answer)} bits** a weight. Constants of 32 bits "
        f"would take {show(32 / block)}.",
    )


@question("worst-error")
def worst_error(rng: Random) -> Numeric:
    absmax = round(rng.uniform(0.3, 4), 2)
    kind = rng.choice(["NF4", "FP4"])
    if kind == "NF4":
        numbers = list(SHOWN)
        told = f"NF4 has these numbers:\n\n{TABLE}"
    else:
        numbers = sorted({float(f"{each:.4f}") for each in FP4})
        told = "bitsandbytes' FP4 has zero and, with either sign, " + ", ".join(
            f"{each:.4f}" for each in numbers if each > 0
        )
    gaps = {(a, b): b - a for a, b in pairwise(numbers)}
    (low, high), gap = max(gaps.items(), key=lambda item: item[1])
    answer = gap / 2 * absmax
    slips = [
        Slip(
            "whole-gap",
            gap * absmax,
            "That is the whole gap. A weight goes to the nearer end, so it is off by half of it "
            "at most.",
        ),
        Slip(
            "constant-forgotten",
            gap / 2,
            "That is in units of the block's constant. Multiply by it.",
        ),
        Slip(
            "evenly-spaced",
            absmax / 15,
            "That is half a step of 16 evenly spaced numbers. These are not evenly spaced: look "
            "for the widest gap.",
        ),
    ]
    if kind == "NF4":
        slips.append(
            Slip(
                "upper-end-only",
                (1 - SHOWN[14]) / 2 * absmax,
                "That is the widest gap above zero. There is a wider one below.",
            )
        )
    taken = [answer, *(slip.value for slip in slips)]
    if any(abs(a - b) < 0.02 * max(a, b) for at, a in enumerate(taken) for b in taken[:at]):
        return worst_error(rng)  # a constant near 1 would forgive that it was forgotten
    return Numeric(
        ask=f"The largest |w| of a block is {absmax:g}. How far off can a weight of this block be "
        f"at most, once it is stored in {kind}? {told}",
        answer=answer,
        slips=slips,
        hints=[
            "Where are two neighbours farthest apart?",
            "A weight in the middle of the widest gap has the greatest error: half of that gap.",
            f"The widest gap is from {low:+.4f} to {high:+.4f}.",
        ],
        worked=f"The widest gap is from {low:+.4f} to {high:+.4f}: {show(gap)} wide. Half of it "
        f"is {show(gap / 2)}, times {absmax:g} is **{show(answer)}**.",
    )


@question("qlora-memory")
def qlora_memory(rng: Random) -> Numeric:
    billions, millions = rng.choice([1.5, 3, 7, 8, 13, 33, 65, 70]), rng.choice([20, 40, 80, 160])
    bits = 4.127
    base, adapter = billions * bits / 8, millions * 16 / 1000
    answer = base + adapter
    values = [
        billions * 16,
        base + millions * 4 / 1000,
        billions * bits + adapter,
        billions * 2 + adapter,
    ]
    taken = [answer, *values]
    if any(abs(a - b) < 0.012 * max(a, b) for i, a in enumerate(taken) for b in taken[:i]):
        return qlora_memory(rng)
    names = ("all-weights-trained", "adapter-weights-only", "bits-for-bytes", "base-in-16-bits")
    says = (
        "That is full fine-tuning: 16 bytes for every weight. Here the base is frozen.",
        "You counted the adapter's weights, but not their gradients and moments: 16 bytes each.",
        "4.127 are bits. 8 bits are a byte.",
        "That is LoRA, with the base in 16 bits. QLoRA holds it in 4.127.",
    )
    return Numeric(
        ask=f"A model of {billions:g} billion weights is fine-tuned by QLoRA. All its weights are "
        f"in NF4 with double quantization, at {bits} bits. The adapter has {millions} million "
        "weights, trained in FP32 with AdamW (4 bytes weight, 4 gradient, 8 moments). How many GB "
        "is that, without activations?",
        answer=answer,
        unit="GB",
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Two parts: what is frozen, and what is trained.",
            f"Frozen: {bits} bits a weight and nothing else. Trained: 4 + 4 + 8 bytes a weight.",
            f"The base takes {billions:g} * 10^9 * {bits} / 8 bytes = {show(base)} GB.",
        ],
        worked=f"Base: {billions:g} * {bits} / 8 = {show(base)} GB. Adapter: {millions} * 10^6 * "
        f"16 bytes = {show(adapter)} GB. Together **{show(answer)} GB**.",
    )


@question("which-four-bits")
def which_four_bits(rng: Random) -> Choice:
    """Held against the engine in the tests: the right one has the least mean squared error."""
    normal = rng.random() < 0.5
    block = rng.choice([32, 64, 128])
    shape = (
        "like a bell around zero (normally distributed)"
        if normal
        else "evenly from the least to the greatest, with none more frequent than others"
    )
    best = "nf4" if normal else "int4"
    says = {
        ("nf4", True): "Yes: its numbers lie close where the weights are.",
        ("int4", True): "Evenly spaced numbers spend many codes on the ends, where few weights "
        "are.",
        ("nf4", False): "NF4 has its numbers close around zero. These weights are just as often "
        "elsewhere.",
        ("int4", False): "Yes: what is evenly spread is best served by even spacing.",
    }
    return Choice(
        ask=f"Weights are spread {shape}. They are quantized in blocks of {block}. Which 4-bit "
        "format has the least mean squared error?",
        options=[
            Option("NF4", says["nf4", normal], best == "nf4", "" if normal else "nf4-for-all"),
            Option("INT4", says["int4", normal], best == "int4", "even-spacing" if normal else ""),
            Option(
                "FP4",
                "Two of its 16 codes are zero, two more in bitsandbytes' FP4 are nearly so, and "
                "from 0.67 to 1 there is nothing.",
                slip="float-is-finer",
            ),
            Option(
                "All the same: each has 16 codes.",
                "They have as many codes, but at different places, and that is all that counts.",
                slip="places-do-not-count",
            ),
        ],
        hints=[
            "Where are most of the weights? Where are most of the format's numbers?",
            "An error is small where numbers lie close together.",
            "INT4's numbers are evenly spaced, NF4's are close around zero.",
        ],
        worked=f"The numbers should lie where the weights lie. For these that is **{best.upper()}**"
        f", {'the quantiles of a bell' if normal else 'with its even spacing'}.",
    )
