"""A learner's fortnight: one lesson through, one half done, reviews, exercises, wishes, settings.

What a screen alone can do (a number half typed, a bookmark) is done by what that screen calls; what
lies days back is done with a clock that is as many days behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from engine.runs.home import Home
from lessons.kit.course.lesson import lesson
from lessons.kit.course.steps import Step
from lessons.kit.question import Bits, Choice, Essay, Matrix
from tests.tutor.old_home.program import Program
from tutor.learner import bookmarks, newcomer
from tutor.learner.record import Learner
from tutor.tui.classroom.pages import Asked
from tutor.tui.classroom.questions import Asking

DAY = 86_400.0
SOLVED = ("quantize", "distill", "confidence")
"""Lessons of the tutorial whose exercise is passed."""
CONFIG = """\
# How I like it. The comments are mine, and stay.
theme = "contrast"     # the desk is in the sun
plot_symbols = "ascii"
review_session = 10    # ten before breakfast
review_day = 30

[keys]
help = "f1,question_mark"
"""
SETTINGS = """\
# Tried on a Sunday; the losses are in my notebook.

[sft]
lora_r = 8             # 32 learnt no more and took twice the room
learning_rate = 0.002  # 0.0005 was too slow for four epochs
epochs = 4

[policy]
k = 5
temperature = 0.3      # at 0.7 its samples never agreed
threshold = 0.4
"""
HALF_WRITTEN = '''\
"""Absmax by hand, as far as I have come."""

import torch


def scale(x: torch.Tensor, bits: int = 8) -> float:
    top = 2 ** (bits - 1) - 1
    largest = x.abs().max().item()
    return top / largest if largest else 1.0


def quantize(x: torch.Tensor, s: float, bits: int = 8) -> torch.Tensor:
    raise NotImplementedError  # clip before or after rounding?


def dequantize(q: torch.Tensor, s: float) -> torch.Tensor:
    return q.float() / s


def error(x: torch.Tensor, bits: int = 8) -> float:
    raise NotImplementedError


def quantize_rows(x: torch.Tensor, bits: int = 8) -> tuple[torch.Tensor, torch.Tensor]:
    raise NotImplementedError
'''


def prefer(program: Program) -> None:
    """Settings of the tutor and of the tutorial, by hand, with comments."""
    config = program.folder / "config" / "efficient-ai-tutor" / "config.toml"
    settings = program.home / "tutorial" / "settings.toml"
    for file, text in ((config, CONFIG), (settings, SETTINGS)):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def study(program: Program) -> None:
    """Two weeks, up to now."""
    home = Home(program.home).prepare()
    newcomer.welcomed(home)
    with _days_ago(home, 12) as learner:
        _all_of(learner, "numbers/integers")
    with _days_ago(home, 5) as learner:
        _reviews(learner, "numbers/integers")
    with _days_ago(home, 1) as learner:
        _half_of_absmax(learner)
    program.run("lab", "sum", "--predict", "-126")
    program.run("lab", "weights", "--skip", "bits=4")
    with Learner(home) as learner:
        _half_typed(learner)
        _wishes(learner)
    file = Path(program.run("check", "absmax", "--path").strip())
    file.write_text(HALF_WRITTEN, encoding="utf-8")
    program.run("check", "absmax", may=(5,))
    _begin_again(program, "zero-point")
    for name in SOLVED:
        _solve(program, name)


@contextmanager
def _days_ago(home: Home, days: float) -> Iterator[Learner]:
    """The record on a day that has been; its clock goes on by itself."""
    with Learner(home, lambda: time.time() - days * DAY, Random(f"{days} days ago")) as learner:
        yield learner


def _all_of(learner: Learner, id: str) -> None:
    """Every step of a lesson, and nothing wrong."""
    for step in lesson(id).steps:
        _done(learner, step)


def _done(learner: Learner, step: Step) -> None:
    learner.go_to(step.id)
    match step.kind:
        case "reading":
            learner.read(step, 30)
        case "question":
            _answered(learner, step, [_right])
        case "predict":
            learner.predicted(step, "42", "42", 20)
        case "lab":
            learner.computed(step, "", 40)


def _answered(
    learner: Learner,
    step: Step,
    tries: list[Callable[[Asked], str]],
    *,
    hints: int = 0,
    worked: bool = False,
    purpose: str = "lesson",
) -> str:
    """Ask a question, take help, answer it so often; what came of the last one."""
    asking, within, outcome = Asking(learner), lesson(step.id.rsplit("/", 2)[0]), ""
    asked = asking.ask(within, step, purpose)
    for _ in range(hints):
        asked = asking.hint(asked)
    if worked:
        asked = asking.worked(asked)
    for typed in tries:
        told = asking.answer(step, asked, typed(asked), 15)
        asked, outcome = told.asked, told.outcome
    return outcome


def _right(asked: Asked) -> str:
    body = asked.variant.body
    match body:
        case Bits() | Matrix():
            return str(body.answer)
        case Choice():
            return ",".join(
                "abcdefgh"[place] for place, each in enumerate(body.options) if each.right
            )
        case Essay():
            raise AssertionError("an essay judges itself")
    return repr(body.answer)


def _slip(asked: Asked) -> str:
    """The first known mistake."""
    return repr(asked.variant.body.slips[0].value)


def _wrong(asked: Asked) -> str:
    """A number that no mistake leads to."""
    return "123456.789"


def _reviews(learner: Learner, id: str) -> None:
    """Of a lesson's questions: one missed, one with a slip, one taken back, the others right."""
    steps = [step for step in lesson(id).steps if step.kind == "question"]
    plans = [[_wrong, _wrong, _wrong], [_slip, _right], [_right]]
    for step, plan in zip(steps, plans, strict=False):
        _answered(learner, step, plan, purpose="review")
    learner.agenda.undo()


def _half_of_absmax(learner: Learner) -> None:
    """Right at once, after a slip and a hint, with the solution, missed, passed over, in hand."""
    steps = {step.id.split("/", 2)[2]: step for step in lesson("numbers/absmax").steps}
    for name, step in steps.items():
        if step.kind == "reading" and not name.endswith(("exercise", "end")):
            learner.read(step, 25)
    assert _answered(learner, steps["question/absmax-scale"], [_right]) == "right"
    integers = steps["question/absmax-integers"]
    assert _answered(learner, integers, [_slip, _right], hints=1) == "right"
    assert _answered(learner, integers, [_slip, _right]) == "right"
    _answered(learner, steps["question/absmax-byte"], [_wrong, _slip, _wrong])
    _answered(learner, steps["question/absmax-back"], [_wrong, _right], hints=2, worked=True)
    learner.skipped(steps["question/absmax-half-step"], 5)
    learner.predicted(steps["predict/stretched"], "about 3", "3", 30)
    learner.computed(steps["lab/absmax"], "bits=4", 60)
    learner.go_to(steps["question/absmax-outlier"].id)


def _half_typed(learner: Learner) -> None:
    """A fresh variant with half an answer, half a prediction, and where the learner is."""
    within = lesson("numbers/absmax")
    steps = {step.id.split("/", 2)[2]: step for step in within.steps}
    asking, outlier = Asking(learner), steps["question/absmax-outlier"]
    first = asking.ask(within, outlier)
    fresh = asking.hint(asking.another(within, outlier, first))
    asking.draft(fresh, "127 / 1")
    learner.naming(steps["predict/bits"].id, "0.00")
    learner.go_to(steps["predict/bits"].id)


def _wishes(learner: Learner) -> None:
    """Of the questions that are due: one put off, one set aside, one brought back; bookmarks."""
    due = sorted(each.step for each in learner.due())
    assert len(due) >= 4, due
    learner.agenda.put_off(due[0])
    learner.agenda.set_aside(due[1])
    learner.agenda.set_aside(due[2])
    learner.agenda.bring_back(due[2])
    with learner.database.transaction() as connection:
        for step in ("numbers/absmax/lab/weights", due[3], due[0], due[0]):  # twice: taken away
            bookmarks.turn(connection, step, learner.now())


def _begin_again(program: Program, name: str) -> None:
    """An exercise that was reset: what was written is kept beside it."""
    file = Path(program.run("check", name, "--path").strip())
    file.write_text(f"{file.read_text(encoding='utf-8')}\n# a dead end\n", encoding="utf-8")
    program.run("check", name, "--reset", "--yes")


def _solve(program: Program, name: str) -> None:
    """An exercise passed, in words of the learner's own."""
    made = lesson(f"tutorial/{name}").exercise()
    file = Path(program.run("check", name, "--path").strip())
    mine = f"# Mine, of the second evening.\n\n{made.solution.read_text(encoding='utf-8')}"
    file.write_text(mine, encoding="utf-8")
    program.run("check", name)
