"""A model behind Gemini's interface, asked through google-genai.

The library is told to try once and to use httpx: by itself it would repeat a request that lost its
connection, which the pacer would not see, and which may be paid for twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pydantic
from google import genai
from google.genai import errors, types

from engine.errors import EngineError
from engine.models.registry import messages
from engine.teachers import refusals
from engine.teachers.retrying import Trouble, duration
from engine.teachers.said import Manner, Said

if TYPE_CHECKING:
    from engine.teachers.services import Service

VERSION = "v1beta"
"""Of the interface."""
PAGE = 200
"""Models listed in one request."""


class Gemini:
    """One model of Gemini's interface."""

    def __init__(self, service: Service, key: str | None) -> None:
        """Connects when it is first asked."""
        self._service = service
        self._http = httpx2.AsyncClient(timeout=service.timeout, follow_redirects=True)
        self._client = genai.Client(
            api_key=key,
            vertexai=False,
            http_options=types.HttpOptions(
                base_url=service.base_url or None,
                api_version=VERSION,  # or another address than Google's gets another one
                timeout=int(service.timeout * 1000),
                retry_options=types.HttpRetryOptions(attempts=1),
                httpx_async_client=self._http,
            ),
        )

    async def models(self) -> list[str]:
        """The names of those that write text."""
        async with refusals.in_time(self._service):
            with _plain(self._service):
                pages = await self._client.aio.models.list(config={"page_size": PAGE})
                return [
                    (model.name or "").removeprefix("models/")
                    async for model in pages
                    if "generateContent" in (model.supported_actions or ["generateContent"])
                ]

    async def ask(self, question: str, manner: Manner) -> Said:
        """One request, tried once."""
        folded = folds(self._service.model)
        config = types.GenerateContentConfig(
            system_instruction=None if folded else manner.instruction or None,
            temperature=manner.temperature,
            top_p=manner.top_p,
            max_output_tokens=manner.max_new_tokens,
            seed=manner.seed,
        )
        [turn] = messages(question, manner.instruction if folded else "")
        async with refusals.in_time(self._service):
            with _plain(self._service):
                return _said(
                    await self._client.aio.models.generate_content(
                        model=self._service.model, contents=turn["content"], config=config
                    )
                )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def folds(model: str) -> bool:
    """Whether a model refuses a system's turn, so that its text goes into the user's."""
    return model.startswith("gemma")


def _said(response: types.GenerateContentResponse) -> Said:
    used = response.usage_metadata
    tokens_in = (used and used.prompt_token_count) or 0
    tokens_out = ((used and used.candidates_token_count) or 0) + (
        (used and used.thoughts_token_count) or 0
    )
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        return Said("", tokens_in, tokens_out, "blocked", _word(feedback.block_reason))
    if not response.candidates:
        return Said("", tokens_in, tokens_out, "empty")
    candidate = response.candidates[0]
    parts = (candidate.content and candidate.content.parts) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    match _word(candidate.finish_reason or "stop"):
        case "stop" | "finish_reason_unspecified":
            return Said(text, tokens_in, tokens_out, "whole" if text.strip() else "empty")
        case "max_tokens":
            return Said(text, tokens_in, tokens_out, "cut off")
        case why:
            return Said("", tokens_in, tokens_out, "blocked", why)


def _word(reason: Any) -> str:
    return str(getattr(reason, "value", reason)).lower()


class _plain:
    """Turns what the library raises into Trouble or EngineError."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, errors.APIError):
            raise _words(error, self._service) from None
        if isinstance(error, httpx2.HTTPError):
            raise refusals.of_network(error, self._service) from None
        unread = (
            errors.UnknownApiResponseError, json.JSONDecodeError, pydantic.ValidationError,
            UnicodeDecodeError, AttributeError, TypeError,
        )  # fmt: skip
        if isinstance(error, unread):
            raise refusals.unreadable() from error


def _words(error: errors.APIError, service: Service) -> Trouble | EngineError:
    told = _details(error)
    reasons = {each.get("reason") for each in told}
    if "API_KEY_INVALID" in reasons or error.code in (401, 403):
        return refusals.bad_key(service)
    if error.code == 404:
        return refusals.unknown_model(service)
    if error.code == 429:
        quotas = [
            str(quota.get("quotaId", ""))
            for each in told
            for quota in each.get("violations") or []
            if isinstance(quota, dict)
        ]
        waits = [duration(each.get("retryDelay")) for each in told]
        return Trouble(
            "limit reached",
            after=max((wait for wait in waits if wait is not None), default=None),
            full=True,
            day=any("PerDay" in quota for quota in quotas),
        )
    return refusals.of_status(error.code) or refusals.refused(service, error.code, error.message)


def _details(error: errors.APIError) -> list[dict[str, Any]]:
    """The typed details of an error (google.rpc: RetryInfo, QuotaFailure, ErrorInfo)."""
    body = error.details
    inner = body.get("error", body) if isinstance(body, dict) else {}
    details = inner.get("details") if isinstance(inner, dict) else None
    return [each for each in details or [] if isinstance(each, dict)]
