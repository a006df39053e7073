from tests.tutor.homes import write
from tests.tutor.looking import keys, text
from tutor.picture import until
from tutor.screens.home import Home
from tutor.screens.run import RunRoom
from tutor.screens.score import Score
from tutor.screens.tutorial import Tutorial


async def test_a_newcomer_presses_enter_and_the_whole_chain_is_queued(hand, opened):
    async with opened(hand.home) as (app, pilot):
        assert "Run the tutorial" in text(app)
        assert "You will be able to" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.seen.runs) == 7)
        assert isinstance(app.screen, Tutorial)
        assert {run.state for run in hand.client.runs()} == {"queued"}


async def test_enter_opens_what_is_running(hand, opened):
    ids = hand.chain(upto="sft")
    write(hand.begin(), "sft", 0.5)
    async with opened(hand.home) as (app, pilot):
        assert "Watch run 3" in text(app)
        assert "fine-tune 50%" in text(app), "the top line says what goes on"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == ids["sft"]


async def test_an_interrupted_run_is_offered_plainly_and_enter_resumes_it(hand, opened):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.interrupt()
    async with opened(hand.home) as (app, pilot):
        assert "Resume run 3, which was interrupted" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: hand.client.run(ids["sft"]).state == "queued")


async def test_r_resumes_and_says_why_where_there_is_nothing_to_resume(hand, opened, told):
    ids = hand.submit()
    async with opened(hand.home) as (app, pilot):
        assert "resume" not in keys(app)
        await pilot.press("r")
        assert told == [("Not now", "No run is interrupted or paused.")]
        hand.client.pause(ids["teach"])
        await until(pilot, lambda: "resume" in keys(app))
        await pilot.press("r")
        await until(pilot, lambda: hand.client.run(ids["teach"]).state == "queued")


async def test_the_score_card_needs_something_measured(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("p")
        assert told == [("Not now", "Nothing was measured yet: run the tutorial first.")]
        assert isinstance(app.screen, Home)
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Score))
        assert "42.5 of 50 points" in text(app)


async def test_words_below_are_about_the_marked_row(hand, opened):
    hand.submit()
    async with opened(hand.home) as (app, pilot):
        await pilot.press("down")
        await until(pilot, lambda: "About 12 minutes" in text(app))
        await pilot.press("end", "up")
        await until(pilot, lambda: "It waits for its turn." in text(app))


async def test_a_click_opens_a_row(hand, opened):
    hand.submit()
    async with opened(hand.home) as (app, pilot):
        row = next(y for y, line in enumerate(text(app).splitlines()) if "All runs" in line)
        await pilot.click(offset=(10, row))
        await until(pilot, lambda: type(app.screen).__name__ == "Runs")


async def test_a_click_on_a_key_presses_it(hand, opened):
    async with opened(hand.home) as (app, pilot):
        line = text(app).splitlines()[23]
        await pilot.click(offset=(line.index("t tutorial"), 23))
        await until(pilot, lambda: isinstance(app.screen, Tutorial))


async def test_what_happens_beside_it_shows_up(hand, opened):
    async with opened(hand.home) as (app, pilot):
        hand.submit()
        await until(pilot, lambda: "7 waiting" in text(app))


async def test_trouble_is_told_in_words(tmp_path, opened):
    from engine.runs.home import Home as Folder
    from tutor.app import TutorApp

    (tmp_path / "file").write_text("")
    app = TutorApp(Folder(tmp_path / "file"))
    async with app.run_test() as pilot:
        await until(pilot, lambda: "is not a folder" in " ".join(text(app).split()))
