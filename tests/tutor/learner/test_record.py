"""The record as screens and commands use it."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest

import tutor
from engine.errors import EngineError
from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client
from tests.tutor.learner.conftest import (
    ERROR,
    EXERCISE,
    IMPRECISE,
    INVERTED,
    LESSON,
    READING,
    RIGHT,
    SCALE,
    UNREADABLE,
    WRONG,
)
from tutor.learner.record import Learner
from tutor.learner.versions import VERSION

ROOT = Path(tutor.__file__).parents[1]


def python(program, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


def test_full_points_at_the_first_right_answer(answer, learner):
    answered = answer(RIGHT, typed="127/10.8")
    assert answered.attempt.points == answered.best == learner.points("numbers/absmax") == 3
    assert learner.done(SCALE.id, SCALE.hash)
    assert answered.sitting.ending == "right"


def test_misses_have_their_price_on_this_variant_alone(answer, learner):
    answer(WRONG)
    answer(WRONG)
    assert answer(RIGHT).attempt.points == 1
    assert answer(RIGHT).best == 3  # a fresh variant, answered at once


def test_a_retry_never_lowers_points(answer, learner):
    answer(RIGHT)
    for verdict in (WRONG, INVERTED, WRONG, RIGHT):
        assert answer(verdict).best == 3
    assert learner.points("numbers/absmax") == 3
    assert learner.done(SCALE.id, SCALE.hash)


def test_what_cannot_be_read_or_has_too_few_digits_costs_nothing(answer):
    for verdict in (UNREADABLE, UNREADABLE, UNREADABLE, IMPRECISE):
        answered = answer(verdict)
        assert (answered.sitting.misses, answered.sitting.closed) == (0, False)
    assert answer(RIGHT).best == 3


def test_a_fresh_variant_after_three_misses(answer, learner):
    first = learner.sitting(SCALE, "scale")
    assert answer(WRONG).sitting.misses_left == 2
    answer(INVERTED)
    answered = answer(WRONG)
    assert answered.sitting.ending == "missed"
    assert answered.sitting.seed == first.seed
    fresh = learner.sitting(SCALE, "scale")
    assert fresh.seed != first.seed
    assert (fresh.misses, fresh.hints) == (0, 0)


def test_another_variant_when_asked_for(learner):
    seeds = {learner.sitting(SCALE, "scale").seed}
    for _ in range(30):
        seeds.add(learner.another(SCALE, learner.sitting(SCALE, "scale")).seed)
    assert len(seeds) == 31  # no variant comes twice by itself


def test_the_worked_solution_read_first_leaves_the_least(answer, learner):
    learner.worked(learner.sitting(SCALE, "scale"))
    assert answer(RIGHT).attempt.points == 1


def test_read_afterwards_it_costs_nothing(answer, learner):
    done = answer(RIGHT).sitting
    assert not learner.worked(done).opened
    assert learner.hint(done, 3).hints == 0


def test_a_variant_called_back_costs_what_it_has_cost(answer, learner):
    seed = answer(WRONG).sitting.seed
    answer(WRONG)
    learner.worked(answer(WRONG).sitting)
    back = learner.sitting(SCALE, "scale", seed=seed)
    assert (back.seed, back.purpose) == (seed, "recall")
    answered = learner.answer(SCALE, back, "11.76", RIGHT)
    assert answered.attempt.points == 1  # its worked solution was read
    assert answered.sitting.rating is None


def test_a_seed_that_was_never_asked_is_a_variant_like_any_other(learner):
    sitting = learner.sitting(SCALE, "scale", seed=4127)
    assert learner.sitting(SCALE, "scale").seed == 4127
    assert learner.answer(SCALE, sitting, "1", RIGHT).best == 3


def test_hints_are_not_given_back_by_closing_the_tutor(home, clock, learner):
    learner.hint(learner.sitting(SCALE, "scale"), 3)
    with Learner(home, clock) as another:
        sitting = another.sitting(SCALE, "scale")
        assert sitting.hints == 1
        assert another.answer(SCALE, sitting, "1", RIGHT).attempt.points == 2


def test_what_is_being_typed_is_kept_until_it_is_an_answer(home, clock, learner, answer):
    learner.draft(learner.sitting(SCALE, "scale"), "127/")
    with Learner(home, clock) as another:
        assert another.sitting(SCALE, "scale").draft == "127/"
    assert answer(WRONG).sitting.draft == ""
    learner.draft(learner.sitting(SCALE, "scale"), "12")
    assert learner.another(SCALE, learner.sitting(SCALE, "scale")).draft == ""


def test_no_more_hints_than_rungs(learner):
    sitting = learner.sitting(SCALE, "scale")
    assert [learner.hint(sitting, 2).hints for _ in range(4)] == [1, 2, 2, 2]


def test_every_attempt_is_a_row_with_all_that_was_said(answer, learner):
    learner.hint(learner.sitting(SCALE, "scale"), 3)
    answer(INVERTED, typed="10.8/127", seconds=21)
    answer(UNREADABLE, typed="ten", seconds=10_000)
    latest, earlier = learner.history(SCALE.id)
    assert (earlier.typed, earlier.read_as, earlier.outcome) == ("10.8/127", "0.085", "slip")
    assert (earlier.slip, earlier.says) == ("inverted", "That is one integer's width.")
    assert (earlier.hints, earlier.tries, earlier.seconds) == (1, 1, 21)
    assert earlier.question == "scale"
    assert earlier.seed == latest.seed
    assert latest.typed == "ten"
    assert latest.tries == 2
    assert latest.seconds == 600  # whoever is away longer is away


def test_a_text_is_worth_the_share_of_the_rubric_that_holds(learner):
    answered = learner.judged(SCALE, learner.sitting(SCALE, "scale"), "Because.", 2, 3)
    assert answered.attempt.points == 2
    assert learner.done(SCALE.id, SCALE.hash)


def test_a_step_whose_text_changed_is_shown_again_and_keeps_its_points(answer, learner):
    answer(RIGHT)
    rewritten = SCALE.rewritten()
    place = learner.step(SCALE.id)
    assert place.changed(rewritten.hash)
    assert not place.done(rewritten.hash)
    assert place.points == 3
    answer(WRONG, step=rewritten)
    place = learner.step(SCALE.id)
    assert place.points == 3
    assert not place.changed(rewritten.hash)


def test_skipped_then_done_never_back(learner):
    learner.skipped(READING)
    assert learner.steps("numbers/absmax")[READING.id].state == "skipped"
    learner.read(READING, seconds=30)
    learner.skipped(READING)
    assert learner.steps("numbers/absmax")[READING.id].state == "done"


def test_places_are_remembered_for_each_lesson_and_for_the_course(learner):
    assert learner.place() is None
    learner.go_to(SCALE.id)
    learner.go_to("numbers/integers/lab/ring")
    assert learner.place("numbers/absmax") == SCALE.id
    assert learner.place("numbers/nowhere") is None
    assert learner.place() == "numbers/integers/lab/ring"


def test_an_exercise_and_the_price_of_its_solution(learner):
    learner.checked(EXERCISE, "failed")
    learner.checked(EXERCISE, "not judged")
    assert learner.step(EXERCISE.id).points == 0
    learner.opened(EXERCISE)
    learner.checked(EXERCISE, "passed")
    assert learner.step(EXERCISE.id).points == 5
    learner.checked(EXERCISE, "failed")
    assert learner.step(EXERCISE.id).points == 5


def test_the_solution_is_free_after_a_pass(learner):
    learner.checked(EXERCISE, "passed")
    assert not learner.opened(EXERCISE).opened
    learner.checked(EXERCISE, "passed")
    assert learner.step(EXERCISE.id).points == 10


def test_progress_sums_up(answer, learner, clock):
    learner.read(READING, seconds=60)
    answer(RIGHT, seconds=30)
    clock.pass_days(1)
    answer(RIGHT, step=ERROR, seconds=15)
    seen = learner.progress([LESSON])
    assert (seen.points, seen.of) == (6, 16)
    (record,) = seen.lessons
    assert (record.state, record.done, record.steps) == ("begun", 3, 4)
    assert record.seconds == seen.seconds == 105
    assert [(day.attempts, day.seconds) for day in seen.days] == [(2, 90), (1, 15)]
    assert (seen.due, seen.next_due > clock.now) == (0, True)


def test_points_of_a_step_that_is_no_more_do_not_count(answer, learner):
    answer(RIGHT)
    assert learner.progress([type(LESSON)(LESSON.id, (READING,))]).points == 0


def test_a_lesson_is_done_when_all_its_steps_are(answer, learner):
    learner.read(READING)
    answer(RIGHT)
    answer(RIGHT, step=ERROR)
    learner.checked(EXERCISE, "passed")
    assert learner.progress([LESSON]).lessons[0].state == "done"
    rewritten = type(LESSON)(LESSON.id, (*LESSON.steps[:3], EXERCISE.rewritten()))
    (record,) = learner.progress([rewritten]).lessons
    assert (record.state, record.points, record.changed) == ("begun", 16, (EXERCISE.id,))


ANSWER_ON = """
import sys
from engine.runs.home import Home
from tests.tutor.learner.conftest import SCALE, WRONG, RIGHT
from tutor.learner.record import Learner
with Learner(Home(sys.argv[1])) as learner:
    for n in range(int(sys.argv[2])):
        answered = learner.answer(SCALE, learner.sitting(SCALE, "scale"), f"{n}", WRONG)
        print(n, flush=True)
"""


def test_what_was_said_to_be_recorded_survives_kill_9(home):
    process = python(ANSWER_ON, home.path, 10_000)
    for line in process.stdout:
        if int(line) == 25:
            process.send_signal(signal.SIGKILL)
            break
    said = 26 + sum(1 for _ in process.stdout)
    process.wait()
    with Learner(home) as learner:
        typed = {attempt.typed for attempt in learner.history(SCALE.id, limit=20_000)}
        assert said < 10_000
        assert {str(n) for n in range(said)} <= typed
        assert len(typed) <= said + 1


def test_two_tutors_answer_at_once(home):
    Learner(home).close()
    processes = [python(ANSWER_ON, home.path, 40) for _ in range(2)]
    for process in processes:
        assert len(process.communicate(timeout=60)[0].split()) == 40
        assert process.returncode == 0
    rows = sqlite3.connect(home.database)
    misses = rows.execute(
        "SELECT s.misses, count(*) FROM sittings AS s JOIN attempts AS a ON a.sitting = s.uid "
        "GROUP BY s.uid"
    ).fetchall()
    assert sum(count for _, count in misses) == 80
    assert len(misses) >= 80 / 4  # one more may come in while the third miss ends it
    assert rows.execute("SELECT count(*) FROM sittings WHERE closed IS NULL").fetchone()[0] <= 1


def test_threads_of_one_tutor_share_the_variant_in_hand(learner):
    seeds = []
    threads = [
        threading.Thread(target=lambda: seeds.append(learner.sitting(SCALE, "scale").seed))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seeds) == 8
    assert len(set(seeds)) == 1


def test_a_home_of_the_release_before_gets_its_tables_and_keeps_its_runs(home):
    with Client(home, worker=None) as client:
        number = client.submit("evaluate", EvaluateSpec())
    with Learner(home) as learner:
        learner.read(READING)
    with Learner(home) as learner, Client(home, worker=None) as client:
        assert learner.done(READING.id, READING.hash)
        assert client.run(number).kind == "evaluate"


def test_a_record_of_a_newer_release_is_left_alone(home):
    Learner(home).close()
    rows = sqlite3.connect(home.database)
    rows.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('learner', '99')")
    rows.commit()
    with pytest.raises(EngineError, match=f"version {VERSION + 1}; this one reads up to {VERSION}"):
        Learner(home)


def test_opening_it_again_and_reading_imports_nothing_heavy(home):
    program = """
import sys
from engine.runs.home import Home
from tutor.learner.record import Learner
with Learner(Home(sys.argv[1])) as learner:
    learner.progress([]), learner.due(), learner.place()
print(*sorted(set(sys.modules) & {"pandas", "numpy", "torch", "sqlite_utils", "fsrs"}))
"""
    assert python(program, home.path).communicate()[0].split() == ["sqlite_utils"]
    assert python(program, home.path).communicate()[0].split() == []


def test_fresh_seeds_are_the_learners_own(tmp_path):
    from engine.runs.home import Home

    drawn = set()
    for n in range(3):
        with Learner(Home(tmp_path / f"{n}"), rng=Random(n)) as learner:
            drawn.add(learner.sitting(SCALE, "scale").seed)
    assert len(drawn) == 3
