"""A service's refusals in plain words, the same for all services.

What a service itself says stands beside ours: it may name what nobody here can know, such as a
country, a price, or a setting of the account.
"""

from __future__ import annotations

import asyncio
import re
import sys
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2

from engine.errors import EngineError
from engine.hosted import refused
from engine.hosted.refused import Refused
from engine.hosted.reply import unreadable
from engine.hosted.retrying import Trouble
from engine.hosted.services import FILE, MAX_TOKENS, SETTINGS, Service
from engine.runs.logs import redacted

RESUME = "then `tutor resume` the run."
_ENDED = "wait until the worker has ended (20 idle seconds)"


class Filtered(Exception):
    """The service answers, but not this question, for what it says."""


def bad_key(service: Service, says: str = "") -> EngineError:
    """It does not know the key, or there is none."""
    where = service.host or service.provider
    if service.secret() is None:
        return EngineError(
            f"{where} wants a key, and {service.key} is not set where the worker was started.",
            f"export {service.key}=..., {_ENDED}, {RESUME}",
        )
    return EngineError(
        f"{where} refused the key that {service.key} holds{_quoted(says)}",
        "Check it for missing characters, or make a new one; "
        f"export {service.key}=..., {_ENDED}, {RESUME}",
    )


def of(told: Refused, service: Service) -> Exception:
    """Trouble, where it may be gone next time; else the end of the run, which can be resumed."""
    where, says = service.host or service.provider, told.says
    if not told.words.isdisjoint(refused.FILTERED):
        return Filtered(says)
    match told.status:
        case 401:
            return bad_key(service, says)
        case 402:
            return EngineError(
                f"{where} wants to be paid first (status 402){_quoted(says)}",
                f"Top up the account, or name another teacher; {RESUME}",
            )
        case 403:
            return EngineError(
                f"{where} does not allow it (status 403){_quoted(says)}",
                f"See what the account behind {service.key} may use, and from which countries; "
                f"{RESUME}",
            )
        case 404:
            return EngineError(
                f"{where} knows no `{service.model}`{_quoted(says)}",
                f"Check the model's name, and base_url under [{service.provider}] in {FILE}; "
                f"{RESUME}",
            )
        case 429:
            return Trouble("limit reached", says=says, after=told.after, full=True, day=told.day)
        case status if status >= 500 or status in (408, 409, 425):
            return Trouble(f"server error {status}", says=says)
        case status if status < 400:
            return Trouble("an error in place of an answer", says=says)
    return _of_parameters(told, service) or EngineError(
        f"{where} refused the request (status {told.status}){_quoted(says)}",
        f"It is made of the model's name, max_new_tokens and what {FILE} says; {RESUME}",
    )


def _of_parameters(told: Refused, service: Service) -> EngineError | None:
    """It will not have a parameter as it was sent; None where it speaks of none."""
    if told.status not in (400, 422):
        return None
    left = [name for name in SETTINGS if name not in service.leave_out]
    wrong = [name for name in (*left, service.max_tokens) if _names(told, name)]
    if not wrong:
        return None
    what = (
        f"{service.host or service.provider} does not take {' and '.join(wrong)} as sent "
        f"(status {told.status}){_quoted(told.says)}"
    )
    section = f'under [{service.provider}.models."{service.model}"] in {FILE}'
    ways = []
    if out := [name for name in SETTINGS if name in {*service.leave_out, *wrong}]:
        listed = ", ".join(f'"{name}"' for name in out)
        ways.append(f"Write leave_out = [{listed}] {section}")
    if service.max_tokens in wrong:
        ways.append("Lower max_new_tokens, where it is too large")
        if others := [each for each in MAX_TOKENS[service.provider] if each != service.max_tokens]:
            ways.append(f'or write max_tokens = "{others[0]}" {section}, where it is called so')
    return EngineError(what, f"{'; '.join(ways)}; {RESUME}")


def _names(told: Refused, name: str) -> bool:
    """Whether a refusal speaks of a parameter, be it top_p, topP or TOP_P."""
    name = name.replace("_", "")
    if told.parameters:
        return name in {each.replace("_", "") for each in told.parameters}
    return bool(re.search(rf"\b{name}\b", told.says.replace("_", ""), re.IGNORECASE))


def _quoted(says: str) -> str:
    """A service's words, as the end of a sentence of ours."""
    end = "" if says.endswith((".", "!", "?")) else "."
    return f": {says}{end}" if says else "."


@asynccontextmanager
async def plain(service: Service) -> AsyncIterator[None]:
    """Turn whatever comes of a request into Trouble, an EngineError, or Filtered.

    What takes longer than the service's timeout is Trouble: the libraries' own time limits start
    anew with every byte, this one does not. So is what nobody has foreseen, and it is put into the
    worker's log: the next try, or the next question, may fare better.
    """
    try:
        async with asyncio.timeout(service.timeout):
            yield
    except Exception as error:
        raise _plain(error, service) from None


def _plain(error: Exception, service: Service) -> Exception:
    for each in _causes(error):
        if isinstance(each, Trouble | EngineError | Filtered):
            return each
        if isinstance(each, TimeoutError | httpx2.TimeoutException):
            return Trouble(f"no answer within {service.timeout:g} s")
        response = getattr(each, "response", None)
        if isinstance(response, httpx2.Response):
            told = refused.read(response.status_code, response.headers, response.content)
            return of(told, service) if told else unreadable()
        if isinstance(each, httpx2.ConnectError):
            return Trouble("no connection")
        if isinstance(each, httpx2.HTTPError):
            return Trouble("connection lost")
    print(redacted("".join(traceback.format_exception(error))), file=sys.stderr, flush=True)
    return Trouble(f"something unforeseen ({type(error).__name__})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and what it came of: a library's own says less than the network's behind it."""
    while error is not None:
        yield error
        error = error.__cause__
