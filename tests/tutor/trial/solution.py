"""Halves."""


def half(number: float) -> float:
    """Half of a number."""
    return number / 2
