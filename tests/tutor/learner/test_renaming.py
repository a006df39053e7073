"""A lesson and its steps get other names; what was done goes with them. It is a real lesson."""

import json
from dataclasses import replace
from random import Random

import pytest

from engine.runs.home import Home
from lessons.kit.course import course
from lessons.kit.course.exercise import Exercise, create
from lessons.kit.course.exercise import path as file_of
from lessons.kit.course.lesson import lesson
from tests.tutor.learner.conftest import INVERTED, RIGHT
from tutor.learner import renaming
from tutor.learner.record import Learner

NOW = lesson("numbers/absmax")
OLD = "numbers/biggest"
RENAMED = {
    OLD: NOW.id,
    f"{NOW.id}/question/biggest-scale": f"{NOW.id}/question/absmax-scale",
}


def as_before(step):
    """A step as it was called, and so digested, before."""
    label = step.id.rsplit("/", 1)[1].replace("absmax-scale", "biggest-scale")
    hash = step.hash if label == step.id.rsplit("/", 1)[1] else "of-before"
    name = step.name.replace("absmax-scale", "biggest-scale")
    return replace(step, id=f"{OLD}/{step.kind}/{label}", name=name, hash=hash)


BEFORE = replace(NOW, id=OLD, steps=tuple(map(as_before, NOW.steps)))
SCALE = next(step for step in BEFORE.steps if step.name == "biggest-scale")
SCALE_NOW = NOW.step("question/absmax-scale")


@pytest.fixture
def renamed(monkeypatch):
    """From now on the course has new names."""

    def rename(names=RENAMED):
        known = replace(course.load(), renamed=names)
        for module in ("tutor.learner.renaming", "lessons.kit.course.exercise"):
            monkeypatch.setattr(f"{module}.load", lambda: known)

    return rename


@pytest.fixture
def done(learner, clock):
    """All of the lesson done under its old names, and a variant in hand."""
    for step in BEFORE.steps:
        if step.kind == "question":
            for verdict in (INVERTED, RIGHT):
                learner.answer(step, learner.sitting(step, step.name), "1", verdict, 5)
                clock.now += 60
        elif step.kind == "predict":
            learner.predicted(step, "12")
        elif step.kind == "exercise":
            learner.checked(step, "passed")
        else:
            learner.attempt(step, outcome="computed" if step.kind == "lab" else "read", seconds=7)
    learner.hint(learner.sitting(SCALE, SCALE.name), 3)
    learner.go_to(SCALE.id)
    return learner


def standing(learner, made):
    """How a lesson stands, whatever it and its steps are called."""
    seen = learner.progress([made])
    (record,) = seen.lessons
    cards = learner.database.rows("SELECT due, stability, reviews FROM cards ORDER BY due")
    return (
        (record.state, record.done, record.points, record.changed, record.seconds),
        sorted((s.state, s.variants, s.clean, s.due) for s in seen.standings),
        seen.predictions,
        [tuple(row) for row in cards],
        len(seen.shaky),
    )


def test_points_cards_slips_and_predictions_go_along(done, renamed, home, clock):
    before = standing(done, BEFORE)
    assert before[0][0] == "done"
    renamed()
    with Learner(home, clock, Random(7)) as opened:
        assert standing(opened, NOW) == before
        assert opened.progress([NOW]).gone == ()
        assert opened.place() == opened.place(NOW.id) == SCALE_NOW.id
        in_hand = opened.sitting(SCALE_NOW, SCALE_NOW.name)
        assert in_hand.hints == 1
        assert {a.question for a in opened.history(SCALE_NOW.id)} == {"absmax-scale"}
        assert opened.steps(OLD) == {}


def test_a_record_with_the_old_names_is_imported_under_the_new_ones(done, renamed, tmp_path, clock):
    before, content = standing(done, BEFORE), json.loads(json.dumps(done.export()))
    renamed()
    with Learner(Home(tmp_path / "elsewhere"), clock, Random(3)) as elsewhere:
        elsewhere.import_(content)
        assert standing(elsewhere, NOW) == before
        assert elsewhere.import_(content).attempts == 0


def test_a_record_that_has_the_new_names_already_takes_one_with_the_old(
    done, renamed, home, clock, tmp_path
):
    content = json.loads(json.dumps(done.export()))
    renamed()
    with Learner(home, clock) as opened:
        before = standing(opened, NOW)
        added = opened.import_(content)
        assert (added.attempts, added.sittings) == (0, 0)
        assert standing(opened, NOW) == before


def test_what_was_set_aside_goes_along_in_the_home_and_in_a_file(
    learner, renamed, home, tmp_path, clock
):
    learner.agenda.set_aside(SCALE.id)
    exported = json.loads(json.dumps(learner.export()))
    renamed()
    known = {SCALE.id, SCALE_NOW.id}
    with Learner(home, clock) as later, Learner(Home(tmp_path / "other"), clock) as other:
        other.import_(exported)
        assert later.agenda.ahead(known).set_aside == (SCALE_NOW.id,)
        assert other.agenda.ahead(known).set_aside == (SCALE_NOW.id,)


def test_what_was_done_under_both_names_is_one(done, renamed, home, clock):
    done.answer(SCALE_NOW, done.sitting(SCALE_NOW, SCALE_NOW.name), "1", RIGHT)
    answers = len(done.history(SCALE.id)) + 1
    renamed()
    with Learner(home, clock) as opened:
        assert len(opened.history(SCALE_NOW.id)) == answers
        assert opened.step(SCALE_NOW.id).points == 3
        (card,) = opened.database.rows("SELECT reviews FROM cards WHERE step = ?", (SCALE_NOW.id,))
        assert card["reviews"] == 2


def test_a_text_that_was_rewritten_is_shown_again_though_its_lesson_is_renamed(
    learner, renamed, home, clock
):
    texts = [step for step in BEFORE.steps if step.kind == "reading"]
    text = next(step for step in texts if "biggest-scale" not in step.id)
    learner.read(replace(text, hash="another"))
    renamed()
    with Learner(home, clock) as opened:
        assert len(opened.progress([NOW]).lessons[0].changed) == 1


def test_the_exercise_goes_along(home, renamed, tmp_path):
    folder = tmp_path / "lesson"
    folder.mkdir()
    (folder / "exercise.py").write_text("shipped")
    mine = create(home, Exercise(OLD, folder))
    mine.write_text("mine")
    (mine.parent / "exercise.kept-1.py").write_text("kept")
    renamed()
    exercise = Exercise(NOW.id, folder)
    assert create(home, exercise).read_text() == "mine"
    assert file_of(home, exercise).with_name("exercise.kept-1.py").read_text() == "kept"
    assert not mine.exists()


def test_what_is_gone_is_told_with_its_points(done, clock):
    seen = done.progress([NOW])
    questions = [step for step in BEFORE.steps if step.kind == "question"]
    told = {each.step: each.points for each in seen.gone}
    assert {step.id for step in questions} <= set(told)
    assert told[SCALE.id] == done.step(SCALE.id).points > 0
    assert not any("/reading/" in step for step in told)


def test_of_a_lesson_that_cannot_be_read_nothing_is_gone(learner):
    learner.answer(SCALE_NOW, learner.sitting(SCALE_NOW, SCALE_NOW.name), "1", RIGHT)
    assert learner.progress([]).gone == ()
    assert renaming.gone(learner.database.rows, set(), {NOW.id}) != ()
