from pathlib import Path

from engine.machine import Machine
from tests.tutor.looking import keys, text
from tutor.tui.pictures import until
from tutor.tui.screens.chain import Chain
from tutor.tui.screens.tutorial import Tutorial
from tutor.tui.widgets.choices import Choices
from tutor.tutorial.choice import Choice

FOLDER = Path("tests/engine/data/gsm8k").resolve()
QWEN = "Qwen/Qwen2.5-1.5B-Instruct"


async def visit(app, pilot):
    """The form with the models and problems."""
    await pilot.press("t")
    await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)
    await pilot.press("m")
    await until(pilot, lambda: isinstance(app.screen, Chain) and app.screen._machine is not None)


async def retype(pilot, value):
    """Another value in the marked line."""
    await pilot.press("ctrl+u")
    pilot.app.screen.focused.insert_text_at_cursor(value)
    await pilot.pause()


async def test_it_begins_with_the_built_in_ones_and_says_what_they_take(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        words = text(app)
        for each in ("acorn", "oak", "nf4-dq", "built-in", QWEN, "Fine-tuning by your settings"):
            assert each in words
        assert app.screen.choice == Choice()


async def test_gsm8k_a_student_of_the_hub_and_a_hosted_teacher_hold_once_kept(
    hand, opened, monkeypatch
):
    monkeypatch.setenv("GEMINI_API_KEY", "a key")
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        for value in (QWEN, "gemini:gemma-4-31b-it", "nf4", str(FOLDER)):
            await retype(pilot, value)
            await pilot.press("down")
        assert app.screen.faults == {}
        assert "The teacher is asked over the network" in " ".join(text(app).split())
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        await until(pilot, lambda: app.seen.choice.student == QWEN)
        specs = app.seen.specs
        assert specs["teach"]["teacher"] == "gemini:gemma-4-31b-it"
        assert {specs[name]["data"]["source"] for name in ("teach", "baseline", "sample")} == {
            "gsm8k"
        }
        assert specs["baseline"]["data"]["path"] == str(FOLDER)
        assert specs["sft"]["student"] == QWEN
        assert specs["sft"]["precision"] == specs["sample"]["precision"] == "nf4"
        assert "m Qwen2.5-1.5B-Instruct ← gemini:gemma" in text(app)


async def test_what_cannot_be_says_so_beside_it_and_is_not_kept(hand, opened, monkeypatch, told):
    monkeypatch.delenv("GEMINI_API_KEY", raising=False)
    cases = {
        "acron": "Did you mean acorn?",
        "gemini:gemma-4-31b-it": "its weights are not here",
    }
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        for value, words in cases.items():
            await retype(pilot, value)
            assert words in " ".join(text(app).split())
            assert "keep" not in keys(app)
        await retype(pilot, "acorn")
        await pilot.press("down")
        await retype(pilot, "gemini:gemma-4-31b-it")
        assert "GEMINI_API_KEY is not set" in text(app)
        await retype(pilot, "oak")
        await pilot.press("down")
        await retype(pilot, "nf5")
        assert "Choose fp32, bf16" in " ".join(text(app).split())
        await retype(pilot, "nf4")
        await pilot.press("down")
        await retype(pilot, "/nowhere")
        assert "There is no folder /nowhere." in " ".join(text(app).split())
        await pilot.press("enter")
        assert told[-1][0] == "Not now"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Tutorial))
        assert app.seen.choice == Choice()


async def test_a_folder_without_the_data_set_is_told_and_the_form_stays(
    hand, opened, tmp_path, told
):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await pilot.press("down", "down", "down")
        await retype(pilot, str(tmp_path))
        await pilot.press("enter")
        await until(pilot, lambda: bool(told))
        assert told[-1][0] == f"There is no train.jsonl in {tmp_path}."
        assert isinstance(app.screen, Chain)
        assert app.seen.choice == Choice()


async def test_a_student_without_room_is_refused(hand, opened, monkeypatch):
    monkeypatch.setattr(
        "tutor.tui.classroom.classroom.machine", lambda *_: Machine(2, 4 * 10**9, 2 * 10**9, ())
    )
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, "Qwen/Qwen2.5-3B-Instruct")
        assert "here is 4.0 GB" in " ".join(text(app).split())


async def test_a_click_on_the_models_opens_it(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Tutorial) and app.screen.is_mounted)
        await pilot.click(Choices, offset=(60, 0))
        await until(pilot, lambda: isinstance(app.screen, Chain))


async def test_as_handed_out(hand, opened):
    async with opened(hand.home) as (app, pilot):
        await visit(app, pilot)
        await retype(pilot, QWEN)
        await pilot.press("f8")
        await until(pilot, lambda: app.screen.choice == Choice())


async def test_a_narrow_window_loses_no_word_of_the_marked_line_and_no_column_that_counts(
    hand, opened
):
    async with opened(hand.home, size=(60, 24)) as (app, pilot):
        app.open_chain()
        await until(pilot, lambda: "fits here" in text(app))
        await until(pilot, lambda: "student: a built-in, folder or hub id." in text(app))
        table = text(app).split("fits here")[1].splitlines()
        assert "acorn" in table[1]
        assert not any("…" in line for line in table)
