"""Questions on ranges: whose, from what data, how much of it, and when."""

from itertools import combinations
from random import Random

from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Numeric, Option, Slip, question

NEEDING = (
    ("A static range for what goes into a layer", "It is fixed before any input comes."),
    ("A static 99.9% range for the keys of the KV cache", "Keys are activations too."),
    (
        "GPTQ, which chooses each integer by what it does to the layer's output",
        "It has to see inputs to know what the output will be.",
    ),
)
NEEDING_NONE = (
    (
        "Absmax of a weight matrix",
        "The weights are there: their range can be read off.",
        "weights-need-none",
    ),
    (
        "Dynamic quantization of what goes into a layer",
        "It looks at each input when it comes, and only at that.",
        "dynamic-needs-none",
    ),
    (
        "NF4 of a weight matrix: blocks that have a scale each, and a fixed table of 16 numbers",
        "It uses the weights' own blocks and a fixed table: no data.",
        "nf4-needs-none",
    ),
    (
        "A row-wise scale for each row of a weight matrix",
        "Finer, but still read off the weights.",
        "rows-need-none",
    ),
)
RANGES = (6, 12, 24, 48)


@question("needs-calibration")
def needs_calibration(rng: Random) -> Choice:
    right = rng.sample(NEEDING, 2)
    wrong = rng.sample(NEEDING_NONE, 3)
    named = "\n".join(f"- {text}. {says}" for text, says in right)
    return Choice(
        ask="Which of these need a calibration set, that is, inputs to run the model on "
        "beforehand? Choose all.",
        several=True,
        options=[
            *(Option(text, says, right=True) for text, says in right),
            *(Option(text, says, slip=slip) for text, says, slip in wrong),
        ],
        hints=[
            "What is already there when the model is loaded, and what is not?",
            "Weights are known beforehand. Activations are not, unless inputs are run.",
            "Look for what is fixed beforehand and depends on inputs: there are two.",
        ],
        worked="Weights are known when the model is loaded, and dynamic ranges are fitted when "
        f"inputs come. What is fixed beforehand and depends on inputs:\n\n{named}",
    )


@question("beyond-the-range")
def beyond_the_range(rng: Random) -> Numeric:
    while True:
        low, high = -rng.randint(5, 40) / 10, rng.randint(20, 90) / 10
        s = rounded(255 / (high - low))
        z = -128 - round(s * low)
        x = round(high * rng.uniform(1.3, 2.5), 1)
        back = (127 - z) / s
        answer = x - back
        beyond = round(s * x) + z
        values = [answer, back, 0.5 / s, x - 127 / s, x - (beyond - 256 - z) / s]
        if abs(z) > 10 and beyond < 380 and apart(values, 0.03):
            break
    return Numeric(
        ask=f"Calibration saw inputs from {show(low)} to {show(high)}, which gave INT8 with "
        f"s = {show(s)} and z = {z}. Then an input of {show(x)} comes. It is quantized with this "
        "map and dequantized: by how much is it off?",
        answer=answer,
        tolerance=0.01,
        slips=[
            Slip(
                "what-came-back",
                back,
                "That is the number that comes back. How far is it from the input?",
            ),
            Slip(
                "half-a-step",
                0.5 / s,
                "Half a step is the most that rounding can do, inside the range. This input is "
                "outside.",
            ),
            Slip(
                "zero-point-forgotten",
                x - 127 / s,
                "127 / s would come back if z were 0. Take z off first.",
            ),
            Slip(
                "wrapped",
                x - (beyond - 256 - z) / s,
                f"You let {beyond} wrap around to {beyond - 256}. A quantizer clips to 127.",
            ),
        ],
        hints=[
            "Does the input lie inside the range that was seen?",
            "It is clipped to q = 127. What does 127 stand for?",
            f"(127 - {signed(z)}) / {show(s)} = {show(back)}.",
        ],
        worked=f"round({show(s)} * {show(x)}) + {signed(z)} = {beyond}, clipped to 127. That "
        f"stands for (127 - {signed(z)}) / {show(s)} = {show(back)}, so the input is off by "
        f"{show(x)} - {show(back)} = **{show(answer)}**.",
    )


@question("percentile-scale")
def percentile_scale(rng: Random) -> Numeric:
    while True:
        body = [round(rng.gauss(0.2, 1), 2) for _ in range(8)]
        ends = [round(-rng.uniform(3, 6), 2), round(rng.uniform(4, 9), 2)]
        seen = [*body, *ends]
        rng.shuffle(seen)
        order = sorted(seen)
        low, high = order[1], order[-2]
        answer = 255 / (high - low)
        values = [
            answer,
            255 / (order[-1] - order[0]),
            255 / (order[-3] - order[2]),
            255 / (high - order[0]),
            127 / max(high, -low),
            0.8 * 255 / (order[-1] - order[0]),
        ]
        if order[2] < -0.1 and order[-3] > 0.1 and len(set(seen)) == 10 and apart(values, 0.02):
            break
    return Numeric(
        ask=f"Ten activations were seen: {show(seen)}. The range is to be the middle 80% of them. "
        "What is the zero-point method's scale in INT8?",
        answer=answer,
        slips=[
            Slip(
                "min-max",
                255 / (order[-1] - order[0]),
                "That is the scale of all that was seen: nothing is left out yet.",
            ),
            Slip(
                "share-at-each-end",
                255 / (order[-3] - order[2]),
                "You left two out at either end. 20% is what is left out in all.",
            ),
            Slip(
                "top-only",
                255 / (high - order[0]),
                "You cut at the top only. The middle leaves something out at either end.",
            ),
            Slip(
                "share-of-the-width",
                255 / (0.8 * (order[-1] - order[0])),
                "That is 80% of the range's *width*. 80% of the *numbers* is asked for.",
            )
            if apart([*values, 255 / (0.8 * (order[-1] - order[0]))], 0.02)
            else Slip(
                "absmax-scale",
                127 / max(high, -low),
                "That is the absmax scale of this range.",
            ),
        ],
        hints=[
            "Put them in order first.",
            "80% of ten stay, so one goes at either end.",
            f"What stays goes from {show(low)} to {show(high)}.",
        ],
        worked=f"In order: {show(order)}. Without the first and the last they go from "
        f"{show(low)} to {show(high)}, so s = 255 / {show(high - low)} = **{show(answer)}**.",
    )


@question("least-error-range")
def least_error_range(rng: Random) -> Choice:
    while True:
        bits = rng.choice([4, 5, 6])
        at_6, fall = rng.uniform(0.2, 3), rng.uniform(5, 14)
        rounding = [rounded((2 * end / (2**bits - 1)) ** 2 / 12, 3) for end in RANGES]
        clipping = [rounded(at_6 * fall**-at, 2) for at in range(3)] + [0.0]
        total = [a + b for a, b in zip(rounding, clipping, strict=True)]
        best = total.index(min(total))
        even = min(range(4), key=lambda at: abs(rounding[at] - clipping[at]))
        if (
            best in (1, 2)
            and even not in (0, 3, best)
            and min(abs(total[best] - each) for at, each in enumerate(total) if at != best)
            > 0.1 * total[best]
        ):
            break
    slips = {
        3: (
            "nothing-clipped",
            "Nothing is clipped, but the step has become so long that all others pay.",
        ),
        0: (
            "shortest-step",
            "It has the shortest step, but what is clipped costs more than that saves.",
        ),
        even: (
            "parts-even",
            "Here the two parts are the most alike. What counts is their sum.",
        ),
    }
    table = "\n".join(
        f"    {-end:4d} to {end:2d}    {show(c, 2)}"
        for end, c in zip(RANGES, clipping, strict=True)
    )
    sums = "\n".join(
        f"    {-end:4d} to {end:2d}    {show(a, 3)} + {show(c, 2)} = {show(t, 3)}"
        for end, a, c, t in zip(RANGES, rounding, clipping, total, strict=True)
    )
    end = RANGES[best]
    return Choice(
        ask=f"Four ranges were tried on a layer's inputs. Squared errors of what is clipped, on "
        f"average over all inputs:\n\n    range         clipping\n{table}\n\nWith INT{bits}, which "
        "range has the least mean squared error?",
        options=[
            Option(
                f"-{RANGES[at]} to {RANGES[at]}",
                "Yes: any shorter, and clipping costs more; any longer, and rounding does."
                if at == best
                else slips[at][1],
                right=at == best,
                slip="" if at == best else slips[at][0],
            )
            for at in range(4)
        ],
        hints=[
            "There is a second part of the error, and it grows with the range.",
            f"Rounding costs step^2 / 12, and the step is the range over {2**bits - 1}.",
            f"From -{end} to {end} the step is {2 * end} / {2**bits - 1} = "
            f"{show(2 * end / (2**bits - 1))}, so rounding costs {show(rounding[best], 3)}.",
        ],
        worked=f"Rounding, step^2 / 12 with a step of range / {2**bits - 1}, and clipping:\n\n"
        f"{sums}\n\nThe least is **-{end} to {end}**.",
    )


@question("running-range")
def running_range(rng: Random) -> Numeric:
    while True:
        c = rng.choice([0.1, 0.2, 0.25, 0.3])
        first, second, third = (rng.randint(20, 120) / 10 for _ in range(3))
        after_two = first + c * (second - first)
        answer = after_two + c * (third - after_two)
        swapped = second + c * (first - second)
        swapped = third + c * (swapped - third)
        from_zero = c * first
        for each in (second, third):
            from_zero += c * (each - from_zero)
        values = [
            answer,
            max(first, second, third),
            (first + second + third) / 3,
            swapped,
            from_zero,
            after_two,
        ]
        if apart(values, 0.02):
            break
    return Numeric(
        ask=f"An observer keeps the greatest activation as a moving average: it begins with the "
        f"first batch's, and then each batch moves it by {show(c)} of the way to its own "
        f"greatest. Three batches have {show(first)}, {show(second)} and {show(third)}. What does "
        "it hold?",
        answer=answer,
        slips=[
            Slip(
                "plain-greatest",
                max(first, second, third),
                "That is the greatest of all, which a min-max observer keeps. This one averages.",
            ),
            Slip(
                "plain-mean",
                (first + second + third) / 3,
                "That is the plain mean. Here each batch only moves the average a part of the way.",
            ),
            Slip(
                "shares-swapped",
                swapped,
                f"You kept {show(c)} of the old one. It moves by {show(c)} towards the new one, "
                f"so {show(1 - c)} of the old stays.",
            ),
            Slip(
                "began-at-zero",
                from_zero,
                "You began at 0. It begins with the first batch's greatest.",
            ),
            Slip("one-batch-short", after_two, "The third batch is still to come."),
        ],
        hints=[
            "Go batch by batch.",
            "new = old + share * (batch's - old).",
            f"After two batches: {show(first)} + {show(c)} * ({show(second)} - {show(first)}) = "
            f"{show(after_two, 5)}.",
        ],
        worked=f"It begins at {show(first)}. Then {show(first)} + {show(c)} * ({show(second)} - "
        f"{show(first)}) = {show(after_two, 5)}, and {show(after_two, 5)} + {show(c)} * "
        f"({show(third)} - {show(after_two, 5)}) = **{show(answer)}**.",
    )


@question("dynamic-count")
def dynamic_count(rng: Random) -> Numeric:
    layers, tokens = rng.choice([12, 16, 24, 28, 32, 36]), rng.choice([50, 80, 100, 120, 200, 250])
    answer = 4 * layers * tokens
    return Numeric(
        ask=f"A model has {layers} layers. In each, four different tensors go into linear layers: "
        "into q, k and v (the same one), into o, into gate and up (the same one), and into down. "
        f"They are quantized dynamically, with a scale for each token. {tokens} tokens are read. "
        "How many scales are computed?",
        answer=answer,
        unit="scale",
        tolerance=0,
        slips=[
            Slip(
                "static",
                4 * layers,
                "That many a static scheme keeps, once and for all. A dynamic one computes them "
                "for every token.",
            ),
            Slip(
                "for-each-matrix",
                7 * layers * tokens,
                "You counted one for each of seven matrices. Those that read the same tensor can "
                "share its scale.",
            ),
            Slip(
                "one-a-layer",
                layers * tokens,
                "You counted one tensor a layer. There are four.",
            ),
            Slip("one-a-token", tokens, "Each of the tensors has a range of its own."),
        ],
        hints=[
            "How many different tensors are quantized for one token?",
            "Tensors a layer, times layers, times tokens.",
            f"For one token it is 4 * {layers} = {4 * layers}.",
        ],
        worked=f"4 tensors * {layers} layers * {tokens} tokens = **{answer:,}** scales, each "
        f"after a pass over its tensor. A static scheme has computed {4 * layers} beforehand.",
    )


def signed(number: int) -> str:
    """A number to stand behind an operator: in brackets if it is negative."""
    return f"({number})" if number < 0 else str(number)


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
