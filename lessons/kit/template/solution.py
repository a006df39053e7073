"""Rounding to multiples of a step."""


def to_step(x: float, step: float) -> float:
    """The multiple of `step` that is nearest to x."""
    return step * round(x / step)


def error(x: float, step: float) -> float:
    """How far off x is, once it is rounded to a multiple of `step`."""
    return abs(x - to_step(x, step))
