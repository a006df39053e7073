"""How a benchmark says what it measured."""

from statistics import median


def spread(values: list[float], digits: int = 3) -> str:
    """The median, and the least to the greatest."""
    return f"{median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def side_by_side(title: str, sides: dict[str, list[float]], unit: str, over: str) -> list[float]:
    """Print both sides and, round by round, the first over the second; returns these ratios."""
    print(f"\n{title}: median (least to greatest)")
    for name, values in sides.items():
        print(f"  {name:<34} {spread(values)} {unit}")
    ratios = [a / b for a, b in zip(*sides.values(), strict=True)]
    print(f"  {over:<34} {spread(ratios)}")
    return ratios
