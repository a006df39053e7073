"""Names that lessons and steps had before: where what was done under one of them goes on.

What a learner has done hangs on a step's name. So a name is never only changed: the old one stands
beside the new one in `course.toml`, under `[renamed]`, and `names.toml` has every name that was
ever out, for `tutor lint` to ask after.
"""

from __future__ import annotations

from collections.abc import Mapping


def today(id: str, renamed: Mapping[str, str]) -> str:
    """What is called so today.

    Args:
        id: Of a lesson (`numbers/absmax`) or of a step (`numbers/absmax/question/scale`), as it was
            called at any time.
        renamed: New names by old ones, of lessons and of steps. A step goes with its lesson, and a
            text with the step that it leads to.

    Raises:
        ValueError: The names go round in a circle.
    """
    asked = id
    for _ in range(len(renamed) + 1):
        following = _next(id, renamed)
        if following == id:
            return id
        id = following
    raise ValueError(f"{asked} is renamed in a circle")


def before(id: str, renamed: Mapping[str, str]) -> list[str]:
    """What a lesson was called before, in the order in which that is written down."""
    return [old for old in renamed if old != id and today(old, renamed) == id]


def _next(id: str, renamed: Mapping[str, str]) -> str:
    if id in renamed:
        return renamed[id]
    lesson, kind, label = _parts(id)
    if kind == "reading" and label.startswith("before-"):
        for old, new in renamed.items():
            of, kind_of, name = _parts(old)
            into, new_kind, new_name = _parts(new)
            if kind_of and (of, f"before-{name}") == (lesson, label):
                return f"{into}/reading/before-{new_name}"
            if kind_of and (of, f"before-{kind_of}-{name}") == (lesson, label):
                return f"{into}/reading/before-{new_kind}-{new_name}"
    if kind and lesson in renamed:
        return f"{renamed[lesson]}/{kind}/{label}"
    return id


def _parts(id: str) -> tuple[str, str, str]:
    """A step's lesson, kind and label; a lesson has neither kind nor label."""
    if id.count("/") < 2:
        return id, "", ""
    lesson, kind, label = id.rsplit("/", 2)
    return lesson, kind, label
