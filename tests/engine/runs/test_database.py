import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

import engine
from engine.errors import DiskFull, EngineError
from engine.runs.database import VERSION, Database
from engine.runs.home import Home
from engine.runs.store import Store

ROOT = Path(engine.__file__).parents[1]


def pragma(database, name):
    return database.rows(f"PRAGMA {name}")[0][0]


def python(program, *arguments, **options):
    """Run a program in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_wal_foreign_keys_patience_and_version(home):
    database = Database(home)
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == 30_000
    assert pragma(database, "user_version") == VERSION


def test_a_transaction_survives_a_power_cut_unless_it_need_not(home):
    database = Database(home)
    for durable, level in ((True, 2), (False, 1), (True, 2)):  # FULL, NORMAL, FULL
        with database.transaction(durable=durable):
            assert pragma(database, "synchronous") == level


def test_foreign_keys_hold(home):
    with pytest.raises(sqlite3.IntegrityError), Database(home).transaction() as connection:
        connection.execute("INSERT INTO metrics VALUES (99, 'loss', 1, 0.5, 0)")


def test_a_transaction_is_all_or_nothing(home):
    store = Store(home)
    with pytest.raises(ZeroDivisionError), store.database.transaction() as connection:
        connection.execute(
            "INSERT INTO runs (kind, title, spec, created) VALUES ('k', 't', '{}', 0)"
        )
        _ = 1 / 0
    assert store.runs() == []


def test_a_transaction_within_another_stands_and_falls_with_it(home):
    database = Database(home)
    with pytest.raises(RuntimeError), database.transaction():
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO runs (kind, title, spec, created) VALUES ('a','b','{}',0)"
            )
        assert database.in_transaction
        raise RuntimeError
    assert not database.in_transaction
    assert database.rows("SELECT * FROM runs") == []


def test_six_processes_that_open_a_new_home_at_once(home):
    program = """
import sys
from engine.runs.home import Home
from engine.runs.store import Store
Store(Home(sys.argv[1]))
"""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(home.path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 6, errors
    names = sqlite3.connect(home.database).execute("SELECT name FROM _sqlite_migrations").fetchall()
    assert names == [
        ("1 runs and what they give",),
        ("2 requests to hosted models",),
        ("3 replies that nobody has taken yet",),
        ("4 what an attempt has computed by a clock that nobody sets",),
    ]


def test_a_file_of_the_first_release_is_brought_up_to_date_with_its_runs(home):
    from engine.runs import schema

    home.prepare()
    old = sqlite3.connect(home.database)
    schema.migrations.apply(schema.Database(old), stop_before="2 requests to hosted models")
    old.execute(
        "INSERT INTO runs (kind, title, spec, created, state, attempt_started, heartbeat, seconds) "
        "VALUES ('teach', 'old', '{}', 1, 'running', 20, 23.5, 4)"
    )
    old.commit()
    assert old.execute("PRAGMA user_version").fetchone() == (1,)
    old.close()
    database = Database(home)
    assert pragma(database, "user_version") == VERSION
    (run,) = Store(home).runs()
    assert (run.title, run.state, run.seconds) == ("old", "running", 7.5)
    assert database.rows("SELECT * FROM payments") == []


def all_at_once(work, threads):
    """Run `work(n)` in so many threads that begin together; give what each raised, or None."""
    barrier, raised = threading.Barrier(threads), [None] * threads

    def run(n):
        barrier.wait()
        try:
            work(n)
        except Exception as error:
            raised[n] = error

    started = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return raised


def test_a_new_home_opened_at_once_again_and_again(tmp_path):
    for n in range(8):
        home = Home(tmp_path / f"home{n}").prepare()
        assert all_at_once(lambda _, home=home: Database(home).close(), 8) == [None] * 8


def test_two_that_read_and_then_write_both_get_through(home):
    """A transaction that only reads at first would be refused when it comes to write."""
    Store(home).submit("count", "count", {})

    def add_up(_):
        database = Database(home)
        for _ in range(50):
            with database.transaction() as connection:
                (attempts,) = connection.execute("SELECT attempts FROM runs").fetchone()
                connection.execute("UPDATE runs SET attempts = ?", (attempts + 1,))
        database.close()

    assert all_at_once(add_up, 4) == [None] * 4
    assert Store(home).run(1).attempts == 200


def test_opening_and_reading_imports_nothing_heavy(home):
    """On a new home, and on one that is there."""
    program = """
import sys
from engine.runs.client import Client
client = Client(sys.argv[1], worker=None)
client.runs()
print(*(set(sys.modules) & {"pandas", "numpy", "torch", "datasets", "textual", "sqlite_utils"}))
"""
    assert python(program, home.path) == "sqlite_utils"  # once, for its migrations
    assert python(program, home.path) == ""


def test_importing_the_schema_leaves_numpy_importable(home):
    program = """
import sys, engine.runs.schema
assert "numpy" not in sys.modules
import numpy
print(numpy.arange(3).sum())
"""
    pytest.importorskip("numpy")
    assert python(program) == "3"


def test_a_newer_file_is_left_alone(home):
    Database(home).close()
    raw = sqlite3.connect(home.database)
    raw.execute(f"PRAGMA user_version = {VERSION + 1}")
    raw.close()
    with pytest.raises(EngineError, match=f"newer release .file version {VERSION + 1};") as caught:
        Database(home)
    assert "pip install -U" in caught.value.way_out


def test_a_damaged_file_says_how_to_begin_anew(home):
    home.prepare()
    home.database.write_bytes(b"this is not a database " * 500)
    with pytest.raises(EngineError, match=r"tutor\.db is damaged") as caught:
        Database(home)
    assert f"mv {home.database}" in caught.value.way_out
    assert str(home.path / "runs") in caught.value.way_out


def test_a_page_that_rots_is_told_when_it_is_read(home):
    store = Store(home)
    for _ in range(200):
        store.submit("count", "a title " * 50, {})
    store.close()
    content = bytearray(home.database.read_bytes())
    content[4096 * 5 :] = b"\xff" * (len(content) - 4096 * 5)
    home.database.write_bytes(content)
    with pytest.raises(EngineError, match="is damaged"):
        Store(home).runs(limit=500)


def test_another_programs_file_is_left_alone(home):
    home.prepare()
    raw = sqlite3.connect(home.database)
    raw.execute("CREATE TABLE runs (distance REAL)")
    raw.execute("INSERT INTO runs VALUES (42.195)")
    raw.commit()
    with pytest.raises(EngineError, match="is not a file of this program"):
        Database(home)
    assert raw.execute("SELECT * FROM runs").fetchall() == [(42.195,)]


def test_a_full_disk_is_said_and_leaves_the_file_whole(home):
    """SQLite's own limit of pages stands for the disk's: the error is the same."""
    store = Store(home)
    run_id = store.submit("count", "kept", {})
    pages = pragma(store.database, "page_count")
    store.database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match="No room left") as caught:
        store.submit("count", "x" * 1_000_000, {})
    assert "Free some space" in caught.value.way_out
    assert [run.id for run in store.runs()] == [run_id]


def test_a_home_that_cannot_be_written_is_said():
    """As another user where the tests run as root, whom no permission stops."""
    folder = Path(tempfile.mkdtemp())
    try:
        home = Home(folder / "home")
        Store(home).submit("count", "count", {})
        folder.chmod(0o755)
        home.path.chmod(0o555)
        home.database.chmod(0o444)
        program = """
import os, sys
from engine.errors import EngineError
from engine.runs.home import Home
from engine.runs.store import Store
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
for path in (sys.argv[1], sys.argv[1] + "/new/one"):
    try:
        Store(Home(path))
    except EngineError as error:
        print(error)
"""
        said = python(program, home.path).splitlines()
        assert len(said) == 2
        for line in said:
            assert "cannot be written: " in line
            assert "choose another folder with --home DIR or TUTOR_HOME" in line
    finally:
        shutil.rmtree(folder)


def test_a_file_that_is_held_too_long_is_said(home, monkeypatch):
    monkeypatch.setattr("engine.runs.database.BUSY_SECONDS", 0.05)
    store = Store(home)
    other = sqlite3.connect(home.database)
    other.execute("BEGIN IMMEDIATE")
    assert store.runs() == []  # readers do not wait
    with pytest.raises(EngineError, match="Another program has held"):
        store.submit("count", "count", {})
    other.rollback()
    assert store.submit("count", "count", {}) == 1


def test_a_file_that_was_emptied_is_told_and_one_that_is_new_is_not(home):
    home.prepare()
    Database(home).close()
    for left in home.path.glob("tutor.db*"):
        left.unlink()
    home.database.touch()
    os.utime(home.database, (1, 1))
    Database(home).close()  # nothing else is there: nothing was lost
    for left in home.path.glob("tutor.db*"):
        left.unlink()
    home.database.touch()
    (home.path / "runs" / "1").mkdir()
    Database(home).close()  # another process makes it just now
    for left in home.path.glob("tutor.db*"):
        left.unlink()
    home.database.touch()
    os.utime(home.database, (1, 1))
    with pytest.raises(EngineError, match=r"tutor\.db is empty, and the files") as caught:
        Database(home)
    assert f"rm {home.database}" in caught.value.way_out
    home.database.unlink()
    Database(home).close()


TEXTS = (
    "kind", "title", "spec", "state", "request", "unit", "message", "result", "error",
    "environment",
)  # fmt: skip
GARBAGE = (b"\xff\xfe\x80", b"\x1b]0;x\x07", b"", b"5", b"[]", b"{", b"[" * 100_000)
NUMBERS = ("created", "started", "ended", "seconds", "heartbeat", "done", "total", "attempts")


def damaged(home, column, value):
    """The only run of a home, with a column as no release writes it."""
    raw = sqlite3.connect(home.database)
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(f"UPDATE runs SET {column} = CAST(? AS TEXT)", (value,))
    raw.commit()
    raw.close()


@pytest.mark.parametrize("column", TEXTS + NUMBERS)
def test_garbage_in_a_column_is_shown_or_told_and_never_raises_anything_else(home, column):
    for value in GARBAGE if column in TEXTS else (b"yesterday", b"\xff", b""):
        store = Store(home)
        store.submit("count", "count", {})
        damaged(home, column, value)
        try:
            [run] = store.runs()
            assert getattr(run, column) == value.decode(errors="replace")
        except EngineError as error:
            assert error.what.startswith(f"Run 1 is damaged in tutor.db: its {column} ")
            assert value.decode(errors="replace") not in error.what or len(value) < 2
        with store.database.transaction() as connection:
            connection.execute("DELETE FROM runs")
            connection.execute("DELETE FROM sqlite_sequence")
        store.close()
