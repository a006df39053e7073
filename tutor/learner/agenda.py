"""What a review asks: what is due, in which order, how much of it today, and the coming days.

A question is due from the morning of its day on, whatever the hour at which it was answered last.
The most forgotten come first, and no two of one lesson in a row where there is another: who has to
say first what a question is about learns more than who answers seven of one kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from engine.runs.database import Database
from tutor.learner import days, reviews, wishes
from tutor.learner.attempts import COUNTS, UNDONE, lesson_of
from tutor.learner.limits import DAILY, SESSION
from tutor.learner.rating import ANOTHER_DAY
from tutor.learner.wishes import BROUGHT_BACK, PUT_OFF, SET_ASIDE, Wish

ASKED_A_DAY = 2
"""Reviews of one question in one day: as it is due, and once more where it was lost."""
SLIP_WEIGHS = 0.9
"""By this, for each slip lately, a question counts as more forgotten than its recall says: FSRS
knows how long ago it was answered, and not that a wrong idea stands in its place."""
COMING = 14
"""Days of the plan, today among them."""


@dataclass(frozen=True, slots=True)
class Due:
    """A question that is due."""

    step: str
    """The question step's id."""
    due: float
    """Since when, in seconds since 1970."""
    reviews: int
    """How often it was graded so far."""
    slips: int
    """Known mistakes made on it in its last two variants; the more, the sooner it is asked."""
    recall: float
    """The chance, 0 to 1, that it would be answered now."""
    leech: bool
    """Whether it was lost again and again: reading it up helps more than asking it."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What one review asks, of all that is due."""

    ask: tuple[Due, ...] = ()
    """In this order."""
    due: int = 0
    """All that are due, these among them."""
    today: int = 0
    """Of them, how many the day still has room for."""
    asked: int = 0
    """Reviews of today so far."""
    daily: int = DAILY
    """Reviews of a day, at most."""
    at: float = 0.0
    """When this was so, in seconds since 1970."""

    @property
    def waiting(self) -> int:
        """How many are due and are not asked in this review."""
        return self.due - len(self.ask)

    @property
    def days(self) -> int:
        """After how many days all that is due now has been asked; 0 for today."""
        return -(-(self.due - self.today) // self.daily)


@dataclass(frozen=True, slots=True)
class Coming:
    """One of the coming days."""

    date: str
    """Such as 2026-11-22."""
    due: int
    """Questions that fall due on it; today, all that are due."""
    asked: int
    """Reviews on it, if each day's limit is used: what is too much for a day goes to the next."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the reviews have ahead of them."""

    coming: tuple[Coming, ...] = ()
    """The coming days, today first."""
    leeches: tuple[str, ...] = ()
    """Questions that were lost again and again, by their steps."""
    set_aside: tuple[str, ...] = ()
    """Questions that are not asked until they are brought back, by their steps."""
    next: float | None = None
    """When the next question comes back that is not due yet, in seconds since 1970."""


class Agenda:
    """Of one learner."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        """Whose record, and what time it is."""
        self._database, self._clock = database, clock

    # What is asked

    def due(self, known: Collection[str] | None = None) -> list[Due]:
        """Questions that are due, in the order in which they are asked.

        Args:
            known: Question steps that there are; None for all that were ever asked.
        """
        now, rows = self._clock(), self._database.rows
        kept, often, slips = wishes.holding(rows, now), self._often(now), _slips_lately(rows)
        found = [
            Due(
                row["step"], row["due"], row["reviews"], slips.get(row["step"], 0),
                reviews.recall(row, now), reviews.is_leech(row),
            )
            for row in rows("SELECT * FROM cards WHERE due < ?", (days.ends(now),))
            if (known is None or row["step"] in known)
            and row["step"] not in kept
            and row["step"] not in often
            and (row["due"] <= now or row["due"] - row["reviewed"] >= ANOTHER_DAY)
        ]  # fmt: skip
        return mixed(sorted(found, key=_most_forgotten))

    def portion(
        self,
        known: Collection[str] | None = None,
        session: int = SESSION,
        daily: int = DAILY,
        limit: int | None = None,
    ) -> Portion:
        """What a review that begins now asks.

        Args:
            known: As for `due`.
            session: Questions of one review.
            daily: Questions of all reviews of a day.
            limit: So many now, whatever the two say; None for what they say.
        """
        due, asked = self.due(known), self._reviews(self._clock())
        today = min(len(due), max(0, daily - asked))
        now = min(session, today) if limit is None else min(limit, len(due))
        return Portion(tuple(due[:now]), len(due), max(today, now), asked, daily, self._clock())

    def ahead(self, known: Collection[str], daily: int = DAILY) -> Ahead:
        """How the coming days look now; what is lost until then comes on top.

        Args:
            known: Question steps that there are.
            daily: Questions of all reviews of a day.
        """
        now = self._clock()
        times = self._times(known, now)
        cards = self._database.rows("SELECT * FROM cards ORDER BY step")
        held = wishes.holding(self._database.rows, now)
        return Ahead(
            _coming(times, now, max(0, daily - self._reviews(now)), daily),
            tuple(r["step"] for r in cards if reviews.is_leech(r) and r["step"] in known),
            tuple(sorted(step for step in held if held[step] == SET_ASIDE and step in known)),
            min((at for at in times if at > now), default=None),
        )

    # What the learner wants of it

    def put_off(self, step: str) -> bool:
        """Ask a question from tomorrow on; whether that changes anything."""
        return self._wish(step, PUT_OFF)

    def set_aside(self, step: str) -> bool:
        """Ask a question no more until it is brought back; whether that changes anything."""
        return self._wish(step, SET_ASIDE)

    def bring_back(self, step: str) -> bool:
        """Ask a question again that was put off or set aside; whether it was."""
        return self._wish(step, BROUGHT_BACK)

    def undo(self, since: float | None = None, steps: Collection[str] | None = None) -> Wish | None:
        """Take back what was done last in reviews; see `wishes.undo`.

        Args:
            since: What was done before this stays; None for all of today.
            steps: Only what was done with these questions; None for all.
        """
        with self._database.transaction() as connection:
            now = self._clock()
            begun = days.begun(now) if since is None else since
            return wishes.undo(connection, begun, now, steps)

    def _wish(self, step: str, kind: str) -> bool:
        with self._database.transaction() as connection:
            now = self._clock()
            held = wishes.holding(lambda sql: connection.execute(sql).fetchall(), now).get(step)
            if kind == (held or BROUGHT_BACK) or (kind, held) == (PUT_OFF, SET_ASIDE):
                return False
            wishes.write(connection, step, kind, now)
        return True

    # Of the cards

    def _times(self, known: Collection[str], now: float) -> list[float]:
        """When each question is asked again, not before now; those set aside are left out."""
        kept, often = wishes.holding(self._database.rows, now), self._often(now)
        ready = {each.step for each in self.due(known)}
        told = []
        for row in self._database.rows("SELECT step, due FROM cards"):
            step = row["step"]
            if step in ready:
                told.append(now)
            elif step in known and kept.get(step) != SET_ASIDE:
                tomorrow = days.ends(now) if step in kept or step in often else 0.0
                told.append(max(row["due"], tomorrow))
        return told

    def _often(self, now: float) -> set[str]:
        """Questions that were asked often enough today."""
        return {step for step, times in self._asked(now).items() if times >= ASKED_A_DAY}

    def _reviews(self, now: float) -> int:
        """Reviews of today; whoever practises one question has not used up the day with it."""
        return sum(min(times, ASKED_A_DAY) for times in self._asked(now).values())

    def _asked(self, now: float) -> dict[str, int]:
        """How often questions were asked in the reviews of today, by their steps."""
        told = self._database.rows(
            "SELECT step, count(*) AS times FROM sittings WHERE purpose = 'review' "
            f"AND rating IS NOT NULL AND closed >= ? AND uid NOT IN {UNDONE} GROUP BY step",
            (days.begun(now),),
        )
        return {row["step"]: row["times"] for row in told}


def mixed(due: Iterable[Due]) -> list[Due]:
    """The same, in their order as far as no two of one lesson come in a row.

    Where one lesson has more than all others together, its questions alternate with theirs.
    """
    left = list(due)
    of = Counter(lesson_of(each.step) for each in left)
    order: list[Due] = []
    last = ""
    while left:
        most, many = of.most_common(1)[0]
        wanted = most if most != last and 2 * many > len(left) else None
        following = next(
            (
                each
                for each in left
                if (lesson_of(each.step) == wanted if wanted else lesson_of(each.step) != last)
            ),
            left[0],
        )
        left.remove(following)
        order.append(following)
        last = lesson_of(following.step)
        of[last] -= 1
    return order


def _coming(times: Iterable[float], now: float, room: int, daily: int) -> tuple[Coming, ...]:
    """The coming days, of which the first has room for so many reviews, and each other for all."""
    falls = Counter(days.of(at) for at in times)
    told, left = [], 0
    for day in (days.of(now) + timedelta(days=after) for after in range(COMING)):
        asked = min(room, left + falls[day])
        told.append(Coming(str(day), falls[day], asked))
        left, room = left + falls[day] - asked, daily
    return tuple(told)


def _most_forgotten(due: Due) -> tuple[float, bytes]:
    """By what is remembered, to a hundredth; what is remembered alike comes from all lessons."""
    remembered = round(due.recall * SLIP_WEIGHS**due.slips, 2)
    return remembered, blake2b(due.step.encode(), digest_size=8).digest()


def _slips_lately(rows: reviews.Rows) -> dict[str, int]:
    """Known mistakes made in the last two variants of each question."""
    told: Sequence = rows(
        "SELECT step, count(*) AS slips FROM attempts AS a WHERE slip <> '' "
        f"AND {COUNTS} AND sitting IN (SELECT uid FROM sittings WHERE sittings.step = a.step "
        f"AND uid NOT IN {UNDONE} ORDER BY begun DESC, uid LIMIT 2) GROUP BY step"
    )
    return {row["step"]: row["slips"] for row in told}
