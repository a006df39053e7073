import pytest

from engine.chain.tuning import UNTOUCHED, Tuning
from engine.machine import Machine
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.form import Form
from tutor.tui.screens.tutorial import Tutorial
from tutor.tutorial import settings as tuning


async def visit(app, pilot, down=2):
    """The form of task 2.2; with four steps down, that of 3.2."""
    await pilot.press("t")
    await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)
    await pilot.press(*["down"] * down, "e")
    await until(pilot, lambda: isinstance(app.screen, Form) and app.screen._machine is not None)


async def retype(pilot, value):
    """Another value in the marked line."""
    await pilot.press("end", *["backspace"] * 24, *value)


def kept(app):
    return tuning.read(app.home).tuning


async def test_all_settings_stand_on_one_screen_as_they_are_handed_out(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        words = text(app)
        for label in ("rank r", "adapted layers", "learning rate", "K ", "top-p", "threshold"):
            assert label in words
        assert "q_proj k_proj v_proj" in words
        assert app.screen.tuning == UNTOUCHED


async def test_what_is_typed_is_kept_with_enter_and_holds(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, "16")
        assert "keep" in keys(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        await until(pilot, lambda: app.seen.tuning == Tuning(lora_r=16))
        assert kept(app) == Tuning(lora_r=16)
        assert app.seen.specs["sft"]["lora_r"] == 16


async def test_escape_keeps_nothing(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, "16")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        assert not tuning.path(hand.home).exists()


async def test_a_value_that_cannot_be_says_so_beside_it_and_is_not_kept(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, "0")
        assert "✗ must be from 1 to 1,024." in text(app)
        assert "lora_r is 0; it must be from 1 to 1,024." in text(app), "in full, below"
        assert "keep" not in keys(app)
        await pilot.press("enter")
        assert told[-1] == ("Not now", "lora_r is 0; it must be from 1 to 1,024.")
        await retype(pilot, "many")
        assert "✗ must be a number." in text(app)
        assert not tuning.path(hand.home).exists()


async def test_what_the_student_lacks_and_what_has_no_room_is_said_before_it_runs(
    hand, opened, monkeypatch
):
    monkeypatch.setattr(
        "tutor.tui.classroom.classroom.machine", lambda *_: Machine(2, 4 * 10**9, 2 * 10**9, ())
    )
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("down", "down", "down")
        await retype(pilot, "q_proj c_attn")
        assert "acorn has no layer c_attn. It has down_proj" in text(app)
        await pilot.press("down", "down", "down")
        await retype(pilot, "4096")
        assert set(app.screen.faults) == {"target_modules", "batch_size"}
        assert "A batch of 4,096 needs 11.7 GB; here is 4.0 GB." in text(app)


async def test_the_policys_form_begins_at_its_own_lines(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot, down=4)
        await retype(pilot, "3")
        await pilot.press("down", "down", "down")
        await retype(pilot, "1.5")
        assert "threshold is 1.5; it must be 0 or more, and 1 at most." in text(app)
        await retype(pilot, "0.4")
        await pilot.press("enter")
        await until(pilot, lambda: app.seen.tuning == Tuning(k=3, threshold=0.4))


async def test_all_can_be_as_handed_out_again(hand, opened):
    tuning.write(hand.home, Tuning(lora_r=4, threshold=0.9))
    async with opened(hand.home) as (app, pilot):
        await until(pilot, lambda: app.seen.tuning is not None)
        await visit(app, pilot)
        assert app.screen.tuning.lora_r == 4
        await pilot.press("f8")
        await until(pilot, lambda: app.screen.tuning == UNTOUCHED)
        assert kept(app).lora_r == 4, "nothing is kept before Enter"
        await pilot.press("enter")
        await until(pilot, lambda: kept(app) == UNTOUCHED)


async def test_the_editor_gets_what_the_form_says_and_the_form_what_it_saved(
    hand, opened, monkeypatch
):
    def edited(app, file):
        text = file.read_text()
        assert "lora_r = 16" in text
        file.write_text(text.replace("epochs = 1", "epochs = 3").replace("k = 5", "k = 0"))
        return True

    monkeypatch.setattr("tutor.tui.outside.editor.open_in_editor", edited)
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, "16")
        await pilot.press("f4")
        await until(pilot, lambda: app.screen.tuning == Tuning(lora_r=16, epochs=3))


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_a_broken_file_is_told_and_the_form_is_reached_past_its_long_words(
    hand, opened, size
):
    file = tuning.path(hand.home)
    file.parent.mkdir(parents=True)
    file.write_text("[sft\nlora_r = 3")
    async with opened(hand.home, size=size) as (app, pilot):
        await visit(app, pilot)
        assert app.screen.focused is app.screen.typed("lora_r")
        await pilot.press(*["down"] * 12)
        assert app.focused is app.screen.typed("top_p"), "lines out of sight are reached, too"
        assert app.focused.region in app.screen.query_one("#form").region
