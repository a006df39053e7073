"""Questions on absmax: the scale, the integers, the byte, what comes back, and what is lost."""

from math import floor
from random import Random

from engine.numerics.integers import INT8
from lessons.kit.compare import apart, keep_if, redrawn
from lessons.kit.display import block, grid, in_rows, rounded, show, table
from lessons.kit.question import Bits, Matrix, Numeric, question
from lessons.kit.words import bits, matrix, numeric


@redrawn
def drawn(rng: Random, count: int) -> list[float]:
    """Weights with two decimals, whose largest |x| is there only once."""
    spread = rng.choice([1.5, 4, 9])
    weights = [round(rng.uniform(-spread, spread), 2) for _ in range(count)]
    sizes = sorted(map(abs, weights))
    keep_if(sizes[0] >= 0.05 and sizes[-1] - sizes[-2] > 0.1)
    return weights


@question("absmax-scale")
def absmax_scale(rng: Random) -> Numeric:
    weights = drawn(rng, 6)
    least, greatest, alpha = min(weights), max(weights), max(map(abs, weights))
    keep_if(greatest > 0.5 > -0.5 > least)
    return numeric(127 / alpha, tolerance=0.002, apart=0.005).asks(f"""
    A row of weights is {show(weights)}. It is quantized to INT8 by absmax. What is the scale s?

    signed-max = {127 / greatest if alpha > greatest else None}: alpha is the largest *absolute*
      value, and here that is a negative weight.
    zero-point-scale = {255 / (greatest - least)}: 255 over the whole range, from the least weight
      to the greatest, is the zero-point method's scale. Absmax is centred: one side of the integers
      over the largest |x|.
    inverted = {alpha / 127}: That is how much of x one integer is worth. The scale here multiplies:
      integers per unit of x.
    top-is-128 = {128 / alpha}: INT8 ends at 127. If alpha went to 128, the largest weight would not
      fit.
    both-sides = {255 / alpha}: From -alpha to alpha is twice alpha wide; you have put all 255
      integers on one side of 0.

    hint: How many integers lie between 0 and the top of INT8?
    hint: Which weight is farthest from 0, whatever its sign? It goes to the top.
    hint: alpha = {show(alpha)}. Now divide the greatest integer by it.
    worked: The largest |x| is alpha = {show(alpha)}, so s = 127 / {show(alpha)} =
      **{show(127 / alpha)}**.""")


@question("absmax-integers")
def absmax_integers(rng: Random) -> Matrix:
    weights = drawn(rng, 6)
    alpha = max(map(abs, weights))
    s = rounded(127 / alpha)
    answer = [round(s * x) for x in weights]
    keep_if([round(127 / alpha * x) for x in weights] == answer and 0 not in answer)
    keep_if(all(abs(abs(s * x) % 1 - 0.5) >= 0.08 for x in weights))
    tops = [max(map(abs, row)) for row in grid(weights, 3)]
    by_row = [round(127 / tops[at // 3] * x) for at, x in enumerate(weights)]
    products = [
        f"{show(s)} * {x:6.2f} = {s * x:8.2f}  ->  {q:4d}"
        for x, q in zip(weights, answer, strict=True)
    ]
    return matrix(grid(answer, 3), tolerance=0).asks(f"""
    Quantize this matrix to INT8 by absmax, with one scale for all of it, s = {show(s)}:

    {table(grid(weights, 3))}

    cut-off = {grid([int(s * x) for x in weights], 3)}: You cut the decimals off. 53.7 is nearer to
      54 than to 53: round to the nearest.
    rounded-down = {grid([floor(s * x) for x in weights], 3)}: You rounded down. Round to the
      nearest integer, for negative numbers too.
    scale-of-each-row = {grid(by_row, 3)}: Each row was given a scale of its own. That can be done,
      and pays, but here one scale is asked for.
    divided = {grid([round(x / s) for x in weights], 3)}: You divided by s. The scale multiplies on
      the way to integers, and divides on the way back.

    hint: Each number on its own: x to q.
    hint: q = round(s * x), to the nearest integer.
    hint: The first: {show(s)} * {weights[0]:.2f} = {s * weights[0]:.2f}.
    worked: q = round(s * x):

    {block(products)}

    So it is **{in_rows(grid(answer, 3))}**.""")


@question("absmax-byte")
def absmax_byte(rng: Random) -> Bits:
    alpha = rng.randint(150, 1900) / 100
    s = rounded(127 / alpha)
    x = -rng.randint(int(15 * alpha), int(90 * alpha)) / 100
    keep_if(abs(abs(s * x) % 1 - 0.75) < 0.15)
    q, cut = round(s * x), int(s * x)
    answer = f"{INT8.encode(q):08b}"
    return bits(answer, [("top bit", 1), ("rest", 7)]).asks(f"""
    A weight of {show(x)} is quantized to INT8 with s = {show(s)}. Which byte is stored?

    cut-off = {INT8.encode(cut):08b}: That is {cut}. {s * x:.2f} is nearer to another integer.
    sign-and-size = {128 - q:08b}: That is a minus bit and then the size. INT8 is two's complement:
      the top place is worth -128.
    no-one-added = {255 + q:08b}: Every bit is flipped; now add 1.
    lost-the-minus = {-q:08b}: That is +{-q}. The weight is negative.
    offset = {128 + q:08b}: You added 128, as if the lowest integer were all zeros. In two's
      complement, 0 is all zeros.

    hint: First the integer, then its bits.
    hint: Round s * x; then take the size in binary, flip every bit and add 1.
    hint: s * x = {s * x:.2f}, so the integer is {q}; {-q} is {-q:08b}.
    worked: s * x = {s * x:.2f}, which rounds to {q}. {-q} is `{-q:08b}`, flipped `{255 + q:08b}`,
      plus 1 `{answer}`.""")


@question("absmax-back")
def absmax_back(rng: Random) -> Numeric:
    alpha = rng.randint(200, 1900) / 100
    s = rounded(127 / alpha)
    x = rng.choice([-1, 1]) * rng.randint(int(10 * alpha), int(60 * alpha)) / 100
    q, cut = round(s * x), int(s * x)
    keep_if(cut != q and abs(abs(s * x) % 1 - 0.5) >= 0.05)
    keep_if(apart([s / q, q / s, x, cut / s, q * s, q / 127], 0.002))
    return numeric(q / s, tolerance=0.0005).asks(f"""
    A weight of {show(x)} is quantized to INT8 with s = {show(s)}, and dequantized again. Which
    number comes back? Give four digits.

    nothing-lost = {x}: That is the weight itself. On the way it became an integer, and something
      was rounded away.
    cut-off = {cut / s}: You cut the decimals of s * x off. Round to the nearest integer.
    multiplied-back = {q * s}: You multiplied by s again. On the way back, divide.
    over-127 = {q / 127}: q / 127 is the share of alpha that comes back. It still has to be
      multiplied by alpha; dividing q by s does both.

    hint: There are two steps: to an integer, and back.
    hint: q = round(s * x), and then q / s.
    hint: s * x = {s * x:.3f}, so q = {q}.
    worked: s * x = {show(s)} * {show(x)} = {s * x:.3f}, so q = {q}, and q / s = {q} / {show(s)} =
      **{show(q / s, 5)}**. The weight is off by {abs(q / s - x):.4f}; half a step is 1 / (2 *
      {show(s)}) = {0.5 / s:.4f}.""")


@question("absmax-half-step")
def absmax_half_step(rng: Random) -> Numeric:
    width, alpha = rng.choice([4, 5, 6, 7, 8]), rng.randint(20, 900) / 100
    top = 2 ** (width - 1) - 1
    answer = alpha / (2 * top)
    return numeric(answer, tolerance=0.002, apart=0).asks(f"""
    Weights lie between -{show(alpha)} and {show(alpha)}, and reach that far. They are quantized to
    INT{width} by absmax and dequantized. By how much can a weight be off, at most?

    whole-step = {alpha / top}: That is the distance between two neighbouring integers. A number
      between them goes to the nearer one.
    power-of-two = {alpha / 2**width}: You counted 2^{width} steps from end to end. Absmax has {top}
      on either side of 0.
    bits-for-integers = {alpha / (2 * width)}: You divided by the {width} bits. What counts is how
      many integers they make.
    the-scale = {top / alpha if alpha != top else None}: That is the scale: integers per unit of x.
      The step is its inverse.

    hint: How far apart are two neighbouring integers, in units of x?
    hint: The step is 1 / s, and rounding is off by half of it at most.
    hint: s = {top} / {show(alpha)}.
    worked: INT{width} has {top} integers above 0, so s = {top} / {show(alpha)} and a step is
      {show(alpha)} / {top} = {show(alpha / top)}. Half of it is **{show(answer)}**.""")


@question("absmax-outlier")
def absmax_outlier(rng: Random) -> Numeric:
    small, large = rng.randint(20, 90) / 100, rng.randint(50, 400) / 10
    reach = 127 / large * small
    side, both = round(reach), round(2 * reach)
    answer = 2 * side + 1
    keep_if(abs(reach % 1 - 0.5) > 0.1 and 2 <= side <= 14)
    taken = (answer, 2 * side, side, 255)
    return numeric(answer, unit="integer", tolerance=0).asks(f"""
    All weights of a row lie evenly between -{show(small)} and {show(small)}, but for one, which is
    {show(large)}. The row is quantized to INT8 by absmax. How many of the 255 integers can the
    other weights still get?

    zero-left-out = {2 * side}: You left one out: 0 is an integer too.
    one-side = {side}: That is how many lie above 0. There are as many below, and 0.
    outlier-left-out = {255}: The scale is one for the whole row, and the outlier sets it.
    doubled-then-rounded = {both if both not in taken else None}: Nearly: round on either side of 0,
      then count both sides, and 0 itself.

    hint: Which weight sets the scale?
    hint: How far does {show(small)} reach, in integers?
    hint: s = 127 / {show(large)} = {show(127 / large)}, and s * {show(small)} = {reach:.2f}.
    worked: The outlier sets s = 127 / {show(large)} = {show(127 / large)}. The others reach s *
      {show(small)} = {reach:.2f}, so {side}: they get -{side} to {side}, which is 2 * {side} + 1 =
      **{answer}** integers of 255.""")
