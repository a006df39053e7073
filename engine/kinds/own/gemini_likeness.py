"""A client in the likeness of google-genai's, for code that is written for the hosted teacher.

It answers by a function, as the record of a run or a planted teacher. It has what code for one
question needs, and behaves alike: `client.models.generate_content(model=..., contents=...)` gives a
response with `text`, `candidates[0].finish_reason` and `usage_metadata`, and raises ServerError or
ClientError with a `code`. These are google-genai's own wherever the code has imported it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

from engine.runs.own import Refused


class FinishReason(str, Enum):  # noqa: UP042  as google-genai's, which is equal to its text
    """Why an answer ended."""

    STOP = "STOP"
    MAX_TOKENS = "MAX_TOKENS"
    SAFETY = "SAFETY"
    OTHER = "OTHER"


class TeacherError(Exception):
    """What a teacher's service says in place of an answer."""

    def __init__(self, code: int, message: str) -> None:
        """`code` is HTTP's."""
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message

    def __reduce__(self) -> tuple:
        return error, (self.code, self.message)


class ServerError(TeacherError):
    """The service cannot answer now: 500 to 599."""


class ClientError(TeacherError):
    """The service will not answer this, or not so often: 400 to 499."""


def error(code: int, message: str) -> Exception:
    """The error for a code; google-genai's own class where that is loaded here."""
    genai = sys.modules.get("google.genai.errors")
    name = "ServerError" if code >= 500 else "ClientError"
    if genai is not None:
        return getattr(genai, name)(code, {"error": {"code": code, "message": message}})
    return {"ServerError": ServerError, "ClientError": ClientError}[name](code, message)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, as far as code for one question looks at it."""

    text: str | None
    """None where nothing was written."""
    candidates: list[SimpleNamespace]
    """One, with its `finish_reason`."""
    usage_metadata: SimpleNamespace
    """`prompt_token_count`, `candidates_token_count` and `total_token_count`."""

    @staticmethod
    def told(
        text: str | None, finish: str, tokens_in: int = 0, tokens_out: int = 0
    ) -> dict[str, Any]:
        """A response as plain data."""
        return {"text": text, "finish": finish, "tokens_in": tokens_in, "tokens_out": tokens_out}

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Response:
        """The response that `told` wrote down."""
        used = SimpleNamespace(
            prompt_token_count=told["tokens_in"],
            candidates_token_count=told["tokens_out"],
            total_token_count=told["tokens_in"] + told["tokens_out"],
        )
        candidate = SimpleNamespace(finish_reason=FinishReason(told["finish"]))
        return cls(told["text"], [candidate], used)


class Client:
    """Answers by `ask`, which gives plain data: a response, an `error`, or what is `refused`."""

    def __init__(self, ask: Callable[[str], Mapping[str, Any]]) -> None:
        """`ask` is called with the text of each question."""
        self._ask = ask
        self.models = SimpleNamespace(generate_content=self._generate)
        self.refused = ""
        """The first question that cannot be put to it, in words; empty where there was none."""

    def _generate(self, *, model: str, contents: Any, config: Any = None) -> Response:
        """As `google.genai.models.Models.generate_content`."""
        told = self._ask("".join([_text(contents)]))  # of no kind of the code's own
        if "refused" in told:
            self.refused = self.refused or str(told["refused"])
            raise Refused(told["refused"])
        if "error" in told:
            raise error(told["error"]["code"], told["error"]["message"])
        return Response.read(told)


def _text(contents: Any) -> str:
    """The text of what may be text, a turn, parts of it, or a list of these."""
    if isinstance(contents, str):
        return contents
    if isinstance(contents, list | tuple):
        return "\n".join(map(_text, contents))
    for name in ("parts", "text"):
        held = (
            contents.get(name) if isinstance(contents, Mapping) else getattr(contents, name, None)
        )
        if held is not None:
            return _text(held)
    raise TypeError(f"contents is {contents!r:.80}; it must be the question's text")
