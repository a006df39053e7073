"""Questions on a quantized model and its score: size, worked answers, extraction, intervals."""

from math import sqrt
from random import Random

from engine.evaluation.answers import judge
from engine.numerics.architecture import QWEN25
from engine.numerics.footprint import footprint
from lessons.kit.compare import keep_if
from lessons.kit.display import block, rounded, show
from lessons.kit.question import Choice, Essay, Numeric, question
from lessons.kit.words import choice, essay, numeric

Z95 = 1.96
"""As the text has it."""


@question("quantized-size")
def quantized_size(rng: Random) -> Numeric:
    size = rng.choice(["0.5B", "1.5B", "3B", "7B", "14B", "32B", "72B"])
    bits = rng.choice([4.127, 4.5])
    weights = footprint(QWEN25[size].weights, "nf4", "bf16")
    linear = rounded(weights.quantized_params / 1e9, 3)
    rest = rounded(weights.unquantized_params / 1e9, 3)
    quantized = linear * bits / 8
    answer = quantized + 2 * rest
    return numeric(answer, unit="GB", apart=0.012).asks(f"""
    Qwen2.5-{size} has {linear:g} billion weights in linear layers and {rest:g} billion others.
    bitsandbytes holds the first in NF4, at {bits} bits with all constants, and leaves the others in
    BF16. How many GB does it take?

    all-quantized = {(linear + rest) * bits / 8}: You quantized everything. The embedding, the norms
      and the head stay in 16 bits.
    rest-forgotten = {quantized}: Those are the quantized weights. The others are still there, in 16
      bits.
    rest-in-32-bits = {quantized + 4 * rest}: What is not quantized was said to be in 16 bits, which
      are 2 bytes.
    constants-forgotten = {linear * 4 / 8 + 2 * rest}: You counted 4 bits a weight. Its share of the
      constants comes on top.

    hint: Two kinds of weights, two sizes.
    hint: {bits} bits for the first, 16 bits for the others; 8 bits are a byte.
    hint: The first take {linear:g} * {bits} / 8 = {show(quantized)} GB.
    worked: {linear:g} * {bits} / 8 = {show(quantized)} GB, and {rest:g} * 2 = {show(2 * rest)} GB:
      **{show(answer)} GB**. In BF16 it would be {show(2 * (linear + rest))} GB.""")


SCENES = (
    (
        "A model came out this morning. You want to try it today in 4 bits, and then fine-tune an "
        "adapter over it. You have no text like what it will be asked.",
        "bitsandbytes -> It looks at the weights alone, while they are loaded.",
        "GPTQ or AWQ -> It needs text to calibrate with, and a run over it, for a model that you "
        "only try, and that the adapter will change.",
        "No calibration data, and an adapter to be trained: **bitsandbytes**, which needs the "
        "weights alone and lets gradients through.",
    ),
    (
        "A model will be served for a year, in 4 bits, always with the same kind of question. You "
        "have thousands of them and a night of GPU time, once. No adapter is to be trained.",
        "GPTQ or AWQ -> They look at what flows through the layers, and round accordingly.",
        "bitsandbytes -> It would work, but you would do without the questions that you have.",
        "It is quantized once and used for long, and you know what it will see: **GPTQ or AWQ**, "
        "calibrated with some of those questions.",
    ),
)
"""A scene in which one thing decides, the option that is right, the other one, and why."""


@question("which-quantizer")
def which_quantizer(rng: Random) -> Choice:
    scene, right, other, why = rng.choice(SCENES)
    return choice().asks(f"""
    {scene} What do you quantize with?

    right: {right}
    data-not-weighed: {other}
    data-free-calibrated: bitsandbytes, calibrated on GSM8K
      -> bitsandbytes takes no calibration data. Its scales are the largest weight of each block.
    trained-anew: None of them: a model has to be trained anew in 4 bits
      -> That is quantization-aware training. All of these quantize after training.

    hint: Who needs data, and who needs time?
    hint: bitsandbytes is data-free. GPTQ and AWQ are calibrated.
    hint: Ask what there is to calibrate with, and how often the work has to be done.
    worked: {why}""")


@question("annotation-check")
def annotation_check(rng: Random) -> Numeric:
    a, b, c, d = (rng.randint(*ends) for ends in ((12, 48), (3, 9), (15, 90), (3, 9)))
    product = a * b
    wrong = product + rng.choice([-20, -10, 10, 20])
    keep_if(wrong > 0)
    both, wrong_both = product + c, wrong + c
    answer, as_written = both * d, wrong_both * d
    model = [
        f"Ana packs {a}*{b}=<<{a}*{b}={wrong}>>{wrong} candles.",
        f"With those of Ben it is {wrong}+{c}=<<{wrong}+{c}={wrong_both}>>{wrong_both} candles.",
        f"In {d} weeks it is {wrong_both}*{d}=<<{wrong_both}*{d}={as_written}>>{as_written}.",
        f"#### {as_written}",
    ]
    return numeric(answer, tolerance=0).asks(f"""
    A model answers in GSM8K's format:

    {block(model)}

    The plan is right and one annotation is not. Had a calculator filled in every result, which
    number would stand behind `####`?

    as-written = {as_written}: That is what the model wrote. Work the first annotation out.
    stopped-early = {both}: There is one step more: the {d} weeks.
    only-one-part = {product * d + c}: The last step multiplies the whole sum, with Ben's candles in
      it.
    a-step-left-out = {wrong * d}: You left the second step out, and the first one is still wrong.

    hint: An annotation is `<<` calculation `=` result `>>`. Which result is wrong?
    hint: The calculator computes what stands left of the `=`, and later steps use its result.
    hint: {a} * {b} = {product}.
    worked: {a} * {b} = {product}, not {wrong}. Then {product} + {c} = {both}, and {both} * {d} =
      **{answer}**.""")


@question("which-score")
def which_score(rng: Random) -> Choice:
    """What is right is what the engine and lm-evaluation-harness's patterns say."""
    value, thousand, other = rng.randint(12, 95), rng.randint(11, 98) * 100, rng.randint(2, 9)
    texts = [
        f"So it is {value}.\\n#### {value}",
        f"So she has {value} left.",
        f"#### ${value}",
        f"#### {thousand:,}",
        f"The total is {thousand:,}.",
        f"The answer is {value}, and {other} are broken.",
        f"#### {value}.00",
        f"She has {value} left, for {other} days.",
        f"####{value}",
        f"#### {value} eggs\\nCheck: {value} - {other} = {value - other}",
        f"\\boxed{{{value}}} eggs in {other} boxes",
    ]
    text = rng.choice(texts)
    gold = thousand if f"{thousand:,}" in text else value
    judged = judge(text.replace("\\n", "\n"), f"{gold}")
    scores = {"strict": judged.strict, "flexible": judged.flexible, "robust": judged.correct}
    right = [name for name, counts in scores.items() if counts] or ["none of them"]
    strict, flexible, robust = (
        f"{'right' if name in right else f'{name}-too-kind'}: {name}" for name in scores
    )
    none = "nothing-read: none of them -> Go through the three rules one by one."
    if "none of them" in right:
        none = "right: none of them -> None reads the right number here."
    return choice(several=True).asks(f"""
    The right answer is {gold}. A model writes

        {text}

    (`\\n` is a new line.) Which scores count that as right? Choose all.

    {strict} -> Strict reads the first `#### ` with a number right behind it, and compares letter by
      letter once `,` and `$` are gone.
    {flexible} -> Flexible reads the last thing that looks like a number, wherever it stands.
    {robust} -> Robust looks for `####`, then for words such as 'the answer is', then for a box,
      then for the last number, and compares values.
    {none}

    hint: Which number does each rule read?
    hint: Strict wants `#### ` in front; flexible takes the last number; robust tries several rules
      in their order.
    hint: Robust reads {judged.extracted} here, by the rule '{judged.stage}'.
    worked: Robust reads {judged.extracted} by its rule '{judged.stage}'. So it counts as right by
      **{", ".join(right)}**.""")


@question("half-width")
def half_width(rng: Random) -> Numeric:
    n = rng.choice([50, 100, 200, 250, 300, 500, 1000, 1319])
    score = rng.randint(5, 90)
    p = score / 100
    variance = p * (1 - p)
    error = 100 * sqrt(variance / n)
    answer = Z95 * error
    return numeric(answer, unit="point", tolerance=0.01, apart=0.03).asks(f"""
    A model gets {score}% of {n:,} problems right. How many points is half of the 95% interval, by
    1.96 standard errors?

    one-error-only = {error}: That is one standard error. 95% lie within 1.96 of them.
    whole-width = {2 * answer}: That is the interval from end to end. The half-width is on either
      side.
    root-forgotten = {Z95 * 100 * sqrt(variance) / n}: You divided by n. The error falls with the
      *root* of n.
    share-wrong-left-out = {Z95 * 100 * sqrt(p / n)}: Under the root stands p * (1 - p) / n: the
      share of wrong answers counts as well.
    no-root = {Z95 * 100 * p * (1 - p) / n}: You left the root out altogether.

    hint: How far does a share wander when other problems are drawn?
    hint: 1.96 * sqrt(p * (1 - p) / n), and times 100 for points.
    hint: p * (1 - p) = {p:g} * {1 - p:g} = {show(variance)}.
    worked: 1.96 * sqrt({p:g} * {1 - p:g} / {n:,}) = 1.96 * {show(error / 100)} =
      {show(answer / 100)}, which is **{show(answer)} points**.""")


@question("problems-needed")
def problems_needed(rng: Random) -> Numeric:
    n = rng.choice([50, 100, 150, 200, 300])
    now = rng.choice([6, 7.5, 8, 9, 10, 12])
    wanted = rng.choice([1, 1.5, 2, 2.5, 3, 4])
    narrower = now / wanted
    more = narrower**2
    answer = n * more
    keep_if(answer.is_integer())
    return numeric(int(answer), unit="problem", tolerance=0, apart=0.03).asks(f"""
    On {n} problems the half-width of a score's interval is {now:g} points. How many problems give
    {wanted:g} points, at the same score?

    not-squared = {n * narrower}: The interval falls with the root of n. For half of it, you need
      four times as many.
    upside-down = {n / more}: A narrower interval takes more problems, not fewer.
    those-on-top = {answer - n}: That is how many come on top. How many are there in all?
    root-for-square = {n * sqrt(narrower)}: You took the root. The interval falls with the root of
      n, so n grows with the square.

    hint: How does the half-width depend on n?
    hint: It falls with the root of n: four times as many problems halve it.
    hint: It has to become {now:g} / {wanted:g} = {show(narrower)} times narrower.
    worked: {now:g} / {wanted:g} = {show(narrower)} times narrower takes {show(narrower)}^2 =
      {show(more)} times as many: {n} * {show(more)} = **{int(answer):,} problems**.""")


@question("score-told")
def score_told(rng: Random) -> Essay:
    n = rng.choice([100, 150, 200])
    before = rng.randint(66, 74)
    lost = rng.randint(2, 4)
    half = 196 * sqrt(before / 100 * (1 - before / 100) / n)
    return essay().asks(f"""
    'In 32 bits our model scored {before}% on GSM8K and in 4 bits {before - lost}%. So quantization
    cost {lost} points, and the model is eight times as small and faster.' It was measured on {n}
    problems, by the last number of each answer. What is wrong with that? Three or four sentences.

    rubric: Says that with {n} problems the interval is about {half:.0f} points to either side, so
      that {lost} points may well be noise.
    rubric: Says what would settle it: more problems, or the two models compared on the same
      problems, one by one.
    rubric: Says that the last number is not always the answer, so that the rule has to be named and
      some answers read.
    rubric: Says that it is not eight times as small, since embeddings stay in 16 bits and constants
      are added; or that smaller does not mean faster and has to be timed.

    sample: With {n} problems a score near {before}% may be off by {half:.0f} points, so a
      difference of {lost} shows nothing yet. I would ask both models all 1,319 test problems and
      count those on which only one of the two is right. The last number of an answer is not always
      its result, so I would read some and say by which rule the score was taken. The embedding
      stays in 16 bits, so the model is less than eight times as small, and whether it is faster has
      to be timed.

    hint: How sure are the two scores?
    hint: Half of the interval is 1.96 * sqrt(p * (1 - p) / {n}).
    hint: Look at the difference, at the rule that reads an answer, at 'eight times' and at
      'faster'.""")
