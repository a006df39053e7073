"""FILL IN: what the questions are on; lessons/kit/words.py says how they are written."""

from random import Random

from lessons.kit.compare import keep_if
from lessons.kit.display import show
from lessons.kit.question import Choice, Essay, Numeric, question
from lessons.kit.words import choice, essay, numeric


@question("rounded-error")
def rounded_error(rng: Random) -> Numeric:
    step, times = rng.choice([0.2, 0.25, 0.4, 0.5]), rng.randint(2, 9)
    number = round(step * times + rng.uniform(-step, step) / 2, 2)
    nearest = step * times
    answer = abs(number - nearest)
    keep_if(0.15 * step < answer < 0.4 * step)
    return numeric(answer, tolerance=0.01, apart=0.03).asks(f"""
    {show(number)} is rounded to the nearest multiple of {show(step)}. How far off is it then?

    nearest-given = {nearest}: That is what it becomes. How far is that from {show(number)}?
    half-a-step = {step / 2}: That is how far off a number can be at most.
    other-neighbour = {step - answer}: That is how far the other neighbour is. The nearer one is
      taken.
    of-the-number = {answer / number}: That is its share of the number. The distance is asked for.

    hint: Which two multiples of {show(step)} lie on either side?
    hint: The distance to the nearer one is how far it is off.
    hint: The nearer one is {show(nearest)}.
    worked: The nearest multiple is {times} * {show(step)} = {show(nearest)}, and {show(number)} is
      **{show(answer)}** away from it.""")


@question("rounding-helps")
def rounding_helps(rng: Random) -> Choice:
    step = rng.choice([0.2, 0.25, 0.4, 0.5])
    return choice().asks(f"""
    Numbers are rounded to multiples of {show(step)}. What halves the error of each, at most?

    right: Multiples of {show(step / 2)}
      -> Yes: a number is off by half a step at most.
    twice-the-step: Multiples of {show(2 * step)}
      -> That doubles it: a longer step leaves more room on either side.
    cut-off: Cutting digits off instead
      -> Then a number may be off by a whole step.

    hint: How far off can a number be at most?
    hint: It lies between two multiples; the middle is the worst place.
    hint: The most is {show(step)} / 2.
    worked: The most is half a step, so half of it takes **multiples of {show(step / 2)}**.""")


@question("rounding-why")
def rounding_why(rng: Random) -> Essay:
    return essay().asks("""
    Why is a weight rounded to the nearest number, and not always down? Two sentences.

    rubric: Says that the nearest is off by half a step at most, and below by a whole one.
    rubric: Says that errors to either side cancel in a sum, and those to one side add up.

    sample: To the nearest, a weight is off by at most half a step, instead of a whole one. And
      errors to both sides cancel in a sum over many weights, where always down they add up.

    hint: How far off can each be?
    hint: What becomes of the errors in a sum of many products?""")
