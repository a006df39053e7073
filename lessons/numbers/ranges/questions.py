"""Questions on ranges: whose, from what data, how much of it, and when."""

from random import Random

from engine.numerics.integers import INT8
from lessons.kit.compare import apart, keep_if
from lessons.kit.display import block, bullets, rounded, show, signed
from lessons.kit.question import Choice, Numeric, question
from lessons.kit.words import choice, numeric

NEEDING = (
    "A static range for what goes into a layer -> It is fixed before any input comes.",
    "A static 99.9% range for the keys of the KV cache -> Keys are activations too.",
    "GPTQ, which chooses each integer by what it does to the layer's output "
    "-> It has to see inputs to know what the output will be.",
)
NEEDING_NONE = (
    "weights-need-none: Absmax of a weight matrix "
    "-> The weights are there: their range can be read off.",
    "dynamic-needs-none: Dynamic quantization of what goes into a layer "
    "-> It looks at each input when it comes, and only at that.",
    "nf4-needs-none: NF4 of a weight matrix: blocks that have a scale each, and a fixed table of "
    "16 numbers -> It uses the weights' own blocks and a fixed table: no data.",
    "rows-need-none: A row-wise scale for each row of a weight matrix "
    "-> Finer, but still read off the weights.",
)
"""What needs a calibration set and what does not, as options are written."""


@question("needs-calibration")
def needs_calibration(rng: Random) -> Choice:
    right, wrong = rng.sample(NEEDING, 2), rng.sample(NEEDING_NONE, 3)
    return choice(several=True).asks(f"""
    Which of these need a calibration set, that is, inputs to run the model on beforehand? Choose
    all.

    right: {right[0]}
    right: {right[1]}
    {wrong[0]}
    {wrong[1]}
    {wrong[2]}

    hint: What is already there when the model is loaded, and what is not?
    hint: Weights are known beforehand. Activations are not, unless inputs are run.
    hint: Look for what is fixed beforehand and depends on inputs: there are two.
    worked: Weights are known when the model is loaded, and dynamic ranges are fitted when inputs
      come. What is fixed beforehand and depends on inputs:

    {bullets(each.replace(" -> ", ". ") for each in right)}""")


@question("beyond-the-range")
def beyond_the_range(rng: Random) -> Numeric:
    low, high = -rng.randint(5, 40) / 10, rng.randint(20, 90) / 10
    s = rounded(255 / (high - low))
    z = -128 - round(s * low)
    x = round(high * rng.uniform(1.3, 2.5), 1)
    back, beyond = (127 - z) / s, round(s * x) + z
    wrapped = INT8.wrap(beyond)
    keep_if(abs(z) > 10 and beyond < 380)
    return numeric(x - back, tolerance=0.01, apart=0.03).asks(f"""
    Calibration saw inputs from {show(low)} to {show(high)}, which gave INT8 with s = {show(s)}
    and z = {z}. Then an input of {show(x)} comes. It is quantized with this map and dequantized: by
    how much is it off?

    what-came-back = {back}: That is the number that comes back. How far is it from the input?
    half-a-step = {0.5 / s}: Half a step is the most that rounding can do, inside the range. This
      input is outside.
    zero-point-forgotten = {x - 127 / s}: 127 / s would come back if z were 0. Take z off first.
    wrapped = {x - (wrapped - z) / s}: You let {beyond} wrap around to {wrapped}. A quantizer clips
      to 127.

    hint: Does the input lie inside the range that was seen?
    hint: It is clipped to q = 127. What does 127 stand for?
    hint: (127 - {signed(z)}) / {show(s)} = {show(back)}.
    worked: round({show(s)} * {show(x)}) + {signed(z)} = {beyond}, clipped to 127. That stands for
      (127 - {signed(z)}) / {show(s)} = {show(back)}, so the input is off by {show(x)} -
      {show(back)} = **{show(x - back)}**.""")


@question("percentile-scale")
def percentile_scale(rng: Random) -> Numeric:
    body = [round(rng.gauss(0.2, 1), 2) for _ in range(8)]
    seen = [*body, round(-rng.uniform(3, 6), 2), round(rng.uniform(4, 9), 2)]
    rng.shuffle(seen)
    in_order = sorted(seen)
    least, low, inner_low, *_, inner_high, high, greatest = in_order
    keep_if(inner_low < -0.1 and inner_high > 0.1 and apart(seen))
    answer, of_all = 255 / (high - low), 255 / (greatest - least)
    two_out, top_only = 255 / (inner_high - inner_low), 255 / (high - least)
    by_width, absmax = of_all / 0.8, 127 / max(high, -low)
    scales = [answer, of_all, two_out, top_only, absmax, 0.8 * of_all]
    keep_if(apart(scales, 0.02))
    told = apart([*scales, by_width], 0.02)
    return numeric(answer).asks(f"""
    Ten activations were seen: {show(seen)}. The range is to be the middle 80% of them. What is the
    zero-point method's scale in INT8?

    min-max = {of_all}: That is the scale of all that was seen: nothing is left out yet.
    share-at-each-end = {two_out}: You left two out at either end. 20% is what is left out in all.
    top-only = {top_only}: You cut at the top only. The middle leaves something out at either end.
    share-of-the-width = {by_width if told else None}: That is 80% of the range's *width*. 80% of
      the *numbers* is asked for.
    absmax-scale = {None if told else absmax}: That is the absmax scale of this range.

    hint: Put them in order first.
    hint: 80% of ten stay, so one goes at either end.
    hint: What stays goes from {show(low)} to {show(high)}.
    worked: In order: {show(in_order)}. Without the first and the last they go from {show(low)} to
      {show(high)}, so s = 255 / {show(high - low)} = **{show(answer)}**.""")


@question("least-error-range")
def least_error_range(rng: Random) -> Choice:
    bits, at_6, fall = rng.choice([4, 5, 6]), rng.uniform(0.2, 3), rng.uniform(5, 14)
    ends, levels = (6, 12, 24, 48), 2**bits - 1
    rounding = [rounded((2 * end / levels) ** 2 / 12, 3) for end in ends]
    clipping = [*(rounded(at_6 * fall**-at, 2) for at in range(3)), 0.0]
    total = [a + b for a, b in zip(rounding, clipping, strict=True)]
    least, second, *_ = sorted(total)
    best = total.index(least)
    end = ends[best]
    even = min(range(4), key=lambda at: abs(rounding[at] - clipping[at]))
    keep_if(best in (1, 2) and even == 3 - best and second - least > 0.1 * least)
    says = {
        "right": "Yes: any shorter, and clipping costs more; any longer, and rounding does.",
        "parts-even": "Here the two parts are the most alike. What counts is their sum.",
    }
    shorter, longer = ("right", "parts-even") if best == 1 else ("parts-even", "right")
    spans = [f"{-end:4d} to {end:2d}" for end in ends]
    tried = [f"{span}    {show(c, 2)}" for span, c in zip(spans, clipping, strict=True)]
    sums = [
        f"{span}    {show(a, 3)} + {show(c, 2)} = {show(t, 3)}"
        for span, a, c, t in zip(spans, rounding, clipping, total, strict=True)
    ]
    return choice().asks(f"""
    Four ranges were tried on a layer's inputs. Squared errors of what is clipped, on average over
    all inputs:

    {block(["range         clipping", *tried])}

    With INT{bits}, which range has the least mean squared error?

    shortest-step: -6 to 6
      -> It has the shortest step, but what is clipped costs more than that saves.
    {shorter}: -12 to 12 -> {says[shorter]}
    {longer}: -24 to 24 -> {says[longer]}
    nothing-clipped: -48 to 48
      -> Nothing is clipped, but the step has become so long that all others pay.

    hint: There is a second part of the error, and it grows with the range.
    hint: Rounding costs step^2 / 12, and the step is the range over {levels}.
    hint: From -{end} to {end} the step is {2 * end} / {levels} = {show(2 * end / levels)}, so
      rounding costs {show(rounding[best], 3)}.
    worked: Rounding, step^2 / 12 with a step of range / {levels}, and clipping:

    {block(sums)}

    The least is **-{end} to {end}**.""")


@question("running-range")
def running_range(rng: Random) -> Numeric:
    share = rng.choice([0.1, 0.2, 0.25, 0.3])
    first, second, third = batches = [rng.randint(20, 120) / 10 for _ in range(3)]
    after_two = moved(share, *batches[:2])
    answer = moved(share, *batches)
    return numeric(answer, apart=0.02).asks(f"""
    An observer keeps the greatest activation as a moving average: it begins with the first batch's,
    and then each batch moves it by {show(share)} of the way to its own greatest. Three batches have
    {show(first)}, {show(second)} and {show(third)}. What does it hold?

    plain-greatest = {max(batches)}: That is the greatest of all, which a min-max observer keeps.
      This one averages.
    plain-mean = {sum(batches) / 3}: That is the plain mean. Here each batch only moves the average
      a part of the way.
    shares-swapped = {moved(share, third, moved(share, second, first))}: You kept {show(share)} of
      the old one. It moves by {show(share)} towards the new one, so {show(1 - share)} of the old
      stays.
    began-at-zero = {moved(share, 0, *batches)}: You began at 0. It begins with the first batch's
      greatest.
    one-batch-short = {after_two}: The third batch is still to come.

    hint: Go batch by batch.
    hint: new = old + share * (batch's - old).
    hint: After two batches: {show(first)} + {show(share)} * ({show(second)} - {show(first)}) =
      {show(after_two, 5)}.
    worked: It begins at {show(first)}. Then {show(first)} + {show(share)} * ({show(second)} -
      {show(first)}) = {show(after_two, 5)}, and {show(after_two, 5)} + {show(share)} *
      ({show(third)} - {show(after_two, 5)}) = **{show(answer)}**.""")


def moved(share: float, average: float, *batches: float) -> float:
    """A moving average, which each batch moves by that share of the way to its own number."""
    for each in batches:
        average += share * (each - average)
    return average


@question("dynamic-count")
def dynamic_count(rng: Random) -> Numeric:
    layers, tokens = rng.choice([12, 16, 24, 28, 32, 36]), rng.choice([50, 80, 100, 120, 200, 250])
    answer = 4 * layers * tokens
    return numeric(answer, unit="scale", tolerance=0).asks(f"""
    A model has {layers} layers. In each, four different tensors go into linear layers: into q, k
    and v (the same one), into o, into gate and up (the same one), and into down. They are quantized
    dynamically, with a scale for each token. {tokens} tokens are read. How many scales are
    computed?

    static = {4 * layers}: That many a static scheme keeps, once and for all. A dynamic one computes
      them for every token.
    for-each-matrix = {7 * layers * tokens}: You counted one for each of seven matrices. Those that
      read the same tensor can share its scale.
    one-a-layer = {layers * tokens}: You counted one tensor a layer. There are four.
    one-a-token = {tokens}: Each of the tensors has a range of its own.

    hint: How many different tensors are quantized for one token?
    hint: Tensors a layer, times layers, times tokens.
    hint: For one token it is 4 * {layers} = {4 * layers}.
    worked: 4 tensors * {layers} layers * {tokens} tokens = **{answer:,}** scales, each after a pass
      over its tensor. A static scheme has computed {4 * layers} beforehand.""")
