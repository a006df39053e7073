"""A teacher that somebody hosts: it is handed all questions, and says what comes of each.

The first time it is asked greedily; a question that it failed is asked again with a little chance.
One that was blocked is not: it would be blocked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.data.problems import Problem
from engine.hosted.line import Heard, Line
from engine.hosted.said import Manner
from engine.models.registry import INSTRUCTION
from engine.teachers.distill import AGAIN, Answer, Failure, Reply


@dataclass(frozen=True, slots=True)
class HostedTeacher:
    """Answers over a line."""

    line: Line
    max_new_tokens: int
    """Where an answer is cut off, and so a failure."""
    seed: int

    def ask(self, problems: Sequence[Problem], tries: int) -> Iterator[list[Reply]]:
        """Ask them all; each reply comes by itself. Raises what `Line.ask` raises."""
        chance = AGAIN if tries else {}
        manner = Manner(INSTRUCTION, self.max_new_tokens, seed=self.seed + tries, **chance)
        for heard in self.line.ask(problems, manner):
            yield [self._reply(heard)]

    def _reply(self, heard: Heard) -> Reply:
        said = heard.said
        if said is None:
            return Failure(heard.problem.id, f"gave up: {heard.reason}")
        paid = (said.tokens_in, said.tokens_out, heard.request)
        if said.ending == "whole":
            return Answer(heard.problem.id, said.text, *paid)
        reason = {
            "cut off": f"cut off at {self.max_new_tokens} tokens",
            "blocked": f"blocked ({said.why})",
            "empty": "empty",
        }[said.ending]
        return Failure(heard.problem.id, reason, *paid, final=said.ending == "blocked")
