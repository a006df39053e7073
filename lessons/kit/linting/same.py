"""Whether a step that is written in another way is the same work; for who writes lessons.

    python -m lessons.kit.linting.same                      what can be told without you
    python -m lessons.kit.linting.same --same STEP...       these are the same, on your word
    python -m lessons.kit.linting.same --other STEP...      these are to be done again

It writes same.txt (`lessons.kit.course.same`) and variants.toml (`lessons.kit.linting.variants`).
Of a question no word is taken: it is the same if it asks the same under 200 seeds. A lab or an
exercise is the same if you say so, and a text, which is rewritten at will, is another one unless
you do. A lesson's id stands for all of its steps.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from lessons.kit.course import course, same
from lessons.kit.course.lesson import Lesson, every_lesson
from lessons.kit.course.steps import Step
from lessons.kit.linting import variants
from lessons.kit.linting.finding import Notes

CODED = ("question", "lab", "exercise")
"""Kinds of steps with code behind them."""
COMMAND = "`python -m lessons.kit.linting.same`"
HEAD = f"""\
# Each step, and the digests under which it was out as the same work: the first is what records say,
# and that of its code as it is now is among them. {COMMAND} writes this.
"""

Known = Mapping[str, tuple[str, ...]]
Asked = Mapping[str, str]
"""Digests of what questions ask, by `<lesson>/question/<id>`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to write, and what is left open."""

    known: Known
    asked: Asked
    open: tuple[str, ...]
    """Of steps that stay as they were written, what is to be said of each."""


def check_same(lessons: Iterable[Lesson], known: Known, notes: Notes) -> None:
    """Whether it is said of all code if it is still the same work."""
    for lesson in lessons:
        for step in lesson.steps:
            digests = known.get(step.id, ())
            if step.kind in CODED and step.digest not in digests:
                says = f"{same.FILE} does not have it: {COMMAND} writes it there."
                if digests:
                    says = f"It is written in another way: is it the same work? {COMMAND} compares."
                notes.add(lesson.id, f"{step.kind} {step.name}", says)


def judge(
    steps: Sequence[Step],
    known: Known,
    before: Asked,
    now: Asked,
    alike: Collection[str] = (),
    other: Collection[str] = (),
) -> Judged:
    """What becomes of each step's digests.

    Args:
        steps: All there are.
        known: What was written.
        before: What questions asked as that was written.
        now: What they ask.
        alike: Steps that are the same work, if the author's word is all there is to go by.
        other: Steps that are to be done again.
    """
    written, asked, left = dict(known), dict(before), []
    for step in steps:
        digests = known.get(step.id, ())
        rewritten = bool(digests) and step.digest not in digests
        question = f"{step.id.rsplit('/', 1)[0]}/{step.name}" if step.kind == "question" else ""
        asks = now.get(question)
        if not digests or step.id in other:
            written[step.id] = (step.digest,)
        elif asks != before.get(question, None if rewritten else asks):
            left.append(f"{step.id} does not ask what it asked. Mend it, or say --other.")
            continue
        elif rewritten and (asks or step.id in alike):
            written[step.id] = (*digests, step.digest)
        elif rewritten and step.kind in CODED:
            left.append(f"{step.id} is written in another way. Say --same or --other.")
        elif rewritten:
            written[step.id] = (step.digest,)
        if asks:
            asked[question] = asks
    in_order = dict.fromkeys(step.id for step in steps) | written
    return Judged(in_order, {each: asked[each] for each in now if each in asked}, tuple(left))


def text(known: Known) -> str:
    """The file."""
    return HEAD + "".join(f"{step} {' '.join(digests)}\n" for step, digests in known.items())


def main(arguments: Sequence[str]) -> int:
    """Look at all steps, and write the two files; 1 where something is left open."""
    parser = ArgumentParser(prog=COMMAND.strip("`"))
    parser.add_argument("--same", nargs="+", default=[], metavar="STEP")
    parser.add_argument("--other", nargs="+", default=[], metavar="STEP")
    said = parser.parse_args(arguments)
    lessons = every_lesson()
    steps = [step for lesson in lessons for step in lesson.steps]
    ids = {step.id for step in steps}
    named = [_named(each, ids) for each in (said.same, said.other)]
    if unknown := [each for each in (*said.same, *said.other) if not _named([each], ids)]:
        parser.error(f"there is no step {', '.join(unknown)}")
    known = {course.load().today(step): digests for step, digests in same.known().items()}
    before = {course.load().today(step): asks for step, asks in variants.recorded().items()}
    judged = judge(steps, known, before, variants.asked_by(lessons), *named)
    _write(same.FILE, text(judged.known))
    _write(variants.FILE, variants.text(judged.asked))
    print(*judged.open, sep="\n", end="\n" if judged.open else "")
    return bool(judged.open)


def _named(asked: Iterable[str], ids: Iterable[str]) -> set[str]:
    return {id for id in ids for each in asked if id == each or id.startswith(f"{each}/")}


def _write(file: str, content: str) -> None:
    Path(str(files("lessons").joinpath(file))).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
