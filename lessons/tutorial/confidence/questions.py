"""Questions on confidence: temperature, top-p, votes and their shares, calibration, pass@k."""

from collections import Counter
from itertools import combinations
from math import comb, exp, sqrt
from random import Random

from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Numeric, Option, Slip, question


@question("temperature-share")
def temperature_share(rng: Random) -> Numeric:
    while True:
        logits = sorted((rng.randint(0, 40) / 10 for _ in range(3)), reverse=True)
        temperature = rng.choice([0.4, 0.5, 0.7, 0.8, 1.25, 1.5, 2])
        answer = _softmax(logits, temperature)[0]
        plain = _softmax(logits, 1)[0]
        turned = _softmax(logits, 1 / temperature)[0]
        shares = logits[0] / sum(logits)
        divided = min(plain / temperature, 9.0)
        if _apart([answer, plain, turned, shares, divided], 0.02) and logits[0] > logits[1]:
            break
    weights = [exp(each / temperature) for each in logits]
    sum_shown = " + ".join(show(each) for each in weights)
    return Numeric(
        ask=f"Three tokens have the logits {show(logits)}. With which probability is the first "
        f"one drawn at temperature {show(temperature)}, without top-p?",
        answer=answer,
        tolerance=0.005,
        slips=[
            Slip(
                "temperature-left-out",
                plain,
                "That is at temperature 1. Divide the logits by the temperature first.",
            ),
            Slip(
                "multiplied",
                turned,
                "You multiplied the logits by the temperature. They are divided by it: a low "
                "temperature makes the differences larger.",
            ),
            Slip(
                "no-exponential",
                shares,
                "That is the logit's share of the sum of logits. Logits become probabilities "
                "by exp first.",
            ),
            Slip(
                "probability-divided",
                divided,
                "You divided the probability. It is the logits that are divided, before the "
                "softmax.",
            ),
        ],
        hints=[
            "What happens to the logits before the softmax?",
            "p = exp(logit / T) / sum of exp(logit / T).",
            f"Divided by {show(temperature)}, the logits are "
            f"{show([rounded(each / temperature) for each in logits])}.",
        ],
        worked=f"exp of {show([rounded(each / temperature) for each in logits])} gives "
        f"{show([rounded(each) for each in weights])}. So p = {show(weights[0])} / ({sum_shown}) "
        f"= **{show(answer)}**.",
    )


@question("top-p-share")
def top_p_share(rng: Random) -> Numeric:
    while True:
        parts = sorted(rng.sample(range(2, 60), 5), reverse=True)
        total = sum(parts)
        percent = [round(100 * each / total) for each in parts]
        top_p = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])
        kept = _nucleus(percent, 100 * top_p)
        if sum(percent) != 100 or len(set(percent)) < 5 or not 2 <= kept <= 4:
            continue
        if sum(percent[: kept - 1]) + 2 > 100 * top_p or sum(percent[:kept]) < 100 * top_p + 2:
            continue  # a sum that only just reaches it is no fair question
        first = percent[0] / 100
        answer = percent[0] / sum(percent[:kept])
        short = percent[0] / sum(percent[: kept - 1])
        cut = first / top_p
        wide = percent[0] / sum(percent[: kept + 1])
        if _apart([answer, first, short, cut, wide], 0.015):
            break
    shown = [each / 100 for each in percent]
    return Numeric(
        ask=f"Five tokens have the probabilities {show(shown)}. Top-p is {show(top_p)}. With "
        "which probability is the first one drawn?",
        answer=answer,
        tolerance=0.005,
        slips=[
            Slip(
                "not-renormalized",
                first,
                "That was so before the unlikely ones were left out. What stays has to sum to 1 "
                "again.",
            ),
            Slip(
                "stopped-short",
                short,
                "You left out the token that reaches top-p. The kept ones must have *at least* "
                "that much together.",
            ),
            Slip(
                "divided-by-top-p",
                cut,
                "You divided by top-p. Divide by what the kept tokens really have together.",
            ),
            Slip(
                "one-too-many",
                wide,
                "You kept one token more than is needed to reach top-p.",
            ),
        ],
        hints=[
            "Which tokens stay?",
            "Add up from the likeliest until the sum is at least top-p. Then divide by that sum.",
            f"{kept} tokens stay; together they have {show(sum(percent[:kept]) / 100)}.",
        ],
        worked=f"{' + '.join(show(each) for each in shown[:kept])} = "
        f"{show(sum(percent[:kept]) / 100)} is the first sum that reaches {show(top_p)}. So the "
        f"first is drawn with {show(first)} / {show(sum(percent[:kept]) / 100)} = "
        f"**{show(answer)}**.",
    )


@question("vote-share")
def vote_share(rng: Random) -> Numeric:
    while True:
        k = rng.choice([7, 8, 9, 10, 12])
        value = rng.randint(1, 9) * 1000 + rng.choice([0, 50, 200, 500])
        writings = [f"{value:,}", f"{value}", f"{value}.00", f"${value:,}"]
        ways = rng.sample(writings, rng.choice([2, 3]))
        right = [rng.choice(ways) for _ in range(rng.randint(3, 5))]
        invalid = rng.randint(1, 3)
        rest = k - len(right) - invalid
        rival = str(value - rng.choice([10, 100, 300]))
        if rest < 2 or rest >= len(right) or len(set(right)) < 2:
            continue
        raw = Counter([*right, *[rival] * rest])
        votes = len(right)
        answer = votes / k
        values = [answer, max(raw.values()) / k, votes / (k - invalid), (k - invalid) / k, rest / k]
        if _apart(values, 0.02):
            break
    said = [*right, *[rival] * rest, *["no number"] * invalid]
    rng.shuffle(said)
    return Numeric(
        ask=f"K = {k} samples of one problem end in: {'; '.join(said)}. What is the confidence s "
        "of the voted answer?",
        answer=answer,
        tolerance=0.005,
        slips=[
            Slip(
                "strings-counted",
                max(raw.values()) / k,
                "You counted strings. Two ways to write one number are one answer: bring them "
                "to one form before the vote.",
            ),
            Slip(
                "invalid-left-out-of-k",
                votes / (k - invalid),
                "You divided by the valid samples only. A sample without a number is no vote, but "
                "it was drawn: it counts in K.",
            ),
            Slip(
                "any-valid",
                (k - invalid) / k,
                "That is the share of samples that give any number. Only those that give the "
                "voted answer count.",
            ),
            Slip(
                "runner-up",
                rest / k,
                "That is the share of the answer that lost.",
            ),
        ],
        hints=[
            "Which of them are the same number?",
            "s = votes for the most frequent value / K, with all samples in K.",
            f"{votes} samples say {value}, {rest} say {rival}, {invalid} say nothing.",
        ],
        worked=f"In one form, {votes} of {k} say {value}; {rest} say {rival} and {invalid} give no "
        f"number. So s = {votes} / {k} = **{show(answer)}**.",
    )


@question("what-the-vote-says")
def what_the_vote_says(rng: Random) -> Choice:
    k = rng.choice([5, 6, 8])
    a, b, c = rng.sample(range(12, 99), 3)
    return Choice(
        ask=f"Each problem below was sampled K = {k} times. What is true? Choose all.",
        several=True,
        options=[
            Option(
                f"Samples that all give no number have s = 0 of {k} and no answer.",
                "Nobody voted. An answer of nothing must not win with s = 1.",
                right=True,
            ),
            Option(
                f"K = 1 and a valid sample always gives s = 1, right or wrong ({a} or {b}).",
                "One of one is all of them: a single sample says nothing about confidence.",
                right=True,
            ),
            Option(
                f"{k} samples of {c} at temperature 0 show that the model is sure of {c}.",
                "At temperature 0 all samples are the same by construction. They would agree "
                "on anything.",
                slip="greedy-agreement",
            ),
            Option(
                f"If two say {a}, two say {b} and the rest are invalid, s is 1/2.",
                f"The invalid ones are part of K: s = 2/{k}" + (" at any rate." if k != 4 else "."),
                slip="invalid-left-out-of-k",
            ),
            Option(
                f"s = 1 for {c} means that {c} is right.",
                "It means that the model says the same each time. It may be wrong each time.",
                slip="agreement-for-truth",
            ),
        ],
        hints=[
            "What does s count, and what does it divide by?",
            "It divides by K, whatever the samples hold; and it never looks at the gold answer.",
            "Two of the five are true.",
        ],
        worked="s counts votes and divides by K. So samples that give no number have **s = 0 and "
        "no answer**, and **K = 1 and a valid sample gives s = 1**. Agreement at temperature 0 is "
        "no evidence, invalid samples stay in K, and agreement is not truth.",
    )


@question("share-error")
def share_error(rng: Random) -> Numeric:
    while True:
        k, votes = rng.choice([5, 8, 10, 16, 20, 25, 40]), 0
        votes = rng.randint(k // 5, k - 1)
        s = rounded(votes / k)
        answer = sqrt(s * (1 - s) / k)
        values = [answer, s * (1 - s) / k, sqrt(s * (1 - s)), sqrt(s / k), 1.96 * answer]
        if _apart(values, 0.03):
            break
    return Numeric(
        ask=f"{votes} of K = {k} samples agree, so s = {show(s)}. What is the standard error of s?",
        answer=answer,
        tolerance=0.01,
        slips=[
            Slip("variance", s * (1 - s) / k, "That is its variance. Take the square root."),
            Slip(
                "k-left-out",
                sqrt(s * (1 - s)),
                "That is the spread of a single vote. A mean of K votes is steadier.",
            ),
            Slip(
                "other-side-left-out",
                sqrt(s / k),
                "A share near 1 is as steady as one near 0: both s and 1 - s belong there.",
            ),
            Slip(
                "interval",
                1.96 * answer,
                "That is half of the 95% interval: 1.96 standard errors.",
            ),
        ],
        hints=[
            "How does the spread of a mean shrink as K grows?",
            "sqrt(s (1 - s) / K).",
            f"s (1 - s) = {show(s)} * {show(rounded(1 - s))} = {show(s * (1 - s))}.",
        ],
        worked=f"sqrt({show(s)} * {show(rounded(1 - s))} / {k}) = **{show(answer)}**. With "
        f"{4 * k} samples it would be half of that.",
    )


@question("majority-chance")
def majority_chance(rng: Random) -> Numeric:
    while True:
        p, k = rng.choice([0.3, 0.4, 0.45, 0.55, 0.6, 0.7, 0.75, 0.8]), rng.choice([3, 5])
        needed = k // 2 + 1
        terms = [comb(k, j) * p**j * (1 - p) ** (k - j) for j in range(needed, k + 1)]
        answer = sum(terms)
        values = [answer, p, terms[0], p**k, 1 - (1 - p) ** k, 1 - answer]
        if _apart(values, 0.02):
            break
    shown = " + ".join(
        f"{comb(k, j)} * {show(p)}^{j}" + (f" * {show(rounded(1 - p))}^{k - j}" if k > j else "")
        for j in range(needed, k + 1)
    )
    return Numeric(
        ask=f"Each sample is right with probability {show(p)}, independently, and all wrong ones "
        f"give the same wrong answer. With which probability is the vote of K = {k} right?",
        answer=answer,
        tolerance=0.005,
        slips=[
            Slip("one-sample", p, "That is a single sample. Count the votes that win."),
            Slip(
                "just-a-majority",
                terms[0],
                f"That is exactly {needed} right ones of {k}. More than {needed} win, too.",
            ),
            Slip("all-right", p**k, f"That is the chance that all {k} are right."),
            Slip(
                "any-right",
                1 - (1 - p) ** k,
                "That is the chance that at least one is right, which is pass@K. One vote of "
                f"{k} does not win.",
            ),
            Slip("the-wrong-ones", 1 - answer, "That is the chance that the vote is wrong."),
        ],
        hints=[
            f"How many of {k} have to be right for the vote to be?",
            f"Add up the chances of {' and '.join(map(str, range(needed, k + 1)))} right ones: "
            "C(K, j) p^j (1 - p)^(K - j).",
            f"{needed} right ones: {comb(k, needed)} * {show(p)}^{needed} * "
            f"{show(rounded(1 - p))}^{k - needed} = {show(terms[0])}.",
        ],
        worked=f"{shown} = **{show(answer)}**. "
        + (
            "The vote is better than one sample."
            if answer > p
            else "Below one half, a vote against one rival is worse than one sample."
        ),
    )


@question("pass-at-k")
def pass_at_k(rng: Random) -> Numeric:
    while True:
        n, k = rng.choice([8, 10, 12, 16]), rng.choice([2, 3, 4])
        right = rng.randint(2, n // 2)
        answer = 1 - comb(n - right, k) / comb(n, k)
        back = 1 - (1 - right / n) ** k
        if k * right / n < 1.6 and _apart(
            [answer, back, k * right / n, right / n, 1 - answer, (right / n) ** k], 0.012
        ):
            break
    return Numeric(
        ask=f"{n} samples of a problem were drawn, and {right} are right. Estimate pass@{k} from "
        f"them: of {k} taken from the {n}, with which probability is at least one right?",
        answer=answer,
        tolerance=0.004,
        slips=[
            Slip(
                "put-back",
                back,
                f"You put each sample back before the next. {k} different ones are taken.",
            ),
            Slip(
                "added-up",
                k * right / n,
                "Chances cannot be added where both may happen: two right ones would count twice.",
            ),
            Slip("one-sample", right / n, "That is pass@1: a single sample."),
            Slip("none-right", 1 - answer, "That is the chance that none of them is right."),
            Slip("all-right", (right / n) ** k, "That asks that all of them be right."),
        ],
        hints=[
            "It is easier to count the ways in which none is right.",
            "pass@k = 1 - C(n - right, k) / C(n, k).",
            f"C({n - right}, {k}) = {comb(n - right, k)} of C({n}, {k}) = {comb(n, k)} choices "
            "hold no right one.",
        ],
        worked=f"{comb(n - right, k)} of {comb(n, k)} choices hold no right sample, so pass@{k} = "
        f"1 - {comb(n - right, k)} / {comb(n, k)} = **{show(answer)}**.",
    )


@question("calibration")
def calibration(rng: Random) -> Numeric:
    while True:
        bins = []
        for s in rng.sample([0.2, 0.4, 0.6, 0.8, 1.0], 3):
            problems = rng.choice([10, 20, 30, 40, 50])
            right = round(problems * min(max(s + rng.choice([-0.3, -0.2, -0.1, 0.1, 0.2]), 0), 1))
            bins.append((s, problems, right))
        bins.sort(reverse=True)
        total = sum(problems for _, problems, _ in bins)
        gaps = [right / problems - s for s, problems, right in bins]
        weights = [problems / total for _, problems, _ in bins]
        answer = sum(w * abs(gap) for w, gap in zip(weights, gaps, strict=True))
        signed = sum(w * gap for w, gap in zip(weights, gaps, strict=True))
        plain, largest = sum(map(abs, gaps)) / 3, max(map(abs, gaps))
        squared = sqrt(sum(w * gap * gap for w, gap in zip(weights, gaps, strict=True)))
        if min(gaps) < 0 < max(gaps) and _apart(
            [answer, abs(signed), plain, largest, squared], 0.03
        ):
            break
    table = "\n".join(
        f"    s = {s:.1f}   {problems} problems   {right} right" for s, problems, right in bins
    )
    steps = " + ".join(
        f"{problems} * {abs(gap):.4g}" for (_, problems, _), gap in zip(bins, gaps, strict=True)
    )
    return Numeric(
        ask=f"A student's votes on {total} problems:\n\n{table}\n\nHow far is s from the share "
        "that is right, on average over the problems?",
        answer=answer,
        tolerance=0.01,
        slips=[
            Slip(
                "signs-cancel",
                signed,
                "You let too sure and not sure enough cancel. Take the size of each gap.",
            ),
            Slip(
                "bins-alike",
                plain,
                "You gave each line the same weight. Each problem has the same weight.",
            ),
            Slip(
                "largest-gap",
                largest,
                "That is the worst line. The mean was asked for.",
            ),
            Slip(
                "squared",
                squared,
                "You squared the gaps and took the root of their mean. Take the mean of the sizes.",
            ),
        ],
        hints=[
            "For each line: which share is right, and how far is s from it?",
            "Weigh each gap by its number of problems.",
            f"The first line: {bins[0][2]} / {bins[0][1]} = {show(bins[0][2] / bins[0][1])}, a gap "
            f"of {show(abs(gaps[0]))}.",
        ],
        worked=f"The gaps are {', '.join(show(abs(gap)) for gap in gaps)}. Weighed: ({steps}) / "
        f"{total} = **{show(answer)}**.",
    )


def _softmax(logits: list[float], temperature: float) -> list[float]:
    weights = [exp(each / temperature) for each in logits]
    return [each / sum(weights) for each in weights]


def _nucleus(percent: list[int], wanted: float) -> int:
    """How many of the likeliest reach `wanted` together."""
    total = 0
    for count, each in enumerate(percent, 1):
        total += each
        if total >= wanted:
            return count
    return len(percent)


def _apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
