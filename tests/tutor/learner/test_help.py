"""Help counts for its question: what a hint or a solution on one variant does to the others."""

import json
from random import Random

import pytest
from pytest import approx

from engine.runs.database import Database
from engine.runs.home import Home
from tests.tutor.learner.conftest import ERROR, RIGHT, SCALE, WRONG
from tutor.learner import schema
from tutor.learner.record import Learner


def sitting(learner, step=SCALE):
    return learner.sitting(step, step.id.rsplit("/", 1)[1])


def test_a_hint_counts_for_the_next_variants(answer, learner):
    learner.hint(sitting(learner), 3)
    fresh = learner.another(SCALE, sitting(learner))
    assert (fresh.hints, fresh.hints_before, fresh.worth(3)) == (0, 1, approx(2))
    assert fresh.after_help
    assert answer(RIGHT).attempt.points == approx(2)


def test_a_rung_is_paid_once(learner):
    learner.hint(sitting(learner), 3)
    fresh = learner.another(SCALE, sitting(learner))
    assert fresh.hint_costs(3) == 0
    fresh = learner.hint(fresh, 3)
    assert (fresh.worth(3), fresh.after_help) == (approx(2), False)
    assert fresh.hint_costs(3) == approx(1)


def test_a_hint_that_costs_nothing_here_may_cost_on_the_next_variant(answer, learner):
    for _ in range(2):
        there = answer(WRONG).sitting
    assert there.worth(3) == 1, "it cannot fall further"
    assert there.hint_costs(3) == approx(1)


def test_a_solution_that_was_read_leaves_the_least_on_every_variant(answer, learner):
    learner.worked(sitting(learner))
    fresh = learner.another(SCALE, sitting(learner))
    assert (fresh.opened, fresh.read_before, fresh.worth(3)) == (False, True, 1)
    assert answer(RIGHT).attempt.points == 1


def test_reading_it_after_three_careless_misses_is_no_way_around(answer, learner):
    for _ in range(3):
        ended = answer(WRONG).sitting
    assert ended.fresh().worth(3) == 3, "misses cost on their own variant"
    assert learner.worked(ended).fresh().worth(3) == 1
    assert answer(RIGHT).attempt.points == 1


def test_after_the_last_miss_whoever_reads_nothing_has_a_fresh_variant_for_all_points(answer):
    for _ in range(3):
        answer(WRONG)
    assert answer(RIGHT).attempt.points == 3


def test_help_is_over_after_twelve_hours(answer, learner, clock):
    learner.worked(learner.hint(sitting(learner), 3))
    learner.another(SCALE, sitting(learner))
    clock.pass_days(0.49)
    assert sitting(learner).worth(3) == 1
    clock.pass_days(0.02)
    assert sitting(learner).worth(3) == 3
    assert answer(RIGHT).attempt.points == 3


def test_on_its_own_variant_it_counts_for_ever(learner, clock):
    learner.hint(sitting(learner), 3)
    clock.pass_days(9)
    assert sitting(learner).worth(3) == approx(2)


def test_it_counts_for_reviews_too(answer, learner, clock):
    answer(RIGHT)
    clock.pass_days(30)
    review = learner.sitting(SCALE, "scale", "review")
    assert learner.worked(review).ending == "missed"
    again = learner.sitting(SCALE, "scale", "review")
    assert (again.seed != review.seed, again.worth(3)) == (True, 1)


def test_it_counts_for_no_other_question(learner):
    learner.worked(sitting(learner))
    assert sitting(learner, ERROR).worth(3) == 3


def test_points_that_were_had_stay(answer, learner):
    ended = answer(RIGHT).sitting
    read = learner.worked(ended)
    assert (read.opened, read.read_before) == (False, True)
    assert answer(RIGHT).best == 3
    assert learner.step(SCALE.id).points == 3


@pytest.fixture
def elsewhere(tmp_path, clock):
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as learner:
        yield learner


def test_help_is_carried_even_where_it_was_taken_after_the_end(answer, learner, elsewhere):
    for _ in range(3):
        ended = answer(WRONG).sitting
    elsewhere.import_(json.loads(json.dumps(learner.export())))
    assert sitting(elsewhere).worth(3) == 3
    learner.worked(ended)
    elsewhere.import_(json.loads(json.dumps(learner.export())))
    assert sitting(elsewhere).worth(3) == 1


def test_a_record_of_the_release_before_says_only_whether(learner, elsewhere):
    learner.hint(sitting(learner), 3)
    before = json.loads(json.dumps(learner.export())) | {"version": 1}
    for row in before["sittings"]:
        del row["hinted"], row["read"]
    elsewhere.import_(before)
    assert elsewhere.another(SCALE, sitting(elsewhere)).worth(3) == approx(2)


def test_a_file_of_the_release_before_is_brought_up_to_date(home, clock):
    database = Database(home)
    with database.transaction() as connection:
        old = schema.Database(connection, recursive_triggers=False, execute_plugins=False)
        schema.migrations.apply(old, stop_before="2 what was measured of what was predicted")
        connection.execute(
            "INSERT INTO sittings (uid, step, question, seed, purpose, begun, hints) "
            "VALUES ('a', ?, 'scale', 5, 'lesson', ?, 1)",
            (SCALE.id, clock()),
        )
    database.close()
    with Learner(home, clock) as learner:
        assert sitting(learner).seed == 5
        assert learner.another(SCALE, sitting(learner)).worth(3) == approx(2)
