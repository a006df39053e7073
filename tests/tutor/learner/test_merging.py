"""Records of three machines become one record, in whatever order they meet."""

import json
import os
from itertools import permutations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.runs.home import Home
from tests.tutor.learner.conftest import DAY, ERROR, INVERTED, LESSON, READING, RIGHT, SCALE
from tutor.learner import carry, sittings
from tutor.learner.record import Learner

NOW = 1_790_000_000.0
EXAMPLES = int(os.environ.get("MERGES", "60"))
"""`MERGES=20000` merges as many records, for as long as that takes."""

# Few names and few times, so that machines often know something of the same row, and often at once.
times = st.integers(0, 12).map(lambda day: NOW - 20 * DAY + day * DAY / 2)
steps = st.sampled_from([SCALE, ERROR])


@st.composite
def sitting_rows(draw):
    number = draw(st.integers(0, 4))
    step = (SCALE, ERROR)[number % 2]  # what a uid is about, all machines agree on
    closed = draw(st.none() | times)
    ending = draw(st.sampled_from(["right", "missed", "left"])) if closed is not None else None
    return {
        "uid": f"s{number}", "step": step.id, "question": step.id.rsplit("/", 1)[1],
        "seed": number, "purpose": "review" if number == 4 else "lesson", "begun": draw(times),
        "hints": draw(st.integers(0, 2)), "misses": draw(st.integers(0, 2)),
        "opened": draw(st.integers(0, 1)), "closed": closed, "ending": ending,
        "rating": None if closed is None else draw(st.none() | st.integers(1, 4)),
        "hinted": draw(st.none() | times), "read": draw(st.none() | times),
    }  # fmt: skip


@st.composite
def attempt_rows(draw):
    number = draw(st.integers(0, 5))
    step = (SCALE, ERROR, READING)[number % 3]
    asked = step is not READING
    outcome = draw(st.sampled_from(["right", "slip", "wrong"] if asked else ["read", "skipped"]))
    return {
        "uid": f"a{number}", "step": step.id, "hash": draw(st.sampled_from("ab")),
        "kind": step.kind, "outcome": outcome, "at": draw(times),
        "sitting": f"s{number}" if asked else None, "seed": number if asked else None,
        "slip": "inverted" if outcome == "slip" else "",
        "points": draw(st.sampled_from([0.0, 1.0, 3.0])), "seconds": 5.0,
    }  # fmt: skip


@st.composite
def wish_rows(draw):
    number = draw(st.integers(0, 7))
    kind = ("put off", "set aside", "brought back", "undone")[number % 4]
    return {
        "uid": f"w{number}", "step": (SCALE, ERROR)[number // 4].id, "kind": kind,
        "at": draw(times), "sitting": f"s{draw(st.integers(0, 4))}" if kind == "undone" else None,
    }  # fmt: skip


@st.composite
def records(draw):
    attempts = draw(st.lists(attempt_rows(), max_size=5, unique_by=lambda row: row["uid"]))
    measured = [
        {
            "attempt": row["uid"], "said": 1.0, "measured": draw(st.sampled_from([1.0, 2.0])),
            "off": None, "near": draw(st.integers(0, 1)), "says": "", "at": draw(times),
        }
        for row in attempts if draw(st.booleans())
    ]  # fmt: skip
    places = draw(st.lists(steps, max_size=1))
    return {
        "format": carry.FORMAT, "version": carry.VERSION, "attempts": attempts,
        "measurements": measured,
        "sittings": draw(st.lists(sitting_rows(), max_size=5, unique_by=lambda row: row["uid"])),
        "places": [{"lesson": LESSON.id, "step": p.id, "at": draw(times)} for p in places],
        "wishes": draw(st.lists(wish_rows(), max_size=4, unique_by=lambda row: row["uid"])),
        "bookmarks": [
            {"step": p.id, "here": draw(st.integers(0, 1)), "at": draw(times)}
            for p in draw(st.lists(steps, max_size=2, unique_by=lambda step: step.id))
        ],
    }  # fmt: skip


class Merging:
    """One database in which records are merged, looked at, and forgotten."""

    def __init__(self, learner):
        self.learner = learner

    def after(self, *contents):
        """All that is known after these were imported in this order, and it as a file."""
        with self.learner.database.transaction() as connection:
            for content in contents:
                carry.import_(connection, content, NOW)
            seen = self._known(connection)
            connection.execute("ROLLBACK")
            connection.execute("BEGIN")
        return seen

    def _known(self, connection):
        learner = self.learner
        exported = carry.export(connection, NOW)
        in_hand = [
            sittings.open_one(connection, step.id, step.id.rsplit("/", 1)[1], purpose, None,
                              Random(1), NOW)
            for step in (SCALE, ERROR) for purpose in ("lesson", "review")
        ]  # fmt: skip
        seen = {
            "rows": exported,
            "cards": [tuple(row) for row in connection.execute("SELECT * FROM cards")],
            "steps": [tuple(row) for row in connection.execute("SELECT * FROM steps")],
            "due": learner.due(),
            "portion": learner.agenda.portion(session=1, daily=1),
            "progress": learner.progress([LESSON]),
            "in hand": [(s.seed, s.hints, s.hints_before, s.read_before) for s in in_hand],
        }
        return json.dumps(seen, default=repr, sort_keys=True)


@pytest.fixture(scope="module")
def merging(tmp_path_factory):
    with Learner(Home(tmp_path_factory.mktemp("merging")), lambda: NOW) as learner:
        yield Merging(learner)


def rows_of(seen):
    return json.loads(seen)["rows"]


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records(), records(), records())
def test_merging_is_commutative_associative_and_idempotent(merging, a, b, c):
    orders = {merging.after(*order) for order in permutations((a, b, c))}
    assert len(orders) == 1, "commutative"
    (all_three,) = orders
    a_and_b, b_and_c = rows_of(merging.after(a, b)), rows_of(merging.after(b, c))
    assert merging.after(a_and_b, c) == merging.after(a, b_and_c) == all_three, "associative"
    assert merging.after(a, b, c, b, a, a) == all_three, "idempotent"
    assert merging.after(rows_of(all_three), c, b) == all_three


# What the learner sees of it


@pytest.fixture
def machines(tmp_path, clock):
    """Three machines of one learner, with one time."""
    there = [Learner(Home(tmp_path / f"m{n}"), clock, Random(n)) for n in range(3)]
    yield there
    for each in there:
        each.close()


def carried(source, *targets):
    content = json.loads(json.dumps(source.export()))
    for target in targets:
        target.import_(content)


def known(learner):
    rows = learner.database.rows
    return (
        learner.progress([LESSON]),
        learner.due(),
        learner.steps(LESSON.id),
        [tuple(row) for row in rows("SELECT * FROM cards ORDER BY step")],
        {**learner.export(), "exported": 0},
    )


def test_one_variant_answered_on_two_machines_has_one_end(machines, clock):
    one, two, three = machines
    carried_over = one.sitting(SCALE, "scale")
    carried(one, two, three)
    clock.now += 3600
    two.answer(SCALE, two.sitting(SCALE, "scale"), "11.76", RIGHT)
    clock.now += 3600
    for _ in range(3):
        one.answer(SCALE, one.sitting(SCALE, "scale", seed=carried_over.seed), "1", INVERTED)
    clock.now += 60
    carried(one, two)
    carried(two, three)
    carried(two, one)
    carried(three, one, two)
    assert known(one) == known(two) == known(three)
    (row,) = one.database.rows("SELECT ending, rating FROM sittings")
    assert tuple(row) == ("right", 3), "it was answered before it was missed"


def test_an_answer_taken_back_on_one_machine_counts_on_none(machines, clock):
    one, two, three = machines
    for each in machines[:2]:
        each.answer(SCALE, each.sitting(SCALE, "scale"), "11.76", RIGHT)
        clock.now += 60
    clock.pass_days(5)
    sitting = one.sitting(SCALE, "scale", "review")
    carried(one, two)
    one.answer(SCALE, sitting, "0.085", INVERTED)
    assert one.agenda.undo().sitting == sitting.uid
    clock.now += 60
    two.answer(SCALE, two.sitting(SCALE, "scale", "review", seed=sitting.seed), "11.76", RIGHT)
    one.agenda.set_aside(ERROR.id)
    carried(two, one)
    carried(one, three, two)
    assert known(one) == known(two) == known(three)
    assert three.slips() == []
    assert [each.reviews for each in three.due()] == [2], "the two of their lessons"
    assert three.progress([LESSON]).reviews.set_aside == (ERROR.id,)


def test_slips_of_an_older_record_are_not_lately(machines, clock):
    one, two, _ = machines
    for verdict in (INVERTED, RIGHT, INVERTED, RIGHT):
        two.answer(SCALE, two.sitting(SCALE, "scale"), "1", verdict)
        clock.now += 60
    clock.pass_days(30)
    for _ in range(2):
        one.answer(SCALE, one.sitting(SCALE, "scale"), "11.76", RIGHT)
        clock.now += 60
    carried(two, one)
    clock.pass_days(60)
    assert [(due.step, due.slips) for due in one.due()] == [(SCALE.id, 0)]


def test_the_variant_in_hand_stays_in_hand(machines, clock):
    one, two, _ = machines
    two.sitting(SCALE, "scale")
    clock.pass_days(9)
    in_hand = one.hint(one.sitting(SCALE, "scale"), 3)
    carried(two, one)
    assert one.sitting(SCALE, "scale") == in_hand


def test_what_was_typed_for_a_variant_that_ended_elsewhere_is_gone(machines):
    one, two, _ = machines
    one.draft(one.sitting(SCALE, "scale"), "127/")
    carried(one, two)
    two.answer(SCALE, two.sitting(SCALE, "scale"), "11.76", RIGHT)
    carried(two, one)
    fresh = one.sitting(SCALE, "scale")
    assert (fresh.draft, fresh.ending) == ("", "")
    assert one.database.rows("SELECT draft FROM sittings WHERE closed NOT NULL")[0][0] == ""
