"""A service's refusals in plain words, the same for all services.

What a service itself says is shown only where nothing else is known, shortened, and with anything
that looks like a secret blotted out: some repeat the key that they were sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engine.errors import EngineError
from engine.runs.logs import redacted
from engine.teachers.retrying import Trouble
from engine.teachers.services import FILE, Service

LONGEST = 200
"""Characters of what a service says."""


def bad_key(service: Service) -> EngineError:
    """It does not know the key, or does not let it in."""
    where = service.host or service.provider
    if service.secret() is None:
        return EngineError(
            f"{where} wants a key, and {service.key} is not set where the worker was started.",
            f"export {service.key}=..., wait until the worker has ended (20 idle seconds), then "
            "`tutor resume` the run.",
        )
    return EngineError(
        f"{where} refused the key that {service.key} holds.",
        f"Check it for missing characters, or make a new one; export {service.key}=..., wait "
        "until the worker has ended (20 idle seconds), then `tutor resume` the run.",
    )


def unknown_model(service: Service) -> EngineError:
    """It has no such model, or nothing answers at that address."""
    where = service.host or service.provider
    return EngineError(
        f"{where} knows no `{service.model}`.",
        f"Check the model's name, and base_url under [{service.provider}] in {FILE}.",
    )


def no_money(service: Service) -> EngineError:
    """The account is empty."""
    return EngineError(
        f"{service.host or service.provider} says that the account's credit is used up.",
        "Top it up, or name another teacher; then `tutor resume` the run.",
    )


def refused(service: Service, status: int, says: object) -> EngineError:
    """Any other refusal that would be the same next time."""
    words = redacted(" ".join(str(says or "no reason given").split()))[:LONGEST]
    return EngineError(
        f"{service.host or service.provider} refused the request (status {status}): {words}",
        "Check the model's name and max_new_tokens; then `tutor resume` the run.",
    )


def of_network(error: BaseException, service: Service) -> Trouble:
    """What an error of httpx says, which both libraries speak through."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return timed_out(service)
    if isinstance(error, httpx2.ConnectError):
        return Trouble("no connection")
    return Trouble("connection lost")


@asynccontextmanager
async def in_time(service: Service) -> AsyncIterator[None]:
    """What takes longer than the service's timeout is Trouble.

    The libraries' own time limits start anew with every byte; this one does not.
    """
    try:
        async with asyncio.timeout(service.timeout):
            yield
    except TimeoutError:
        raise timed_out(service) from None


def timed_out(service: Service) -> Trouble:
    """No answer in time."""
    return Trouble(f"no answer within {service.timeout:g} s")


def unreadable() -> Trouble:
    """An answer that is not what the protocol says."""
    return Trouble("an answer that cannot be read")


def of_status(status: int) -> Trouble | None:
    """The trouble that a status tells, where it may be gone next time."""
    if status >= 500 or status in (408, 409, 425):
        return Trouble(f"server error {status}")
    return None
