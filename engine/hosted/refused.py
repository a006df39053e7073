"""What a service says where it does not answer, read from a reply that may be of any shape.

    {"error": {"message", "code", "type", "param"}}             OpenAI, and those who imitate it
    {"error": {"code", "message", "status", "details": [...]}}  Google, with google.rpc's details
    {"error": "..."}   {"detail": "..."}   {"detail": [{"loc", "msg"}]}   {"message": "..."}

Some send it under status 200, with the true one inside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from engine.hosted.reply import at, items, parsed, word
from engine.hosted.retrying import Trouble, duration
from engine.runs.logs import redacted
from engine.storable import storable

LONGEST = 200
"""Characters of what a service says."""
STATUSES = {
    "api_key_invalid": 401, "invalid_api_key": 401, "unauthenticated": 401,
    "authentication_error": 401, "insufficient_quota": 402, "insufficient_balance": 402,
    "permission_denied": 403, "not_found": 404, "model_not_found": 404,
    "resource_exhausted": 429, "rate_limit_exceeded": 429, "rate_limit_error": 429,
    "invalid_argument": 400, "failed_precondition": 400, "invalid_request_error": 400,
    "internal": 500, "server_error": 500, "unavailable": 503, "overloaded_error": 503,
}  # fmt: skip
"""The statuses that services' words stand for, where a word says more than the number."""
TELLING = ("api_key_invalid", "insufficient_quota", "insufficient_balance")
"""Words that hold whatever the number: Google sends a wrong key as 400, OpenAI no money as 429."""
FILTERED = {"content_filter", "content_policy_violation"}
"""Words for a question that is refused by itself, for what it says."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A reply that says why there is no answer."""

    status: int
    """As HTTP has it; of several, the one that says most. 200 where nobody names one."""
    says: str
    """The service's own words, shortened, printable, without secrets; or empty."""
    words: frozenset[str]
    """Its codes for the reason, in small letters."""
    parameters: frozenset[str]
    """Parameters that it names as wrong."""
    after: float | None
    """Seconds that it asks to wait."""
    day: bool
    """Whether the day's limit is reached."""


def read(status: int, headers: Mapping[str, str], body: str | bytes) -> Refused | None:
    """What a reply says of why there is no answer; None where it says nothing of the kind.

    Args:
        status: HTTP's.
        headers: With names in small letters, or that know no case.
        body: Of any kind.
    """
    try:
        told = parsed(body)
    except Trouble:
        text = body.decode(errors="replace") if isinstance(body, bytes) else body
        told = {
            "message": "" if "<" in text[:LONGEST] else text
        }  # a page says less than its number
    told = at(told, 0) if isinstance(told, list) else told
    error = at(told, "error") or at(told, "choices", 0, "error")
    if not error and status < 400:
        return None
    return _made(status, headers, error or told)


def _made(status: int, headers: Mapping[str, str], error: Any) -> Refused:
    details = [each for each in items(at(error, "details")) if isinstance(each, dict)]
    codes = [at(error, name) for name in ("code", "type", "status")]
    reasons = [each.get("reason") for each in details]
    words = frozenset(filter(None, map(word, [*codes, *reasons])))
    quotas = [at(quota, "quotaId") for each in details for quota in items(each.get("violations"))]
    waits = [duration(each.get("retryDelay")) for each in details]
    waits = [wait for wait in waits if wait is not None]
    wrong = [at(error, "param"), *map(_place, items(at(error, "detail")))]
    return Refused(
        status=_status(status, codes, words),
        says=_shown(_message(error)),
        words=words,
        parameters=frozenset(filter(None, map(word, wrong))),
        after=max(waits, default=after(headers.get("retry-after", ""))),
        day=any("PerDay" in quota for quota in quotas if isinstance(quota, str)),
    )


def _status(status: int, codes: list[Any], words: frozenset[str]) -> int:
    for telling in TELLING:
        if telling in words:
            return STATUSES[telling]
    if status >= 400:
        return status
    for code in codes:
        if isinstance(code, str) and re.fullmatch("[45][0-9]{2}", code):
            code = int(code)
        if isinstance(code, int) and 400 <= code < 600:
            return code
    return next((STATUSES[each] for each in sorted(words) if each in STATUSES), status)


def _message(error: Any) -> str:
    """The words in an error, wherever this service puts them."""
    if isinstance(error, str):
        return error
    for name in ("message", "msg", "detail", "error"):
        told = at(error, name)
        if isinstance(told, list):
            told = "; ".join(filter(None, map(_message, told)))
        if isinstance(told, str) and told.strip():
            return f"{place}: {told}" if (place := _place(error)) else told
    return ""


def _place(error: Any) -> str:
    """The last word of where an error is, as FastAPI has it; empty where it does not say."""
    return next((each for each in items(at(error, "loc"))[-1:] if isinstance(each, str)), "")


def _shown(text: str) -> str:
    """Shortened, printable, and with anything that looks like a secret blotted out."""
    printable = "".join(letter if letter.isprintable() else " " for letter in storable(text))
    return redacted(" ".join(printable.split()))[:LONGEST]


def after(told: str) -> float | None:
    """Seconds that the header Retry-After asks for (RFC 9110: seconds, or a date)."""
    told = told.strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", told):
        return float(told)
    try:
        when = parsedate_to_datetime(told)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):  # whatever stands there is no date
        return None
