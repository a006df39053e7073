"""What the linter found and tried, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.report.paragraphs import wrapped
from tutor.report.table import table

if TYPE_CHECKING:
    from lessons.kit.linting.finding import LintReport


def lint_text(report: LintReport, width: int | None = None) -> str:
    """Everything that was tried, then everything that is wrong."""
    parts = []
    if report.tried:
        rows = [
            (
                each.lesson,
                each.question,
                each.kind.lower(),
                *map(str, (each.variants, each.distinct, each.slips, each.answers)),
            )
            for each in report.tried
        ]
        heads = ("lesson", "question", "kind", "variants", "distinct", "slips", "answers")
        parts.append(table(rows, heads, right=(3, 4, 5, 6), width=width))
    counts = [f"{count:,} {what}" for what, count in report.counts.items()]
    times = [f"{part} {seconds:.1f} s" for part, seconds in report.seconds.items()]
    parts.append("\n".join(filter(None, (", ".join(counts), ", ".join(times)))))
    if report.clean:
        parts.append("Nothing is wrong.")
    else:
        found = "\n".join(wrapped(f"✗ {each}", width) for each in report.findings)
        parts.append(f"{len(report.findings)} wrong\n{found}")
    return "\n\n".join(parts)
