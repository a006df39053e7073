"""Questions on learning from a teacher: soft targets, what a service gives, cost, filters."""

from math import ceil, exp, log
from random import Random

from lessons.kit.compare import apart, keep_if
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Numeric, Option, question
from lessons.kit.softmax import softmax
from lessons.kit.words import choice, essay, numeric

WORDS = ("mat", "floor", "chair", "sofa", "bed", "roof")


@question("soft-target")
def soft_target(rng: Random) -> Numeric:
    logits = sorted((rng.randint(-20, 60) / 10 for _ in range(3)), reverse=True)
    temperature = rng.choice([2, 3, 4, 5])
    words = rng.sample(WORDS, 3)
    keep_if(logits[1] > 0.5 and sum(logits) > 0.5)
    top, answer, _ = (100 * each for each in softmax(logits, temperature))
    hard, sharp = (100 * softmax(logits, each)[1] for each in (1, 1 / temperature))
    keep_if(min(hard / temperature, sharp) > 1)
    powers = [exp(each / temperature) for each in logits]
    told = [f"{word} {logit:g}" for word, logit in zip(words, logits, strict=True)]
    return numeric(answer, unit="percent", tolerance=0.01, apart=0.05).asks(f"""
    A teacher's logits for the next word: {", ".join(told)}. At temperature {temperature}, how many
    percent does '{words[1]}' get as a soft target?

    no-temperature = {hard}: That is what temperature 1 gives. Divide the logits by the temperature
      first.
    multiplied = {sharp}: You multiplied the logits by the temperature, which makes a target harder.
      Divide.
    most-likely-instead = {top}: That is the likeliest word. The second was asked for.
    share-divided = {hard / temperature}: The temperature divides the logits, before the
      exponential, not the share.
    no-exponential = {100 * logits[1] / sum(logits)}: You took the logits' own shares. A softmax
      takes the exponential of each first.

    hint: What does a high temperature do to differences?
    hint: exp(logit / T) of each word, divided by the sum of the three.
    hint: exp({logits[1]:g} / {temperature}) = {show(powers[1])}.
    worked: exp(logit / {temperature}) is {show(powers)}, together {show(sum(powers))}. So
      '{words[1]}' gets {show(powers[1])} / {show(sum(powers))} = **{show(answer)}%**. At
      temperature 1 it would be {show(hard)}%.""")


@question("kl-divergence")
def kl_divergence(rng: Random) -> Numeric:
    p, q = thirds(rng), thirds(rng)
    pairs = list(zip(p, q, strict=True))
    terms = [a * log(a / b) for a, b in pairs]
    answer, backwards = sum(terms), divergence(q, p)
    bits, differences = answer / log(2), sum(abs(a - b) for a, b in pairs)
    cross, bare = -sum(a * log(b) for a, b in pairs), sum(log(a / b) for a, b in pairs)
    keep_if(answer > 0.02 and bare > 0.01)
    keep_if(apart([answer, backwards, bits, differences, cross, bare], 0.04))
    words = rng.sample(WORDS, 3)
    told = [f"{word} {a:g} against {b:g}" for word, a, b in zip(words, p, q, strict=True)]
    return numeric(answer, tolerance=0.015).asks(f"""
    The next word, as the teacher sees it against the student: {", ".join(told)}. What is D(teacher
    || student), the divergence that the student is trained to lower, with natural logarithms?

    other-way-round = {backwards}: That is D(student || teacher). Here the teacher's shares weigh
      the logarithms.
    in-bits = {bits}: That is in bits. The natural logarithm was asked for.
    differences-summed = {differences}: You summed the differences. The divergence compares by
      logarithms of ratios.
    cross-entropy = {cross}: That is the cross-entropy. The teacher's own entropy is to be taken
      off.
    not-weighted = {bare}: Each logarithm counts by how likely the teacher holds its word.

    hint: For each word: how many times as likely does the teacher hold it?
    hint: The sum of p * ln(p / q), with p the teacher's share and q the student's.
    hint: The first term is {p[0]:g} * ln({p[0]:g} / {q[0]:g}) = {show(terms[0])}.
    worked: {" + ".join(f"({show(each)})" for each in terms)} = **{show(answer)}**.""")


def thirds(rng: Random) -> list[float]:
    """Three shares with one decimal or two, none of them 0."""
    first = rng.randint(10, 75)
    second = rng.randint(5, 95 - first)
    return [rounded(each / 100, 2) for each in (first, second, 100 - first - second)]


def divergence(p: list[float], q: list[float]) -> float:
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True))


WAYS = {
    "Fine-tune the student on its answers": "",
    "Fine-tune the student on its worked steps and results": "",
    "Train towards its probabilities for every token": "text-has-no-logits",
    "Train the student's layers towards its hidden states": "no-inside",
    "Let it answer some questions five times, and learn from what is right": "",
}
"""Ways to learn from a teacher, each with the slip of who goes it where text is all there is."""


@question("what-a-service-gives")
def what_a_service_gives(rng: Random) -> Choice:
    service = rng.choice(["a company's model behind an API", "a hosted model"])
    closed = rng.random() < 0.7
    box, name = ("black", service) if closed else ("white", "a large model")
    given = "It is open: you run it on your own machine, and its tokenizer is the student's."
    if closed:
        given = "Of each answer it returns the text and how many tokens it had, and nothing more."
    seen = "A service that returns text shows neither." if closed else "You have them here."
    inside = (
        f"the teacher's inside: logits of the whole vocabulary, or states of its layers. {seen}"
    )
    options = [
        Option(way, f"That takes {inside}", right=not closed, slip=slip if closed else "")
        if slip
        else Option(way, "It takes nothing but text.", right=True)
        for way, slip in WAYS.items()
    ]
    return choice(options, several=True).asks(f"""
    Your teacher is {name}. {given} What can you do with it? Choose all.

    weights-copied: Copy its weights into the student
      -> A student is smaller: the shapes do not fit. And that would be no distillation.

    hint: What does each way need of the teacher?
    hint: Text alone: black box. Logits and hidden states: white box.
    hint: This one is a {box} box.
    worked: It is a {box} box. So: **{"; ".join(each.text for each in options if each.right)}**.""")


@question("asking-minutes")
def asking_minutes(rng: Random) -> Numeric:
    questions = rng.choice([600, 1000, 1500, 2000, 3000, 6000])
    requests, tokens = rng.choice([(30, 15_000), (15, 32_000), (60, 20_000), (100, 30_000)])
    into, out = rng.randrange(60, 600, 20), rng.randrange(100, 900, 20)
    by_requests, by_tokens = questions / requests, questions * (into + out) / tokens
    answer, other = max(by_requests, by_tokens), min(by_requests, by_tokens)
    both, one_side = by_requests + by_tokens, questions * max(out, into) / tokens
    keep_if(apart([answer, other, both, one_side, by_tokens / requests], 0.03))
    keep_if(by_tokens > by_requests or rng.random() < 0.4)
    return numeric(answer, unit="minute", tolerance=0.01).asks(f"""
    {questions:,} questions go to a teacher that allows {requests} requests and {tokens:,} tokens a
    minute. A request has {into} tokens and an answer {out}, and both count. How many minutes does
    it take at least?

    wrong-limit = {other}: That is the other limit. The one that takes longer binds.
    limits-added = {both}: The two limits run at the same time. They are not added.
    one-side-of-tokens = {one_side}: Both what is read and what is written counts as tokens here.
    both-at-once = {by_tokens / requests}: You divided by both limits. Each gives a time of its own.

    hint: How long would it take by each limit alone?
    hint: questions / requests a minute, and questions * tokens of each / tokens a minute: the
      longer one.
    hint: By requests: {questions:,} / {requests} = {show(by_requests)} minutes.
    worked: By requests {questions:,} / {requests} = {show(by_requests)} minutes, by tokens
      {questions:,} * {into + out} / {tokens:,} = {show(by_tokens)}. The
      {"tokens" if by_tokens > by_requests else "requests"} bind: **{show(answer)} minutes**.""")


@question("asking-dollars")
def asking_dollars(rng: Random) -> Numeric:
    questions = rng.choice([1000, 2000, 5000, 7473, 20_000])
    into, out = rng.randrange(80, 400, 10), rng.randrange(120, 800, 20)
    price_in = rng.choice([0.08, 0.10, 0.13, 0.25, 0.5])
    price_out = rng.choice([0.16, 0.38, 0.40, 1.5, 2.0])
    read, wrote = questions * into / 1e6, questions * out / 1e6
    answer = questions * (into * price_in + out * price_out) / 1e6
    keep_if(answer > 0.05)
    return numeric(answer, unit="dollar", tolerance=0.01, apart=0.03).asks(f"""
    A teacher costs ${price_in:.2f} per million tokens read and ${price_out:.2f} per million
    written. {questions:,} questions of {into} tokens get answers of {out}. How many dollars is
    that?

    prices-swapped = {questions * (into * price_out + out * price_in) / 1e6}: You swapped the
      prices. What the model writes costs more than what it reads.
    one-price-for-all = {questions * (into + out) * price_in / 1e6}: What it writes has a price of
      its own.
    prompt-free = {questions * out * price_out / 1e6}: The prompt is paid for as well, each time.
    per-thousand = {answer * 1000}: The prices are for a *million* tokens.

    hint: Count the tokens of each kind first.
    hint: millions read * price + millions written * price.
    hint: {questions:,} * {into} = {show(read)} million tokens are read.
    worked: Read: {show(read)} million, ${show(read * price_in)}. Written: {show(wrote)} million,
      ${show(wrote * price_out)}. Together **${show(answer)}**.""")


WAIT = "Wait as long as it takes, then ask this question again"
SCENES = (
    (
        "answers 429, too many requests, and says that you may come back in {n} seconds",
        WAIT,
        "It says itself when it will answer again.",
    ),
    (
        "answers 503, overloaded, and says nothing more",
        WAIT,
        "It may well answer in a moment. Wait a little, then twice as long, and not all at once.",
    ),
    (
        "answers 401, the key is not valid",
        "Stop, and tell who is in charge",
        "It will say so to each of the other questions, too.",
    ),
    (
        "has written {n} tokens and was cut off at the limit, before any result",
        "Set it down as a failure and go on with the next question",
        "It was paid for and teaches an answer without an end. As a failure it is counted, and "
        "can be asked again with more room.",
    ),
    (
        "has answered, and its answer lies on your disk; then your process was killed",
        "Never ask it again",
        "It is paid for and there. Ask for those that are missing.",
    ),
)
"""What a teacher does, what is best then, and why."""


@question("never-pay-twice")
def never_pay_twice(rng: Random) -> Choice:
    scene, best, why = rng.choice(SCENES)
    n = rng.randint(11, 58)
    total, at = rng.choice([1000, 2000, 7473]), rng.randint(200, 900)
    return choice(right=best, because=why).asks(f"""
    You collect {total:,} answers of a hosted teacher and are at question {at}. The teacher
    {scene.format(n=n)}. What is done about question {at}?

    asked-in-vain: {WAIT}
      -> Asked again as it is, it would end the same way, or be paid twice.
    given-up: Stop, and tell who is in charge -> Nothing is wrong that a person would have to mend.
    too-soon-aside: Set it down as a failure and go on with the next question
      -> It is no answer that failed: look at what was said.
    taken-for-an-answer: Never ask it again -> There is no answer yet that could be learnt from.
    paid-twice: Begin the whole data set anew
      -> All that was answered so far would be paid for a second time.

    hint: Was anything paid for? And would it go otherwise the next time?
    hint: A limit passes, a wrong key does not. An answer that is there is there.
    hint: Ask for each: what does it cost, and who can change it?
    worked: **{best}.** {why}""")


@question("rows-kept")
def rows_kept(rng: Random) -> Numeric:
    asked = rng.choice([400, 500, 1000, 1500, 2000])
    failed, wrong = rng.randint(2, 8), rng.randint(4, 30)
    batch, epochs = rng.choice([4, 8, 16, 32]), rng.choice([1, 2, 3])
    answered, no_answer = divmod(asked * (100 - failed), 100)
    kept, left_over = divmod(answered * (100 - wrong), 100)
    keep_if(no_answer == left_over == 0 and kept % batch)

    def steps(rows: float) -> int:
        return ceil(rows / batch) * epochs

    answer, once = steps(kept), ceil(kept * epochs / batch)
    return numeric(answer, unit="step", tolerance=0).asks(f"""
    {asked:,} questions are asked. {failed}% stay without an answer, and {wrong}% of the answers
    have a wrong result and are left out. The student learns the others in batches of {batch},
    {epochs} {"epoch" if epochs == 1 else "epochs"}. How many steps are that?

    not-filtered = {steps(answered)}: You left the wrong ones in.
    failures-kept = {steps(asked * (100 - wrong) / 100)}: You forgot that some questions stayed
      without an answer.
    one-row-a-step = {kept * epochs}: A step takes {batch} rows.
    last-batch-dropped = {kept // batch * epochs}: The last batch of each epoch is smaller, but it
      is a step.
    all-asked = {steps(asked)}: That is what was asked. Not all of it is there to be learnt.
    rounded-at-the-end = {once if once < answer else None}: You rounded once, at the end. Every
      epoch ends with a smaller batch of its own: round up in each, then multiply.

    hint: How many rows are left?
    hint: Failures go first, then a share of what is left. A last, smaller batch is a step.
    hint: {asked:,} less {failed}% are {answered:,} answers.
    worked: {answered:,} answers, of which {kept:,} are right. {kept:,} / {batch} =
      {show(kept / batch)}, so {ceil(kept / batch)} steps an epoch, and **{answer}** in all.""")


@question("filter-judged")
def filter_judged(rng: Random) -> Essay:
    share = rng.randint(6, 15)
    return essay().asks(f"""
    A teacher gets {share}% of your training questions wrong. You leave out each answer whose result
    is not the gold one. What is gained, what is lost, and what is still wrong in what you keep?
    Three or four sentences.

    rubric: Gained: the student is not trained towards results that are known to be wrong.
    rubric: Lost: money, as these answers were paid for; and what is left out are mostly the hard
      questions, so the student sees fewer of them.
    rubric: Still wrong: a result can be right by luck, with steps that are not.
    rubric: Says that it takes gold answers, or names a way without them (several answers and a
      vote, a judge).

    sample: The student no longer learns results that are known to be wrong. But {share}% of the
      money is gone, and since a teacher fails on hard questions, easy ones now weigh more; asking
      hard ones again a few times brings some back. A right result can also come of wrong steps, and
      these stay in. And the filter needs gold answers: without them I would ask several times and
      keep what most answers agree on.

    hint: Which questions does a teacher get wrong?
    hint: Think of the steps, not only of the result, and of what was paid.
    hint: And where does the gold answer come from, in a task of your own?""")
