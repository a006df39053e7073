"""Questions on cascades: their score, their cost, their thresholds, and whether a gain is real."""

from itertools import combinations
from math import sqrt
from random import Random

from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Numeric, Option, Slip, question


@question("cascade-em")
def cascade_em(rng: Random) -> Numeric:
    while True:
        sent, kept = rng.randint(15, 70), rng.randint(70, 97)
        hard, strong = rng.randint(60, 90), rng.randint(88, 97)
        answer = (100 - sent) * kept + sent * hard
        swapped = sent * kept + (100 - sent) * hard
        overall = (100 - sent) * kept + sent * strong
        plain = 50 * (kept + hard)
        one_or_other = 10_000 - (100 - kept) * (100 - hard)
        values = [each / 100 for each in (answer, swapped, overall, plain, one_or_other)]
        if strong > hard + 3 and _apart(values, 0.012):
            break
    return Numeric(
        ask=f"A cascade sends {sent}% of the problems on. Of those that the student keeps it gets "
        f"{kept}% right. The strong model gets {strong}% of all problems right, and {hard}% of "
        "those that are sent. What is the exact match of the cascade, in percent?",
        answer=answer / 100,
        unit="percent",
        tolerance=0.003,
        slips=[
            Slip(
                "shares-swapped",
                swapped / 100,
                "You gave the sent share to the student. It answers what is *not* sent.",
            ),
            Slip(
                "strong-on-all",
                overall / 100,
                "The strong model sees only what is sent, and these are the harder problems.",
            ),
            Slip(
                "plain-mean",
                plain / 100,
                "That would be so if half of the problems were sent.",
            ),
            Slip(
                "either-right",
                one_or_other / 100,
                "You counted a problem as right if either would get it. Each problem has one "
                "answer: the student's or the strong model's.",
            ),
        ],
        hints=[
            "Who answers which share of the problems?",
            "A mixture: share kept * EM on the kept + share sent * strong EM on the sent.",
            f"The student brings {(100 - sent) / 100:g} * {kept}% = "
            f"{show((100 - sent) * kept / 100)}%.",
        ],
        worked=f"{(100 - sent) / 100:g} * {kept}% + {sent / 100:g} * {hard}% = "
        f"**{show(answer / 100)}%**.",
    )


@question("cascade-cost")
def cascade_cost(rng: Random) -> Numeric:
    while True:
        problems = rng.choice([1_000, 2_000, 5_000, 10_000])
        sent = rng.choice([20, 25, 30, 35, 40, 60])
        price_in = rng.choice([0.08, 0.1, 0.13, 0.5, 2.5])
        price_out = rounded(price_in * rng.choice([2, 3, 4, 5]))
        tokens_in, tokens_out = rng.choice([80, 120, 150, 300]), rng.choice([160, 200, 250, 400])
        each = tokens_in * price_in + tokens_out * price_out
        answer = problems * sent / 100 * each / 1e6
        swapped = problems * sent / 100 * (tokens_in * price_out + tokens_out * price_in) / 1e6
        outputs = problems * sent / 100 * tokens_out * price_out / 1e6
        everything = problems * each / 1e6
        kept = problems * (100 - sent) / 100 * each / 1e6
        thousand = answer * 1000
        if _apart([answer, swapped, outputs, everything, kept, thousand], 0.02):
            break
    count = problems * sent // 100
    return Numeric(
        ask=f"The strong model costs ${price_in:g} a million tokens in and ${price_out:g} a "
        f"million tokens out. A problem has {tokens_in} tokens, an answer {tokens_out}. The "
        f"student runs on your machine for nothing. {sent}% of {problems:,} problems are sent. "
        "What do they cost, in dollars?",
        answer=answer,
        unit="dollar",
        tolerance=0.005,
        slips=[
            Slip(
                "prices-swapped",
                swapped,
                "You took the price of tokens in for those out. What the model writes is dearer.",
            ),
            Slip(
                "prompt-for-nothing",
                outputs,
                "That is what the answers cost. The prompts are billed, too.",
            ),
            Slip("all-sent", everything, "That is the strong model alone, asked everything."),
            Slip(
                "kept-for-sent",
                kept,
                "You paid for the problems that the student keeps. It is the others that cost.",
            ),
            Slip("per-thousand", thousand, "The prices are for a *million* tokens."),
        ],
        hints=[
            "How many problems are sent, and what does one of them cost?",
            "(tokens in * price in + tokens out * price out) / 1,000,000 for each.",
            f"{count:,} problems; one costs ({tokens_in} * {price_in:g} + {tokens_out} * "
            f"{price_out:g}) / 1e6 = ${show(each / 1e6)}.",
        ],
        worked=f"{sent}% of {problems:,} is {count:,}. One costs ({tokens_in} * {price_in:g} + "
        f"{tokens_out} * {price_out:g}) / 1,000,000 = {show(each / 1e6)}. Together "
        f"{count:,} * {show(each / 1e6)} = **{show(answer)}** dollars.",
    )


@question("hosted-student")
def hosted_student(rng: Random) -> Numeric:
    while True:
        k, sent = rng.choice([3, 4, 5, 8]), rng.choice([20, 25, 30, 40])
        tokens_in, tokens_out = rng.choice([100, 200]), rng.choice([150, 200, 300])
        student_in = rng.choice([0.02, 0.03, 0.05])
        student_out, strong_in = 2 * student_in, rng.choice([0.3, 0.5, 0.8])
        strong_out = 4 * strong_in
        strong = tokens_in * strong_in + tokens_out * strong_out
        samples = tokens_in * student_in + k * tokens_out * student_out
        one = tokens_in * student_in + tokens_out * student_out
        answer = 100 * (1 - (samples + sent / 100 * strong) / strong)
        free = 100 - sent
        single = 100 * (1 - (one + sent / 100 * strong) / strong)
        only_kept = 100 * (1 - ((100 - sent) / 100 * samples + sent / 100 * strong) / strong)
        if answer > 3 and _apart([answer, free, single, only_kept, 100 - answer], 0.02):
            break
    return Numeric(
        ask=f"Now the student is hosted as well: ${student_in:g} a million tokens in and "
        f"${student_out:g} out, against ${strong_in:g} and ${strong_out:g} of the strong model. "
        f"A problem has {tokens_in} tokens, an answer {tokens_out}. Each problem is put to the "
        f"student once, which writes K = {k} samples (the prompt is billed once); {sent}% are "
        "sent on. What share of the strong model's cost is saved, in percent?",
        answer=answer,
        unit="percent",
        tolerance=0.01,
        slips=[
            Slip(
                "student-for-nothing",
                free,
                "That would be so if the student cost nothing.",
            ),
            Slip("one-sample", single, f"You paid for one sample. The student writes {k}."),
            Slip(
                "kept-only",
                only_kept,
                "You paid for the samples of the kept problems only. The student samples every "
                "problem: only then is it known which to send.",
            ),
            Slip("spent-for-saved", 100 - answer, "That is the share that is still spent."),
        ],
        hints=[
            "What does one problem cost with the strong model alone, and what with the cascade?",
            "The cascade pays K samples for every problem, and the strong model for those sent.",
            f"Per million problems: strong alone ${show(strong)}, the student's samples "
            f"${show(samples)}.",
        ],
        worked=f"Per million problems the strong model alone costs {tokens_in} * {strong_in:g} + "
        f"{tokens_out} * {strong_out:g} = ${show(strong)}. The samples cost {tokens_in} * "
        f"{student_in:g} + {k} * {tokens_out} * {student_out:g} = ${show(samples)}, and what is "
        f"sent {sent / 100:g} * {show(strong)} = ${show(sent / 100 * strong)}. Saved: 1 - "
        f"{show(samples + sent / 100 * strong)} / {show(strong)} = **{show(answer)}%**.",
    )


@question("compute-saving")
def compute_saving(rng: Random) -> Numeric:
    while True:
        student, strong = rng.choice([0.5, 1.5, 3, 7]), rng.choice([14, 27, 32, 70])
        k, sent = rng.choice([5, 8, 10, 16, 20]), rng.choice([20, 25, 30, 40, 50])
        tokens_in, tokens_out = rng.choice([100, 150, 200]), rng.choice([100, 200, 300])
        work = strong * (tokens_in + tokens_out)
        samples = student * (tokens_in + k * tokens_out)
        answer = 100 * (1 - samples / work - sent / 100)
        money = 100 - sent
        single = 100 * (1 - student * (tokens_in + tokens_out) / work - sent / 100)
        prompts = 100 * (1 - student * k * (tokens_in + tokens_out) / work - sent / 100)
        values = [answer, money, single, prompts, 100 - answer]
        if answer > -150 and abs(answer) > 4 and _apart(values, 0.02):
            break
    return Numeric(
        ask=f"Count compute as parameters * tokens. The student has {student:g}B parameters, reads "
        f"each prompt of {tokens_in} tokens once and writes K = {k} answers of {tokens_out}. The "
        f"strong model has {strong}B, and reads and writes once for the {sent}% that are sent. "
        "How much compute is saved against the strong model alone, in percent? (It may be "
        "negative.)",
        answer=answer,
        unit="percent",
        tolerance=0.01,
        slips=[
            Slip(
                "student-for-nothing",
                money,
                "That is the money, where the student costs none. Its samples are computed, too.",
            ),
            Slip("one-sample", single, f"You counted one sample. The student writes {k}."),
            Slip(
                "prompt-read-again",
                prompts,
                f"The student reads the prompt once; its {k} samples share that.",
            ),
            Slip("spent-for-saved", 100 - answer, "That is what the cascade spends."),
        ],
        hints=[
            "What does each model compute for one problem?",
            f"Student: {student:g} * (tokens in + K * tokens out). Strong: {strong} * (tokens in + "
            "tokens out), for those sent.",
            f"Student {show(samples)}, strong alone {show(work)}.",
        ],
        worked=f"The student computes {student:g} * ({tokens_in} + {k} * {tokens_out}) = "
        f"{show(samples)} for each problem, the strong model {strong} * "
        f"{tokens_in + tokens_out} = {show(work)}. Saved: 1 - {show(samples)} / {show(work)} - "
        f"{sent / 100:g} = **{show(answer)}%**."
        + (" The money is saved all the same." if answer < 0 else ""),
    )


@question("votes-needed")
def votes_needed(rng: Random) -> Numeric:
    while True:
        k, hundredths = rng.randint(4, 12), rng.randrange(25, 96, 5)
        product = k * hundredths
        answer = -(-product // 100)
        below = product // 100
        whole = product % 100 == 0
        strict = answer + 1
        others = k - answer
        values = {answer, hundredths, others, strict, *([] if whole else [below])}
        if len(values) == (4 if whole else 5) and others > 0 and strict <= k and answer > 1:
            break
    slips = [
        Slip(
            "more-than",
            strict,
            "You asked for one vote more. An answer is kept if s is *at least* the threshold, "
            "and s takes only the values j / K.",
        ),
        Slip(
            "votes-against",
            others,
            "That is how many may say something else.",
        ),
        Slip(
            "threshold-for-votes",
            hundredths,
            "That is the threshold in percent. How many of the K samples is that at least?",
        ),
    ]
    if not whole:
        slips.append(
            Slip(
                "rounded-down",
                below,
                f"{below} of {k} is {show(below / k)}, which is below the threshold.",
            )
        )
    return Numeric(
        ask=f"K = {k}, and the student's answer is kept if s is at least {hundredths / 100:g}. "
        "How many votes does it need?",
        answer=answer,
        unit="vote",
        tolerance=0,
        slips=slips,
        hints=[
            "Which values can s have?",
            "The least j with j / K at or above the threshold.",
            f"{k} * {hundredths / 100:g} = {product / 100:g}.",
        ],
        worked=f"{k} * {hundredths / 100:g} = {product / 100:g}, and votes are whole: "
        f"**{answer}**. Every threshold above {show((answer - 1) / k)} and up to "
        f"{show(answer / k)} does the same.",
    )


@question("how-many-policies")
def how_many_policies(rng: Random) -> Numeric:
    most = rng.randint(4, 16)
    answer = most * (most + 1) // 2
    return Numeric(
        ask=f"Once {most} samples of each problem are stored, any K from 1 to {most} can be "
        "replayed with its first K samples, and each with the thresholds 1/K, 2/K, ..., K/K. How "
        "many policies is that?",
        answer=answer,
        unit="policy",
        tolerance=0,
        slips=[
            Slip("one-k", most, f"Those are the thresholds of K = {most} alone."),
            Slip(
                "all-alike",
                most * most,
                f"Not every K has {most} thresholds: K has K of them.",
            ),
            Slip(
                "not-halved",
                most * (most + 1),
                "That sum was counted twice: 1 + 2 + ... + n is n (n + 1) / 2.",
            ),
            Slip(
                "first-left-out",
                answer - 1,
                "K = 1 is a policy, too: keep whatever is valid.",
            ),
        ],
        hints=[
            "How many thresholds does each K have?",
            "K = 1 has one, K = 2 has two, and so on.",
            f"1 + 2 + ... + {most}.",
        ],
        worked=f"1 + 2 + ... + {most} = {most} * {most + 1} / 2 = **{answer}**. The best of so "
        "many looks better than it is.",
    )


@question("pareto")
def pareto(rng: Random) -> Choice:
    """Three policies on the front, one beaten in both, one beaten in one and equal in the other."""
    em = sorted(rng.sample(range(60, 95, 3), 3))
    saving = sorted(rng.sample(range(12, 80, 5), 3), reverse=True)
    front = list(zip(em, saving, strict=True))
    at = rng.randrange(3)
    both = (front[at][0] - rng.randint(2, 5), front[at][1] - rng.randint(3, 7))
    level = (front[1][0], front[1][1] - rng.choice([2, 3, 4]))
    cheap = (front[0][0] - rng.randint(3, 9), front[0][1])

    def text(policy: tuple[int, int]) -> str:
        return f"EM {policy[0] / 100:.2f}, {policy[1]}% saved"

    options = [
        Option(
            text(each),
            "No other has at least its EM and at least its saving.",
            right=True,
        )
        for each in front
    ]
    for each, better, name in (
        (both, front[at], "beaten-in-both"),
        (level, front[1], "same-em-costs-more"),
        (cheap, front[0], "same-cost-lower-em"),
    ):
        says = f"{text(better)} is at least as good in both, and better in one."
        if all(each != option for option in front) and text(each) not in [o.text for o in options]:
            options.append(Option(text(each), says, slip=name))
    return Choice(
        ask="Some policies on the same validation problems. Which would you still consider, "
        "whatever EM and money are worth to you? Choose all.",
        several=True,
        options=options,
        hints=[
            "Which can be thrown away without knowing what matters more?",
            "One is beaten if another has at least its EM *and* at least its saving.",
            "Sort them by EM, and look where saving does not fall.",
        ],
        worked="Sorted by EM, each of these saves more than all with a higher EM: "
        + "; ".join(f"**{text(each)}**" for each in front)
        + ". The others are beaten by one of them. These are the Pareto front.",
    )


@question("flips")
def flips(rng: Random) -> Numeric:
    while True:
        n = rng.choice([150, 200, 300, 500])
        only_b, only_a = rng.randint(9, 34), rng.randint(3, 24)
        answer = (only_b - only_a) / sqrt(only_a + only_b)
        values = [
            answer,
            (only_b - only_a) / sqrt(n),
            (only_b - only_a) / (only_a + only_b),
            answer**2,
            (only_b - only_a) / sqrt(only_b),
        ]
        if only_b > only_a + 2 and abs(answer - 1.96) > 0.1 and _apart(values, 0.03):
            break
    noise = answer < 1.96
    return Numeric(
        ask=f"Two policies answered the same {n} problems. On {only_b} only B is right, on "
        f"{only_a} only A; on all others both are right or both are wrong. How many standard "
        "errors is B ahead (McNemar's z)?",
        answer=answer,
        unit="standard error",
        tolerance=0.01,
        slips=[
            Slip(
                "all-problems",
                (only_b - only_a) / sqrt(n),
                "Problems on which both do the same tell nothing: only the flips are drawn.",
            ),
            Slip(
                "share-of-flips",
                (only_b - only_a) / (only_a + only_b),
                "That is B's lead as a share of the flips. Divide by the root of their number.",
            ),
            Slip("squared", answer**2, "That is its square, the chi-squared statistic."),
            Slip(
                "one-side",
                (only_b - only_a) / sqrt(only_b),
                "Both kinds of flips are noisy: their numbers are added under the root.",
            ),
        ],
        hints=[
            "If both were equally good, how would the flips fall?",
            "Like coins: of b + c flips the difference b - c has a standard deviation of "
            "sqrt(b + c).",
            f"b - c = {only_b - only_a}, and b + c = {only_a + only_b}.",
        ],
        worked=f"({only_b} - {only_a}) / sqrt({only_a + only_b}) = **{show(answer)}**. "
        + (
            "Below 1.96: this difference is within noise."
            if noise
            else "Above 1.96: coins would rarely fall so."
        ),
    )


@question("tuned-on-test")
def tuned_on_test(rng: Random) -> Essay:
    n = rng.choice([100, 200, 300])
    best, before = rng.choice([0.67, 0.71, 0.76]), 0.02
    half = 1.96 * sqrt(best * (1 - best) / n)
    return Essay(
        ask=f"Somebody tried 55 policies on the {n} test problems, took the best, and reports its "
        f"EM of {best:g} on these problems. The second best had {best - before:g}. What is wrong "
        "with the number, what should have been done, and what can be said of the difference? "
        "Three or four sentences.",
        rubric=[
            "Says that the best of many is partly lucky, so that its score on the problems it was "
            "chosen on is too high.",
            "Says that the policy is to be chosen on validation problems, and counted once on "
            "test problems that played no part in the choice.",
            f"Holds the difference against the noise: with {n} problems the 95% interval is about "
            f"{half:.2f} to either side, so {before:g} is within noise.",
            "Says what would settle it: more problems, or a paired look at those on which the two "
            "differ.",
        ],
        sample="The best of 55 scores is high partly because that policy suits these problems by "
        "luck, so the number promises too much for new ones. The policy should be chosen on "
        "validation problems and then counted once on the test. "
        f"With {n} problems the 95% interval reaches about {half:.2f} to either side, so a lead "
        f"of {before:g} is within noise. More problems, or comparing the two problem by problem, "
        "could tell.",
        hints=[
            "Which of the 55 is on top, if all are equally good?",
            "Choosing and counting need problems of their own.",
            f"How wide is the 95% interval of a share of {best:g} in {n}?",
        ],
    )


def _apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
