"""The line to a hosted model: questions go out as fast as is allowed, replies come in one by one.

At most so many requests are in flight, each within the service's limits and written down before it
is sent. Every reply is handed out as it comes; those that came when an earlier worker of the run
was dead are handed out first, and not asked for again. What came to nothing is tried again, for as
long as the trouble may pass.

Everything runs in the caller's thread: the network is served while the caller waits for the next
reply, and whether the run shall pause is looked for at least twice a second. Before it pauses, the
replies that are on their way, and paid for, are waited for.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from engine.data.problems import Problem
from engine.errors import EngineError
from engine.hosted import retrying
from engine.hosted.carrier import Carrier
from engine.hosted.clock import Clock
from engine.hosted.cost import Cost
from engine.hosted.pacing import REQUESTS_A_DAY, Pacer, Place
from engine.hosted.payments import Payments
from engine.hosted.retrying import Trouble
from engine.hosted.said import Manner, Said
from engine.hosted.services import ADDRESS, Service
from engine.runs.record import Paused

LOOK_SECONDS = 0.4
"""A request to stop is looked for this often, whatever is waited for."""
LAST_SECONDS = 20.0
"""Before it stops, replies that are on their way are waited for so long."""
PATIENCE = 900.0
"""A wait that is longer than this pauses the run: one for the limit of the day, or one that the
service asks for."""
YEAR = 365 * 86_400.0
REFUSALS = 12
"""So often in a row a service may say that its limit is reached, each wait obeyed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one question."""

    problem: Problem
    said: Said | None
    """The reply; None where every try came to nothing."""
    reason: str
    """Why there is none."""
    request: int
    """The number of the last request, among the run's payments."""
    at: float
    """When, in seconds since 1970."""


@dataclass(slots=True, order=True)
class _Turn:
    """A question's place in the line."""

    due: float
    order: int
    problem: Problem = field(compare=False)
    tries: int = field(compare=False, default=0)
    place: Place | None = field(compare=False, default=None)
    request: int = field(compare=False, default=0)


class Line:
    """Asks one hosted model."""

    def __init__(
        self,
        service: Service,
        carrier: Carrier,
        payments: Payments,
        *,
        in_flight: int,
        leave_if_asked: Callable[[], None],
        stopping: Callable[[], str | None],
        say: Callable[[str], None],
        clock: Clock | None = None,
        rng: Random | None = None,
    ) -> None:
        """Open it.

        Args:
            service: How the model is asked.
            carrier: Takes the requests to it.
            payments: Where each request is written down; earlier ones count towards the limits.
            in_flight: Requests sent and not yet answered, at most.
            leave_if_asked: Raises Paused or Cancelled where that is asked of the run.
            stopping: `pause`, `cancel` or None.
            say: Told in words what is waited for.
            clock: Paces the requests.
            rng: Draws the jitter of the waits.
        """
        self._service, self._carrier, self._payments = service, carrier, payments
        self._kept = payments.kept()
        self._in_flight, self._say = in_flight, say
        self._leave_if_asked, self._stopping = leave_if_asked, stopping
        self._clock = clock = clock or Clock()
        self._rng = rng or Random()
        self._loop = asyncio.new_event_loop()
        ahead = clock.now() - clock.wall()
        lately = payments.lately(clock.wall(), service.tokens_counted)
        counted = [(at + ahead, tokens) for at, tokens in lately]
        self._pacer = Pacer(service.limits, clock.now, counted)
        self._running: dict[asyncio.Task[Said], _Turn] = {}
        self._held_until = float("-inf")
        self._refused = self._given_up = 0
        self._end: Exception | None = None

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run_until_complete(self._carrier.close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def models(self) -> list[str] | None:
        """The models that the service offers; None where it does not tell.

        Raises:
            EngineError: It does not answer, however often it is tried.
        """
        for tries in range(1, self._service.tries + 1):
            try:
                return self._loop.run_until_complete(self._carrier.models())
            except Trouble as trouble:
                if tries == self._service.tries:
                    raise self._away(trouble) from None
                if trouble.day or (trouble.after or 0) > PATIENCE:
                    raise self._later(trouble) from None
                self._sleep(retrying.seconds(trouble, tries, self._rng), trouble.reason)
        return None

    def ask(self, problems: Sequence[Problem], manner: Manner) -> Iterator[Heard]:
        """Ask them all, in this order, and hand out what comes, as it comes.

        Raises:
            Paused: That was asked of the run, or the day's requests are used up.
            Cancelled: That was asked.
            EngineError: The service will not answer, or has not for too long.
        """
        cost = Cost(manner.max_new_tokens, self._service.tokens_counted)
        waiting = [each for each in problems if each.id not in self._kept]
        fresh = deque(_Turn(0.0, order, each) for order, each in enumerate(waiting))
        again: list[_Turn] = []
        last = float("inf")
        self._end = None
        for problem in problems:
            if kept := self._kept.pop(problem.id, None):
                request, said, at = kept
                yield Heard(problem, said, "", request, at)
        try:
            while fresh or again or self._running:
                stopping = self._stopping()
                if stopping or self._end:
                    last = min(last, self._clock.now() + LAST_SECONDS)
                    over = not self._running or self._clock.now() >= last
                    if stopping == "cancel" or over:
                        self._leave_if_asked()
                        if self._end:
                            raise self._end
                    wait = LOOK_SECONDS
                    self._say(f"waiting for {len(self._running)} answers that are on their way")
                else:
                    last = float("inf")
                    wait = self._send(fresh, again, cost, manner)
                for turn, task in self._arrived(min(wait, LOOK_SECONDS)):
                    heard = self._heard(turn, task, cost, again)
                    if heard:
                        yield heard
        finally:
            self._drop()
        if self._end:  # the last questions have met it, so that none was left to send
            raise self._end

    def _send(self, fresh: deque[_Turn], again: list[_Turn], cost: Cost, manner: Manner) -> float:
        """Send what may be sent now; returns in how many seconds to look again."""
        while len(self._running) < self._in_flight:
            now = self._clock.now()
            due = bool(again) and again[0].due <= now
            turn = again[0] if due else fresh[0] if fresh else None
            if self._held_until > now:
                return self._waiting(self._held_until - now, "as the service asks")
            if turn is None:
                wait = again[0].due - now if again else LOOK_SECONDS
                return wait if self._running else self._waiting(wait, "to try again")
            tokens = cost.most(_prompt(turn.problem, manner))
            wait = self._pacer.wait(tokens)
            if wait.seconds:
                if wait.for_what == REQUESTS_A_DAY and wait.seconds > PATIENCE:
                    self._end = self._day_over(wait.seconds)
                    return 0.0
                return self._waiting(wait.seconds, f"for the {wait.for_what}")
            heapq.heappop(again) if due else fresh.popleft()
            turn.tries += 1
            turn.place = self._pacer.take(tokens)
            turn.request = self._payments.sent(turn.problem.id, tokens, self._clock.wall())
            asking = self._carrier.ask(turn.request, turn.problem.question, manner)
            self._running[self._loop.create_task(asking)] = turn
        return LOOK_SECONDS

    def _arrived(self, wait: float) -> list[tuple[_Turn, asyncio.Task[Said]]]:
        """Serve the network until something has come, or so many seconds are over."""

        async def until() -> None:
            sleeper = asyncio.ensure_future(self._clock.sleep(wait))
            await asyncio.wait({*self._running, sleeper}, return_when=asyncio.FIRST_COMPLETED)
            sleeper.cancel()

        self._loop.run_until_complete(until())
        return [(self._running.pop(task), task) for task in list(self._running) if task.done()]

    def _heard(
        self, turn: _Turn, task: asyncio.Task[Said], cost: Cost, again: list[_Turn]
    ) -> Heard | None:
        """What a request that came to its end has given; None where it is tried again."""
        assert turn.place is not None
        try:
            said = task.result()
        except Trouble as trouble:
            return self._troubled(turn, trouble, again)
        except EngineError as error:
            self._settle(turn, "refused", None)
            self._end = self._end or error
            return None
        self._refused = self._given_up = 0
        both = self._service.tokens_counted == "both"
        self._pacer.settle(turn.place, said.tokens if both else said.tokens_in or None)
        cost.learn(turn.problem.question, said.tokens_in)
        return Heard(turn.problem, said, "", turn.request, self._clock.wall())

    def _troubled(self, turn: _Turn, trouble: Trouble, again: list[_Turn]) -> Heard | None:
        now = self._clock.now()
        self._settle(turn, trouble.reason, 0 if trouble.full else None)
        if trouble.day or (trouble.after or 0) > PATIENCE:
            self._end = self._end or self._later(trouble)
        if trouble.full:
            turn.tries -= 1  # the question is not to blame
            if now >= self._held_until:
                self._refused += 1
            wait = retrying.seconds(trouble, max(1, self._refused), self._rng)
            self._held_until = max(self._held_until, now + wait)
            turn.due = now
            if self._refused > REFUSALS:
                self._end = self._end or self._full(trouble)
        elif turn.tries < self._service.tries:
            turn.due = now + retrying.seconds(trouble, turn.tries, self._rng)
        else:
            self._given_up += 1
            if self._given_up > 1:  # two in a row, and no answer between them: it is the service
                self._end = self._end or self._away(trouble)
                return None
            return Heard(turn.problem, None, trouble.reason, turn.request, self._clock.wall())
        heapq.heappush(again, turn)
        return None

    def _settle(self, turn: _Turn, reason: str, tokens: int | None) -> None:
        assert turn.place is not None
        self._pacer.settle(turn.place, tokens)
        self._payments.failed(turn.request, reason, self._clock.wall())

    def _sleep(self, seconds: float, why: str) -> None:
        until = self._clock.now() + seconds
        while (left := until - self._clock.now()) > 0:
            self._leave_if_asked()
            self._waiting(left, f"to try again ({why})")
            self._loop.run_until_complete(self._clock.sleep(min(left, LOOK_SECONDS)))

    def _waiting(self, seconds: float, for_what: str) -> float:
        if seconds >= 1:
            self._say(f"waiting {seconds:.0f} s {for_what}")
        return seconds

    def _drop(self) -> None:
        """Wait no longer for what is still in flight."""
        for task in self._running:
            task.cancel()
        if self._running:
            self._loop.run_until_complete(asyncio.wait(self._running))
        self._running.clear()

    def _day_over(self, seconds: float) -> Paused:
        """Our own limit of the day is reached."""
        model, limit = self._service.name, self._service.requests_per_day
        at = time.strftime("%A %H:%M", time.localtime(self._clock.wall() + seconds))
        return Paused(f"The day's {limit:,} requests to {model} are used up; more from {at} on.")

    def _later(self, trouble: Trouble) -> Paused:
        """The service wants to be left alone for longer than a run waits."""
        model, after = self._service.name, trouble.after or 0
        if trouble.day:
            when = "at midnight Pacific time" if self._service.provider == "gemini" else "tomorrow"
            return Paused(f"{model} has no more requests for today; there are more {when}.")
        if after > YEAR:
            return Paused(f"{model} asks to wait for more than a year.")
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(self._clock.wall() + after))
        return Paused(f"{model} asks to wait until {at}.")

    def _away(self, trouble: Trouble) -> EngineError:
        where = self._service.host or self._service.provider
        why = f"{trouble.reason}: {trouble.says}" if trouble.says else trouble.reason
        return EngineError(
            f"{where} does not answer ({why}; {self._service.tries} tries).",
            "Check the network, the server, and its address: the worker goes by what "
            f"{ADDRESS[self._service.provider]} was when it was started, and ends after 20 idle "
            "seconds. What is answered is kept, and `tutor resume` goes on from there.",
        )

    def _full(self, trouble: Trouble) -> EngineError:
        return EngineError(
            f"{self._service.name} has said {REFUSALS} times in a row that its limit is reached"
            f"{f': {trouble.says}' if trouble.says else ''}.",
            "Lower the limits in teachers.toml to what your account allows; `tutor resume` goes "
            "on from there.",
        )


def _prompt(problem: Problem, manner: Manner) -> str:
    return f"{problem.question}\n\n{manner.instruction}"
