"""What a lesson's sources are, where a name alone does not say so: the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from lessons.kit.course.course import load


def about_documents(sources: Iterable[str]) -> str:
    """What the documents are that no learner has; empty where none of the sources is one."""
    named = tuple(sources)
    told = [
        f"{name}: {about}."
        for name, about in load().documents.items()
        if any(each.startswith(f"{name}:") for each in named)
    ]
    if not told:
        return ""
    return " ".join([*told, "You need none of it: what is used stands in the lessons."])
