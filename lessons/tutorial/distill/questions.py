"""Questions on learning from a teacher: soft targets, what a service gives, cost, filters."""

from itertools import combinations
from math import ceil, exp, log
from random import Random

from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Essay, Numeric, Option, Slip, question

ROUNDED_ONCE = (
    "You rounded once, at the end. Every epoch ends with a smaller batch of its own: round up in "
    "each, then multiply."
)
WORDS = ("mat", "floor", "chair", "sofa", "bed", "roof")


@question("soft-target")
def soft_target(rng: Random) -> Numeric:
    while True:
        logits = sorted((rng.randint(-20, 60) / 10 for _ in range(3)), reverse=True)
        temperature = rng.choice([2, 3, 4, 5])
        names = rng.sample(WORDS, 3)
        if logits[1] <= 0.5 or sum(logits) <= 0.5:
            continue
        soft, hard = softmax(logits, temperature), softmax(logits, 1)
        answer = 100 * soft[1]
        values = [100 * hard[1], 100 * softmax(logits, 1 / temperature)[1]]
        values += [100 * soft[0], 100 * hard[1] / temperature, 100 * logits[1] / sum(logits)]
        if min(answer, *values) > 1 and apart([answer, *values], 0.05):
            break
    slip_names = (
        "no-temperature",
        "multiplied",
        "most-likely-instead",
        "share-divided",
        "no-exponential",
    )
    says = (
        "That is what temperature 1 gives. Divide the logits by the temperature first.",
        "You multiplied the logits by the temperature, which makes a target harder. Divide.",
        "That is the likeliest word. The second was asked for.",
        "The temperature divides the logits, before the exponential, not the share.",
        "You took the logits' own shares. A softmax takes the exponential of each first.",
    )
    listed = ", ".join(f"{name} {show(each)}" for name, each in zip(names, logits, strict=True))
    powers = [exp(each / temperature) for each in logits]
    return Numeric(
        ask=f"A teacher's logits for the next word: {listed}. At temperature {temperature}, how "
        f"many percent does '{names[1]}' get as a soft target?",
        answer=answer,
        unit="percent",
        tolerance=0.01,
        slips=[Slip(*each) for each in zip(slip_names, values, says, strict=True)],
        hints=[
            "What does a high temperature do to differences?",
            "exp(logit / T) of each word, divided by the sum of the three.",
            f"exp({show(logits[1])} / {temperature}) = {show(powers[1])}.",
        ],
        worked=f"exp(logit / {temperature}) is {show(powers)}, together {show(sum(powers))}. So "
        f"'{names[1]}' gets {show(powers[1])} / {show(sum(powers))} = **{show(answer)}%**. At "
        f"temperature 1 it would be {show(values[0])}%.",
    )


@question("kl-divergence")
def kl_divergence(rng: Random) -> Numeric:
    while True:
        p, q = thirds(rng), thirds(rng)
        answer = divergence(p, q)
        pairs = list(zip(p, q, strict=True))
        values = [divergence(q, p), answer / log(2), sum(abs(a - b) for a, b in pairs)]
        values += [-sum(a * log(b) for a, b in pairs), sum(log(a / b) for a, b in pairs)]
        if answer > 0.02 and values[4] > 0.01 and apart([answer, *values], 0.04):
            break
    names = ("other-way-round", "in-bits", "differences-summed", "cross-entropy", "not-weighted")
    says = (
        "That is D(student || teacher). Here the teacher's shares weigh the logarithms.",
        "That is in bits. The natural logarithm was asked for.",
        "You summed the differences. The divergence compares by logarithms of ratios.",
        "That is the cross-entropy. The teacher's own entropy is to be taken off.",
        "Each logarithm counts by how likely the teacher holds its word.",
    )
    words = rng.sample(WORDS, 3)
    terms = [a * log(a / b) for a, b in zip(p, q, strict=True)]
    told = ", ".join(f"{w} {a:g} against {b:g}" for w, a, b in zip(words, p, q, strict=True))
    return Numeric(
        ask=f"The next word, as the teacher sees it against the student: {told}. What is "
        "D(teacher || student), the divergence that the student is trained to lower, with "
        "natural logarithms?",
        answer=answer,
        tolerance=0.015,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "For each word: how many times as likely does the teacher hold it?",
            "The sum of p * ln(p / q), with p the teacher's share and q the student's.",
            f"The first term is {p[0]:g} * ln({p[0]:g} / {q[0]:g}) = {show(terms[0])}.",
        ],
        worked=f"{' + '.join(f'({show(each)})' for each in terms)} = **{show(answer)}**.",
    )


@question("what-a-service-gives")
def what_a_service_gives(rng: Random) -> Choice:
    name = rng.choice(["a company's model behind an API", "a hosted model"])
    box = rng.random() < 0.7
    given = (
        "Of each answer it returns the text and how many tokens it had, and nothing more."
        if box
        else "It is open: you run it on your own machine, and its tokenizer is the student's."
    )
    ways = [
        ("Fine-tune the student on its answers", True, ""),
        ("Fine-tune the student on its worked steps and results", True, ""),
        ("Train towards its probabilities for every token", not box, "text-has-no-logits"),
        ("Train the student's layers towards its hidden states", not box, "no-inside"),
        ("Let it answer some questions five times, and learn from what is right", True, ""),
    ]
    options = []
    for text, right, slip in ways:
        if slip:
            says = (
                "That takes the teacher's inside: logits of the whole vocabulary, or states of "
                + (
                    "its layers. A service that returns text shows neither."
                    if box
                    else "its layers. You have them here."
                )
            )
        else:
            says = "It takes nothing but text."
        options.append(Option(text, says, right, "" if right else slip))
    options.append(
        Option(
            "Copy its weights into the student",
            "A student is smaller: the shapes do not fit. And that would be no distillation.",
            slip="weights-copied",
        )
    )
    right = [option.text for option in options if option.right]
    return Choice(
        ask=f"Your teacher is {name if box else 'a large model'}. {given} What can you do with "
        "it? Choose all.",
        options=options,
        several=True,
        hints=[
            "What does each way need of the teacher?",
            "Text alone: black box. Logits and hidden states: white box.",
            f"This one is a {'black' if box else 'white'} box.",
        ],
        worked=f"It is a {'black' if box else 'white'} box. So: **{'; '.join(right)}**.",
    )


@question("asking-minutes")
def asking_minutes(rng: Random) -> Numeric:
    while True:
        questions = rng.choice([600, 1000, 1500, 2000, 3000, 6000])
        requests, tokens = rng.choice([(30, 15_000), (15, 32_000), (60, 20_000), (100, 30_000)])
        into, out = rng.randrange(60, 600, 20), rng.randrange(100, 900, 20)
        by_requests, by_tokens = questions / requests, questions * (into + out) / tokens
        answer = max(by_requests, by_tokens)
        values = [min(by_requests, by_tokens), by_requests + by_tokens]
        values += [
            questions * max(out, into) / tokens,
            questions * (into + out) / tokens / requests,
        ]
        if apart([answer, *values], 0.03) and (by_tokens > by_requests or rng.random() < 0.4):
            break
    by = "tokens" if by_tokens > by_requests else "requests"
    names = ("wrong-limit", "limits-added", "one-side-of-tokens", "both-at-once")
    says = (
        "That is the other limit. The one that takes longer binds.",
        "The two limits run at the same time. They are not added.",
        "Both what is read and what is written counts as tokens here.",
        "You divided by both limits. Each gives a time of its own.",
    )
    return Numeric(
        ask=f"{questions:,} questions go to a teacher that allows {requests} requests and "
        f"{tokens:,} tokens a minute. A request has {into} tokens and an answer {out}, and both "
        "count. How many minutes does it take at least?",
        answer=answer,
        unit="minute",
        tolerance=0.01,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "How long would it take by each limit alone?",
            "questions / requests a minute, and questions * tokens of each / tokens a minute: the "
            "longer one.",
            f"By requests: {questions:,} / {requests} = {show(by_requests)} minutes.",
        ],
        worked=f"By requests {questions:,} / {requests} = {show(by_requests)} minutes, by tokens "
        f"{questions:,} * {into + out} / {tokens:,} = {show(by_tokens)}. The {by} bind: "
        f"**{show(answer)} minutes**.",
    )


@question("asking-dollars")
def asking_dollars(rng: Random) -> Numeric:
    while True:
        questions = rng.choice([1000, 2000, 5000, 7473, 20_000])
        into, out = rng.randrange(80, 400, 10), rng.randrange(120, 800, 20)
        price_in = rng.choice([0.08, 0.10, 0.13, 0.25, 0.5])
        price_out = rng.choice([0.16, 0.38, 0.40, 1.5, 2.0])
        answer = questions * (into * price_in + out * price_out) / 1e6
        values = [
            questions * (into * price_out + out * price_in) / 1e6,
            questions * (into + out) * price_in / 1e6,
            questions * out * price_out / 1e6,
            questions * (into * price_in + out * price_out) / 1e3,
        ]
        if answer > 0.05 and apart([answer, *values], 0.03):
            break
    names = ("prices-swapped", "one-price-for-all", "prompt-free", "per-thousand")
    says = (
        "You swapped the prices. What the model writes costs more than what it reads.",
        "What it writes has a price of its own.",
        "The prompt is paid for as well, each time.",
        "The prices are for a *million* tokens.",
    )
    read, wrote = questions * into / 1e6, questions * out / 1e6
    return Numeric(
        ask=f"A teacher costs ${price_in:.2f} per million tokens read and ${price_out:.2f} per "
        f"million written. {questions:,} questions of {into} tokens get answers of {out}. How many "
        "dollars is that?",
        answer=answer,
        unit="dollar",
        tolerance=0.01,
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Count the tokens of each kind first.",
            "millions read * price + millions written * price.",
            f"{questions:,} * {into} = {show(read)} million tokens are read.",
        ],
        worked=f"Read: {show(read)} million, ${show(read * price_in)}. Written: {show(wrote)} "
        f"million, ${show(wrote * price_out)}. Together **${show(answer)}**.",
    )


SCENES = (
    (
        "answers 429, too many requests, and says that you may come back in {n} seconds",
        "wait",
        "It says itself when it will answer again.",
    ),
    (
        "answers 503, overloaded, and says nothing more",
        "wait",
        "It may well answer in a moment. Wait a little, then twice as long, and not all at once.",
    ),
    (
        "answers 401, the key is not valid",
        "stop",
        "It will say so to each of the other questions, too.",
    ),
    (
        "has written {n} tokens and was cut off at the limit, before any result",
        "aside",
        "It was paid for and teaches an answer without an end. As a failure it is counted, and "
        "can be asked again with more room.",
    ),
    (
        "has answered, and its answer lies on your disk; then your process was killed",
        "done",
        "It is paid for and there. Ask for those that are missing.",
    ),
)
ACTIONS = {
    "wait": "Wait as long as it takes, then ask this question again",
    "stop": "Stop, and tell who is in charge",
    "aside": "Set it down as a failure and go on with the next question",
    "done": "Never ask it again",
    "over": "Begin the whole data set anew",
}
WRONG = {
    "wait": ("asked-in-vain", "Asked again as it is, it would end the same way, or be paid twice."),
    "stop": ("given-up", "Nothing is wrong that a person would have to mend."),
    "aside": ("too-soon-aside", "It is no answer that failed: look at what was said."),
    "done": ("taken-for-an-answer", "There is no answer yet that could be learnt from."),
    "over": ("paid-twice", "All that was answered so far would be paid for a second time."),
}


@question("never-pay-twice")
def never_pay_twice(rng: Random) -> Choice:
    scene, best, why = rng.choice(SCENES)
    n = rng.randint(11, 58)
    total, at = rng.choice([1000, 2000, 7473]), rng.randint(200, 900)
    return Choice(
        ask=f"You collect {total:,} answers of a hosted teacher and are at question {at}. The "
        f"teacher {scene.format(n=n)}. What is done about question {at}?",
        options=[
            Option(
                text,
                why if name == best else WRONG[name][1],
                name == best,
                "" if name == best else WRONG[name][0],
            )
            for name, text in ACTIONS.items()
        ],
        hints=[
            "Was anything paid for? And would it go otherwise the next time?",
            "A limit passes, a wrong key does not. An answer that is there is there.",
            "Ask for each: what does it cost, and who can change it?",
        ],
        worked=f"**{ACTIONS[best]}.** {why}",
    )


@question("rows-kept")
def rows_kept(rng: Random) -> Numeric:
    while True:
        asked = rng.choice([400, 500, 1000, 1500, 2000])
        failed, wrong = rng.randint(2, 8), rng.randint(4, 30)
        batch, epochs = rng.choice([4, 8, 16, 32]), rng.choice([1, 2, 3])
        answered = asked * (100 - failed) / 100
        kept = answered * (100 - wrong) / 100
        if answered != int(answered) or kept != int(kept) or kept % batch == 0:
            continue
        steps = ceil(kept / batch) * epochs
        values = [
            ceil(answered / batch) * epochs,
            ceil(asked * (100 - wrong) / 100 / batch) * epochs,
            ceil(kept) * epochs,
            int(kept // batch) * epochs,
            ceil(asked / batch) * epochs,
        ]
        if len({steps, *values}) == len(values) + 1:
            break
    names = ("not-filtered", "failures-kept", "one-row-a-step", "last-batch-dropped", "all-asked")
    says = (
        "You left the wrong ones in.",
        "You forgot that some questions stayed without an answer.",
        f"A step takes {batch} rows.",
        "The last batch of each epoch is smaller, but it is a step.",
        "That is what was asked. Not all of it is there to be learnt.",
    )
    once = ceil(kept * epochs / batch)
    late = [Slip("rounded-at-the-end", once, ROUNDED_ONCE)] if once not in (steps, *values) else []
    return Numeric(
        ask=f"{asked:,} questions are asked. {failed}% stay without an answer, and {wrong}% of the "
        f"answers have a wrong result and are left out. The student learns the others in batches "
        f"of {batch}, {epochs} {'epoch' if epochs == 1 else 'epochs'}. How many steps are that?",
        answer=steps,
        unit="step",
        tolerance=0,
        slips=[*(Slip(*each) for each in zip(names, values, says, strict=True)), *late],
        hints=[
            "How many rows are left?",
            "Failures go first, then a share of what is left. A last, smaller batch is a step.",
            f"{asked:,} less {failed}% are {int(answered):,} answers.",
        ],
        worked=f"{int(answered):,} answers, of which {int(kept):,} are right. {int(kept):,} / "
        f"{batch} = {show(kept / batch)}, so {ceil(kept / batch)} steps an epoch, and **{steps}** "
        "in all.",
    )


@question("filter-judged")
def filter_judged(rng: Random) -> Essay:
    share = rng.randint(6, 15)
    return Essay(
        ask=f"A teacher gets {share}% of your training questions wrong. You leave out each answer "
        "whose result is not the gold one. What is gained, what is lost, and what is still wrong "
        "in what you keep? Three or four sentences.",
        rubric=[
            "Gained: the student is not trained towards results that are known to be wrong.",
            "Lost: money, as these answers were paid for; and what is left out are mostly the hard "
            "questions, so the student sees fewer of them.",
            "Still wrong: a result can be right by luck, with steps that are not.",
            "Says that it takes gold answers, or names a way without them (several answers and a "
            "vote, a judge).",
        ],
        sample="The student no longer learns results that are known to be wrong. But "
        f"{share}% of the money is gone, and since a teacher fails on hard questions, easy ones "
        "now weigh more; asking hard ones again a few times brings some back. A right result "
        "can also come of wrong steps, and these stay in. And the filter needs gold answers: "
        "without them I would ask several times and keep what most answers agree on.",
        hints=[
            "Which questions does a teacher get wrong?",
            "Think of the steps, not only of the result, and of what was paid.",
            "And where does the gold answer come from, in a task of your own?",
        ],
    )


def softmax(logits: list[float], temperature: float) -> list[float]:
    powers = [exp(each / temperature) for each in logits]
    return [each / sum(powers) for each in powers]


def thirds(rng: Random) -> list[float]:
    """Three shares with one decimal or two, none of them 0."""
    first = rng.randint(10, 75)
    second = rng.randint(5, 95 - first)
    return [rounded(each / 100, 2) for each in (first, second, 100 - first - second)]


def divergence(p: list[float], q: list[float]) -> float:
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True))


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
