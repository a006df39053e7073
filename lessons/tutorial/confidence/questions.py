"""Questions on confidence: temperature, top-p, votes and their shares, calibration, pass@k."""

from itertools import accumulate
from math import comb, exp, sqrt
from operator import mul
from random import Random

from lessons.kit.compare import apart, keep_if
from lessons.kit.display import block, rounded, show
from lessons.kit.question import Choice, Numeric, question
from lessons.kit.softmax import softmax
from lessons.kit.words import choice, numeric


@question("temperature-share")
def temperature_share(rng: Random) -> Numeric:
    logits = sorted((rng.randint(0, 40) / 10 for _ in range(3)), reverse=True)
    temperature = rng.choice([0.4, 0.5, 0.7, 0.8, 1.25, 1.5, 2])
    keep_if(logits[0] > logits[1])
    divided = show([rounded(each / temperature) for each in logits])
    powers = [exp(each / temperature) for each in logits]
    answer, plain = softmax(logits, temperature)[0], softmax(logits)[0]
    return numeric(answer, apart=0.02).asks(f"""
    Three tokens have the logits {show(logits)}. With which probability is the first one drawn at
    temperature {temperature:g}, without top-p?

    temperature-left-out = {plain}: That is at temperature 1. Divide the logits by the temperature
      first.
    multiplied = {softmax(logits, 1 / temperature)[0]}: You multiplied the logits by the
      temperature. They are divided by it: a low temperature makes the differences larger.
    no-exponential = {logits[0] / sum(logits)}: That is the logit's share of the sum of logits.
      Logits become probabilities by exp first.
    probability-divided = {min(plain / temperature, 9)}: You divided the probability. It is the
      logits that are divided, before the softmax.

    hint: What happens to the logits before the softmax?
    hint: p = exp(logit / T) / sum of exp(logit / T).
    hint: Divided by {temperature:g}, the logits are {divided}.
    worked: exp of {divided} gives {show([*map(rounded, powers)])}. So p = {show(powers[0])} /
      ({" + ".join(map(show, powers))}) = **{show(answer)}**.""")


@question("top-p-share")
def top_p_share(rng: Random) -> Numeric:
    parts = sorted(rng.sample(range(2, 60), 5), reverse=True)
    percent = [round(100 * each / sum(parts)) for each in parts]
    top_p = rng.choice([0.5, 0.6, 0.7, 0.8, 0.9])
    sums = list(accumulate(percent))
    kept = 1 + sum(each < 100 * top_p for each in sums)
    keep_if(sums[-1] == 100 and len(set(percent)) == 5 and 2 <= kept <= 4)
    short, enough, wide = sums[kept - 2 : kept + 1]
    keep_if(short + 2 <= 100 * top_p <= enough - 2)  # none that only just reaches it, or fails to
    first, p = percent[0], [each / 100 for each in percent]
    answer = first / enough
    return numeric(answer, apart=0.015).asks(f"""
    Five tokens have the probabilities {show(p)}. Top-p is {top_p:g}. With which probability is the
    first one drawn?

    not-renormalized = {p[0]}: That was so before the unlikely ones were left out. What stays has to
      sum to 1 again.
    stopped-short = {first / short}: You left out the token that reaches top-p. The kept ones must
      have *at least* that much together.
    divided-by-top-p = {p[0] / top_p}: You divided by top-p. Divide by what the kept tokens really
      have together.
    one-too-many = {first / wide}: You kept one token more than is needed to reach top-p.

    hint: Which tokens stay?
    hint: Add up from the likeliest until the sum is at least top-p. Then divide by that sum.
    hint: {kept} tokens stay; together they have {enough / 100:g}.
    worked: {" + ".join(map(show, p[:kept]))} = {enough / 100:g} is the first sum that reaches
      {top_p:g}. So the first is drawn with {p[0]:g} / {enough / 100:g} = **{show(answer)}**.""")


@question("vote-share")
def vote_share(rng: Random) -> Numeric:
    k = rng.choice([7, 8, 9, 10, 12])
    value = rng.randint(1, 9) * 1000 + rng.choice([0, 50, 200, 500])
    writings = [f"{value:,}", f"{value}", f"{value}.00", f"${value:,}"]
    ways = rng.sample(writings, rng.choice([2, 3]))
    right = [rng.choice(ways) for _ in range(rng.randint(3, 5))]
    invalid, rival = rng.randint(1, 3), value - rng.choice([10, 100, 300])
    votes, rest = len(right), k - len(right) - invalid
    keep_if(2 <= rest < votes and len(set(right)) > 1)
    strings, valid = max(rest, *map(right.count, ways)), k - invalid
    shares = votes / k, strings / k, votes / valid, valid / k, rest / k
    keep_if(apart(shares, 0.02))
    said = [*right, *[f"{rival}"] * rest, *["no number"] * invalid]
    rng.shuffle(said)
    answer, of_strings, of_valid, any_valid, runner_up = shares
    return numeric(answer).asks(f"""
    K = {k} samples of one problem end in: {"; ".join(said)}. What is the confidence s of the voted
    answer?

    strings-counted = {of_strings}: You counted strings. Two ways to write one number are one
      answer: bring them to one form before the vote.
    invalid-left-out-of-k = {of_valid}: You divided by the valid samples only. A sample without a
      number is no vote, but it was drawn: it counts in K.
    any-valid = {any_valid}: That is the share of samples that give any number. Only those that give
      the voted answer count.
    runner-up = {runner_up}: That is the share of the answer that lost.

    hint: Which of them are the same number?
    hint: s = votes for the most frequent value / K, with all samples in K.
    hint: {votes} samples say {value}, {rest} say {rival}, {invalid} say nothing.
    worked: In one form, {votes} of {k} say {value}; {rest} say {rival} and {invalid} give no
      number. So s = {votes} / {k} = **{show(answer)}**.""")


@question("what-the-vote-says")
def what_the_vote_says(rng: Random) -> Choice:
    k = rng.choice([5, 6, 8])
    a, b, c = rng.sample(range(12, 99), 3)
    return choice(several=True).asks(f"""
    Each problem below was sampled K = {k} times. What is true? Choose all.

    right: Samples that all give no number have s = 0 of {k} and no answer.
      -> Nobody voted. An answer of nothing must not win with s = 1.
    right: K = 1 and a valid sample always gives s = 1, right or wrong ({a} or {b}).
      -> One of one is all of them: a single sample says nothing about confidence.
    greedy-agreement: {k} samples of {c} at temperature 0 show that the model is sure of {c}.
      -> At temperature 0 all samples are the same by construction. They would agree on anything.
    invalid-left-out-of-k: If two say {a}, two say {b} and the rest are invalid, s is 1/2.
      -> The invalid ones are part of K: s = 2/{k} at any rate.
    agreement-for-truth: s = 1 for {c} means that {c} is right.
      -> It means that the model says the same each time. It may be wrong each time.

    hint: What does s count, and what does it divide by?
    hint: It divides by K, whatever the samples hold; and it never looks at the gold answer.
    hint: Two of the five are true.
    worked: s counts votes and divides by K. So samples that give no number have **s = 0 and no
      answer**, and **K = 1 and a valid sample gives s = 1**. Agreement at temperature 0 is no
      evidence, invalid samples stay in K, and agreement is not truth.""")


@question("share-error")
def share_error(rng: Random) -> Numeric:
    k = rng.choice([5, 8, 10, 16, 20, 25, 40])
    votes = rng.randint(k // 5, k - 1)
    s = rounded(votes / k)
    product = s * (1 - s)
    answer = sqrt(product / k)
    return numeric(answer, tolerance=0.01, apart=0.03).asks(f"""
    {votes} of K = {k} samples agree, so s = {s:g}. What is the standard error of s?

    variance = {product / k}: That is its variance. Take the square root.
    k-left-out = {sqrt(product)}: That is the spread of a single vote. A mean of K votes is
      steadier.
    other-side-left-out = {sqrt(s / k)}: A share near 1 is as steady as one near 0: both s and 1 - s
      belong there.
    interval = {1.96 * answer}: That is half of the 95% interval: 1.96 standard errors.

    hint: How does the spread of a mean shrink as K grows?
    hint: sqrt(s (1 - s) / K).
    hint: s (1 - s) = {s:g} * {1 - s:g} = {show(product)}.
    worked: sqrt({s:g} * {1 - s:g} / {k}) = **{show(answer)}**. With {4 * k} samples it would be
      half of that.""")


@question("majority-chance")
def majority_chance(rng: Random) -> Numeric:
    p, k = rng.choice([0.3, 0.4, 0.45, 0.55, 0.6, 0.7, 0.75, 0.8]), rng.choice([3, 5])
    needed, q = k // 2 + 1, rounded(1 - p)
    ways = {j: comb(k, j) for j in range(needed, k + 1)}
    chances = [c * p**j * q ** (k - j) for j, c in ways.items()]
    terms = [f"{c} * {p:g}^{j}" + f" * {q:g}^{k - j}" * (j < k) for j, c in ways.items()]
    answer = sum(chances)
    better = "The vote is better than one sample."
    worse = "Below one half, a vote against one rival is worse than one sample."
    return numeric(answer, apart=0.02).asks(f"""
    Each sample is right with probability {p:g}, independently, and all wrong ones give the same
    wrong answer. With which probability is the vote of K = {k} right?

    one-sample = {p}: That is a single sample. Count the votes that win.
    just-a-majority = {chances[0]}: That is exactly {needed} right ones of {k}. More than {needed}
      win, too.
    all-right = {p**k}: That is the chance that all {k} are right.
    any-right = {1 - q**k}: That is the chance that at least one is right, which is pass@K. One vote
      of {k} does not win.
    the-wrong-ones = {1 - answer}: That is the chance that the vote is wrong.

    hint: How many of {k} have to be right for the vote to be?
    hint: Add up the chances of {" and ".join(map(str, ways))} right ones: C(K, j) p^j (1 - p)^(K -
      j).
    hint: {needed} right ones: {terms[0]} = {show(chances[0])}.
    worked: {" + ".join(terms)} = **{show(answer)}**. {better if answer > p else worse}""")


@question("pass-at-k")
def pass_at_k(rng: Random) -> Numeric:
    n, k = rng.choice([8, 10, 12, 16]), rng.choice([2, 3, 4])
    right = rng.randint(2, n // 2)
    share = right / n
    keep_if(k * share < 1.6)
    none, ways = comb(n - right, k), comb(n, k)
    answer = 1 - none / ways
    return numeric(answer, tolerance=0.004, apart=0.012).asks(f"""
    {n} samples of a problem were drawn, and {right} are right. Estimate pass@{k} from them: of {k}
    taken from the {n}, with which probability is at least one right?

    put-back = {1 - (1 - share) ** k}: You put each sample back before the next. {k} different ones
      are taken.
    added-up = {k * share}: Chances cannot be added where both may happen: two right ones would
      count twice.
    one-sample = {share}: That is pass@1: a single sample.
    none-right = {1 - answer}: That is the chance that none of them is right.
    all-right = {share**k}: That asks that all of them be right.

    hint: It is easier to count the ways in which none is right.
    hint: pass@k = 1 - C(n - right, k) / C(n, k).
    hint: C({n - right}, {k}) = {none} of C({n}, {k}) = {ways} choices hold no right one.
    worked: {none} of {ways} choices hold no right sample, so pass@{k} = 1 - {none} / {ways} =
      **{show(answer)}**.""")


@question("calibration")
def calibration(rng: Random) -> Numeric:
    drawn = []
    for s in rng.sample([0.2, 0.4, 0.6, 0.8, 1.0], 3):
        n, share = rng.choice([10, 20, 30, 40, 50]), s + rng.choice([-0.3, -0.2, -0.1, 0.1, 0.2])
        drawn.append((s, n, round(n * min(max(share, 0), 1))))
    lines = sorted(drawn, reverse=True)
    total = sum(n for _, n, _ in lines)
    weights, gaps = [n / total for _, n, _ in lines], [right / n - s for s, n, right in lines]
    sizes = [abs(gap) for gap in gaps]
    answer, net = sum(map(mul, weights, sizes)), sum(map(mul, weights, gaps))
    squared = sqrt(sum(map(mul, weights, map(mul, gaps, gaps))))
    plain, largest = sum(sizes) / 3, max(sizes)
    keep_if(min(gaps) < 0 < max(gaps))
    keep_if(apart([answer, abs(net), plain, largest, squared], 0.03))
    sum_of = " + ".join(f"{n} * {size:.4g}" for (_, n, _), size in zip(lines, sizes, strict=True))
    return numeric(answer, tolerance=0.01).asks(f"""
    A student's votes on {total} problems:

    {block(f"s = {s:.1f}   {n} problems   {right} right" for s, n, right in lines)}

    How far is s from the share that is right, on average over the problems?

    signs-cancel = {net}: You let too sure and not sure enough cancel. Take the size of each gap.
    bins-alike = {plain}: You gave each line the same weight. Each problem has the same weight.
    largest-gap = {largest}: That is the worst line. The mean was asked for.
    squared = {squared}: You squared the gaps and took the root of their mean. Take the mean of the
      sizes.

    hint: For each line: which share is right, and how far is s from it?
    hint: Weigh each gap by its number of problems.
    hint: The first line: {lines[0][2]} / {lines[0][1]} = {show(lines[0][2] / lines[0][1])}, a gap
      of {show(sizes[0])}.
    worked: The gaps are {show(sizes)}. Weighed: ({sum_of}) / {total} =
      **{show(answer)}**.""")
