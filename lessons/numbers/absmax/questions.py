"""Questions on absmax: the scale, the integers, the byte, what comes back, and what is lost."""

from itertools import combinations
from math import floor
from random import Random

from engine.numerics.integers import INT8
from lessons.kit.display import rounded, show
from lessons.kit.question import Bits, Matrix, Numeric, Slip, question


@question("absmax-scale")
def absmax_scale(rng: Random) -> Numeric:
    while True:
        weights = drawn(rng, 6)
        alpha = max(map(abs, weights))
        signed = 127 / max(weights)
        whole = 255 / (max(weights) - min(weights))
        values = [127 / alpha, 128 / alpha, 255 / alpha, alpha / 127, whole]
        negative = -alpha in weights
        if max(weights) > 0.5 > -0.5 > min(weights) and apart(values + [signed] * negative, 0.005):
            break
    others = [
        Slip(
            "signed-max",
            signed,
            "alpha is the largest *absolute* value, and here that is a negative weight.",
        )
    ]
    return Numeric(
        ask=f"A row of weights is {show(weights)}. It is quantized to INT8 by absmax. What is the "
        "scale s?",
        answer=127 / alpha,
        tolerance=0.002,
        slips=[
            *(others if negative else []),
            Slip(
                "zero-point-scale",
                whole,
                "255 over the whole range, from the least weight to the greatest, is the "
                "zero-point method's scale. Absmax is centred: one side of the integers over "
                "the largest |x|.",
            ),
            Slip(
                "inverted",
                alpha / 127,
                "That is how much of x one integer is worth. The scale here multiplies: integers "
                "per unit of x.",
            ),
            Slip(
                "top-is-128",
                128 / alpha,
                "INT8 ends at 127. If alpha went to 128, the largest weight would not fit.",
            ),
            Slip(
                "both-sides",
                255 / alpha,
                "From -alpha to alpha is twice alpha wide; you have put all 255 integers on one "
                "side of 0.",
            ),
        ],
        hints=[
            "How many integers lie between 0 and the top of INT8?",
            "Which weight is farthest from 0, whatever its sign? It goes to the top.",
            f"alpha = {show(alpha)}. Now divide the greatest integer by it.",
        ],
        worked=f"The largest |x| is alpha = {show(alpha)}, so s = 127 / {show(alpha)} = "
        f"**{show(127 / alpha)}**.",
    )


@question("absmax-integers")
def absmax_integers(rng: Random) -> Matrix:
    while True:
        weights = drawn(rng, 6)
        alpha = max(map(abs, weights))
        s = rounded(127 / alpha)
        answer = [round(s * x) for x in weights]
        tops = [max(map(abs, row)) for row in pairs(weights, 3)]
        by_row = [round(127 / tops[i // 3] * x) for i, x in enumerate(weights)]
        wrong = [
            [int(s * x) for x in weights],
            [floor(s * x) for x in weights],
            by_row,
            [round(x / s) for x in weights],
        ]
        alike = any(a == b for a, b in combinations([answer, *wrong], 2))
        exact = [round(127 / alpha * x) for x in weights] == answer
        ties = any(abs(abs(s * x) % 1 - 0.5) < 0.08 for x in weights)
        if exact and not alike and not ties and answer.count(0) == 0:
            break
    names = ("cut-off", "rounded-down", "scale-of-each-row", "divided")
    says = (
        "You cut the decimals off. 53.7 is nearer to 54 than to 53: round to the nearest.",
        "You rounded down. Round to the nearest integer, for negative numbers too.",
        "Each row was given a scale of its own. That can be done, and pays, but here one scale "
        "is asked for.",
        "You divided by s. The scale multiplies on the way to integers, and divides on the way "
        "back.",
    )
    shown = "\n".join(f"    {'  '.join(f'{x:7.2f}' for x in row)}" for row in pairs(weights, 3))
    worked = "\n".join(
        f"    {show(s)} * {x:6.2f} = {s * x:8.2f}  ->  {q:4d}"
        for x, q in zip(weights, answer, strict=True)
    )
    return Matrix(
        ask=f"Quantize this matrix to INT8 by absmax, with one scale for all of it, "
        f"s = {show(s)}:\n\n{shown}",
        answer=pairs(answer, 3),
        tolerance=0,
        slips=[
            Slip(name, pairs(value, 3), text)
            for name, value, text in zip(names, wrong, says, strict=True)
        ],
        hints=[
            "Each number on its own: x to q.",
            "q = round(s * x), to the nearest integer.",
            f"The first: {show(s)} * {weights[0]:.2f} = {s * weights[0]:.2f}.",
        ],
        worked=f"q = round(s * x):\n\n{worked}\n\nSo it is {rows_text(pairs(answer, 3))}.",
    )


@question("absmax-byte")
def absmax_byte(rng: Random) -> Bits:
    while True:
        alpha = rng.randint(150, 1900) / 100
        s = rounded(127 / alpha)
        x = -rng.randint(int(15 * alpha), int(90 * alpha)) / 100
        q, cut = round(s * x), int(s * x)
        values = [
            INT8.encode(q),
            INT8.encode(cut),
            128 - q,
            255 + q,
            -q,
            128 + q,
        ]
        if abs(abs(s * x) % 1 - 0.75) < 0.15 and len(set(values)) == len(values):
            break
    answer, truncated, sign_size, no_one, positive, offset = (f"{value:08b}" for value in values)
    return Bits(
        ask=f"A weight of {show(x)} is quantized to INT8 with s = {show(s)}. Which byte is stored?",
        answer=answer,
        fields=[("top bit", 1), ("rest", 7)],
        slips=[
            Slip("cut-off", truncated, f"That is {cut}. {s * x:.2f} is nearer to another integer."),
            Slip(
                "sign-and-size",
                sign_size,
                "That is a minus bit and then the size. INT8 is two's complement: the top place "
                "is worth -128.",
            ),
            Slip("no-one-added", no_one, "Every bit is flipped; now add 1."),
            Slip("lost-the-minus", positive, f"That is +{-q}. The weight is negative."),
            Slip(
                "offset",
                offset,
                "You added 128, as if the lowest integer were all zeros. In two's complement, 0 "
                "is all zeros.",
            ),
        ],
        hints=[
            "First the integer, then its bits.",
            "Round s * x; then take the size in binary, flip every bit and add 1.",
            f"s * x = {s * x:.2f}, so the integer is {q}; {-q} is {-q:08b}.",
        ],
        worked=f"s * x = {s * x:.2f}, which rounds to {q}. {-q} is `{-q:08b}`, flipped "
        f"`{255 + q:08b}`, plus 1 `{answer}`.",
    )


@question("absmax-back")
def absmax_back(rng: Random) -> Numeric:
    while True:
        alpha = rng.randint(200, 1900) / 100
        s = rounded(127 / alpha)
        x = rng.choice([-1, 1]) * rng.randint(int(10 * alpha), int(60 * alpha)) / 100
        q, cut = round(s * x), int(s * x)
        values = [q / s, x, cut / s, q * s, q / 127, s / q]
        tie = abs(abs(s * x) % 1 - 0.5) < 0.05
        if cut != q and not tie and apart(values, 0.002):
            break
    return Numeric(
        ask=f"A weight of {show(x)} is quantized to INT8 with s = {show(s)}, and dequantized "
        "again. Which number comes back? Give four digits.",
        answer=q / s,
        tolerance=0.0005,
        slips=[
            Slip(
                "nothing-lost",
                x,
                "That is the weight itself. On the way it became an integer, and something was "
                "rounded away.",
            ),
            Slip(
                "cut-off",
                cut / s,
                "You cut the decimals of s * x off. Round to the nearest integer.",
            ),
            Slip(
                "multiplied-back",
                q * s,
                "You multiplied by s again. On the way back, divide.",
            ),
            Slip(
                "over-127",
                q / 127,
                "q / 127 is the share of alpha that comes back. It still has to be multiplied by "
                "alpha; dividing q by s does both.",
            ),
        ],
        hints=[
            "There are two steps: to an integer, and back.",
            "q = round(s * x), and then q / s.",
            f"s * x = {s * x:.3f}, so q = {q}.",
        ],
        worked=f"s * x = {show(s)} * {show(x)} = {s * x:.3f}, so q = {q}, and q / s = {q} / "
        f"{show(s)} = **{show(q / s, 5)}**. The weight is off by {abs(q / s - x):.4f}; half a "
        f"step is 1 / (2 * {show(s)}) = {0.5 / s:.4f}.",
    )


@question("absmax-half-step")
def absmax_half_step(rng: Random) -> Numeric:
    bits = rng.choice([4, 5, 6, 7, 8])
    alpha = rng.randint(20, 900) / 100
    top = 2 ** (bits - 1) - 1
    answer = alpha / (2 * top)
    return Numeric(
        ask=f"Weights lie between -{show(alpha)} and {show(alpha)}, and reach that far. They are "
        f"quantized to INT{bits} by absmax and dequantized. By how much can a weight be off, at "
        "most?",
        answer=answer,
        tolerance=0.002,
        slips=[
            Slip(
                "whole-step",
                alpha / top,
                "That is the distance between two neighbouring integers. A number between them "
                "goes to the nearer one.",
            ),
            Slip(
                "power-of-two",
                alpha / 2**bits,
                f"You counted 2^{bits} steps from end to end. Absmax has {top} on either side of "
                "0.",
            ),
            Slip(
                "bits-for-integers",
                alpha / (2 * bits),
                f"You divided by the {bits} bits. What counts is how many integers they make.",
            ),
            Slip(
                "the-scale",
                top / alpha,
                "That is the scale: integers per unit of x. The step is its inverse.",
            ),
        ],
        hints=[
            "How far apart are two neighbouring integers, in units of x?",
            "The step is 1 / s, and rounding is off by half of it at most.",
            f"s = {top} / {show(alpha)}.",
        ],
        worked=f"INT{bits} has {top} integers above 0, so s = {top} / {show(alpha)} and a step is "
        f"{show(alpha)} / {top} = {show(alpha / top)}. Half of it is **{show(answer)}**.",
    )


@question("absmax-outlier")
def absmax_outlier(rng: Random) -> Numeric:
    while True:
        small = rng.randint(20, 90) / 100
        large = rng.randint(50, 400) / 10
        reach = 127 / large * small
        side = round(reach)
        answer = 2 * side + 1
        values = [answer, 2 * side, side, 255, round(2 * reach)]
        if abs(reach % 1 - 0.5) > 0.1 and 2 <= side <= 14 and len(set(values[:4])) == 4:
            break
    doubled = Slip(
        "doubled-then-rounded",
        round(2 * reach),
        "Nearly: round on either side of 0, then count both sides, and 0 itself.",
    )
    return Numeric(
        ask=f"All weights of a row lie evenly between -{show(small)} and {show(small)}, but for "
        f"one, which is {show(large)}. The row is quantized to INT8 by absmax. How many of the "
        "255 integers can the other weights still get?",
        answer=answer,
        unit="integer",
        tolerance=0,
        slips=[
            Slip("zero-left-out", 2 * side, "You left one out: 0 is an integer too."),
            Slip(
                "one-side",
                side,
                "That is how many lie above 0. There are as many below, and 0.",
            ),
            Slip(
                "outlier-left-out",
                255,
                "The scale is one for the whole row, and the outlier sets it.",
            ),
            *([doubled] if round(2 * reach) not in values[:4] else []),
        ],
        hints=[
            "Which weight sets the scale?",
            f"How far does {show(small)} reach, in integers?",
            f"s = 127 / {show(large)} = {show(127 / large)}, and s * {show(small)} = {reach:.2f}.",
        ],
        worked=f"The outlier sets s = 127 / {show(large)} = {show(127 / large)}. The others reach "
        f"s * {show(small)} = {reach:.2f}, so {side}: they get -{side} to {side}, which is "
        f"2 * {side} + 1 = **{answer}** integers of 255.",
    )


def drawn(rng: Random, count: int) -> list[float]:
    """Weights with two decimals, whose largest |x| is there only once."""
    while True:
        spread = rng.choice([1.5, 4, 9])
        weights = [round(rng.uniform(-spread, spread), 2) for _ in range(count)]
        sizes = sorted(map(abs, weights))
        if sizes[0] >= 0.05 and sizes[-1] - sizes[-2] > 0.1:
            return weights


def pairs(row: list, width: int) -> list[list]:
    """A row cut into rows of so many."""
    return [row[at : at + width] for at in range(0, len(row), width)]


def rows_text(rows: list[list[int]]) -> str:
    """A grid as it can be typed."""
    return "**" + "; ".join(" ".join(map(str, row)) for row in rows) + "**"


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
