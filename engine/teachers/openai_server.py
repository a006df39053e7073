"""A model of any server that speaks as OpenAI's does: vLLM, llama.cpp, Ollama, or OpenAI itself.

Asked through the `openai` package, which is told to try once: we try again ourselves, where the
pacer sees it. The instruction goes into the user's turn, as for the same model loaded here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import openai

from engine.errors import EngineError
from engine.models.registry import messages
from engine.teachers import refusals
from engine.teachers.retrying import Trouble
from engine.teachers.said import Manner, Said

if TYPE_CHECKING:
    from engine.teachers.services import Service

NO_KEY = "none"
"""Sent where there is no key: the package wants one, and such servers read none."""


class OpenAIServer:
    """One model of a server."""

    def __init__(self, service: Service, key: str | None) -> None:
        """Connects when it is first asked."""
        self._service = service
        self._client = openai.AsyncOpenAI(
            api_key=key or NO_KEY,
            base_url=service.base_url,
            timeout=service.timeout,
            max_retries=0,
        )

    async def models(self) -> list[str] | None:
        """The names of all; None where the server keeps no list."""
        async with refusals.in_time(self._service):
            try:
                return [model.id async for model in self._client.models.list()]
            except openai.NotFoundError:
                return None
            except Exception as error:
                raise _words(error, self._service) from None

    async def ask(self, question: str, manner: Manner) -> Said:
        """One request, tried once."""
        async with refusals.in_time(self._service):
            try:
                return _said(
                    await self._client.chat.completions.create(
                        model=self._service.model,
                        messages=messages(question, manner.instruction),  # type: ignore[arg-type]
                        temperature=manner.temperature,
                        top_p=manner.top_p,
                        max_tokens=manner.max_new_tokens,
                        seed=manner.seed,
                    )
                )
            except Exception as error:
                raise _words(error, self._service) from None

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _said(completion: Any) -> Said:
    """Raises AttributeError, TypeError or IndexError for what is no completion."""
    choice, used = completion.choices[0], completion.usage
    tokens_in = used.prompt_tokens if used else 0
    tokens_out = used.completion_tokens if used else 0
    text = choice.message.content or ""
    if choice.finish_reason == "content_filter":
        return Said("", tokens_in, tokens_out, "blocked", "content filter")
    if getattr(choice.message, "refusal", None):
        return Said("", tokens_in, tokens_out, "blocked", "refusal")
    if choice.finish_reason == "length":
        return Said(text, tokens_in, tokens_out, "cut off")
    return Said(text, tokens_in, tokens_out, "whole" if text.strip() else "empty")


def _words(error: Exception, service: Service) -> Exception:
    """Trouble or EngineError for what the package raised; the error itself where it is unknown."""
    match error:
        case openai.APITimeoutError():
            return refusals.timed_out(service)
        case openai.APIConnectionError():
            return refusals.of_network(error.__cause__ or error, service)
        case openai.APIStatusError():
            return _of_status(error, service)
        case httpx2.HTTPError():
            return refusals.of_network(error, service)
        case (
            openai.APIResponseValidationError() | json.JSONDecodeError() | UnicodeDecodeError()
            | AttributeError() | TypeError() | IndexError()
        ):  # fmt: skip
            return refusals.unreadable()
    return error


def _of_status(error: openai.APIStatusError, service: Service) -> Trouble | EngineError:
    if error.status_code in (401, 403):
        return refusals.bad_key(service)
    if error.status_code == 404:
        return refusals.unknown_model(service)
    if error.status_code == 429:
        if error.code == "insufficient_quota":
            return refusals.no_money(service)
        return Trouble("limit reached", after=_after(error), full=True)
    told = refusals.of_status(error.status_code)
    return told or refusals.refused(service, error.status_code, error.message)


def _after(error: openai.APIStatusError) -> float | None:
    """Seconds that the header Retry-After asks for (RFC 9110: seconds, or a date)."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    told = error.response.headers.get("retry-after", "").strip()
    if told.replace(".", "", 1).isdigit():
        return float(told)
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
