"""What an exercise's `checks.py` is written with.

    from lessons.kit.checks import check, expect, refuses

    @check
    def takes_the_largest(learner):
        \"\"\"Uses the largest |x|, even where it is negative.\"\"\"
        expect(learner.scale([1.0, -4.0]), 127 / 4)

    @check(needs="takes_the_largest")
    def refuses_nothing(learner):
        \"\"\"Refuses an empty list with a ValueError.\"\"\"
        with refuses(ValueError):
            learner.scale([])

The docstring is the sentence that the learner reads. `learner` stands for the learner's module,
which lives in another process: numbers, strings, lists, dicts, tensors and arrays come over as
copies, and any other object as a reference to what stays there, which can be called and whose
attributes can be read, and which is equal to nothing. What is handed over is copied too: whatever
the learner's function does to its arguments, they stay here as they are, so nothing that is
expected of them can be made another. What `lent` gave is the exception, for a check that asks just
that. A function that is handed over runs here. A call takes about 0.1 ms: check hundreds of values
in a loop, and more of them in one tensor. Where the code raises something, its report names what it
was given.

Random numbers begin the same in each check.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from engine.errors import EngineError
from lessons.kit.difference import difference, no_number, show

WITHIN = 1e-5
"""The relative tolerance unless another is named: more than float32's sums need."""


LENT: list[Any] = []
"""What `lent` gave in this process."""


class Failed(Exception):
    """The learner's code does not do what the check wants."""

    def __init__(self, why: str, expected: str = "", got: str = "") -> None:
        """`why` is a sentence; the other two are values as they are shown."""
        super().__init__(why, expected, got)
        self.why, self.expected, self.got = why, expected, got


@dataclass(frozen=True, slots=True)
class Declared:
    """A check as its file declares it."""

    name: str
    says: str
    """The sentence that the learner reads."""
    needs: tuple[str, ...] = ()
    """Checks that have to pass before it is run."""


@overload
def check(function: Callable) -> Callable: ...
@overload
def check(*, needs: str | Sequence[str] = ()) -> Callable[[Callable], Callable]: ...
def check(function: Callable | None = None, *, needs: str | Sequence[str] = ()) -> Any:
    """Make a function of the learner's module a check.

    Args:
        function: What is decorated.
        needs: Names of checks above that must have passed: where one did not, this is not run.
    """

    def mark(function: Callable) -> Callable:
        function.is_check = True
        return function

    return mark if function is None else mark(function)


def lent(value: Any) -> Any:
    """A copy that shows afterwards what the learner's code has done to it.

        row = lent(ROW)
        learner.pair(row)
        expect(row, ROW, "the row, afterwards,")

    Args:
        value: A list, dict, set, bytearray, tensor or array.
    """
    LENT.append(copy.deepcopy(value))
    return LENT[-1]


def number(got: Any, about: str = "") -> float:
    """What the learner's code gave, where it is a number: a tensor of one counts, text does not.

    Args:
        got: What it gave.
        about: What it is, for the learner, as for `expect`.

    Raises:
        Failed: It is no number.
    """
    if why := no_number(got):
        raise Failed(f"{_sentence(about)} {why}.", "a number", show(got))
    return float(got)


def expect(got: Any, wanted: Any, about: str = "", *, within: float = WITHIN) -> None:
    """Fail the check unless `got` is `wanted`.

    Whole numbers and floats of the same value are the same; True is not 1. Tensors agree in shape
    and in kind of number too.

    Args:
        got: What the learner's code gave.
        wanted: A plain value, a tensor, an array, or lists, tuples and dicts of these.
        about: What it is, for the learner: "the scale of [1.0, -4.0]".
        within: Relative tolerance of floating-point numbers; 0 compares to the last bit.

    Raises:
        Failed: They differ.
    """
    if why := difference(got, wanted, within):
        raise Failed(f"{_sentence(about)} is not as expected: {why}.", show(wanted), show(got))


def expect_number(got: Any, wanted: float, about: str = "", *, within: float = WITHIN) -> None:
    """Fail the check unless `got` is a number, in whatever type, and that one.

    Args:
        got: What the learner's code gave: a tensor or an array of one number will do.
        wanted: The number.
        about: What it is, for the learner, as for `expect`.
        within: Relative tolerance.

    Raises:
        Failed: It is another, or none.
    """
    expect(number(got, about), float(wanted), about, within=within)


@contextmanager
def refuses(kind: type[Exception] = Exception, about: str = "") -> Iterator[None]:
    """Fail the check unless the block raises an error of that kind in the learner's code.

    A function that is missing or not written yet refuses nothing, whatever the kind.

    Raises:
        Failed: It raised nothing.
    """
    try:
        yield
    except kind as error:
        told = getattr(error, "told", {})
        if isinstance(error, Failed) or told.get("type") in ("Missing", "NotImplementedError"):
            raise
    else:
        what = about or "This"
        raise Failed(f"{what} should be refused with {kind.__name__}, and was not.", kind.__name__)


def _sentence(about: str) -> str:
    """The beginning of a sentence; what is code keeps its letters: `z of the matrix`."""
    first = about.partition(" ")[0]
    is_word = first.isalpha() and (len(first) > 1 or first == "a")
    return f"{first.capitalize()}{about[len(first) :]}" if is_word else about or "The value"


def declared(file: Path) -> tuple[Declared, ...]:
    """The checks of a `checks.py`, read without running it: a screen can list them at no cost.

    Raises:
        EngineError: The file is missing, is no Python, has no check, or one of them says nothing,
            or needs what does not stand above it.
    """
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        raise EngineError(f"{file} cannot be read: {error}.") from error
    found: dict[str, Declared] = {}
    for node in tree.body:
        marks = [m for m in map(_mark, getattr(node, "decorator_list", ())) if m is not None]
        if not isinstance(node, ast.FunctionDef) or not marks:
            continue
        says = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
        if not says:
            raise EngineError(f"{file}: the check {node.name} says nothing to the learner.")
        if missing := [name for name in marks[0] if name not in found]:
            raise EngineError(f"{file}: {node.name} needs {missing[0]}, which is not above it.")
        found[node.name] = Declared(node.name, says, marks[0])
    if not found:
        raise EngineError(f"{file} has no check.")
    return tuple(found.values())


def _mark(decorator: ast.expr) -> tuple[str, ...] | None:
    """What an `@check` needs; None where the decorator is another one."""
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    if getattr(call, "id", None) != "check":
        return None
    for keyword in getattr(decorator, "keywords", ()):
        needs = ast.literal_eval(keyword.value)
        return (needs,) if isinstance(needs, str) else tuple(needs)
    return ()
