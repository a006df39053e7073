"""A judged answer in words: a line for a list, and all of it for reading."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tutor.widgets.rows import Row

HEADER = f"  {'':<7}  {'said':>8}  {'gold':>8}  {'found by':<12}question"
"""Above a list of such lines."""
RIGHT, WRONG = ("✓ right", "$text-success"), ("✗ wrong", "$text-error")


def verdict(sample: dict) -> tuple[str, str]:
    """Glyph and word, and their colour."""
    return RIGHT if sample["correct"] else WRONG


def row(sample: dict, place: int) -> Row:
    """One line: right or wrong, what it said, the stage that found it, and the question."""

    def draw(width: int) -> Content:
        said = sample["extracted"] if sample["extracted"] is not None else "nothing"
        number = f"#{sample['sample'] + 1} " if sample.get("sample") else ""
        line = Content.assemble(
            verdict(sample),
            f"  {said:>8}",
            (f"  {sample['gold']:>8}  {stage(sample):<12}", "$foreground 60%"),
            number + " ".join(sample["question"].split()),
        )
        return line.truncate(width, ellipsis=True)

    return Row(draw, place)


def stage(sample: dict) -> str:
    """The stage that extracted the value, in words."""
    return "no number" if sample["stage"] == "none" else sample["stage"]


def rows(samples: Sequence[dict], first: int = 0) -> list[Row]:
    """A row each; their value is their place among all of the run's."""
    return [row(sample, first + at) for at, sample in enumerate(samples)]


def in_full(sample: dict) -> Content:
    """All of it: question, answer, what was extracted and how, and lm-evaluation-harness's view."""
    words, colour = verdict(sample)
    said = sample["extracted"] if sample["extracted"] is not None else "no number"
    parts: list[tuple[str, str] | str] = [
        (words, colour),
        f", said {said}, right is {sample['gold']}\n",
        (f"extracted by stage “{stage(sample)}”", "$foreground 60%"),
    ]
    if sample.get("strict") is not None:
        harness = f"strict {_yes(sample['strict'])}, flexible {_yes(sample['flexible'])}"
        parts.append((f"; lm-evaluation-harness: {harness}", "$foreground 60%"))
    tokens = f"\n{sample['tokens_in']} tokens in, {sample['tokens_out']} out"
    if sample.get("cut_off"):
        tokens += ", cut off at the limit"
    parts += [
        (tokens, "$foreground 60%"),
        ("\n\nQuestion\n", "bold"),
        sample["question"],
        ("\n\nAnswer\n", "bold"),
        sample["text"] or "(nothing)",
    ]
    return Content.assemble(*parts)


def _yes(held: object) -> str:
    return "right" if held else "wrong"
