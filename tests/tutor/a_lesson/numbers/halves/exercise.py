"""Write half(x), which gives half of a number."""


def half(x: float) -> float:
    raise NotImplementedError
