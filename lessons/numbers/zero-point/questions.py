"""Questions on zero-point quantization: its two constants, there and back, when it pays, bytes."""

from itertools import combinations
from random import Random

from engine.numerics.formats import FP32
from engine.numerics.integers import INT8, Integer
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Matrix, Numeric, Option, Slip, question


@question("zero-point-scale")
def zero_point_scale(rng: Random) -> Numeric:
    while True:
        weights = drawn(rng)
        low, high = min(weights), max(weights)
        alpha = max(high, -low)
        answer = 255 / (high - low)
        slips = [127 / alpha, 255 / (high + low), 256 / (high - low), (high - low) / 255]
        if apart([answer, 255 / alpha, *slips], 0.0035):
            break
    return Numeric(
        ask=f"Weights: {show(weights)}. INT8, zero-point method. What is the scale s?",
        answer=answer,
        tolerance=0.0015,
        slips=[
            Slip(
                "absmax-scale",
                127 / alpha,
                "That is the absmax scale. Zero-point stretches all 256 integers over the whole "
                "range, from the least weight to the greatest.",
            ),
            Slip(
                "minus-lost",
                255 / (high + low),
                "The least weight is negative: taking it away makes the range wider, not narrower.",
            ),
            Slip(
                "posts-for-gaps",
                256 / (high - low),
                "256 integers have 255 gaps between them, like fence posts. The range is "
                "stretched over the gaps: 127 - (-128).",
            ),
            Slip(
                "inverted",
                (high - low) / 255,
                "That is how much of x one integer is worth. The scale here multiplies.",
            ),
            Slip(
                "one-end-only",
                255 / alpha,
                "You took the size of the farthest weight for the whole range. The range goes "
                "from the least weight to the greatest.",
            ),
        ],
        hints=[
            "What are the least and the greatest weight?",
            "The least goes to -128 and the greatest to 127. How many integers is that apart?",
            f"The range is {show(high)} - ({show(low)}) = {show(high - low)} wide.",
        ],
        worked=f"The range is {show(high)} - ({show(low)}) = {show(high - low)} wide and is "
        f"stretched over 127 - (-128) = 255: s = 255 / {show(high - low)} = **{show(answer)}**.",
    )


@question("zero-point-z")
def zero_point_z(rng: Random) -> Numeric:
    while True:
        low, high = -rng.randint(20, 400) / 100, rng.randint(20, 400) / 100
        s = rounded(255 / (high - low))
        least, most = round(s * low), round(s * high)
        answer = -128 - least
        values = [answer, -least, -128 + least, -128 - most, 127 - least]
        ties = abs(s * low % 1 - 0.5) < 0.1 or abs(s * high % 1 - 0.5) < 0.1
        if not ties and len(set(values)) == 5 and abs(answer) > 4 and least != -1:
            break
    return Numeric(
        ask=f"Weights go from {show(low)} to {show(high)}, so that in INT8 s = {show(s)}. What is "
        "the zero-point z?",
        answer=answer,
        tolerance=0,
        slips=[
            Slip(
                "not-from-the-bottom",
                -least,
                "That is how far 0 lies above the least weight, in integers. But counting "
                "begins at -128, not at 0.",
            ),
            Slip(
                "minus-lost",
                -128 + least,
                f"s * ({show(low)}) is negative, and it is taken away: two minus signs.",
            ),
            Slip(
                "greatest-for-least",
                -128 - most,
                "You took the greatest weight. It is the least that goes to -128.",
            ),
            Slip(
                "least-to-the-top",
                127 - least,
                "You sent the least weight to 127. It goes to the lowest integer.",
            ),
        ],
        hints=[
            "z is the integer that stands for 0.0. How far above -128 is it?",
            "z = -128 - round(s * least weight).",
            f"s * ({show(low)}) = {s * low:.2f}.",
        ],
        worked=f"s * ({show(low)}) = {s * low:.2f}, which rounds to {least}. So z = -128 - "
        f"({least}) = **{answer}**. Check: the least weight gets {least} + "
        f"{signed(answer)} = -128.",
    )


@question("zero-point-integers")
def zero_point_integers(rng: Random) -> Matrix:
    while True:
        low, high = -rng.randint(30, 300) / 100, rng.randint(30, 300) / 100
        s = rounded(255 / (high - low))
        z = -128 - round(s * low)
        x = [round(rng.uniform(low, high), 2) for _ in range(5)]
        x.insert(rng.randrange(6), round(high * rng.uniform(1.1, 1.4), 2))
        free = [round(s * each) + z for each in x]
        answer = [INT8.saturate(each) for each in free]
        wrong = {
            "not-clipped": free,
            "wrapped": [INT8.wrap(each) for each in free],
            "no-zero-point": [INT8.saturate(round(s * each)) for each in x],
            "cut-off": [INT8.saturate(int(s * each) + z) for each in x],
            "taken-away": [INT8.saturate(round(s * each) - z) for each in x],
        }
        ties = any(abs(s * each % 1 - 0.5) < 0.08 for each in x)
        alike = any(a == b for a, b in combinations([answer, *wrong.values()], 2))
        if not ties and not alike and max(free) > 130 and abs(z) > 5:
            break
    says = {
        "not-clipped": f"{max(free)} is no INT8. What is beyond the end is clipped to the end.",
        "wrapped": f"{max(free)} has wrapped around to {INT8.wrap(max(free))}, the other end of "
        "the range. It is to be clipped before it becomes an INT8.",
        "no-zero-point": "These are round(s * x). The zero-point is still to be added.",
        "cut-off": "You cut the decimals of s * x off. Round to the nearest integer.",
        "taken-away": "You took z away. On the way to integers it is added.",
    }
    shown = "\n".join(f"    {'  '.join(f'{each:7.2f}' for each in row)}" for row in grid(x))
    worked = "\n".join(
        f"    round({s * each:8.2f}) + {signed(z)} = {f:4d}"
        + ("" if f == q else f", clipped to {q}")
        for each, f, q in zip(x, free, answer, strict=True)
    )
    text = "; ".join(" ".join(map(str, row)) for row in grid(answer))
    return Matrix(
        ask=f"A map was fitted to weights from {show(low)} to {show(high)}: INT8, s = {show(s)}, "
        f"z = {z}. Quantize this matrix with it:\n\n{shown}",
        answer=grid(answer),
        tolerance=0,
        slips=[Slip(name, grid(value), says[name]) for name, value in wrong.items()],
        hints=[
            "Stretch, round, move, and look at the ends of INT8.",
            "q = round(s * x) + z, clipped to -128 or 127.",
            f"The first: round({s * x[0]:.2f}) + {signed(z)}.",
        ],
        worked=f"q = round(s * x) + z:\n\n{worked}\n\nSo it is **{text}**.",
    )


@question("zero-point-back")
def zero_point_back(rng: Random) -> Numeric:
    while True:
        s = rng.randint(2000, 9900) / 100
        q, z = rng.randint(60, 126), -rng.randint(72, 122)
        if rng.random() < 0.5:
            q, z = -q, -z
        answer = (q - z) / s
        values = [answer, q / s, (q + z) / s, q / s - z, (q - z) * s, INT8.wrap(q - z) / s]
        if q + z and apart(values, 0.01):
            break
    return Numeric(
        ask=f"INT8 with s = {show(s)} and z = {z}. A weight is stored as {q}. Which number does "
        "that stand for?",
        answer=answer,
        slips=[
            Slip(
                "no-zero-point",
                q / s,
                f"That would be right if 0 stood for 0.0. Here {z} does.",
            ),
            Slip(
                "added-again",
                (q + z) / s,
                "On the way to integers z was added, so on the way back it is taken away.",
            ),
            Slip(
                "divided-first",
                q / s - z,
                "z is an integer, and comes off before the division: (q - z) / s.",
            ),
            Slip("multiplied", (q - z) * s, "On the way back, divide by s."),
            Slip(
                "int8-overflow",
                INT8.wrap(q - z) / s,
                f"You computed q - z in INT8, where {q - z} wraps around to {INT8.wrap(q - z)}. "
                "Programs do that too: widen q first.",
            ),
        ],
        hints=[
            "Undo the steps, the last one first.",
            "(q - z) / s.",
            f"q - z = {q} - {signed(z)} = {q - z}.",
        ],
        worked=f"q - z = {q} - {signed(z)} = {q - z}, and {q - z} / {show(s)} = "
        f"**{show(answer)}**.",
    )


@question("zero-point-times")
def zero_point_times(rng: Random) -> Numeric:
    while True:
        near, far = rng.randint(1, 9) / 10, rng.randint(15, 40) / 10
        absmax, whole = 127 / far, 255 / (far + near)
        answer = (whole / absmax) ** 2
        values = [answer, whole / absmax, 1 / answer, (255 / 127) ** 2, (far + near) / far]
        if apart(values, 0.06):
            break
    side = rng.random() < 0.5
    low, high = (-near, far) if side else (-far, near)
    return Numeric(
        ask=f"Weights are spread evenly from {show(low)} to {show(high)} and quantized to INT8. "
        "How many times as large is the mean squared error of absmax as that of zero-point?",
        answer=answer,
        tolerance=0.01,
        slips=[
            Slip(
                "not-squared",
                whole / absmax,
                "That is how much longer absmax's step is. The squared error grows with its "
                "square.",
            ),
            Slip("inverted", 1 / answer, "The other way round: absmax has the longer step."),
            Slip(
                "as-for-relu",
                (255 / 127) ** 2,
                "That would be so if nothing at all lay on the other side of 0. Here something "
                "does.",
            ),
            Slip(
                "ranges-only",
                (far + near) / far,
                "You compared the range with alpha. Absmax's range is twice alpha wide, from "
                "-alpha to alpha.",
            ),
        ],
        hints=[
            "What is each method's scale?",
            "MSE = step^2 / 12, and the step is 1 / s.",
            f"Absmax: s = 127 / {show(far)} = {show(absmax)}. Zero-point: s = 255 / "
            f"{show(far + near)} = {show(whole)}.",
        ],
        worked=f"Absmax has s = 127 / {show(far)} = {show(absmax)}, zero-point has s = 255 / "
        f"{show(far + near)} = {show(whole)}. The steps are as 1 to {show(whole / absmax)}, and "
        f"squared that is **{show(answer)}**.",
    )


@question("zero-point-when")
def zero_point_when(rng: Random) -> Choice:
    top, near, far = rng.randint(3, 12), rng.randint(1, 3) / 10, rng.randint(15, 29) / 10
    sigma, out = rng.randint(2, 9) / 100, rng.randint(3, 8)
    even = rng.randint(80, 120) / 100
    other = round(even * rng.choice([0.93, 0.95, 1.04, 1.06]), 2)
    return Choice(
        ask="Where does zero-point have an MSE less than half that of absmax, with the same number "
        "of bits? Choose all.",
        several=True,
        options=[
            Option(
                f"What comes out of a ReLU, from 0 to {top}",
                "Nothing is negative: absmax leaves half of its integers unused.",
                right=True,
            ),
            Option(
                f"A row of weights from -{show(near)} to {show(far)}",
                "The range is far from centred, and a step of absmax is nearly twice as long.",
                right=True,
            ),
            Option(
                f"A matrix of weights from -{show(even)} to {show(other)}",
                "It is all but centred: both methods have nearly the same step.",
                slip="nearly-centred",
            ),
            Option(
                f"Weights of standard deviation {show(sigma)}, with one outlier at -{out} and "
                f"one at {out}",
                "The outliers are a problem for both methods alike, since one lies on either side.",
                slip="outliers-on-both-sides",
            ),
            Option(
                "A matrix of zeros",
                "Both methods bring zeros back exactly: nothing can be gained.",
                slip="nothing-to-gain",
            ),
        ],
        hints=[
            "What does absmax waste, and when?",
            "Compare the range with twice the largest |x|.",
            "Half of the MSE is a step shorter by a factor of 1.41: the range must be less than "
            "0.71 times twice the largest |x|.",
        ],
        worked=f"Absmax covers twice alpha. After a ReLU only half of that is used, and from "
        f"-{show(near)} to {show(far)} only {show(near + far)} of {show(2 * far)}. The others use "
        "all of it, or have no error to lower. So: **the ReLU and the lopsided row**.",
    )


@question("clip-or-round")
def clip_or_round(rng: Random) -> Numeric:
    while True:
        count = rng.choice([1_000, 2_000, 5_000, 10_000])
        near, far = rng.randint(4, 12) / 10, rng.randint(30, 80) / 10
        bits = rng.choice([3, 4, 5])
        levels, greatest, z = 2**bits - 1, Integer(bits).greatest, centred(near, bits)
        step = 2 * near / levels
        top = (greatest - z) * step
        rounding, clipping = step**2 / 12, (far - top) ** 2 / count
        answer = rounding + clipping
        unclipped = ((far + near) / levels) ** 2 / 12
        values = [answer, rounding, clipping, rounding + (far - top) ** 2, unclipped]
        if apart(values, 0.08) and apart([answer, rounding + far**2 / count], 0.08):
            break
    to_the_end = rounding + (far - near) ** 2 / count
    return Numeric(
        ask=f"Of {count:,} weights, all but one lie evenly between -{show(near)} and "
        f"{show(near)}, and one is {show(far)}. They are quantized to INT{bits} by "
        f"zero-point, with the range from -{show(near)} to {show(near)}, so the one is clipped: "
        f"s = {show(1 / step)}, z = {z}. What is the mean squared error, about?",
        answer=answer,
        tolerance=0.02,
        slips=[
            Slip(
                "rounding-only",
                rounding,
                "That is what rounding costs the others. The clipped weight is off by far more.",
            ),
            Slip(
                "clipping-only",
                clipping,
                "That is what clipping costs. The others are rounded, and there are many.",
            ),
            Slip(
                "not-the-mean",
                rounding + (far - top) ** 2,
                f"The clipped weight's squared error counts once in a mean over {count:,}.",
            ),
            Slip(
                "nothing-clipped",
                unclipped,
                "That would be the error if the range reached to the one weight, and nothing "
                "were clipped.",
            ),
            *(
                [
                    Slip(
                        "clipped-to-the-end",
                        to_the_end,
                        f"You had the one come back as {show(near)}, the end of the range. It is "
                        f"stored as {greatest}: which number does that stand for, by s and z?",
                    )
                ]
                if all(apart([to_the_end, each], 0.025) for each in values)
                else []
            ),
        ],
        hints=[
            "There are two kinds of error here. Which weights suffer which?",
            f"Rounding costs step^2 / 12; clipping costs (x - x_hat)^2, shared by {count:,}.",
            f"The step is {show(2 * near)} / {levels} = {show(step)}, and the one weight comes "
            f"back as ({greatest} - z) / s = {show(top)}.",
        ],
        worked=f"Rounding: the step is {show(2 * near)} / {levels} = {show(step)}, and its "
        f"square over 12 is {show(rounding)}. Clipping: the one is stored as {greatest}, which "
        f"stands for ({greatest} - z) / s = {show(top)}, and not for {show(near)}: {2**bits} "
        "integers have none in the middle, so z is rounded and the map moves by half a step. "
        f"({show(far)} - {show(top)})^2 / {count:,} = {show(clipping)}. Together "
        f"**{show(answer)}**. Without clipping it would be {show(unclipped)}, which is "
        f"{'more' if unclipped > answer else 'less'}.",
    )


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
    cells = rows * columns
    answer = cells + 5 * rows
    return Numeric(
        ask=f"A matrix of {rows} rows and {columns} columns is quantized from FP32 to INT8, with "
        "a scale in FP32 and a zero-point in INT8 for each row. How many bytes does it take now, "
        "with its constants?",
        answer=answer,
        unit="byte",
        tolerance=0,
        slips=[
            Slip("no-constants", cells, "Those are the integers. Add the scales and zero-points."),
            Slip(
                "one-for-all",
                cells + 5,
                f"You counted one scale and one zero-point. Each of the {rows} rows has its own.",
            ),
            Slip(
                "for-each-column",
                cells + 5 * columns,
                "You counted a pair for each column. Here each row has one.",
            )
            if rows != columns
            else Slip(
                "as-before",
                4 * cells,
                "That is what it took in FP32.",
            ),
            Slip(
                "wide-zero-points",
                cells + 8 * rows,
                "You counted four bytes for a zero-point. It is an INT8: one byte.",
            ),
        ],
        hints=[
            "Count the integers, the scales and the zero-points.",
            "An INT8 takes one byte and an FP32 four.",
            f"There are {cells:,} integers, and 4 + 1 bytes for each of {rows} rows.",
        ],
        worked=f"{rows} * {columns} = {cells:,} integers of one byte, and {rows} * (4 + 1) = "
        f"{5 * rows:,} bytes of constants: **{answer:,} bytes**. In FP32 it took {4 * cells:,}, "
        f"{show(4 * cells / answer, 3)} times as many.",
    )


@question("zero-point-judged")
def zero_point_judged(rng: Random) -> Essay:
    mse = rng.choice([1.9, 2.1, 2.4]) * 1e-5
    return Essay(
        ask="A matrix of weights with standard deviation 1 went to INT8 and back by zero-point. "
        f"It took 100 bytes and takes 25 now, and its mean squared error is {mse:.1e}. Is the "
        "error low? Does the saving matter? What will a model do otherwise when all its matrices "
        "are treated so? Three or four sentences.",
        rubric=[
            "Holds the error against the size of the weights: its root is about "
            f"{mse**0.5:.4f}, half a percent of a standard deviation or less.",
            "Says that a quarter of the memory is left, and that the constants are small where "
            "the matrix is large (but not in a matrix of 25).",
            "Says that less memory has to be moved for each token, which is what limits most "
            "generation; and that it is faster only if the hardware and its code use it.",
            "Says that quality has to be measured on the task: errors of many layers add up, and "
            "the mean hides a few large ones.",
        ],
        sample=f"The root of the error is {mse**0.5:.4f}, under half a percent of the weights' "
        "standard deviation, so each weight is nearly what it was. A quarter of the memory is "
        "left, and for large matrices the scale and zero-point hardly count. A model will need "
        "less memory and has fewer bytes to move for each token, so it can be faster, provided "
        "that the code computes with INT8 or widens it quickly. Its answers will change "
        "little on average, but the errors of all layers add up and outliers suffer more, so I "
        "would measure its score before and after.",
        hints=[
            "Low compared to what?",
            "Compare the root of the MSE with the standard deviation, and think of what is moved "
            "from memory for each token.",
            "Say what should be measured before it is believed.",
        ],
    )


def drawn(rng: Random) -> list[float]:
    """Six weights with two decimals on both sides of 0, more on one than on the other."""
    while True:
        near, far = rng.uniform(0.3, 2), rng.uniform(1, 6)
        low, high = (-near, far) if rng.random() < 0.5 else (-far, near)
        weights = [round(rng.uniform(low, high), 2) for _ in range(6)]
        if min(weights) < -0.15 and max(weights) > 0.15 and abs(max(weights) + min(weights)) > 0.2:
            return weights


def grid(row: list) -> list[list]:
    """Six numbers as two rows of three."""
    return [row[:3], row[3:]]


def signed(number: int) -> str:
    """A number to stand behind an operator: in brackets if it is negative."""
    return f"({number})" if number < 0 else str(number)


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
