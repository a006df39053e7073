from tests.tutor.homes import write
from tests.tutor.looking import keys, text
from tutor.picture import until
from tutor.screens.confirm import Confirm
from tutor.screens.run import RunRoom
from tutor.screens.tutorial import Tutorial
from tutor.widgets.card import Card
from tutor.widgets.reading import Reading


async def visit(app, pilot):
    await pilot.press("t")
    await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)


def marked(app):
    return app.focused.standing.stage.id


async def test_five_cards_say_what_they_do_and_that_they_were_not_run(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        cards = list(app.screen.query(Card))
        assert len(cards) == 5
        words = " ".join(text(app).replace("▌", " ").split())
        for card in cards:
            assert card.standing.stage.name in words
            assert card.standing.stage.about in words, "the whole sentence, at 80 columns"
        assert words.count("not run yet Run") == 5


async def test_enter_runs_this_stage_and_what_it_needs(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("down", "down")
        assert marked(app) == "fine-tune"
        await pilot.press("enter")
        await until(pilot, lambda: len(app.seen.runs) == 3)
        assert set(app.seen.stages) == {"teach", "sft", "student"}


async def test_r_runs_too_and_says_why_it_does_not_run_twice(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("r")
        await until(pilot, lambda: "Open" in text(app))
        await pilot.press("r")
        assert told[-1] == ("Not now", "“Quantize” is waiting already.")


async def test_a_runs_the_whole_chain(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: len(app.seen.stages) == 7)
        assert "run all" not in keys(app)
        await pilot.press("a")
        assert told[-1][1] == "All that is left is running or waiting already."


async def test_a_click_on_run_runs(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        rows = text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "Ask the teacher" in row)
        await pilot.click(offset=(rows[y].rindex("Run") + 1, y))
        await until(pilot, lambda: "teach" in app.seen.stages)
        assert len(app.seen.runs) == 1


async def test_size_tuning_and_threshold_are_chosen_on_the_screen(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("z")
        await until(pilot, lambda: "300 test problems, 2,000 questions" in text(app))
        await pilot.press("f")
        await until(pilot, lambda: "● untouched" in text(app))
        await pilot.press("h")
        await until(pilot, lambda: "threshold h 0.6" in text(app))
        await pilot.press("a")
        await until(pilot, lambda: len(app.seen.stages) == 7)
        assert hand.client.run(app.seen.stages["sft"].id).spec["lora_r"] == 32
        assert hand.client.run(app.seen.stages["cascade"].id).spec["threshold"] == 0.6


async def test_a_click_chooses(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        rows = text(app).splitlines()
        await pilot.click(offset=(rows[2].index("○ full") + 2, 2))
        await until(pilot, lambda: "● full" in text(app))


async def test_cards_follow_the_run_and_enter_opens_it(hand, opened):
    ids = hand.chain(upto="sft")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        write(hand.begin(), "sft", 0.5)
        await until(pilot, lambda: "▸ running 50%" in text(app))
        assert marked(app) == "fine-tune"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RunRoom))
        assert app.screen.run_id == ids["sft"]


async def test_a_stage_that_stands_still_is_resumed_with_enter(hand, opened):
    ids = hand.submit()
    hand.client.pause(ids["baseline"])
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "‖ paused   Resume" in text(app)
        await pilot.press("enter")
        await until(pilot, lambda: hand.client.run(ids["baseline"]).state == "queued")


async def test_running_a_finished_stage_again_asks_first(hand, opened):
    hand.chain()
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("enter")  # the safe answer has the focus
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        assert len(hand.client.runs()) == 7
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: len(app.seen.runs) > 7)


async def test_settings_are_shown_in_full_on_a_key_and_beside_the_cards_where_it_is_wide(
    hand, opened
):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "precision nf4-dq" not in text(app)
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, Reading))
        assert "precision nf4-dq" in text(app)
    async with opened(hand.home, size=(160, 50)) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "precision nf4-dq" in text(app))
