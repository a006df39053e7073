"""Questions on zero-point quantization: its two constants, there and back, when it pays, bytes."""

from random import Random

from engine.numerics.formats import FP32
from engine.numerics.integers import INT8, Integer
from lessons.kit.compare import apart, keep_if, redrawn
from lessons.kit.display import block, grid, in_rows, rounded, show, signed, table
from lessons.kit.question import Choice, Essay, Matrix, Numeric, question
from lessons.kit.words import choice, essay, matrix, numeric


@redrawn
def drawn(rng: Random) -> list[float]:
    """Six weights with two decimals on both sides of 0, more on one than on the other."""
    near, far = rng.uniform(0.3, 2), rng.uniform(1, 6)
    low, high = (-near, far) if rng.random() < 0.5 else (-far, near)
    weights = [round(rng.uniform(low, high), 2) for _ in range(6)]
    keep_if(min(weights) < -0.15 and max(weights) > 0.15)
    keep_if(abs(max(weights) + min(weights)) > 0.2)
    return weights


@question("zero-point-scale")
def zero_point_scale(rng: Random) -> Numeric:
    weights = drawn(rng)
    low, high = min(weights), max(weights)
    alpha, answer = max(high, -low), 255 / (high - low)
    return numeric(answer, tolerance=0.0015, apart=0.0035).asks(f"""
    Weights: {show(weights)}. INT8, zero-point method. What is the scale s?

    absmax-scale = {127 / alpha}: That is the absmax scale. Zero-point stretches all 256 integers
      over the whole range, from the least weight to the greatest.
    minus-lost = {255 / (high + low)}: The least weight is negative: taking it away makes the range
      wider, not narrower.
    posts-for-gaps = {256 / (high - low)}: 256 integers have 255 gaps between them, like fence
      posts. The range is stretched over the gaps: 127 - (-128).
    inverted = {(high - low) / 255}: That is how much of x one integer is worth. The scale here
      multiplies.
    one-end-only = {255 / alpha}: You took the size of the farthest weight for the whole range. The
      range goes from the least weight to the greatest.

    hint: What are the least and the greatest weight?
    hint: The least goes to -128 and the greatest to 127. How many integers is that apart?
    hint: The range is {show(high)} - ({show(low)}) = {show(high - low)} wide.
    worked: The range is {show(high)} - ({show(low)}) = {show(high - low)} wide and is stretched
      over 127 - (-128) = 255: s = 255 / {show(high - low)} = **{show(answer)}**.""")


@question("zero-point-z")
def zero_point_z(rng: Random) -> Numeric:
    low, high = -rng.randint(20, 400) / 100, rng.randint(20, 400) / 100
    s = rounded(255 / (high - low))
    least, most = round(s * low), round(s * high)
    answer = -128 - least
    keep_if(all(abs(s * end % 1 - 0.5) >= 0.1 for end in (low, high)))
    keep_if(abs(answer) > 4 and least != -1)
    return numeric(answer, tolerance=0).asks(f"""
    Weights go from {show(low)} to {show(high)}, so that in INT8 s = {show(s)}. What is the
    zero-point z?

    not-from-the-bottom = {-least}: That is how far 0 lies above the least weight, in integers. But
      counting begins at -128, not at 0.
    minus-lost = {-128 + least}: s * ({show(low)}) is negative, and it is taken away: two minus
      signs.
    greatest-for-least = {-128 - most}: You took the greatest weight. It is the least that goes to
      -128.
    least-to-the-top = {127 - least}: You sent the least weight to 127. It goes to the lowest
      integer.

    hint: z is the integer that stands for 0.0. How far above -128 is it?
    hint: z = -128 - round(s * least weight).
    hint: s * ({show(low)}) = {s * low:.2f}.
    worked: s * ({show(low)}) = {s * low:.2f}, which rounds to {least}. So z = -128 - ({least}) =
      **{answer}**. Check: the least weight gets {least} + {signed(answer)} = -128.""")


@question("zero-point-integers")
def zero_point_integers(rng: Random) -> Matrix:
    low, high = -rng.randint(30, 300) / 100, rng.randint(30, 300) / 100
    s = rounded(255 / (high - low))
    z = -128 - round(s * low)
    x = [round(rng.uniform(low, high), 2) for _ in range(5)]
    x.insert(rng.randrange(6), round(high * rng.uniform(1.1, 1.4), 2))
    free = [round(s * each) + z for each in x]
    most, answer = max(free), [INT8.saturate(each) for each in free]
    keep_if(all(abs(s * each % 1 - 0.5) >= 0.08 for each in x))
    keep_if(most > 130 and abs(z) > 5)
    bare, cut = [round(s * each) for each in x], [int(s * each) for each in x]

    def clipped(row: list[int], zero: int = 0) -> list[list[int]]:
        return grid([INT8.saturate(each + zero) for each in row], 3)

    steps = [
        f"round({s * each:8.2f}) + {signed(z)} = {f:4d}" + (f", clipped to {q}" if f != q else "")
        for each, f, q in zip(x, free, answer, strict=True)
    ]
    return matrix(grid(answer, 3), tolerance=0).asks(f"""
    A map was fitted to weights from {show(low)} to {show(high)}: INT8, s = {show(s)}, z = {z}.
    Quantize this matrix with it:

    {table(grid(x, 3))}

    not-clipped = {grid(free, 3)}: {most} is no INT8. What is beyond the end is clipped to the end.
    wrapped = {grid([INT8.wrap(each) for each in free], 3)}: {most} has wrapped around to
      {INT8.wrap(most)}, the other end of the range. It is to be clipped before it becomes an INT8.
    no-zero-point = {clipped(bare)}: These are round(s * x). The zero-point is still to be added.
    cut-off = {clipped(cut, z)}: You cut the decimals of s * x off. Round to the nearest integer.
    taken-away = {clipped(bare, -z)}: You took z away. On the way to integers it is added.

    hint: Stretch, round, move, and look at the ends of INT8.
    hint: q = round(s * x) + z, clipped to -128 or 127.
    hint: The first: round({s * x[0]:.2f}) + {signed(z)}.
    worked: q = round(s * x) + z:

    {block(steps)}

    So it is **{in_rows(grid(answer, 3))}**.""")


@question("zero-point-back")
def zero_point_back(rng: Random) -> Numeric:
    s = rng.randint(2000, 9900) / 100
    q, z = rng.randint(60, 126), -rng.randint(72, 122)
    if rng.random() < 0.5:
        q, z = -q, -z
    answer, wrapped = (q - z) / s, INT8.wrap(q - z)
    keep_if(q + z)
    return numeric(answer, apart=0.01).asks(f"""
    INT8 with s = {show(s)} and z = {z}. A weight is stored as {q}. Which number does that stand
    for?

    no-zero-point = {q / s}: That would be right if 0 stood for 0.0. Here {z} does.
    added-again = {(q + z) / s}: On the way to integers z was added, so on the way back it is taken
      away.
    divided-first = {q / s - z}: z is an integer, and comes off before the division: (q - z) / s.
    multiplied = {(q - z) * s}: On the way back, divide by s.
    int8-overflow = {wrapped / s}: You computed q - z in INT8, where {q - z} wraps around to
      {wrapped}. Programs do that too: widen q first.

    hint: Undo the steps, the last one first.
    hint: (q - z) / s.
    hint: q - z = {q} - {signed(z)} = {q - z}.
    worked: q - z = {q} - {signed(z)} = {q - z}, and {q - z} / {show(s)} = **{show(answer)}**.""")


@question("zero-point-times")
def zero_point_times(rng: Random) -> Numeric:
    near, far = rng.randint(1, 9) / 10, rng.randint(15, 40) / 10
    absmax, whole = 127 / far, 255 / (far + near)
    answer = (whole / absmax) ** 2
    longer, relu, wider = whole / absmax, (255 / 127) ** 2, (far + near) / far
    keep_if(apart([answer, longer, 1 / answer, relu, wider], 0.06))
    low, high = (-near, far) if rng.random() < 0.5 else (-far, near)
    return numeric(answer, tolerance=0.01).asks(f"""
    Weights are spread evenly from {show(low)} to {show(high)} and quantized to INT8. How many times
    as large is the mean squared error of absmax as that of zero-point?

    not-squared = {longer}: That is how much longer absmax's step is. The squared error grows with
      its square.
    inverted = {1 / answer}: The other way round: absmax has the longer step.
    as-for-relu = {relu}: That would be so if nothing at all lay on the other side of 0. Here
      something does.
    ranges-only = {wider}: You compared the range with alpha. Absmax's range is twice alpha wide,
      from -alpha to alpha.

    hint: What is each method's scale?
    hint: MSE = step^2 / 12, and the step is 1 / s.
    hint: Absmax: s = 127 / {show(far)} = {show(absmax)}. Zero-point: s = 255 / {show(far + near)} =
      {show(whole)}.
    worked: Absmax has s = 127 / {show(far)} = {show(absmax)}, zero-point has s = 255 /
      {show(far + near)} = {show(whole)}. The steps are as 1 to {show(whole / absmax)}, and squared
      that is **{show(answer)}**.""")


@question("zero-point-when")
def zero_point_when(rng: Random) -> Choice:
    top, near, far = rng.randint(3, 12), rng.randint(1, 3) / 10, rng.randint(15, 29) / 10
    sigma, out = rng.randint(2, 9) / 100, rng.randint(3, 8)
    even = rng.randint(80, 120) / 100
    other = round(even * rng.choice([0.93, 0.95, 1.04, 1.06]), 2)
    return choice(several=True).asks(f"""
    Where does zero-point have an MSE less than half that of absmax, with the same number of bits?
    Choose all.

    right: What comes out of a ReLU, from 0 to {top}
      -> Nothing is negative: absmax leaves half of its integers unused.
    right: A row of weights from -{show(near)} to {show(far)}
      -> The range is far from centred, and a step of absmax is nearly twice as long.
    nearly-centred: A matrix of weights from -{show(even)} to {show(other)}
      -> It is all but centred: both methods have nearly the same step.
    outliers-on-both-sides: Weights of standard deviation {show(sigma)}, with one outlier at -{out}
      and one at {out}
      -> The outliers are a problem for both methods alike, since one lies on either side.
    nothing-to-gain: A matrix of zeros
      -> Both methods bring zeros back exactly: nothing can be gained.

    hint: What does absmax waste, and when?
    hint: Compare the range with twice the largest |x|.
    hint: Half of the MSE is a step shorter by a factor of 1.41: the range must be less than 0.71
      times twice the largest |x|.
    worked: Absmax covers twice alpha. After a ReLU only half of that is used, and from
      -{show(near)} to {show(far)} only {show(near + far)} of {show(2 * far)}. The others use all of
      it, or have no error to lower. So: **the ReLU and the lopsided row**.""")


@question("clip-or-round")
def clip_or_round(rng: Random) -> Numeric:
    count = rng.choice([1_000, 2_000, 5_000, 10_000])
    near, far = rng.randint(4, 12) / 10, rng.randint(30, 80) / 10
    bits = rng.choice([3, 4, 5])
    levels, greatest, z = 2**bits - 1, Integer(bits).greatest, centred(near, bits)
    step = 2 * near / levels
    top = (greatest - z) * step
    rounding, clipping = step**2 / 12, (far - top) ** 2 / count
    answer, to_the_end = rounding + clipping, rounding + (far - near) ** 2 / count
    once, unclipped = rounding + (far - top) ** 2, ((far + near) / levels) ** 2 / 12
    taken = (answer, rounding, clipping, once, unclipped)
    keep_if(apart(taken, 0.08) and apart([answer, rounding + far**2 / count], 0.08))
    told = all(apart([to_the_end, each], 0.025) for each in taken)
    return numeric(answer, tolerance=0.02).asks(f"""
    Of {count:,} weights, all but one lie evenly between -{show(near)} and {show(near)}, and one is
    {show(far)}. They are quantized to INT{bits} by zero-point, with the range from -{show(near)} to
    {show(near)}, so the one is clipped: s = {show(1 / step)}, z = {z}. What is the mean squared
    error, about?

    rounding-only = {rounding}: That is what rounding costs the others. The clipped weight is off by
      far more.
    clipping-only = {clipping}: That is what clipping costs. The others are rounded, and there are
      many.
    not-the-mean = {once}: The clipped weight's squared error counts once in a mean over {count:,}.
    nothing-clipped = {unclipped}: That would be the error if the range reached to the one weight,
      and nothing were clipped.
    clipped-to-the-end = {to_the_end if told else None}: You had the one come back as {show(near)},
      the end of the range. It is stored as {greatest}: which number does that stand for, by s and
      z?

    hint: There are two kinds of error here. Which weights suffer which?
    hint: Rounding costs step^2 / 12; clipping costs (x - x_hat)^2, shared by {count:,}.
    hint: The step is {show(2 * near)} / {levels} = {show(step)}, and the one weight comes back as
      ({greatest} - z) / s = {show(top)}.
    worked: Rounding: the step is {show(2 * near)} / {levels} = {show(step)}, and its square over 12
      is {show(rounding)}. Clipping: the one is stored as {greatest}, which stands for ({greatest} -
      z) / s = {show(top)}, and not for {show(near)}: {2**bits} integers have none in the middle, so
      z is rounded and the map moves by half a step. ({show(far)} - {show(top)})^2 / {count:,} =
      {show(clipping)}. Together **{show(answer)}**. Without clipping it would be {show(unclipped)},
      which is {"more" if unclipped > answer else "less"}.""")


def centred(end: float, bits: int) -> int:
    """The zero-point of the range from -end to end, as the engine rounds it.

    s * end lies halfway between two integers there. The last bits of FP32 say which one it is.
    """
    end, integers = FP32.nearest(end), Integer(bits)
    scale = FP32.nearest((2**bits - 1) / (2 * end))
    return integers.least - round(scale * -end)


@question("zero-point-bytes")
def zero_point_bytes(rng: Random) -> Numeric:
    rows, columns = rng.choice([64, 96, 128, 256, 384]), rng.choice([48, 80, 128, 192, 512])
    cells, square = rows * columns, rows == columns
    answer = cells + 5 * rows
    return numeric(answer, unit="byte", tolerance=0).asks(f"""
    A matrix of {rows} rows and {columns} columns is quantized from FP32 to INT8, with a scale in
    FP32 and a zero-point in INT8 for each row. How many bytes does it take now, with its constants?

    no-constants = {cells}: Those are the integers. Add the scales and zero-points.
    one-for-all = {cells + 5}: You counted one scale and one zero-point. Each of the {rows} rows has
      its own.
    for-each-column = {None if square else cells + 5 * columns}: You counted a pair for each column.
      Here each row has one.
    as-before = {4 * cells if square else None}: That is what it took in FP32.
    wide-zero-points = {cells + 8 * rows}: You counted four bytes for a zero-point. It is an INT8:
      one byte.

    hint: Count the integers, the scales and the zero-points.
    hint: An INT8 takes one byte and an FP32 four.
    hint: There are {cells:,} integers, and 4 + 1 bytes for each of {rows} rows.
    worked: {rows} * {columns} = {cells:,} integers of one byte, and {rows} * (4 + 1) = {5 * rows:,}
      bytes of constants: **{answer:,} bytes**. In FP32 it took {4 * cells:,},
      {show(4 * cells / answer, 3)} times as many.""")


@question("zero-point-judged")
def zero_point_judged(rng: Random) -> Essay:
    mse = rng.choice([1.9, 2.1, 2.4]) * 1e-5
    return essay().asks(f"""
    A matrix of weights with standard deviation 1 went to INT8 and back by zero-point. It took 100
    bytes and takes 25 now, and its mean squared error is {mse:.1e}. Is the error low? Does the
    saving matter? What will a model do otherwise when all its matrices are treated so? Three or
    four sentences.

    rubric: Holds the error against the size of the weights: its root is about {mse**0.5:.4f}, half
      a percent of a standard deviation or less.
    rubric: Says that a quarter of the memory is left, and that the constants are small where the
      matrix is large (but not in a matrix of 25).
    rubric: Says that less memory has to be moved for each token, which is what limits most
      generation; and that it is faster only if the hardware and its code use it.
    rubric: Says that quality has to be measured on the task: errors of many layers add up, and the
      mean hides a few large ones.

    sample: The root of the error is {mse**0.5:.4f}, under half a percent of the weights' standard
      deviation, so each weight is nearly what it was. A quarter of the memory is left, and for
      large matrices the scale and zero-point hardly count. A model will need less memory and has
      fewer bytes to move for each token, so it can be faster, provided that the code computes with
      INT8 or widens it quickly. Its answers will change little on average, but the errors of all
      layers add up and outliers suffer more, so I would measure its score before and after.

    hint: Low compared to what?
    hint: Compare the root of the MSE with the standard deviation, and think of what is moved from
      memory for each token.
    hint: Say what should be measured before it is believed.""")
