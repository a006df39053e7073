"""Three kinds of questions on halves."""

from random import Random

from lessons.kit.question import Bits, Choice, Numeric, Option, Slip, question


@question("half")
def half(rng: Random) -> Numeric:
    number = 2 * rng.randrange(10, 40)
    return Numeric(
        ask=f"What is half of **{number}**?",
        answer=number // 2,
        tolerance=0,
        slips=[Slip("doubled", 2 * number, "That is the double.")],
        hints=["Divide.", "Divide by 2."],
        worked=f"{number} / 2 = {number // 2}.",
    )


@question("even")
def even(rng: Random) -> Choice:
    number = rng.randrange(10, 90)
    return Choice(
        ask=f"Is {number} even?",
        options=[
            Option("yes", "It is what it is.", right=number % 2 == 0, slip="parity" * (number % 2)),
            Option(
                "no", "It is what it is.", right=number % 2 == 1, slip="parity" * (1 - number % 2)
            ),
        ],
        hints=["Look at its last digit."],
        worked="Look at its last digit.",
    )


@question("pattern")
def pattern(rng: Random) -> Bits:
    number = rng.randrange(5, 15)
    return Bits(
        ask=f"Write {number} in 4 bits.",
        answer=f"{number:04b}",
        fields=[("high", 2), ("low", 2)],
        slips=[],
        hints=["8, 4, 2, 1"],
        worked=f"{number:04b}",
    )
