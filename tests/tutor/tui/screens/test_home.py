import threading

from engine.errors import EngineError
from tests.tutor.homes import write
from tests.tutor.lessons import ID, record
from tests.tutor.looking import keys, text
from tutor.tui.classroom.classroom import Classroom
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.home import Home
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.score import Score
from tutor.tui.screens.tutorial import Tutorial


async def marked(app, pilot, value):
    """Move the bar to a row."""
    from tutor.tui.widgets.rows import Rows

    await until(pilot, lambda: app.course.ready)
    rows = app.screen.query_one(Rows)
    rows.mark(value)
    await until(pilot, lambda: rows.value == value)


def about(app):
    """What stands beside the rows."""
    return " ".join(app.screen.query_one("#about").render().plain.split())


async def test_a_newcomer_sees_the_course_and_enter_begins_its_first_lesson(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "Begin with: Halves" in text(app))
        assert "You will be able to" in text(app)
        assert "halve a number" in text(app)
        assert "A note on halves" in text(app), "its sources are named"
        await pilot.press("enter")
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        assert app.screen.lesson_id == ID


async def test_a_lesson_row_says_how_far_it_is(hand, opened, lesson):
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "○ Halves" in text(app))
        assert "19 points" in text(app), "beside it"
    with record(hand.home) as learner:
        for step in lesson.steps:
            learner.attempt(step, outcome="right", points=step.points)
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "● Halves" in text(app))
        assert "19/19" in text(app)
        assert "1 of 1" in text(app)


async def test_the_tutorial_follows_when_all_lessons_are_done(hand, opened, lesson):
    with record(hand.home) as learner:
        for step in lesson.steps:
            learner.attempt(step, outcome="right", points=step.points)
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "Run the tutorial" in text(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        assert hand.client.runs() == [], "it is said first what all of them take"
        await pilot.press("y")
        await until(pilot, lambda: len(app.seen.runs) == 10)
        assert isinstance(app.screen, Tutorial)
        assert {run.state for run in hand.client.runs()} == {"queued"}


async def test_what_runs_is_in_the_top_line_and_a_row_opens_it(hand, opened):
    ids = hand.chain(upto="sft")
    write(hand.begin(), "sft", 0.5)
    async with opened(hand.home) as (app, pilot):
        assert "fine-tune 50%" in text(app), "the top line says what goes on"
        await marked(app, pilot, ids["sft"])
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == ids["sft"]


async def test_an_interrupted_run_is_offered_and_a_key_resumes_it(hand, opened):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.interrupt()
    async with opened(hand.home) as (app, pilot):
        assert "interrupted" in text(app)
        assert "resume" in keys(app)
        await pilot.press("R")
        await until(pilot, lambda: hand.client.run(ids["sft"]).state == "queued")


async def test_resume_says_why_where_there_is_nothing_to_resume(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        assert "resume" not in keys(app)
        await pilot.press("R")
        assert told == [("Not now", "No run is interrupted or paused.")]


async def test_the_score_card_is_offered_once_something_was_measured(hand, opened):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await marked(app, pilot, "score")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Score))
        assert "42.5 of 100 points" in text(app)


async def test_the_tutorials_row_has_its_tasks_below_it_with_the_points(hand, opened, lesson):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "42.5 of 100 points" in text(app))
        rows = [row.split("│")[0].strip(" ▌") for row in text(app).splitlines()]
        at = next(n for n, row in enumerate(rows) if "The tutorial" in row)
        assert rows[at].startswith("◐ The tutorial")
        assert rows[at + 1].startswith("◐ The five tasks")
        await marked(app, pilot, "tutorial")
        await until(pilot, lambda: "Fine-tune 20 of 20" in about(app))


async def test_words_beside_are_about_the_marked_row(hand, opened, lesson):
    hand.submit()
    async with opened(hand.home) as (app, pilot):
        await marked(app, pilot, "tutorial")
        await until(pilot, lambda: "12 min" in text(app))
        await pilot.press("end", "up", "up")
        await until(pilot, lambda: "0 of 10 runs finished" in " ".join(about(app).split()))


async def test_a_click_opens_a_row(hand, opened, lesson):
    hand.submit()
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        row = next(y for y, line in enumerate(text(app).splitlines()) if "The five tasks" in line)
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: isinstance(app.screen, Tutorial))


async def test_a_click_on_a_key_presses_it(hand, opened):
    async with opened(hand.home) as (app, pilot):
        line = text(app).splitlines()[23]
        await pilot.click(offset=(line.index("t tutorial"), 23))
        await until(pilot, lambda: isinstance(app.screen, Tutorial))


async def test_a_paused_chain_is_one_row_and_goes_on_as_one(hand, opened):
    ids = hand.chain(upto="sft")
    record = hand.begin()
    write(record, "sft", 0.5)
    hand.client.pause_all(ids.values())
    hand.client.store.end(record.run.id, "paused")
    async with opened(hand.home, size=(120, 40)) as (app, pilot):
        await until(pilot, lambda: "‖ paused  chain: 2 of 10 finished" in text(app))
        assert text(app).count("‖ paused") == 2, "the run that has begun, and the chain"
        await pilot.press("R")
        await until(pilot, lambda: hand.client.run(ids["cascade"]).state == "queued")
        assert {hand.client.run(each).state for each in ids.values()} == {"finished", "queued"}


async def test_what_happens_beside_it_shows_up(hand, opened):
    async with opened(hand.home) as (app, pilot):
        hand.submit()
        await until(pilot, lambda: "10 queued" in text(app))


async def test_a_lesson_that_cannot_be_read_is_told_in_its_place(hand, opened, monkeypatch):
    from engine.errors import EngineError

    def broken(id):
        raise EngineError(f"{id}/lesson.md is no lesson.")

    monkeypatch.setattr("tutor.course.enrolment.lesson", broken)
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "cannot be read" in text(app))
        assert isinstance(app.screen, Home)
        await marked(app, pilot, ("lesson", "numbers/integers"))
        await until(pilot, lambda: "is no lesson." in about(app))


async def test_trouble_is_told_in_words(tmp_path, opened):
    from engine.runs.home import Home as Folder
    from tutor.tui.app import TutorApp

    (tmp_path / "file").write_text("")
    app = TutorApp(Folder(tmp_path / "file"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "is not a folder" in " ".join(text(app).split()))


async def test_before_the_course_is_read_nothing_is_said_of_what_is_due(
    hand, opened, lesson, monkeypatch, told
):
    gate, read = threading.Event(), Classroom.course

    def late(classroom):
        assert gate.wait(60)
        return read(classroom)

    monkeypatch.setattr(Classroom, "course", late)
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "Review" in text(app))
        assert "nothing due" not in text(app)
        await pilot.press("r")
        assert told == [("Not now", "The course is still being read.")]
        gate.set()
        await until(pilot, lambda: "nothing due" in text(app))


async def test_a_record_that_cannot_be_read_is_told_in_its_place(
    hand, opened, lesson, monkeypatch, told
):
    def broken(classroom):
        raise EngineError("The disk is gone.", "Find it.")

    monkeypatch.setattr(Classroom, "course", broken)
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: "Your record cannot be read" in text(app))
        assert about(app) == "The disk is gone. Find it."
        await pilot.press("r")
        assert told == [("Not now", "The disk is gone. Find it.")]


async def test_home_says_what_is_left_of_a_lesson_that_was_begun(hand, opened, lesson):
    with record(hand.home) as learner:
        for step in lesson.steps:
            if step.name == "half":
                learner.skipped(step)
            else:
                learner.attempt(step, outcome="right", points=step.points)
    async with opened(hand.home) as (app, pilot):
        await marked(app, pilot, ("lesson", ID))
        await until(pilot, lambda: "Left to do 1 step and 3 points; o lists them" in about(app))
        with record(hand.home) as learner:
            learner.attempt(lesson.step("question/half"), outcome="right", points=3)
        app.read_course()
        await until(pilot, lambda: "Left to do" not in about(app))
