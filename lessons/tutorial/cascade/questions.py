"""Questions on cascades: their score, their cost, their thresholds, and whether a gain is real."""

from math import sqrt
from random import Random

from lessons.kit.compare import keep_if
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Numeric, Option, question
from lessons.kit.words import choice, essay, numeric


@question("cascade-em")
def cascade_em(rng: Random) -> Numeric:
    sent, kept = rng.randint(15, 70), rng.randint(70, 97)
    hard, strong = rng.randint(60, 90), rng.randint(88, 97)
    keep_if(strong > hard + 3)
    answer = ((100 - sent) * kept + sent * hard) / 100
    return numeric(answer, unit="percent", tolerance=0.003, apart=0.012).asks(f"""
    A cascade sends {sent}% of the problems on. Of those that the student keeps it gets {kept}%
    right. The strong model gets {strong}% of all problems right, and {hard}% of those that are
    sent. What is the exact match of the cascade, in percent?

    shares-swapped = {(sent * kept + (100 - sent) * hard) / 100}: You gave the sent share to the
      student. It answers what is *not* sent.
    strong-on-all = {((100 - sent) * kept + sent * strong) / 100}: The strong model sees only what
      is sent, and these are the harder problems.
    plain-mean = {(kept + hard) / 2}: That would be so if half of the problems were sent.
    either-right = {(10_000 - (100 - kept) * (100 - hard)) / 100}: You counted a problem as right if
      either would get it. Each problem has one answer: the student's or the strong model's.

    hint: Who answers which share of the problems?
    hint: A mixture: share kept * EM on the kept + share sent * strong EM on the sent.
    hint: The student brings {(100 - sent) / 100:g} * {kept}% = {show((100 - sent) * kept / 100)}%.
    worked: {(100 - sent) / 100:g} * {kept}% + {sent / 100:g} * {hard}% = **{show(answer)}%**.""")


@question("cascade-cost")
def cascade_cost(rng: Random) -> Numeric:
    problems, sent = rng.choice([1_000, 2_000, 5_000, 10_000]), rng.choice([20, 25, 30, 35, 40, 60])
    price_in = rng.choice([0.08, 0.1, 0.13, 0.5, 2.5])
    price_out = rounded(price_in * rng.choice([2, 3, 4, 5]))
    tokens_in, tokens_out = rng.choice([80, 120, 150, 300]), rng.choice([160, 200, 250, 400])
    count = problems * sent // 100
    each = tokens_in * price_in + tokens_out * price_out
    answer = count * each / 1e6
    return numeric(answer, unit="dollar", apart=0.02).asks(f"""
    The strong model costs ${price_in:g} a million tokens in and ${price_out:g} a million tokens
    out. A problem has {tokens_in} tokens, an answer {tokens_out}. The student runs on your machine
    for nothing. {sent}% of {problems:,} problems are sent. What do they cost, in dollars?

    prices-swapped = {count * (tokens_in * price_out + tokens_out * price_in) / 1e6}: You took the
      price of tokens in for those out. What the model writes is dearer.
    prompt-for-nothing = {count * tokens_out * price_out / 1e6}: That is what the answers cost. The
      prompts are billed, too.
    all-sent = {problems * each / 1e6}: That is the strong model alone, asked everything.
    kept-for-sent = {(problems - count) * each / 1e6}: You paid for the problems that the student
      keeps. It is the others that cost.
    per-thousand = {answer * 1000}: The prices are for a *million* tokens.

    hint: How many problems are sent, and what does one of them cost?
    hint: (tokens in * price in + tokens out * price out) / 1,000,000 for each.
    hint: {count:,} problems; one costs ({tokens_in} * {price_in:g} + {tokens_out} * {price_out:g})
      / 1e6 = ${show(each / 1e6)}.
    worked: {sent}% of {problems:,} is {count:,}. One costs ({tokens_in} * {price_in:g} +
      {tokens_out} * {price_out:g}) / 1,000,000 = {show(each / 1e6)}. Together {count:,} *
      {show(each / 1e6)} = **{show(answer)}** dollars.""")


@question("hosted-student")
def hosted_student(rng: Random) -> Numeric:
    k, sent = rng.choice([3, 4, 5, 8]), rng.choice([20, 25, 30, 40])
    tokens_in, tokens_out = rng.choice([100, 200]), rng.choice([150, 200, 300])
    student_in, strong_in = rng.choice([0.02, 0.03, 0.05]), rng.choice([0.3, 0.5, 0.8])
    student_out, strong_out = 2 * student_in, 4 * strong_in
    strong = tokens_in * strong_in + tokens_out * strong_out
    samples = tokens_in * student_in + k * tokens_out * student_out
    one = tokens_in * student_in + tokens_out * student_out
    answer = 100 * (1 - (samples + sent / 100 * strong) / strong)
    keep_if(answer > 3)
    return numeric(answer, unit="percent", tolerance=0.01, apart=0.02).asks(f"""
    Now the student is hosted as well: ${student_in:g} a million tokens in and ${student_out:g} out,
    against ${strong_in:g} and ${strong_out:g} of the strong model. A problem has {tokens_in}
    tokens, an answer {tokens_out}. Each problem is put to the student once, which writes K = {k}
    samples (the prompt is billed once); {sent}% are sent on. What share of the strong model's cost
    is saved, in percent?

    student-for-nothing = {100 - sent}: That would be so if the student cost nothing.
    one-sample = {100 * (1 - (one + sent / 100 * strong) / strong)}: You paid for one sample. The
      student writes {k}.
    kept-only = {100 * (1 - ((100 - sent) / 100 * samples + sent / 100 * strong) / strong)}: You
      paid for the samples of the kept problems only. The student samples every problem: only then
      is it known which to send.
    spent-for-saved = {100 - answer}: That is the share that is still spent.

    hint: What does one problem cost with the strong model alone, and what with the cascade?
    hint: The cascade pays K samples for every problem, and the strong model for those sent.
    hint: Per million problems: strong alone ${show(strong)}, the student's samples
      ${show(samples)}.
    worked: Per million problems the strong model alone costs {tokens_in} * {strong_in:g} +
      {tokens_out} * {strong_out:g} = ${show(strong)}. The samples cost {tokens_in} * {student_in:g}
      + {k} * {tokens_out} * {student_out:g} = ${show(samples)}, and what is sent {sent / 100:g} *
      {show(strong)} = ${show(sent / 100 * strong)}. Saved: 1 -
      {show(samples + sent / 100 * strong)} / {show(strong)} = **{show(answer)}%**.""")


@question("compute-saving")
def compute_saving(rng: Random) -> Numeric:
    student, strong = rng.choice([0.5, 1.5, 3, 7]), rng.choice([14, 27, 32, 70])
    k, sent = rng.choice([5, 8, 10, 16, 20]), rng.choice([20, 25, 30, 40, 50])
    tokens_in, tokens_out = rng.choice([100, 150, 200]), rng.choice([100, 200, 300])
    once = tokens_in + tokens_out
    work, samples = strong * once, student * (tokens_in + k * tokens_out)
    answer = 100 * (1 - samples / work - sent / 100)
    keep_if(answer > -150 and abs(answer) > 4)
    return numeric(answer, unit="percent", tolerance=0.01, apart=0.02).asks(f"""
    Count compute as parameters * tokens. The student has {student:g}B parameters, reads each prompt
    of {tokens_in} tokens once and writes K = {k} answers of {tokens_out}. The strong model has
    {strong}B, and reads and writes once for the {sent}% that are sent. How much compute is saved
    against the strong model alone, in percent? (It may be negative.)

    student-for-nothing = {100 - sent}: That is the money, where the student costs none. Its samples
      are computed, too.
    one-sample = {100 * (1 - student * once / work - sent / 100)}: You counted one sample. The
      student writes {k}.
    prompt-read-again = {100 * (1 - student * k * once / work - sent / 100)}: The student reads the
      prompt once; its {k} samples share that.
    spent-for-saved = {100 - answer}: That is what the cascade spends.

    hint: What does each model compute for one problem?
    hint: Student: {student:g} * (tokens in + K * tokens out). Strong: {strong} * (tokens in +
      tokens out), for those sent.
    hint: Student {show(samples)}, strong alone {show(work)}.
    worked: The student computes {student:g} * ({tokens_in} + {k} * {tokens_out}) = {show(samples)}
      for each problem, the strong model {strong} * {once} = {show(work)}. Saved: 1 -
      {show(samples)} / {show(work)} - {sent / 100:g} = **{show(answer)}%**.
      {"The money is saved all the same." if answer < 0 else ""}""")


@question("votes-needed")
def votes_needed(rng: Random) -> Numeric:
    k, percent = rng.randint(4, 12), rng.randrange(25, 96, 5)
    below = k * percent // 100
    answer = -(-k * percent // 100)
    keep_if(1 < answer < k)
    return numeric(answer, unit="vote", tolerance=0).asks(f"""
    K = {k}, and the student's answer is kept if s is at least {percent / 100:g}. How many votes
    does it need?

    more-than = {answer + 1}: You asked for one vote more. An answer is kept if s is *at least* the
      threshold, and s takes only the values j / K.
    votes-against = {k - answer}: That is how many may say something else.
    threshold-for-votes = {percent}: That is the threshold in percent. How many of the K samples is
      that at least?
    rounded-down = {below if below < answer else None}: {below} of {k} is {show(below / k)}, which
      is below the threshold.

    hint: Which values can s have?
    hint: The least j with j / K at or above the threshold.
    hint: {k} * {percent / 100:g} = {k * percent / 100:g}.
    worked: {k} * {percent / 100:g} = {k * percent / 100:g}, and votes are whole: **{answer}**.
      Every threshold above {show((answer - 1) / k)} and up to {show(answer / k)} does the same.""")


@question("how-many-policies")
def how_many_policies(rng: Random) -> Numeric:
    most = rng.randint(4, 16)
    answer = most * (most + 1) // 2
    return numeric(answer, unit="policy", tolerance=0).asks(f"""
    Once {most} samples of each problem are stored, any K from 1 to {most} can be replayed with its
    first K samples, and each with the thresholds 1/K, 2/K, ..., K/K. How many policies is that?

    one-k = {most}: Those are the thresholds of K = {most} alone.
    all-alike = {most * most}: Not every K has {most} thresholds: K has K of them.
    not-halved = {most * (most + 1)}: That sum was counted twice: 1 + 2 + ... + n is n (n + 1) / 2.
    first-left-out = {answer - 1}: K = 1 is a policy, too: keep whatever is valid.

    hint: How many thresholds does each K have?
    hint: K = 1 has one, K = 2 has two, and so on.
    hint: 1 + 2 + ... + {most}.
    worked: 1 + 2 + ... + {most} = {most} * {most + 1} / 2 = **{answer}**. The best of so many looks
      better than it is.""")


@question("pareto")
def pareto(rng: Random) -> Choice:
    """Three policies on the front, one beaten in both, one beaten in one and equal in the other."""
    em = sorted(rng.sample(range(60, 95, 3), 3))
    saving = sorted(rng.sample(range(12, 80, 5), 3), reverse=True)
    front = list(zip(em, saving, strict=True))
    better = front[rng.randrange(3)]
    beaten = [
        (better[0] - rng.randint(2, 5), better[1] - rng.randint(3, 7), better, "beaten-in-both"),
        (em[1], saving[1] - rng.choice([2, 3, 4]), front[1], "same-em-costs-more"),
        (em[0] - rng.randint(3, 9), saving[0], front[0], "same-cost-lower-em"),
    ]

    def text(em: int, saving: int) -> str:
        return f"EM {em / 100:.2f}, {saving}% saved"

    why = "No other has at least its EM and at least its saving."
    options = {text(*each): Option(text(*each), why, right=True) for each in front}
    for *each, by, slip in beaten:
        says = f"{text(*by)} is at least as good in both, and better in one."
        options.setdefault(text(*each), Option(text(*each), says, slip=slip))
    return choice(list(options.values()), several=True).asks(f"""
    Some policies on the same validation problems. Which would you still consider, whatever EM and
    money are worth to you? Choose all.

    hint: Which can be thrown away without knowing what matters more?
    hint: One is beaten if another has at least its EM *and* at least its saving.
    hint: Sort them by EM, and look where saving does not fall.
    worked: Sorted by EM, each of these saves more than all with a higher EM:
      {"; ".join(f"**{text(*each)}**" for each in front)}. The others are beaten by one of them.
      These are the Pareto front.""")


@question("flips")
def flips(rng: Random) -> Numeric:
    n = rng.choice([150, 200, 300, 500])
    only_b, only_a = rng.randint(9, 34), rng.randint(3, 24)
    lead, both = only_b - only_a, only_a + only_b
    answer = lead / sqrt(both)
    keep_if(lead > 2 and abs(answer - 1.96) > 0.1)
    noise = "Below 1.96: this difference is within noise."
    coins = "Above 1.96: coins would rarely fall so."
    return numeric(answer, unit="standard error", tolerance=0.01, apart=0.03).asks(f"""
    Two policies answered the same {n} problems. On {only_b} only B is right, on {only_a} only A; on
    all others both are right or both are wrong. How many standard errors is B ahead (McNemar's z)?

    all-problems = {lead / sqrt(n)}: Problems on which both do the same tell nothing: only the flips
      are drawn.
    share-of-flips = {lead / both}: That is B's lead as a share of the flips. Divide by the root of
      their number.
    squared = {answer**2}: That is its square, the chi-squared statistic.
    one-side = {lead / sqrt(only_b)}: Both kinds of flips are noisy: their numbers are added under
      the root.

    hint: If both were equally good, how would the flips fall?
    hint: Like coins: of b + c flips the difference b - c has a standard deviation of sqrt(b + c).
    hint: b - c = {lead}, and b + c = {both}.
    worked: ({only_b} - {only_a}) / sqrt({both}) = **{show(answer)}**.
      {noise if answer < 1.96 else coins}""")


@question("tuned-on-test")
def tuned_on_test(rng: Random) -> Essay:
    n = rng.choice([100, 200, 300])
    best, before = rng.choice([0.67, 0.71, 0.76]), 0.02
    half = 1.96 * sqrt(best * (1 - best) / n)
    return essay().asks(f"""
    Somebody tried 55 policies on the {n} test problems, took the best, and reports its EM of
    {best:g} on these problems. The second best had {best - before:g}. What is wrong with the
    number, what should have been done, and what can be said of the difference? Three or four
    sentences.

    rubric: Says that the best of many is partly lucky, so that its score on the problems it was
      chosen on is too high.
    rubric: Says that the policy is to be chosen on validation problems, and counted once on test
      problems that played no part in the choice.
    rubric: Holds the difference against the noise: with {n} problems the 95% interval is about
      {half:.2f} to either side, so {before:g} is within noise.
    rubric: Says what would settle it: more problems, or a paired look at those on which the two
      differ.

    sample: The best of 55 scores is high partly because that policy suits these problems by luck,
      so the number promises too much for new ones. The policy should be chosen on validation
      problems and then counted once on the test. With {n} problems the 95% interval reaches about
      {half:.2f} to either side, so a lead of {before:g} is within noise. More problems, or
      comparing the two problem by problem, could tell.

    hint: Which of the 55 is on top, if all are equally good?
    hint: Choosing and counting need problems of their own.
    hint: How wide is the 95% interval of a share of {best:g} in {n}?""")
