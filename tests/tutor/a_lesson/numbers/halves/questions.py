"""Questions on halves."""

from random import Random

from lessons.kit.question import Essay, Numeric, Slip, question


@question("half")
def half(rng: Random) -> Numeric:
    number = 2 * rng.randrange(10, 500)
    return Numeric(
        ask=f"What is half of {number}?",
        answer=number / 2,
        slips=[Slip("doubled", 2 * number, "That is twice the number.")],
        hints=["Two of them make the whole.", f"{number} / 2"],
        worked=f"{number} / 2 = {number // 2}.",
    )


@question("why")
def why(rng: Random) -> Essay:
    return Essay(
        ask="Why are there two halves?",
        rubric=["It says that they are equal.", "It says that they make the whole."],
        sample="Two equal parts make the whole.",
        hints=["What is equal?"],
    )
