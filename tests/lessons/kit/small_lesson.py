"""A lesson made for tests, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

from lessons.kit.course.lesson import Lesson, read_lesson

FRONT = """+++
title = "Absmax"
minutes = 12
needs = []
can = ["find s"]
sources = ["Lecture 002"]
+++
"""
TEXT = """
The scale maps the largest weight to 127.

```predict error
lab = "row"
value = "mse"
ask = "How large is the error?"
[set]
bits = 4
```

```lab row
```

Now you.

```question scale
points = 4
```
"""
QUESTIONS = '''
"""Questions."""

from random import Random

from lessons.kit.question import Numeric, Slip, question


@question("scale")
def scale(rng: Random) -> Numeric:
    alpha = rng.randrange(200, 2000) / 100
    return Numeric(
        ask=f"alpha is {alpha}. What is s?",
        answer=127 / alpha,
        slips=[
            Slip("inverted", alpha / 127, "It multiplies."),
            Slip("unsigned", 255 / alpha, "127, not 255."),
        ],
        hints=["How many integers?"],
        worked=f"127 / {alpha} = {127 / alpha:.4g}.",
    )
'''
LABS = '''
"""Labs."""

from typing import Annotated

from engine.figures import Figure, Table
from lessons.kit.lab import Choice, lab


@lab("row", about="A row of weights.")
def row(bits: Annotated[int, Choice(2, 4, 8)] = 8) -> Figure:
    values = {"mse": 2.0**-bits}
    words = {"mse": "{} on average"}
    return Table(
        columns=("bits",), rows=((bits,),), caption="Its error.", values=values, words=words
    )
'''

EXERCISE = "def halves(x):\n    raise NotImplementedError\n"
SOLUTION = "def halves(x):\n    return x / 2\n"
CHECKS = '''
from lessons.kit.checks import check, expect


@check
def halves(learner):
    """halves(5) is 2.5."""
    expect(learner.halves(5), 2.5)
'''
WITH_EXERCISE = {
    "text": TEXT + "\n```exercise\n```\n",
    "exercise": EXERCISE,
    "solution": SOLUTION,
    "checks": CHECKS,
}


def write(
    folder: Path,
    id: str = "numbers/absmax",
    *,
    front: str = FRONT,
    text: str = TEXT,
    questions: str = QUESTIONS,
    labs: str = LABS,
    **files: str,
) -> Lesson:
    """The lesson that these files make; `checks="..."` writes checks.py."""
    folder = folder / id
    folder.mkdir(parents=True)
    (folder / "lesson.md").write_text(front + text, encoding="utf-8")
    for name, content in {"questions": questions, "labs": labs, **files}.items():
        if content:
            (folder / f"{name}.py").write_text(content, encoding="utf-8")
    return read_lesson(folder, id)
