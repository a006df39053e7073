from datetime import date
from types import SimpleNamespace

import pytest

from tutor.learner.mastery import Standing
from tutor.learner.snapshot import Day
from tutor.report.learner import SHADES, heat_text, mastered_words, spent
from tutor.report.question import counted, when

NOW = 1_790_000_000.0
TODAY = date(2026, 11, 22)  # a Sunday


def test_days_stand_in_their_week_and_row():
    days = [Day("2026-11-16", 3, 60), Day("2026-11-22", 9, 4000), Day("2025-01-01", 5, 100)]
    lines = heat_text(days, TODAY, SHADES["block"], weeks=2).splitlines()
    assert lines[0] == "Days of the last 2 weeks: 2 with work on them"
    assert lines[1:8] == [
        "  Mon  · ░", "  Tue  · ·", "  Wed  · ·", "  Thu  · ·", "  Fri  · ·", "  Sat  · ·",
        "  Sun  · █",
    ]  # fmt: skip
    assert lines[-2:] == ["  Mon 16 Nov 1 min, 3 steps", "  Sun 22 Nov 1 h 7 min, 9 steps"]


def test_a_day_to_come_has_no_work_on_it():
    lines = heat_text([Day("2026-11-23", 3, 60)], TODAY, SHADES["block"], weeks=2).splitlines()
    assert lines[0] == "Days of the last 2 weeks: 0 with work on them"
    assert "23 Nov" not in "".join(lines)


def test_a_day_whose_time_is_not_known_claims_none():
    lines = heat_text([Day(str(TODAY), 2, 0)], TODAY, SHADES["block"], weeks=1).splitlines()
    assert lines[-1] == "  Sun 22 Nov 2 steps"


def test_what_was_mastered_is_due_again():
    def seen(*standings, mastered=()):
        return SimpleNamespace(standings=standings, mastered=mastered, at=NOW)

    fresh = Standing("a/b/question/c", "learning", 1, 1, 0.9, NOW - 1)
    due = Standing("a/b/question/d", "learning", 2, 2, 0.9, NOW - 1)
    known = Standing("a/b/question/e", "mastered", 2, 2, 0.9, NOW + 1)
    assert mastered_words(seen(fresh)) == "none yet"
    assert mastered_words(seen(due, fresh)) == "none now; 1 is due again"
    both = seen(due, due, known, mastered=(known.step,))
    assert mastered_words(both) == "b/e; 2 are due again"


def test_days_to_come_are_left_blank():
    lines = heat_text([], date(2026, 11, 17), SHADES["ascii"], weeks=1).splitlines()
    assert [line.strip() for line in lines[1:8]] == [
        "Mon  .", "Tue  .", "Wed", "Thu", "Fri", "Sat", "Sun",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "shade"), [(0, "░"), (899, "░"), (900, "▒"), (1800, "▓"), (3600, "█")]
)
def test_a_busier_day_is_darker(seconds, shade):
    lines = heat_text([Day(str(TODAY), 1, seconds)], TODAY, SHADES["block"], weeks=1)
    assert f"Sun  {shade}" in lines


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "in a moment"),
        (600, "in 10 minutes"),
        (7200, "in 2 hours"),
        (86_400, "tomorrow"),
        (12 * 86_400, "in 12 days ("),
    ],
)
def test_when_it_comes_back(seconds, words):
    assert when(1_790_000_000 + seconds, 1_790_000_000).startswith(words)


def test_amounts():
    assert [spent(s) for s in (40, 300, 7500)] == ["40 s", "5 min", "2 h 5 min"]
    assert [counted(p) for p in (1, 3.0, 1.5)] == ["1 point", "3 points", "1.5 points"]
