import time
from types import SimpleNamespace

import pytest

from engine.runs import death

NOW = time.time()


def run(kernel=None, kind="sft", spec=None, **environment):
    return SimpleNamespace(
        id=4, kind=kind, spec=spec or {"batch_size": 8}, heartbeat=NOW,
        environment={**({} if kernel is None else {"kernel": kernel}), **environment},
    )  # fmt: skip


def test_kills_are_counted_where_the_kernel_writes_them(tmp_path):
    (tmp_path / "vmstat").write_text("pgfault 12\noom_kill 3\n")
    (tmp_path / "events").write_text("low 0\noom 2\noom_kill 1\noom_group_kill 0\n")
    files = {"machine": tmp_path / "vmstat", "container": tmp_path / "events"}
    assert death.counts(files) == {"machine": 3, "container": 1}
    assert death.counts({"machine": tmp_path / "none"}) == {}


@pytest.mark.parametrize("where", ["machine", "container"])
def test_a_kill_counted_since_it_began_is_told_with_the_way_to_take_less(where):
    told = death.death(run({where: 3}), now={where: 4})
    assert told.of == death.MEMORY
    assert "most likely ran out of memory" in told.words
    assert told.words.endswith("tutor resume 4 --batch-size 4.")


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        (run({"machine": 0}, at_most=2), "tutor resume 4 --batch-size 1."),
        (run({"machine": 0}, spec={"batch_size": 1}), "Close other programs before it goes on."),
        (
            run({"machine": 0}, "teach", {"in_flight": 50, "teacher": "openai:x"}),
            "Close other programs before it goes on.",
        ),
        (
            run({"machine": 0}, "teach", {"in_flight": 50, "teacher": "oak"}),
            "tutor resume 4 --batch-size 25.",
        ),
    ],
)
def test_the_way_out_is_one_that_this_run_has(asked, way):
    assert death.death(asked, now={"machine": 1}).words.endswith(way)


@pytest.mark.parametrize(
    ("status", "words"), [(None, "stopped without a word"), (-9, "was killed (signal 9)")]
)
def test_where_no_kill_was_counted_memory_is_not_blamed(status, words):
    told = death.death(run({"machine": 3}), status, now={"machine": 3})
    assert words in told.words and told.of is None


def test_where_nothing_is_counted_what_was_foreseen_tells(monkeypatch):
    monkeypatch.setattr(death, "memory_bytes", lambda: (8 * 10**9, 10**9))
    assert death.death(run(training={"bytes": 6 * 10**9}), now={}).of == death.MEMORY
    assert death.death(run(training={"bytes": 10**9}), now={}).of is None
    assert death.death(run(), now={}).of is None


def test_a_machine_that_was_started_anew_is_told(monkeypatch):
    monkeypatch.setattr(death.psutil, "boot_time", lambda: NOW + 60)
    assert "started anew" in death.death(run({"machine": 5}), now={"machine": 0}).words
