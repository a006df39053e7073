"""A judged answer in words: a line for a list, and all of it for reading."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from engine.evaluation.audit import JUDGES, Audit, audit, with_scores
from tutor.tui.widgets.rows import Row

HEADER = f"  {'':<7}  {'said':>8}  {'gold':>8}  {'found by':<12}question"
"""Above a list of such lines."""
AUDIT_HEADER = (
    f"  {'robust':<9}{'strict':<9}{'flexible':<9}{'said':>7}  {'gold':>7}  {'found by':<13}question"
)
"""Above a list of lines with all three judges."""
GOES_BY = {
    "robust": "by its rules, as a decimal",
    "strict": "the first `#### ` number, as text",
    "flexible": "the last number, as text",
}
"""What each judge reads and how it compares."""
RIGHT, WRONG = ("✓ right", "$text-success"), ("✗ wrong", "$text-error")


def verdict(sample: dict) -> tuple[str, str]:
    """Glyph and word, and their colour."""
    return RIGHT if sample["correct"] else WRONG


def row(sample: dict, place: int) -> Row:
    """One line: right or wrong, what it said, the stage that found it, and the question."""

    def draw(width: int) -> Content:
        said = sample["extracted"] if sample["extracted"] is not None else "nothing"
        line = Content.assemble(
            verdict(sample),
            f"  {said:>8}",
            (f"  {sample['gold']:>8}  {stage(sample):<12}", "$foreground 60%"),
            _which(sample) + " ".join(sample["question"].split()),
        )
        return line.truncate(width, ellipsis=True)

    return Row(draw, place)


def audit_row(sample: dict, place: int) -> Row:
    """One line with all three judges: each by glyph and word, then what `row` shows."""

    def draw(width: int) -> Content:
        said = sample["extracted"] if sample["extracted"] is not None else "nothing"
        judges = [_word(held, pad=9) for held in _held(sample)]
        line = Content.assemble(
            *judges,
            f"{said:>7}",
            (f"  {sample['gold']:>7}  {stage(sample):<13}", "$foreground 60%"),
            _which(sample) + " ".join(sample["question"].split()),
        )
        return line.truncate(width, ellipsis=True)

    return Row(draw, place)


def _which(sample: dict) -> str:
    """Whose answer it is in a cascade; else which of K samples, from the second on."""
    if by := sample.get("by"):
        return f"{by}: "
    return f"#{sample['sample'] + 1} " if sample.get("sample") else ""


def stage(sample: dict) -> str:
    """The stage that extracted the value, in words."""
    return "no number" if sample["stage"] == "none" else sample["stage"]


def rows(samples: Sequence[dict], first: int = 0) -> list[Row]:
    """A row each; their value is their place among all of the run's."""
    return [row(sample, first + at) for at, sample in enumerate(samples)]


def title(sample: dict, place: int) -> str:
    """Above one that is shown in full: its place in the run, or whose it is in a cascade."""
    if by := sample.get("by"):
        return f"Problem {place + 1}, the {by}'s answer"
    return f"Sample {place + 1}"


def in_full(sample: dict) -> Content:
    """All of it: what each judge read and says, question, and answer with what was found marked."""
    sample, found = with_scores(sample), audit(sample["text"], sample["gold"])
    said = sample["extracted"] if sample["extracted"] is not None else "no number"
    tokens = f"{sample['tokens_in']} tokens in, {sample['tokens_out']} out"
    if sample.get("cut_off"):
        tokens += ", cut off at the limit"
    return Content.assemble(
        verdict(sample),
        f", said {said}, right is {sample['gold']}\n",
        (f"{_where(sample, found)}\n{tokens}\n\n", "$foreground 60%"),
        *_judges(sample, found),
        ("\nQuestion\n", "bold"),
        sample["question"],
        ("\n\nAnswer\n", "bold"),
        marked(sample["text"], found.place),
    )


def marked(text: str, place: tuple[int, int] | None) -> Content:
    """A model's text as it is, with what was taken for its answer underlined."""
    if not text:
        return Content("(nothing)")
    start, end = place or (0, 0)
    return Content.assemble(text[:start], (text[start:end], "bold underline"), text[end:])


def _judges(sample: dict, found: Audit) -> list[Content | tuple[str, str] | str]:
    """A line for each judge: its word, what it read, and what it goes by."""
    read = dict(zip(JUDGES, (found.value, found.strict_read, found.flexible_read), strict=True))
    room = max(len(each or "nothing") for each in read.values())
    parts: list[Content | tuple[str, str] | str] = [(f"{'':<10}{'':<9}read\n", "$foreground 60%")]
    for judge, held in zip(JUDGES, _held(sample), strict=True):
        parts += [
            f"{judge:<10}",
            _word(held, pad=9),
            f"{read[judge] or 'nothing':<{room}}",
            (f"  {GOES_BY[judge]}\n", "$foreground 60%"),
        ]
    return parts


def _held(sample: dict) -> tuple[object, ...]:
    """What the three judges say, in their order."""
    return sample["correct"], sample["strict"], sample["flexible"]


def _word(held: object, pad: int = 0) -> tuple[str, str]:
    words, colour = RIGHT if held else WRONG
    return f"{words:<{pad}}", colour


def _where(sample: dict, found: Audit) -> str:
    """The rule, and the line where it found the number."""
    if found.place is None:
        return "no rule found a number"
    start, end = found.place
    line = sample["text"].count("\n", 0, start) + 1
    there = " ".join(sample["text"][start:end].split())
    return f"found by “{stage(sample)}” on line {line}: {there}"
