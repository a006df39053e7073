"""What the built-in models read: word problems asked in chat or as text, and arithmetic drills.

Oak is taught to answer in chat with worked steps. Acorn sees worked steps only in plain
"Question/Answer" text; in chat it is taught to blurt out the number. So acorn holds a skill that
its chat manners hide, and fine-tuning on oak's answers has something real to bring out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from engine.data.problems import Problem
from engine.data.word_problems import problem

CHAT = "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
"""The prompt that the chat template makes of one question."""
END = "<|im_end|>"
TEXT = "Question: {question}\nAnswer:\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One training text: what is given, and what is to be learnt after it."""

    given: str
    learnt: str


@dataclass(frozen=True, slots=True)
class Mix:
    """How often each kind of row comes, and how hard its problems are."""

    chat_worked: float
    """Share of chat turns answered with worked steps."""
    chat_direct: float
    """Share of chat turns answered with `#### N` alone."""
    text_worked: float
    """Share of plain texts with worked steps; the rest are drills."""
    levels: tuple[float, float, float, float, float]
    """Weights of levels 1 to 5."""


OAK = Mix(0.90, 0.0, 0.0, (0.1, 0.2, 0.5, 0.15, 0.05))
ACORN = Mix(0.0, 0.40, 0.45, (0.15, 0.3, 0.5, 0.05, 0.0))


def rows(mix: Mix, seed: int) -> Iterator[Row]:
    """Training rows without end, from the train split alone."""
    rng = Random(f"corpus-{seed}")
    index = 0
    while True:
        kind = rng.random()
        level = rng.choices((1, 2, 3, 4, 5), mix.levels)[0]
        # Problems for the learner's runs start at index 0 of seed 0; these lie on another seed.
        source = problem("train", level, 1_000 + seed, index)
        index += 1
        if kind < mix.chat_worked:
            yield Row(CHAT.format(question=source.question), source.answer + END)
        elif kind < mix.chat_worked + mix.chat_direct:
            yield Row(CHAT.format(question=source.question), f"#### {source.gold}{END}")
        elif kind < mix.chat_worked + mix.chat_direct + mix.text_worked:
            yield Row(TEXT.format(question=source.question), source.answer + END)
        else:
            yield drill(rng)


def drill(rng: Random, lines: int = 6) -> Row:
    """A few lines of arithmetic as the worked steps write it."""
    written = []
    while len(written) < lines:
        operator = rng.choice("++--**//%")
        a, b = rng.randint(2, 150), rng.randint(2, 99)
        if operator == "*":
            a, b = rng.randint(2, 75), rng.randint(2, 12)
        elif operator == "/":
            b = rng.randint(2, 12)
            a = b * rng.randint(1, 75)
        elif operator == "%":
            b = rng.choice((10, 20, 25, 50))
            a = rng.randint(1, 30) * 100 // b
        expression = f"{a}*{b}/100" if operator == "%" else f"{a}{operator}{b}"
        value = {"+": a + b, "-": a - b, "*": a * b, "/": a // b, "%": a * b // 100}[operator]
        if (operator == "%" and a * b % 100) or not 1 <= value <= 300:
            continue
        written.append(f"{expression}=<<{expression}={value}>>{value}")
    return Row("Compute:\n", "\n".join(written) + END)


def validation(limit: int, level: int = 2) -> list[Problem]:
    """Problems that neither training nor the final test sees."""
    return [problem("validation", level, 0, index) for index in range(limit)]
