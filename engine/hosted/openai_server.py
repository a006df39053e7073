"""A model of any server that speaks as OpenAI's does: vLLM, llama.cpp, Ollama, or OpenAI itself.

Asked through the `openai` package, which is told to try once: we try again ourselves, where the
pacer sees it. The instruction goes into the user's turn, as for the same model loaded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openai

from engine.hosted import refusals, refused, wire
from engine.hosted.reply import at, parsed, spoken, unreadable, word
from engine.hosted.retrying import Trouble
from engine.hosted.said import Manner, Said
from engine.models.registry import messages
from engine.storable import storable

if TYPE_CHECKING:
    from engine.hosted.services import Service

NO_KEY = "none"
"""Sent where there is no key: the package wants one, and such servers read none."""
NO_LIST = (404, 405, 501)
"""The statuses of a server that keeps no list of its models."""


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
            http_client=wire.client(service.timeout),
        )

    async def models(self) -> list[str] | None:
        """The names of all; None where the server keeps no list."""
        async with refusals.plain(self._service):
            try:
                listed = await self._client.models.with_raw_response.list()
            except openai.APIStatusError as error:
                if error.status_code in NO_LIST:
                    return None
                raise
            self._refuse(listed.http_response)
            rows = at(_json(listed.http_response), "data")
            if not isinstance(rows, list):
                return None
            names = [at(row, "id") for row in rows]
            return [storable(name) for name in names if isinstance(name, str)]

    async def ask(self, question: str, manner: Manner) -> Said:
        """One request, tried once."""
        settings = self._service.sent(
            temperature=manner.temperature, top_p=manner.top_p, seed=manner.seed
        )
        try:
            async with refusals.plain(self._service):
                replied = await self._client.chat.completions.with_raw_response.create(
                    model=self._service.model,
                    messages=messages(question, manner.instruction),  # type: ignore[arg-type]
                    **settings,  # type: ignore[arg-type]
                    **{self._service.max_tokens: manner.max_new_tokens},
                )
                self._refuse(replied.http_response)
                return _said(_json(replied.http_response))
        except refusals.Filtered:
            return Said("", 0, 0, "blocked", "content filter")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _refuse(self, response: Any) -> None:
        """Raise what a reply says in place of an answer."""
        if told := refused.read(response.status_code, response.headers, response.content):
            raise refusals.of(told, self._service)


def _json(response: Any) -> Any:
    return parsed(response.content)


def _said(told: Any) -> Said:
    """A reply as it is read. Raises Trouble where there is no answer in it."""
    message = at(told, "choices", 0, "message")
    if not isinstance(message, dict):
        raise unreadable()
    text, end = spoken(message.get("content")), word(at(told, "choices", 0, "finish_reason"))
    used = at(told, "usage", "prompt_tokens"), at(told, "usage", "completion_tokens")
    if end == "error":
        raise Trouble("an error in place of an answer")
    if end == "content_filter":
        return Said("", *used, "blocked", "content filter")
    if message.get("refusal"):
        return Said("", *used, "blocked", "refusal")
    if end == "length":
        return Said(text, *used, "cut off")
    return Said(text, *used, "whole" if text.strip() else "empty")
