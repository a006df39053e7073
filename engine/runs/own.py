"""Code of one's own, with which a run computes: a function of the learner's in the real chain.

The text of the whole file stands in the run's spec, so that the run is the same whatever is edited
later. The engine never runs it in the worker: whoever starts the worker gives it a `Provider`,
which runs it in a process of its own, and `Recorder.own` asks for that.

    with record.own(spec.own) as code:
        rows = code.run(far_side, rows)          # far_side(module, rows), over there

`far_side` is a function of a module of the engine's that is quick to import. It is called in the
other process, with the learner's module in front of what it is given, and loops there: so what is
needed a thousand times crosses the line once.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol

from engine.errors import EngineError, SpecError
from engine.runs.logs import redacted

FILE = "exercise.py"
"""What the file is called in messages, and in its own `__file__`."""
LARGEST = 1 << 20
"""Characters of a file."""
MEND = "Mend it, check it again, then run this stage anew."
"""The way out of a fault in it."""


@dataclass(frozen=True, slots=True)
class Own:
    """A file of code that a run computes with."""

    source: str
    """The whole text of the file."""
    reference: bool = False
    """Whether it is the course's own solution, which brings no points."""

    @property
    def sha(self) -> str:
        """The first digits of the text's SHA-256."""
        return hashlib.sha256(self.source.encode("utf-8", "replace")).hexdigest()[:6]

    def __str__(self) -> str:
        """In a few words, for a line of settings."""
        if self.reference:
            return "the reference"
        return f"your code, {len(self.source.splitlines()):,} lines, sha {self.sha}"

    def check(self, field: str, function: str) -> None:
        """Raise SpecError unless it is Python that defines `function`, and holds no secret."""
        if not isinstance(self.source, str) or not isinstance(self.reference, bool):
            raise SpecError(field, self, f"{field} must be the text of a file.")
        if len(self.source) > LARGEST:
            long = f"{len(self.source):,} characters"
            raise SpecError(field, self, f"{field}: {FILE} has {long}.", f"At most {LARGEST:,}.")
        try:
            tree = ast.parse(self.source, FILE)
        except SyntaxError as error:
            what = f"{field}: {FILE}, line {error.lineno or 1}, is no Python: {error.msg}."
            raise SpecError(field, self, what, "Mend it, and check it again.") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise SpecError(field, self, f"{field}: {FILE} cannot be read: {error}.") from None
        for place, line in enumerate(self.source.splitlines(), 1):
            if redacted(line) != line:
                what = f"{field}: {FILE}, line {place}, holds what looks like a key."
                raise SpecError(field, self, what, "Take it out: the file's text is kept.")
        if function not in _defined(tree):
            what = f"{field}: there is no function `{function}` in {FILE}."
            raise SpecError(field, self, what, "Write it, and check it again.")


class Fault(EngineError):
    """Something is wrong with code of one's own, or with what it gave."""

    def __init__(self, what: str, way_out: str = MEND) -> None:
        """`what` names the line or the row."""
        super().__init__(what, way_out)


class Refused(Exception):
    """Said on the far side about what the code did there; its text is for the learner."""


class Code(Protocol):
    """Code of one's own, loaded in a process of its own."""

    def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """What `work(module, *given)` gives in that process.

        Args:
            work: A function at the top level of an engine's module that is quick to import. What
                it gives must be plain data, and is not to be trusted: the code shares its process.
            given: Plain data, and functions, which stay here: called there, they run here, and
                what they raise ends the work and comes out of this call.

        Raises:
            Fault: The code raised something, ended its process, went beyond a limit, or did what
                `work` says is wrong, by Refused. A note that `work` adds to an error is told too.
            Paused: That is asked for meanwhile.
            Cancelled: Likewise.
        """
        ...


Provider = Callable[[str, Callable[[str], None], Callable[[], None]], AbstractContextManager[Code]]
"""Loads a file's text. It is given a function that takes lines for the run's log, and one to call
every now and then while the code is at work, which raises Paused or Cancelled."""


def function(module: ModuleType, name: str) -> Callable[..., Any]:
    """On the far side: a function of the code's. Raises Refused where there is none."""
    found = getattr(module, name, None)
    if not callable(found):
        raise Refused(f"There is no function `{name}`.")
    return found


def in_words(spec: Mapping[str, object]) -> dict[str, object]:
    """A run's spec, as JSON holds it, whose code of one's own is told in a few words."""
    own = spec.get("own")
    return {**spec, "own": str(Own(**own))} if isinstance(own, Mapping) else dict(spec)


def no_provider(source: str, log: Callable, look: Callable) -> AbstractContextManager[Code]:
    """What a worker has that was given none. Raises EngineError."""
    raise EngineError(
        "This worker cannot run code of one's own, and the run has some.",
        "Let `tutor` start the worker (python -m lessons.kit.worker), then resume the run.",
    )


def _defined(tree: ast.Module) -> set[str]:
    """Names that a file gives to anything, wherever: a plain look, as the checks look closely."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add(other or name)
    return names
