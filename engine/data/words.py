"""The people and things that the word problems are about, with their forms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in a story."""

    name: str
    he: str
    """Subject pronoun."""
    his: str
    """Possessive."""
    him: str
    """Object pronoun."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing that can be counted."""

    one: str
    many: str

    def count(self, n: int) -> str:
        """The number with the right form: `1 shelf`, `2 shelves`."""
        return f"{n} {self.one if n == 1 else self.many}"


PEOPLE = tuple(
    [
        Person(name, "he", "his", "him")
        for name in "Tom Ben Sam Leo Max Omar Ivan Raj Hugo Noah".split()
    ]
    + [
        Person(name, "she", "her", "her")
        for name in "Ana Mia Zoe Eva Lily Nina Rosa Aisha Jane Ruth".split()
    ]
)

ITEMS = tuple(
    Noun(one, many)
    for one, many in [
        ("pen", "pens"),
        ("apple", "apples"),
        ("book", "books"),
        ("card", "cards"),
        ("shell", "shells"),
        ("marble", "marbles"),
        ("stamp", "stamps"),
        ("cookie", "cookies"),
        ("cherry", "cherries"),
        ("knife", "knives"),
        ("brush", "brushes"),
        ("tomato", "tomatoes"),
        ("coin", "coins"),
        ("peach", "peaches"),
        ("button", "buttons"),
        ("candle", "candles"),
    ]
)

CONTAINERS = tuple(
    Noun(one, many)
    for one, many in [
        ("box", "boxes"),
        ("bag", "bags"),
        ("shelf", "shelves"),
        ("tray", "trays"),
        ("basket", "baskets"),
        ("pouch", "pouches"),
    ]
)
