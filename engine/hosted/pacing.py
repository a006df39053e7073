"""Keep below a service's limits: requests and tokens a minute, requests a day.

A request takes its place before it is sent, for the most that it can cost: its prompt, and the
longest answer that it allows. Once it is answered, what it did cost stands there instead. So no
minute can hold more than the limit, whatever the answers turn out to be; and what it costs to be
that sure is small: the share of one request in a minute's tokens.

A service counts a request when it arrives: after it was sent, and before it is answered. A place is
therefore held until a minute after the answer, or until a minute after `ARRIVAL_SECONDS`, by when
it has arrived for certain, where the answer takes longer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MINUTE, DAY = 60.0, 86_400.0
ARRIVAL_SECONDS = 1.0
"""A request that was sent so long ago has arrived."""
REQUESTS, TOKENS, REQUESTS_A_DAY = "request limit", "token limit", "limit of the day"
EDGE = 1e-6
"""Added to a minute, as sums of seconds are rounded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be sent; 0 is no limit."""

    requests_per_minute: int = 0
    tokens_per_minute: int = 0
    requests_per_day: int = 0


@dataclass(slots=True, eq=False)
class Place:
    """A request's share of the limits."""

    sent: float
    tokens: int
    """The most that it can cost; once it is answered, what it did."""
    answered: float | None = None

    def counted_by(self, now: float) -> float:
        """The latest moment at which the service can have counted it."""
        arrived = self.sent + ARRIVAL_SECONDS
        return min(arrived, now if self.answered is None else self.answered)


@dataclass(frozen=True, slots=True)
class Wait:
    """How long there is no room."""

    seconds: float
    """0 where there is room now."""
    for_what: str
    """`REQUESTS`, `TOKENS` or `REQUESTS_A_DAY`."""


class Pacer:
    """Says when the next request may be sent."""

    def __init__(
        self, limits: Limits, clock: Callable[[], float], counted: Iterable[tuple[float, int]] = ()
    ) -> None:
        """Begin with what was sent already, by this process or by others before it.

        Args:
            limits: Of the service.
            clock: Seconds that only grow.
            counted: By the same clock, when earlier requests were counted at the latest, and what
                they cost; oldest first.
        """
        self.limits = limits
        self._clock = clock
        places = [Place(at - ARRIVAL_SECONDS, tokens) for at, tokens in counted]
        self._minute = deque(places)
        self._day = deque(places if limits.requests_per_day else ())

    def wait(self, tokens: int) -> Wait:
        """How long a request that may cost so many tokens has to wait.

        An answer that comes meanwhile can shorten it, so ask again then.
        """
        now, limits = self._clock(), self.limits
        for places, span in ((self._minute, MINUTE), (self._day, DAY)):
            while places and _leaves(places[0], now, span) <= now:
                places.popleft()
        inside = sorted((_leaves(each, now, MINUTE), each.tokens) for each in self._minute)
        inside = [(leaves, cost) for leaves, cost in inside if leaves > now]
        day = [(_leaves(each, now, DAY), 1) for each in self._day]
        waits = (
            Wait(
                _room([(at, 1) for at, _ in inside], 1, limits.requests_per_minute, now), REQUESTS
            ),
            Wait(_room(inside, tokens, limits.tokens_per_minute, now), TOKENS),
            Wait(_room(day, 1, limits.requests_per_day, now), REQUESTS_A_DAY),
        )
        return max(waits, key=lambda wait: wait.seconds)

    def take(self, tokens: int) -> Place:
        """Take the place of a request that is sent now; `wait` has said that there is room."""
        place = Place(self._clock(), tokens)
        self._minute.append(place)
        if self.limits.requests_per_day:
            self._day.append(place)
        return place

    def settle(self, place: Place, tokens: int | None) -> None:
        """A request has come to its end.

        Args:
            place: Its place.
            tokens: What it cost; None where nobody said, so that it may have cost the most.
        """
        place.answered = self._clock()
        if tokens is not None:
            place.tokens = tokens


def _leaves(place: Place, now: float, span: float) -> float:
    """When a place is free again, as far as that is known now."""
    return place.counted_by(now) + span + EDGE


def _room(held: Sequence[tuple[float, int]], amount: int, limit: int, now: float) -> float:
    """Seconds until `amount` fits under a limit; 0 where it does.

    Args:
        held: When each place is free again, in that order, and its share of the limit.
        amount: What is to fit in beside them.
        limit: 0 where there is none.
        now: By the clock of the places.
    """
    too_much = sum(share for _, share in held) + amount - limit
    if not limit or too_much <= 0:
        return 0.0
    for leaves, share in held:
        too_much -= share
        if too_much <= 0:
            return max(leaves - now, EDGE)
    raise ValueError(f"{amount} is more than the limit of {limit}")
