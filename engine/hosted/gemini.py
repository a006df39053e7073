"""A model behind Gemini's interface, asked through google-genai.

The library is told to try once and to use httpx: by itself it would repeat a request that lost its
connection, which the pacer would not see, and which may be paid for twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from google import genai
from google.genai import types

from engine.hosted import refusals, refused, wire
from engine.hosted.reply import at, count, parsed, spoken, unreadable, word
from engine.hosted.said import Manner, Said
from engine.models.registry import messages
from engine.storable import storable

if TYPE_CHECKING:
    from engine.hosted.services import Service

VERSION = "v1beta"
"""Of the interface."""
GOOGLES = "https://generativelanguage.googleapis.com"
"""The address, where the settings name no other."""
PAGE, MOST_PAGES = 200, 50
"""Models listed in one request, and requests for a list."""


class Gemini:
    """One model of Gemini's interface."""

    def __init__(self, service: Service, key: str | None) -> None:
        """Connects when it is first asked."""
        self._service = service
        self._http = wire.client(service.timeout)
        self._list = f"{(service.base_url or GOOGLES).rstrip('/')}/{VERSION}/models"
        self._key = {"x-goog-api-key": key or ""}
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

    async def models(self) -> list[str] | None:
        """The names of those that write text; None where the service does not tell.

        Not through the library, whose pager takes an error under status 200 for an empty list.
        """
        names: list[str] = []
        asked = {"pageSize": str(PAGE)}
        async with refusals.plain(self._service):
            for _ in range(MOST_PAGES):
                response = await self._http.get(self._list, params=asked, headers=self._key)
                if told := refused.read(response.status_code, response.headers, response.content):
                    raise refusals.of(told, self._service)
                page = parsed(response.content)
                if not isinstance(rows := at(page, "models"), list):
                    return names or None
                names += [name.removeprefix("models/") for name in map(_writer, rows) if name]
                if not isinstance(further := at(page, "nextPageToken"), str) or not further:
                    break
                asked["pageToken"] = further
        return names

    async def ask(self, question: str, manner: Manner) -> Said:
        """One request, tried once."""
        folded = folds(self._service.model)
        config = types.GenerateContentConfig(
            system_instruction=None if folded else manner.instruction or None,
            max_output_tokens=manner.max_new_tokens,
            should_return_http_response=True,
            **self._service.sent(
                temperature=manner.temperature, top_p=manner.top_p, seed=manner.seed
            ),
        )
        [turn] = messages(question, manner.instruction if folded else "")
        try:
            async with refusals.plain(self._service):
                replied = await self._client.aio.models.generate_content(
                    model=self._service.model, contents=turn["content"], config=config
                )
                return self._said(replied.sdk_http_response)
        except refusals.Filtered:
            return Said("", 0, 0, "blocked", "content filter")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _said(self, response: Any) -> Said:
        """A reply as it is read. Raises what it says in place of an answer."""
        headers: Mapping[str, str] = response.headers or {}
        body: str = response.body or ""
        if told := refused.read(200, headers, body):
            raise refusals.of(told, self._service)
        return _said(parsed(body))


def folds(model: str) -> bool:
    """Whether a model refuses a system's turn, so that its text goes into the user's."""
    return model.startswith("gemma")


def _writer(row: Any) -> str:
    """The name of a listed model; empty where it writes no text, or has none."""
    name, does = at(row, "name"), at(row, "supportedGenerationMethods")
    writes = not isinstance(does, list) or "generateContent" in does
    return storable(name) if isinstance(name, str) and writes else ""


def _said(told: Any) -> Said:
    """Raises Trouble where there is no answer in it."""
    usage = at(told, "usageMetadata")
    written = [count(at(usage, f"{each}TokenCount")) for each in ("candidates", "thoughts")]
    used = at(usage, "promptTokenCount"), sum(written)
    if reason := word(at(told, "promptFeedback", "blockReason")):
        return Said("", *used, "blocked", reason)
    candidate = at(told, "candidates", 0)
    if candidate is None and isinstance(usage, dict):
        return Said("", *used, "empty")
    if not isinstance(candidate, dict):
        raise unreadable()
    text = spoken(at(candidate, "content", "parts"))
    match word(candidate.get("finishReason")):
        case "" | "stop" | "finish_reason_unspecified":
            return Said(text, *used, "whole" if text.strip() else "empty")
        case "max_tokens":
            return Said(text, *used, "cut off")
        case why:
            return Said("", *used, "blocked", why)
