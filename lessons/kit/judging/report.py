"""What the learner is told after their file was checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lessons.kit.checks import Declared
from lessons.kit.judging.limits import Limits
from lessons.kit.judging.verdict import PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one check. All texts are printable: no escape sequence of the learner's is left."""

    name: str
    says: str
    """What it checks, in a sentence."""
    outcome: str
    """`passed`, `failed`, `not judged` (the grader's fault) or `not run`."""
    why: str = ""
    """In plain words; empty where it passed."""
    expected: str = ""
    got: str = ""
    output: str = ""
    """What the learner's code printed; where it was cut, it says so."""
    traceback: str = ""
    """The learner's own lines; of a fault of the grader's, all of them."""


@dataclass(frozen=True, slots=True)
class Report:
    """Of all checks, in their order."""

    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return bool(self.results) and all(each.outcome == PASSED for each in self.results)

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {"passed": self.passed, "results": [asdict(each) for each in self.results]}


def result(check: Declared, verdict: Mapping[str, Any], limits: Limits) -> Result:
    """A judge's verdict as it is told."""
    texts = {
        name: printable(str(verdict.get(name, "")))
        for name in ("why", "expected", "got", "output", "traceback")
    }
    if verdict.get("output_cut"):
        texts["output"] += f"\n[cut here: only the first {limits.output_kb} kB are shown]"
    return Result(name=check.name, says=check.says, outcome=str(verdict["outcome"]), **texts)


_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(\x07|\x1b\\)?|[ -/]*[0-~])")


def printable(text: str) -> str:
    """A text that no terminal takes for commands: no escapes, controls or changes of direction."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(map(_character, text))


def _character(one: str) -> str:
    if one in "\n\t" or one.isprintable():
        return one
    category = unicodedata.category(one)
    if category == "Zs":
        return " "
    return "\ufffd" if category in ("Cs", "Co", "Cn") else ""
