"""Questions on a quantized model and its score: size, worked answers, extraction, intervals."""

from itertools import combinations
from random import Random

from engine.evaluation.answers import judge
from engine.numerics.architecture import QWEN25
from engine.numerics.footprint import footprint
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Numeric, Option, Slip, question

Z95 = 1.96
"""As the text has it."""


@question("quantized-size")
def quantized_size(rng: Random) -> Numeric:
    while True:
        size = rng.choice(["0.5B", "1.5B", "3B", "7B", "14B", "32B", "72B"])
        bits = rng.choice([4.127, 4.5])
        counted = footprint(QWEN25[size].weights, "nf4", "bf16")
        small, rest = (
            rounded(each / 1e9, 3)
            for each in (counted.quantized_params, counted.unquantized_params)
        )
        answer = small * bits / 8 + 2 * rest
        values = [(small + rest) * bits / 8, small * bits / 8, small * bits / 8 + 4 * rest]
        values += [small * 4 / 8 + 2 * rest]
        if apart([answer, *values], 0.012):
            break
    names = ("all-quantized", "rest-forgotten", "rest-in-32-bits", "constants-forgotten")
    says = (
        "You quantized everything. The embedding, the norms and the head stay in 16 bits.",
        "Those are the quantized weights. The others are still there, in 16 bits.",
        "What is not quantized was said to be in 16 bits, which are 2 bytes.",
        "You counted 4 bits a weight. Its share of the constants comes on top.",
    )
    return Numeric(
        ask=f"Qwen2.5-{size} has {show(small)} billion weights in linear layers and {show(rest)} "
        f"billion others. bitsandbytes holds the first in NF4, at {bits} bits with all constants, "
        "and leaves the others in BF16. How many GB does it take?",
        answer=answer,
        unit="GB",
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Two kinds of weights, two sizes.",
            f"{bits} bits for the first, 16 bits for the others; 8 bits are a byte.",
            f"The first take {show(small)} * {bits} / 8 = {show(small * bits / 8)} GB.",
        ],
        worked=f"{show(small)} * {bits} / 8 = {show(small * bits / 8)} GB, and {show(rest)} * 2 = "
        f"{show(2 * rest)} GB: **{show(answer)} GB**. In BF16 it would be "
        f"{show(2 * (small + rest))} GB.",
    )


@question("which-quantizer")
def which_quantizer(rng: Random) -> Choice:
    """Each scene has one thing that decides; the options are the same three and a wrong reason."""
    scene, best, worked = rng.choice(
        [
            (
                "A model came out this morning. You want to try it today in 4 bits, and then "
                "fine-tune an adapter over it. You have no text like what it will be asked.",
                "bitsandbytes",
                "No calibration data, and an adapter to be trained: **bitsandbytes**, "
                "which needs the weights alone and lets gradients through.",
            ),
            (
                "A model will be served for a year, in 4 bits, always with the same kind of "
                "question. You have thousands of them and a night of GPU time, once. No adapter "
                "is to be trained.",
                "GPTQ or AWQ",
                "It is quantized once and used for long, and you know what it will see: "
                "**GPTQ or AWQ**, calibrated with some of those questions.",
            ),
        ]
    )
    other = "GPTQ or AWQ" if best == "bitsandbytes" else "bitsandbytes"
    says = {
        "bitsandbytes": "It looks at the weights alone, while they are loaded.",
        "GPTQ or AWQ": "They look at what flows through the layers, and round accordingly.",
    }
    return Choice(
        ask=f"{scene} What do you quantize with?",
        options=[
            Option(f"{best}", says[best], right=True),
            Option(
                f"{other}",
                "It would work, but you would do without the questions that you have."
                if other == "bitsandbytes"
                else "It needs text to calibrate with, and a run over it, for a model that you "
                "only try, and that the adapter will change.",
                slip="data-not-weighed",
            ),
            Option(
                "bitsandbytes, calibrated on GSM8K",
                "bitsandbytes takes no calibration data. Its scales are the largest weight of "
                "each block.",
                slip="data-free-calibrated",
            ),
            Option(
                "None of them: a model has to be trained anew in 4 bits",
                "That is quantization-aware training. All of these quantize after training.",
                slip="trained-anew",
            ),
        ],
        hints=[
            "Who needs data, and who needs time?",
            "bitsandbytes is data-free. GPTQ and AWQ are calibrated.",
            "Ask what there is to calibrate with, and how often the work has to be done.",
        ],
        worked=worked,
    )


@question("annotation-check")
def annotation_check(rng: Random) -> Numeric:
    while True:
        a, b, c, d = (rng.randint(*ends) for ends in ((12, 48), (3, 9), (15, 90), (3, 9)))
        product = a * b
        wrong = product + rng.choice([-20, -10, 10, 20])
        answer, as_written = (product + c) * d, (wrong + c) * d
        values = [answer, as_written, product + c, product * d + c, wrong * d]
        if wrong > 0 and len(set(values)) == len(values):
            break
    return Numeric(
        ask="A model answers in GSM8K's format:\n\n"
        f"    Ana packs {a}*{b}=<<{a}*{b}={wrong}>>{wrong} candles.\n"
        f"    With those of Ben it is {wrong}+{c}=<<{wrong}+{c}={wrong + c}>>{wrong + c} candles.\n"
        f"    In {d} weeks it is {wrong + c}*{d}=<<{wrong + c}*{d}={as_written}>>{as_written}.\n"
        f"    #### {as_written}\n\n"
        "The plan is right and one annotation is not. Had a calculator filled in every result, "
        "which number would stand behind `####`?",
        answer=answer,
        tolerance=0,
        slips=[
            Slip(
                "as-written",
                as_written,
                "That is what the model wrote. Work the first annotation out.",
            ),
            Slip(
                "stopped-early",
                product + c,
                f"There is one step more: the {d} weeks.",
            ),
            Slip(
                "only-one-part",
                product * d + c,
                "The last step multiplies the whole sum, with Ben's candles in it.",
            ),
            Slip(
                "a-step-left-out",
                wrong * d,
                "You left the second step out, and the first one is still wrong.",
            ),
        ],
        hints=[
            "An annotation is `<<` calculation `=` result `>>`. Which result is wrong?",
            "The calculator computes what stands left of the `=`, and later steps use its result.",
            f"{a} * {b} = {product}.",
        ],
        worked=f"{a} * {b} = {product}, not {wrong}. Then {product} + {c} = {product + c}, and "
        f"{product + c} * {d} = **{answer}**.",
    )


@question("which-score")
def which_score(rng: Random) -> Choice:
    """What is right is what the engine and lm-evaluation-harness's patterns say."""
    value = rng.randint(12, 95)
    thousand = rng.randint(11, 98) * 100
    other = rng.randint(2, 9)
    text, gold = rng.choice(
        [
            (f"So it is {value}.\\n#### {value}", value),
            (f"So she has {value} left.", value),
            (f"#### ${value}", value),
            (f"#### {thousand:,}", thousand),
            (f"The total is {thousand:,}.", thousand),
            (f"The answer is {value}, and {other} are broken.", value),
            (f"#### {value}.00", value),
            (f"She has {value} left, for {other} days.", value),
            (f"####{value}", value),
            (f"#### {value} eggs\\nCheck: {value} - {other} = {value - other}", value),
            (f"\\boxed{{{value}}} eggs in {other} boxes", value),
        ]
    )
    judged = judge(text.replace("\\n", "\n"), str(gold))
    right = {"strict": judged.strict, "flexible": judged.flexible, "robust": judged.correct}
    none = not any(right.values())
    rules = {
        "strict": "Strict reads the first `#### ` with a number right behind it, and compares "
        "letter by letter once `,` and `$` are gone.",
        "flexible": "Flexible reads the last thing that looks like a number, wherever it stands.",
        "robust": "Robust looks for `####`, then for words such as 'the answer is', then for a "
        "box, then for the last number, and compares values.",
    }
    options = [
        Option(name, rules[name], right[name], "" if right[name] else f"{name}-too-kind")
        for name in right
    ]
    options.append(
        Option(
            "none of them",
            "None reads the right number here."
            if none
            else "Go through the three rules one by one.",
            none,
            "" if none else "nothing-read",
        )
    )
    names = [option.text for option in options if option.right]
    return Choice(
        ask=f"The right answer is {gold}. A model writes\n\n    {text}\n\n(`\\n` is a new line.) "
        "Which scores count that as right? Choose all.",
        options=options,
        several=True,
        hints=[
            "Which number does each rule read?",
            "Strict wants `#### ` in front; flexible takes the last number; robust tries several "
            "rules in their order.",
            f"Robust reads {judged.extracted} here, by the rule '{judged.stage}'.",
        ],
        worked="Robust reads "
        f"{judged.extracted} by its rule '{judged.stage}'. So it counts as right by "
        f"**{', '.join(names)}**.",
    )


@question("half-width")
def half_width(rng: Random) -> Numeric:
    while True:
        n = rng.choice([50, 100, 200, 250, 300, 500, 1000, 1319])
        score = rng.randint(5, 90)
        p = score / 100
        error = 100 * (p * (1 - p) / n) ** 0.5
        answer = Z95 * error
        values = [
            error,
            2 * answer,
            Z95 * 100 * (p * (1 - p)) ** 0.5 / n,
            Z95 * 100 * (p / n) ** 0.5,
        ]
        values.append(Z95 * 100 * p * (1 - p) / n)
        if apart([answer, *values], 0.03):
            break
    names = ("one-error-only", "whole-width", "root-forgotten", "share-wrong-left-out", "no-root")
    says = (
        "That is one standard error. 95% lie within 1.96 of them.",
        "That is the interval from end to end. The half-width is on either side.",
        "You divided by n. The error falls with the *root* of n.",
        "Under the root stands p * (1 - p) / n: the share of wrong answers counts as well.",
        "You left the root out altogether.",
    )
    return Numeric(
        ask=f"A model gets {score}% of {n:,} problems right. How many points is half of the 95% "
        "interval, by 1.96 standard errors?",
        answer=answer,
        unit="point",
        tolerance=0.01,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "How far does a share wander when other problems are drawn?",
            "1.96 * sqrt(p * (1 - p) / n), and times 100 for points.",
            f"p * (1 - p) = {p:g} * {1 - p:g} = {show(p * (1 - p))}.",
        ],
        worked=f"1.96 * sqrt({p:g} * {1 - p:g} / {n:,}) = 1.96 * {show(error / 100)} = "
        f"{show(answer / 100)}, which is **{show(answer)} points**.",
    )


@question("problems-needed")
def problems_needed(rng: Random) -> Numeric:
    while True:
        n = rng.choice([50, 100, 150, 200, 300])
        now = rng.choice([6, 7.5, 8, 9, 10, 12])
        wanted = rng.choice([1, 1.5, 2, 2.5, 3, 4])
        times = now / wanted
        answer = n * times**2
        values = [n * times, n / times**2, n * times**2 - n, n * times**0.5]
        if answer == int(answer) and apart([answer, *values], 0.03):
            break
    names = ("not-squared", "upside-down", "those-on-top", "root-for-square")
    says = (
        "The interval falls with the root of n. For half of it, you need four times as many.",
        "A narrower interval takes more problems, not fewer.",
        "That is how many come on top. How many are there in all?",
        "You took the root. The interval falls with the root of n, so n grows with the square.",
    )
    return Numeric(
        ask=f"On {n} problems the half-width of a score's interval is {now:g} points. How many "
        f"problems give {wanted:g} points, at the same score?",
        answer=int(answer),
        unit="problem",
        tolerance=0,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "How does the half-width depend on n?",
            "It falls with the root of n: four times as many problems halve it.",
            f"It has to become {now:g} / {wanted:g} = {show(times)} times narrower.",
        ],
        worked=f"{now:g} / {wanted:g} = {show(times)} times narrower takes {show(times)}^2 = "
        f"{show(times**2)} times as many: {n} * {show(times**2)} = **{int(answer):,} problems**.",
    )


@question("score-told")
def score_told(rng: Random) -> Essay:
    n = rng.choice([100, 150, 200])
    before = rng.randint(66, 74)
    after = before - rng.randint(2, 4)
    half = 196 * (before / 100 * (1 - before / 100) / n) ** 0.5
    return Essay(
        ask=f"'In 32 bits our model scored {before}% on GSM8K and in 4 bits {after}%. So "
        f"quantization cost {before - after} points, and the model is eight times as small and "
        f"faster.' It was measured on {n} problems, by the last number of each answer. What is "
        "wrong with that? Three or four sentences.",
        rubric=[
            f"Says that with {n} problems the interval is about {half:.0f} points to either side, "
            f"so that {before - after} points may well be noise.",
            "Says what would settle it: more problems, or the two models compared on the same "
            "problems, one by one.",
            "Says that the last number is not always the answer, so that the rule has to be named "
            "and some answers read.",
            "Says that it is not eight times as small, since embeddings stay in 16 bits and "
            "constants are added; or that smaller does not mean faster and has to be timed.",
        ],
        sample=f"With {n} problems a score near {before}% may be off by {half:.0f} points, so a "
        f"difference of {before - after} shows nothing yet. I would ask both models all 1,319 "
        "test problems and count those on which only one of the two is right. The last number of "
        "an answer is not always its result, so I would read some and say by which rule the "
        "score was taken. The embedding stays in 16 bits, so the model is less than eight times "
        "as small, and whether it is faster has to be timed.",
        hints=[
            "How sure are the two scores?",
            f"Half of the interval is 1.96 * sqrt(p * (1 - p) / {n}).",
            "Look at the difference, at the rule that reads an answer, at 'eight times' and at "
            "'faster'.",
        ],
    )


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
