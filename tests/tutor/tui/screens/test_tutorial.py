from contextlib import closing

import pytest

from engine.chain.tuning import Tuning
from lessons.kit.course import exercise as files
from lessons.kit.course.lesson import lesson as load_lesson
from tests.tutor.homes import own_code, write
from tests.tutor.lessons import record
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.confirm import Confirm
from tutor.tui.screens.exercise import ExerciseRoom
from tutor.tui.screens.run import RunRoom
from tutor.tui.screens.runs import Runs
from tutor.tui.screens.tutorial import Tutorial
from tutor.tui.widgets.card import Card
from tutor.tui.widgets.reading import Reading
from tutor.tutorial import settings as tuning
from tutor.tutorial.choice import REFERENCE, Choice
from tutor.tutorial.reader import Reader


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
        assert told[-1] == ("Not now", "“Quantize” is queued already.")


async def run_all(app, pilot):
    await pilot.press("a")
    await until(pilot, lambda: isinstance(app.screen, Confirm))
    await pilot.press("y")
    await until(pilot, lambda: len(app.seen.stages) == 10)


async def test_a_says_what_the_whole_chain_takes_and_runs_it_once_that_is_confirmed(
    hand, opened, told
):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        asked = " ".join(text(app).replace("│", " ").split())
        assert "Run 10 runs, one after another?" in asked
        assert "First time here: no forecast of time" in asked
        assert "400 questions to learn from, 100 problems to be judged on; small" in asked
        assert "space pauses the chain and c cancels it" in asked
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        assert hand.client.runs() == []
        await run_all(app, pilot)
        assert told[-1] == (
            "Queued",
            "Runs 1 to 10. They go on when you quit the tutor. space pauses, c cancels.",
        )
        assert "run all" not in keys(app)
        await pilot.press("a")
        assert told[-1][1] == "All that is left is running or queued already."


async def test_the_whole_chain_is_paused_goes_on_and_is_cancelled(hand, opened, told):
    ids = hand.chain(upto="student")
    write(hand.begin(), "student", 0.5)
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "3 of 10 runs finished" in text(app)
        assert keys(app)["pause all"] == "space"
        await pilot.press("space")
        await until(pilot, lambda: "▸ pausing: 3 of 10 runs finished" in text(app))
        assert keys(app)["resume all"] == "space"
        hand.client.store.end(ids["student"], "paused")
        await until(pilot, lambda: "‖ paused: 3 of 10 runs finished" in text(app))
        await pilot.press("space")
        await until(pilot, lambda: "· queued: 3 of 10 runs finished" in text(app))
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        asked = " ".join(text(app).replace("│", " ").split())
        assert "Cancel the chain of 10 runs?" in asked
        assert "The 3 that have finished stay" in asked
        await pilot.press("y")
        await until(pilot, lambda: told and told[-1][0] == "Cancelled")
        assert told[-1][1].startswith("Runs 4 to 10.")
        states = [hand.client.run(ids[name]).state for name in ("sft", "student", "cascade")]
        assert states == ["finished", "cancelled", "cancelled"]
        await pilot.press("c")
        assert told[-1] == ("Not now", "Nothing of it is going on.")


async def test_of_a_chain_that_failed_and_was_given_up_nothing_is_left_to_cancel(
    hand, opened, told
):
    ids = hand.chain(upto="sft")
    hand.begin()
    hand.client.store.end(ids["sft"], "failed", error={"what": "No room.", "way_out": ""})
    hand.client.cancel_all(ids.values())
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "cancel all" not in keys(app)
        await pilot.press("c")
        assert told[-1][1] == "Run 3 failed. Nothing else is left."
        await pilot.press("space")
        await until(pilot, lambda: hand.client.run(ids["sft"]).state == "queued")


async def test_the_runs_are_a_key_away(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("u")
        await until(pilot, lambda: isinstance(app.screen, Runs))


async def test_a_click_on_run_runs(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        rows = text(app).splitlines()
        y = next(y for y, row in enumerate(rows) if "Ask the teacher" in row)
        await pilot.click(offset=(rows[y].rindex("Run") + 1, y))
        await until(pilot, lambda: "teach" in app.seen.stages)
        assert len(app.seen.runs) == 1


async def test_the_size_is_chosen_on_the_screen(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("z")
        await until(pilot, lambda: "2,000 questions, 300 problems" in text(app))
        await run_all(app, pilot)
        assert hand.client.run(app.seen.stages["teach"].id).spec["data"]["limit"] == 2000


async def test_a_small_size_says_what_it_is_not_good_for_and_the_full_one_nothing(hand, opened):
    small = "small: scores are ±0.10; a fine-tuned student may end below the shipped one"
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert small in " ".join(text(app).split())
        await pilot.press("z")
        await until(pilot, lambda: "2,000 questions, 300 problems" in text(app))
        assert "small:" not in text(app)


async def test_each_card_says_whose_code_or_settings_hold(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        words = text(app)
        code = "the course's code, for no points (e: write yours)"
        assert words.count(f"0 of 10 points · {code}") == 1
        assert words.count(f"0 of 20 points · {code}") == 2
        assert "0 of 20 points · your settings (e: edit)" in words
        assert "0 of 30 points · your policy (e: edit)" in words
        assert not any(each.stage.number in words for each in app.screen._places())
        policy = "policy K 5, T 0.7, top-p 0.9, threshold 0.5: not tried on validation yet"
        assert policy in words


async def test_the_references_settings_can_be_run_and_bring_nothing(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("f")
        assert told[-1][1] == "This task has code: yours is taken as soon as its checks pass."
        await pilot.press("down", "down", "f")
        await until(pilot, lambda: "reference settings, no points (f: yours)" in text(app))
        assert app.seen.choice.policy == "yours"
        await pilot.press("enter")
        await until(pilot, lambda: "student" in app.seen.stages)
        assert hand.client.run(app.seen.stages["sft"].id).environment["reference"] is True
        await pilot.press("f")
        await until(pilot, lambda: "student" not in app.seen.stages)


async def test_the_references_own_chain_is_shown_and_left_again_by_its_code(hand, opened):
    """The learner's code has passed, so the chain that the command line ran is not of it."""
    own_code(hand.home)
    whole = Choice(settings=REFERENCE, policy=REFERENCE, code=REFERENCE)
    with closing(Reader(hand.home)) as reader:
        reader.chains.chain(whole).start(("baseline",))
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert app.seen.choice == whole
        assert "the course's code (f: yours)" in text(app)
        await pilot.press("f")
        await until(pilot, lambda: app.seen.choice.code == "yours")
        assert app.seen.stages == {}
        assert "your code" in text(app)


async def test_the_best_policy_of_validation_is_taken_with_a_key(hand, opened, told):
    hand.chain(upto="teacher")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("end", "b")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        asked = " ".join(text(app).replace("│", " ").split())
        assert "EM falls by 0.08 for it: yours has EM 0.74, saving 34% there." in asked
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        assert app.seen.tuning.k == 5, "nothing is taken before it was said what it costs"
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: (app.seen.tuning.k, app.seen.tuning.threshold) == (3, 0.6666))
        assert told[-1][0] == "Your policy"
        assert "K 3, threshold 0.667: EM 0.66, saving 46% on validation" in told[-1][1]
        assert "cascade" not in app.seen.stages, "that policy was not counted on test yet"
        await pilot.press("b")
        await until(pilot, lambda: told[-1][1] == "That is your policy already.")


async def test_there_is_no_best_policy_before_any_was_tried(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "best policy" not in keys(app)
        await pilot.press("b")
        assert told[-1][1].startswith("Run “Measure confidence” first")


async def test_settings_that_cannot_be_stop_what_would_run_and_say_why(hand, opened, told):
    file = tuning.path(hand.home)
    file.parent.mkdir()
    file.write_text("[sft]\nlora_r = 0\n")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("a")
        assert "lora_r is 0; it must be from 1 to 1,024." in told[-1][1]
        assert hand.client.runs() == []
        tuning.write(hand.home, Tuning(lora_r=4))
        await until(pilot, lambda: app.seen.tuning.lora_r == 4)
        await run_all(app, pilot)
        assert hand.client.run(app.seen.stages["sft"].id).spec["lora_r"] == 4


async def test_e_opens_the_exercise_of_a_task_with_code(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("down", "e")
        await until(pilot, lambda: isinstance(app.screen, ExerciseRoom) and app.screen.complete)
        assert app.screen.lesson.id == "tutorial/distill"


async def test_code_that_passed_is_the_chains_and_the_card_says_so(hand, opened):
    within = load_lesson("tutorial/quantize")
    step = next(each for each in within.steps if each.kind == "exercise")
    with record(hand.home) as learner:
        file = files.create(hand.home, within.exercise())
        file.write_text(within.exercise().solution.read_text() + "# mine\n")
        learner.checked(step, "passed")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        assert "10 of 10 points · your code" in text(app)
        await pilot.press("home", "r")
        await until(pilot, lambda: "baseline" in app.seen.stages)
        own = hand.client.run(app.seen.stages["baseline"].id).spec["own"]
        assert own["source"].endswith("# mine\n")
        assert own["reference"] is False


async def test_a_task_without_an_exercise_in_the_course_says_so(hand, opened, told, lesson):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("e")
        assert told[-1][1] == "The course has no exercise for this task."


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
        await until(pilot, lambda: "▸ running 1 of 2: 50%" in text(app))
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
        assert len(hand.client.runs()) == 10
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("y")
        await until(pilot, lambda: len(app.seen.runs) > 10)


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_a_card_and_the_choice_are_never_cut(hand, opened, width):
    hand.chain(upto="student")
    write(hand.begin(), "student", 0.5)
    async with opened(hand.home, size=(width, 60)) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "▸ running 2 of 2: 50%" in text(app))
        cards = app.screen.query_one("#stages")
        inside = [line[1 : cards.size.width - 1] for line in text(app).splitlines()[2:-2]]
        words = " ".join(" ".join(inside).replace("▌", " ").split())
        assert "…" not in words
        for line in (
            "0 of 10 points · the course's code, for no points (e: write yours)",
            "0 of 20 points · your settings (e: edit)",
            "3 Fine-tune",
            "371 answers kept",
        ):
            assert line in words
        whole = " ".join(text(app).split())
        assert "acorn ← oak · 400 questions, 100 problems" in whole


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


async def test_settings_that_have_no_room_beside_the_cards_say_where_all_of_them_are(hand, opened):
    hand.chain()
    async with opened(hand.home, size=(120, 24)) as (app, pilot):
        await visit(app, pilot)
        await until(pilot, lambda: "… s: all of it" in text(app))
        await pilot.resize_terminal(120, 50)
        await until(pilot, lambda: "… s: all of it" not in text(app))
        assert "computed with the reference" in text(app)


async def test_where_the_cards_have_no_room_down_and_up_still_mark_the_next_one(hand, opened):
    async with opened(hand.home, size=(60, 16)) as (app, pilot):
        await visit(app, pilot)
        for key, stage in (("down", "teach"), ("down", "fine-tune"), ("up", "teach")):
            await pilot.press(key)
            assert marked(app) == stage
            assert app.focused.region.y >= app.screen.query_one("#stages").region.y
            assert app.focused.standing.stage.name in text(app), "it is in sight"
