"""What a file from outside may hold: each column of each table, typed and bounded."""

import json
import math
import sqlite3
from random import Random

import pytest

from engine.errors import EngineError
from engine.runs.database import Database
from engine.runs.home import Home
from tests.tutor.learner.conftest import ERROR, EXERCISE, INVERTED, LESSON, READING, RIGHT, SCALE
from tutor.learner import bookmarks, schema
from tutor.learner.columns import TABLES, fault
from tutor.learner.record import Learner

NEVER = [[], {}, math.nan, math.inf, "\ud800", 10**30, -(10**30), object()]
"""What no column takes."""
TIMES = ["yesterday", 1e18, -1.0, True, "1790000000", math.nan, math.inf, None, [], 10**400]
SAID = [
    ("attempts", "at", TIMES),
    ("attempts", "seconds", ["long", -99999999, -1e-9, 1e9, True, math.nan, None]),
    ("attempts", "outcome", ["banana", "", None, 3, ["right"]]),
    ("attempts", "seed", ["abc", 1.5, -1, 2**63, 10**30, True]),
    ("attempts", "kind", ["poem", None, 1]),
    ("attempts", "points", ["3", -1, 1e9, math.nan, None, True]),
    ("attempts", "hints", [-1, "1", 1.0, 10**9, None]),
    ("attempts", "tries", [-1, "1", 1.0, 10**30]),
    ("attempts", "step", ["", "absmax", "a/b", "a//b/c", "x/" * 400, 7, None]),
    ("attempts", "hash", ["", 1, None, "a" * 65]),
    ("attempts", "uid", ["", 1, None, "a" * 65, "\ud800"]),
    ("attempts", "sitting", ["", 1]),
    ("attempts", "typed", [1, None, "\udcff", "x" * 1_000_001]),
    ("attempts", "says", [b"", 1.0]),
    ("sittings", "begun", TIMES),
    ("sittings", "closed", [*TIMES[:-3], 10**400]),
    ("sittings", "hinted", [*TIMES[:-3], 10**400]),
    ("sittings", "read", [*TIMES[:-3], 10**400]),
    ("sittings", "ending", ["won", 1, None]),
    ("sittings", "rating", [0, 5, 2.5, "3", True]),
    ("sittings", "purpose", ["fun", None, []]),
    ("sittings", "seed", ["abc", None, -1, 10**30]),
    ("sittings", "opened", [2, "yes", None, 0.5]),
    ("sittings", "misses", [-1, "2", 10**9, None]),
    ("measurements", "measured", ["20", math.nan, math.inf, None, True]),
    ("measurements", "off", [-0.5, "none", math.nan]),
    ("measurements", "near", [2, "true", None]),
    ("measurements", "at", TIMES),
    ("places", "at", TIMES),
    ("wishes", "at", TIMES),
    ("wishes", "kind", ["tomorrow", "", None, 1]),
    ("wishes", "step", ["absmax", None]),
    ("wishes", "sitting", ["", 1, None]),
    ("bookmarks", "at", TIMES),
    ("bookmarks", "here", [2, "yes", None]),
    ("bookmarks", "step", ["absmax", None]),
    ("places", "lesson", ["", "absmax", 1, None]),
    ("places", "step", ["absmax", None]),
]
GUESS = type(SCALE)("numbers/absmax/predict/guess", "predict", 1)


class Compared:
    said, measured, off, near, words = 21.0, 20.0, 0.05, True, "You said 21."


@pytest.fixture
def record(answer, learner, clock):
    """A record with a row of each kind; the sittings among them are closed first."""
    answer(INVERTED)
    answer(RIGHT)
    clock.pass_days(1)
    learner.sitting(ERROR, "error")
    learner.opened(EXERCISE)
    learner.measured(learner.predicted(GUESS, "21"), Compared())
    learner.read(READING, seconds=40)
    learner.go_to(ERROR.id)
    return json.loads(json.dumps(learner.export()))


@pytest.fixture
def wished(record, answer, learner, clock):
    """The same, and what the learner wanted of reviews and has marked."""
    answer(INVERTED, purpose="review")
    learner.agenda.undo()
    learner.agenda.set_aside(ERROR.id)
    with learner.database.transaction() as connection:
        bookmarks.turn(connection, ERROR.id, clock())
    return json.loads(json.dumps(learner.export()))


@pytest.fixture
def elsewhere(tmp_path, clock):
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as learner:
        yield learner


def test_what_the_tutor_writes_is_what_a_column_takes(wished):
    for table in TABLES:
        assert wished[table], table
        assert [fault(table, row) for row in wished[table]] == [""] * len(wished[table])


def test_a_row_is_refused_by_its_place_and_its_field_and_nothing_is_imported(wished, elsewhere):
    kept = elsewhere.export()
    for table, name, values in SAID:
        for value in values:
            row = {**wished[table][0], name: value}
            broken = {**wished, table: [row, *wished[table][1:]]}
            with pytest.raises(EngineError) as told:
                elsewhere.import_(broken)
            assert f"row of this record is broken: {table}[0].{name} is " in told.value.what, value
            assert len(told.value.what) < 300
            told.value.what.encode()
    after = elsewhere.export()
    assert after == {**kept, "exported": after["exported"]}


def test_no_column_takes_what_sqlite_cannot_hold_or_sum(wished):
    for table, columns in TABLES.items():
        for name in columns:
            for value in NEVER:
                assert fault(table, {**wished[table][0], name: value}), (table, name, value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": True}, "version True"),
        ({"version": "2"}, "version '2'"),
        ({"attempts": {}}, "attempts is no list"),
        ({"measurements": None}, "measurements is missing"),
        ({"attempts": ["a"]}, r"attempts\[0\] is 'a'; it must be an object"),
        ({"places": [{"lesson": "a/b", "at": 5}]}, r"places\[0\].step is missing"),
    ],
)
def test_a_file_of_another_shape_is_refused(record, elsewhere, change, said):
    with pytest.raises(EngineError, match=said):
        elsewhere.import_({**record, **change})


def test_a_field_that_there_is_not_is_named(record, elsewhere):
    record["attempts"][1]["mood"] = "good"
    with pytest.raises(EngineError, match=r"attempts\[1\].mood is no field of it"):
        elsewhere.import_(record)


def test_a_grade_of_what_is_not_closed_is_refused(record, elsewhere):
    (row,) = [row for row in record["sittings"] if row["closed"] is None]
    row["rating"] = 4
    with pytest.raises(EngineError, match="rating is 4; it must be null"):
        elsewhere.import_(record)


def test_another_question_under_the_uid_of_a_sitting_is_refused(record, learner):
    record["sittings"][0]["seed"] += 1
    with pytest.raises(EngineError, match=r"sittings\[0\].seed is"):
        learner.import_(record)


# A home that an earlier release let such rows into


def home_of_before(home, record, *broken):
    """A home of the release before, with the rows of a record, and some that its import let in."""
    database = Database(home)
    with database.transaction() as connection:
        old = schema.Database(connection, recursive_triggers=False, execute_plugins=False)
        schema.migrations.apply(old, stop_before="5 notes about the record, and rows set aside")
        for table in ("sittings", "attempts", "measurements", "places"):
            for row in record[table]:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(f"INSERT INTO {table} ({names}) VALUES ({values})", row)
        for sql in broken:
            connection.execute(sql)
    database.close()


def copied(table, row, **news):
    """An INSERT of a row under another name, with other values."""
    row = {**row, **news}
    values = ["NULL" if value is None else repr(value) for value in row.values()]
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(values)})"


def test_a_home_of_the_release_before_opens_with_the_same_points(record, learner, clock, tmp_path):
    home = Home(tmp_path / "before")
    home_of_before(home, record)
    with sqlite3.connect(home.database) as rows:
        rows.execute("ATTACH ? AS other", (str(learner.database.home.database),))
        for table in ("steps", "cards"):
            names = ", ".join(row[1] for row in rows.execute(f"PRAGMA table_info({table})"))
            rows.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM other.{table}")
    rows.close()
    with Learner(home, clock) as opened:
        assert opened.progress([LESSON]) == learner.progress([LESSON])
        assert opened.steps(LESSON.id) == learner.steps(LESSON.id)
        assert opened.place() == learner.place()
        assert opened.progress([LESSON]).points == 2


def test_a_home_with_rows_that_cannot_be_opens_and_says_what_was_set_aside(
    record, learner, clock, tmp_path
):
    home = Home(tmp_path / "before")
    attempt, sitting = record["attempts"][0], record["sittings"][0]
    home_of_before(
        home,
        record,
        copied("attempts", attempt, uid="a", at="yesterday", seconds=7.0, points=3.0),
        copied("attempts", attempt, uid="b", at=1e18),
        copied("attempts", attempt, uid="c", outcome="banana", points=1e9),
        copied("attempts", attempt, uid="d", seed="abc"),
        copied("sittings", sitting, uid="e", closed=1e18),
        copied("sittings", sitting, uid="f", begun="long ago"),
        copied("places", record["places"][0], lesson="numbers/integers", at=1e18),
        f"UPDATE attempts SET seconds = -99999999 WHERE uid = '{record['attempts'][-1]['uid']}'",
    )
    with Learner(home, clock) as opened:
        seen, good = opened.progress([LESSON]), learner.progress([LESSON])
        assert (seen.points, seen.standings, seen.slips) == (
            good.points, good.standings, good.slips,
        )  # fmt: skip
        assert seen.seconds == good.seconds - 40, "of nonsense, nothing is counted"
        assert opened.place() == learner.place()
        assert len(opened.history()) == len(learner.history())
        assert any("attempts is set aside: at is 'yesterday'" in each for each in seen.notes)
        kept = [row["row"] for row in opened.database.rows("SELECT row FROM notes")]
        assert {json.loads(row).get("uid") for row in kept} >= set("abcdef")
        opened.import_(record)
        assert opened.progress([LESSON]).seconds == seen.seconds
