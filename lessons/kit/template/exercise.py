"""FILL IN: what is to be written, and the formulas that it takes.

to_step(x, step) = step * round(x / step)
"""


def to_step(x: float, step: float) -> float:
    """The multiple of `step` that is nearest to x."""
    raise NotImplementedError


def error(x: float, step: float) -> float:
    """How far off x is, once it is rounded to a multiple of `step`."""
    raise NotImplementedError
