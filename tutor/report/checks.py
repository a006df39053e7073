"""What the checks of an exercise said, in plain text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lessons.kit.judging.report import Report, Result

MARKS = {
    "passed": "✓ passed",
    "failed": "✗ failed",
    "not judged": "! not judged",
    "not run": "· not run",
}
"""An outcome's glyph and word."""
ORDER = ("failed", "not judged", "not run", "passed")
"""How outcomes are told."""
WIDTH = max(map(len, MARKS.values()))


def by_outcome(report: Report) -> dict[str, list[Result]]:
    """The checks in the order in which they are told: what is to be mended comes first."""
    found = {
        outcome: [each for each in report.results if each.outcome == outcome] for outcome in ORDER
    }
    return {outcome: results for outcome, results in found.items() if results}


def said_once(results: Sequence[Result]) -> Iterator[tuple[Result, str]]:
    """Results of one outcome, each with why: what is so of several in a row, below the last one.

    Args:
        results: In the order in which they are told.
    """
    same = 0
    for at, each in enumerate(results):
        following = results[at + 1] if at + 1 < len(results) else None
        if each.why and following is not None and _alike(each, following):
            same += 1
            yield each, ""
            continue
        before = "check" if same == 1 else f"{same} checks"
        yield each, f"{each.why} The same goes for the {before} before it." if same else each.why
        same = 0


def _alike(one: Result, other: Result) -> bool:
    """Whether nothing is told of them but the same reason."""
    return one.why == other.why and not any(
        (each.expected, each.got, each.output, each.traceback) != ("", "", "", "")
        for each in (one, other)
    )


def report_text(report: Report) -> str:
    """All checks, what is to be mended first, and how many passed."""
    passed = sum(each.outcome == "passed" for each in report.results)
    parts = [
        _result_text(each, why)
        for results in by_outcome(report).values()
        for each, why in said_once(results)
    ]
    return "\n".join([*parts, "", f"{passed} of {len(report.results)} checks passed."])


def outcome(report: Report) -> str:
    """Of all checks together: a check that could not be judged is never a pass nor a failure."""
    if report.passed:
        return "passed"
    outcomes = {each.outcome for each in report.results}
    return "failed" if "failed" in outcomes or "not judged" not in outcomes else "not judged"


def summary(report: Report) -> str:
    """One line for the record and the card: `2 of 4 passed; failed: Halves a list, and 1 more`."""
    passed = sum(each.outcome == "passed" for each in report.results)
    parts = [f"{passed} of {len(report.results)} passed"]
    for outcome in ("failed", "not judged", "not run"):
        says = [each.says for each in report.results if each.outcome == outcome]
        if says:
            more = f", and {len(says) - 1} more" if len(says) > 1 else ""
            parts.append(f"{outcome}: {says[0].rstrip('.')}{more}")
    return "; ".join(parts)


def _result_text(result: Result, why: str) -> str:
    lines = [f"{MARKS[result.outcome]:<{WIDTH}}  {result.says}"]
    lines += [_block(why)] if why else []
    for label in ("expected", "got"):
        if told := getattr(result, label):
            lines.append(_block(f"{label:<9}{told}"))
    for label in ("output", "traceback"):
        if told := getattr(result, label).rstrip():
            lines += [_block(f"{label}:"), _block(told, "  | ")]
    return "\n".join(lines)


def _block(text: str, before: str = "") -> str:
    return textwrap.indent(text, " " * (WIDTH + 2) + before, lambda _: True)
