"""What is typed in a step that is answered reaches its field, and none of it costs anything."""

from dataclasses import replace

import pytest
from textual.widgets import TextArea

from lessons.kit.course.lesson import lesson as read
from lessons.kit.question import Matrix
from tests.tutor.lessons import record
from tests.tutor.looking import keys, text
from tests.tutor.tui.screens.test_lesson import asked, at, flat, here, press
from tutor.course import requests
from tutor.tui.pictures import until
from tutor.tui.widgets.options import Options
from tutor.tui.widgets.steps.answered import field_for


def cost(view):
    """What the variant in hand has cost so far."""
    sitting = view.asked.sitting
    return sitting.seed, sitting.hints, sitting.misses, sitting.opened


async def test_who_has_left_the_line_comes_back_by_typing(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        line = view._field
        await press(pilot, "-4q")
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is view)
        await until(pilot, lambda: keys(app).get("back to the answer") == "enter")
        for pressed, typed in [
            (["minus", "4", "7"], "-4q-47"),
            (["backspace"], "-4q-4"),
            (["enter"], "-4q-4"),
            (["e"], "-4q-4e"),
            (["tab"], "-4q-4e"),
        ]:
            await pilot.press(*pressed)
            await until(pilot, lambda: app.focused is line)
            assert line.value == typed, pressed
            await pilot.press("escape")
            await until(pilot, lambda: app.focused is view)
        assert view.told is None, "Enter only came back"


async def test_what_could_not_be_read_is_said_until_the_next_key(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, "4?")
        await pilot.press("enter")
        await until(pilot, lambda: view.told is not None and view.told.outcome == "unreadable")
        said = "cannot be read in a number"
        await until(pilot, lambda: said in flat(app))
        await pilot.press("backspace")
        await until(pilot, lambda: said not in flat(app))
        assert view.typed == "4"
        assert cost(view)[2] == 0


async def test_what_is_pasted_beside_the_line_is_in_it(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, "1")
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is view)
        view.post_message(paste("25"))
        await until(pilot, lambda: app.focused is view._field and view.typed == "125")


def paste(words):
    """What the terminal sends of a paste."""
    from textual.events import Paste

    return Paste(words)


async def test_a_click_on_what_is_asked_leads_into_the_line(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, "12")
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is view)
        await pilot.click("#ask")
        await until(pilot, lambda: app.focused is view._field)


@pytest.mark.parametrize("word", ["sqrt(2)", "sin(0)", "none", "nan", "half", "worth", "n=4"])
async def test_a_word_that_begins_with_a_key_is_typed(learning, word):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        before = cost(view)
        for known, letter in enumerate(word, 1):
            await press(pilot, letter) if letter not in "()=" else view._field.take(letter)
            assert view.typed == word[:known]
        assert (at(app), cost(view)) == (view, before)


async def test_behind_a_letter_enter_does_what_is_said_below_it(learning, hand):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        assert {"hint −1": "h", "new variant": "n", "solution": "w", "skip": "s"}.items() <= keys(
            app
        ).items()
        seed = view.asked.sitting.seed
        said = (
            "⏎ takes the next hint: 1 point less on all variants, for 12 hours. Type on to answer."
        )
        await pilot.press("h")
        await until(pilot, lambda: said in flat(app))
        assert (view.asked.sitting.hints, keys(app)["hint −1"]) == (0, "enter")
        await pilot.press("enter")
        await until(pilot, lambda: "Hint 1" in text(app))
        assert view.typed == ""
        await press(pilot, "HINT")
        await pilot.press("enter")
        await until(pilot, lambda: "Hint 2" in text(app))
        await pilot.press("h")
        await until(pilot, lambda: "There is no further hint." in flat(app))
        await pilot.press("backspace", "n", "enter")
        await until(pilot, lambda: view.asked.sitting.seed != seed)
        await asked(app, pilot)
        await press(pilot, "solution")
        await until(pilot, lambda: "⏎ shows the solution." in flat(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Worked solution" in text(app))
        await press(pilot, "back")
        await until(pilot, lambda: "⏎ goes to the step before." in flat(app))
        await pilot.press("enter")
        await until(pilot, lambda: at(app) is not view)
        await pilot.press("right")
        await until(pilot, lambda: app.focused is view._field)
        await pilot.press("s")
        await until(pilot, lambda: "⏎ skips this step; you can come back to it." in flat(app))
        await pilot.press("enter")
        await until(pilot, lambda: here(app, "reading/before-even"))


async def test_a_letter_over_a_wrong_answer_does_not_lose_it(learning, right):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, "7")
        await pilot.press("enter")
        await until(pilot, lambda: "1 of 3 misses" in text(app))
        assert "hint −1" in keys(app), "the line is idle"
        await pilot.press("h")
        assert view.typed == "h"
        await pilot.press("backspace")
        await until(pilot, lambda: (view.typed, view._field.idle) == ("7", True))
        await pilot.press("h", "enter")
        await until(pilot, lambda: "Hint 1" in text(app))
        assert (view.typed, view._field.idle) == ("7", True)
        await press(pilot, right(view))
        assert view.typed == right(view), "what is typed next takes its place"


async def test_what_is_typed_while_an_answer_is_graded_is_the_next_one(learning, right):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        view._field.value = "7"
        app.screen.action_go_on()
        view._field.take("8")  # before the verdict
        assert view.typed == "8"
        await until(pilot, lambda: "1 of 3 misses" in text(app))
        assert (view.told.answered.attempt.typed, view.typed) == ("7", "8")
        view._field.value = right(view)
        app.screen.action_go_on()
        view._field.take("9")
        await until(pilot, lambda: "Right." in text(app))
        assert view.typed == view.told.answered.attempt.typed == right(view)


async def test_what_is_typed_before_the_line_is_there_goes_into_it(learning):
    async with learning() as (app, pilot):
        app.screen.action_go_on()
        view = at(app)
        assert view.step.kind == "question" and view.asked is None
        for letter in ["s", "3"]:  # no key: a question is being made, and s would pass over it
            app.simulate_key(letter)
        await until(pilot, lambda: view._field is not None and view.typed == "s3")
        assert app.focused is view._field


async def test_a_paste_of_several_lines_is_joined_and_said(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        for pasted, typed, said in [
            ("12\n", "12", ""),
            ("1\r\n\n2\t3\n", "1 2 3", "2 lines were pasted, and are joined here."),
            ("\n\n", "", ""),
            ("\x1b[31m4\x00\n", "[31m4", ""),
            ("9" * 30_000, "9" * 10_000, "30,000 characters were pasted; the first 10,000"),
        ]:
            view._field.post_message(paste(pasted))
            await until(pilot, lambda typed=typed: view.typed == typed)
            await until(pilot, lambda said=said: said in flat(app))
            if said:
                await press(pilot, "0")
                await until(pilot, lambda said=said: said not in flat(app))
            view._field.value = ""


async def test_rows_that_are_pasted_into_a_grid_stay_rows(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        grid = Matrix(ask="?", answer=[[1, 2], [3, 4]], worked=".")
        line = field_for(replace(view.asked, variant=replace(view.asked.variant, body=grid)))
        view.put_up(view.query_one("#body"), line)
        await until(pilot, lambda: app.focused is line)
        line.post_message(paste("1 2\n3 4\n"))
        await until(pilot, lambda: line.value == "1 2; 3 4")
        line.value = ""
        await pilot.press("left_square_bracket")
        assert (line.value, at(app)) == ("[", view), "a grid may begin with a bracket"


async def test_tab_never_leaves_the_step(learning):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        for tab in ["tab", "shift+tab", "tab"]:
            await pilot.press(tab)
            assert (at(app), app.focused) == (view, view._field)


async def test_a_prediction_is_typed_and_left_in_the_same_ways(learning, hand):
    with record(hand.home) as learner:
        async with learning("predict/after-one") as (app, pilot):
            view = at(app)
            await until(pilot, lambda: app.focused is view._field)
            await press(pilot, "half")
            await pilot.press("enter")
            await until(pilot, lambda: "nothing was taken down" in text(app))
            assert not view.over
            await pilot.press(*["backspace"] * 4)
            await press(pilot, "5")
            await pilot.press("escape", "2")
            assert view.typed == "52"
            await until(pilot, lambda: learner.half_named(view.step.id) == "52")
        async with learning("predict/after-one") as (app, pilot):
            await until(pilot, lambda: at(app).typed == "52")
            await until(pilot, lambda: "read as 52" in text(app))
            await pilot.press("enter")
            await until(pilot, lambda: "You said 52" in text(app))
            assert learner.half_named(at(app).step.id) == ""
        async with learning("predict/after-one") as (app, pilot):
            assert at(app).over


async def test_a_fresh_variant_is_still_asked_after_quitting(learning, right):
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        await press(pilot, right(view))
        await pilot.press("enter")
        await until(pilot, lambda: "Right." in text(app))
        await pilot.press("n")  # nothing is awaited any more: it is a key at once
        await until(pilot, lambda: view.told is None)
        await asked(app, pilot)
        await press(pilot, "4")
        seed = view.asked.sitting.seed
        await until(pilot, lambda: "read as 4" in text(app))
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        assert (view.asked.sitting.seed, view.typed) == (seed, "4")
        assert "You answered" not in text(app)


async def test_what_is_marked_is_marked_again_after_a_kill(learning):
    async with learning("question/even") as (app, pilot):
        view = await asked(app, pilot, "question/even")
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing is marked yet." in flat(app))
        await pilot.press("2")
        await until(pilot, lambda: "Marked: b." in flat(app))
        assert "Nothing is marked" not in flat(app)
        await pilot.press("3")
        await until(pilot, lambda: "'3' is no option: they are a to b." in flat(app))
    async with learning("question/even") as (app, pilot):
        view = await asked(app, pilot, "question/even")
        assert view.typed == "b"
        await pilot.press("enter")
        await until(pilot, lambda: "You answered b." in flat(app))


async def test_a_text_is_written_held_against_its_rubric_and_judged_in_sight(hand, opened):
    """On a real lesson; 20 rows are too few for the text, the rubric and the verdict together."""
    lesson = read("numbers/zero-point")
    step = lesson.step("question/zero-point-judged")
    async with opened(hand.home, size=(80, 20)) as (app, pilot):
        await until(pilot, lambda: app.course.ready)
        app.open_lesson(lesson.id, step.id)
        await until(pilot, lambda: getattr(app.screen, "complete", False))
        view = at(app)
        await until(pilot, lambda: view.asked is not None and isinstance(app.focused, TextArea))
        assert "in one line" not in text(app)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Nothing is written yet." in text(app))
        shown = keys(app)
        assert (shown["rubric"], shown["new line"]) == ("ctrl+r", "enter")
        await press(pilot, "it is")
        await pilot.press("enter", "s", "escape")
        await until(pilot, lambda: app.focused is view)
        assert "rubric" not in keys(app)
        await pilot.press("m", "ctrl+r")
        assert view.typed == "it is\nsm"
        options = view.query_one(Options)
        await until(pilot, lambda: app.focused is options)
        await pilot.press("a", "enter")
        await until(pilot, lambda: view.over)
        await until(pilot, lambda: "It meets 1 of 4 lines. Not yet:" in text(app))
        assert "0.75 points of 3." in text(app) and "n asks it anew." in text(app)
        assert "third miss" not in flat(app)
        assert keys(app)["next"] == "enter"


def test_no_request_can_be_read_as_an_answer():
    """Else Enter behind it would have two meanings."""
    from lessons.kit.answers import reading
    from lessons.kit.answers.reading import Unreadable
    from lessons.kit.question import Bits, Numeric

    bodies = [
        *(Numeric(ask="", answer=1, unit=unit, worked="") for unit in ("", "byte", "percent")),
        Bits(ask="", answer="0101", worked=""),
        Matrix(ask="", answer=[[1]], worked=""),
    ]
    for typed in {*requests.ACTIONS, *requests.ALSO, *requests.LETTERS}:
        assert requests.read(typed) and requests.read(f" {typed.upper()} ")
        for body in bodies:
            with pytest.raises(Unreadable):
                reading.read(body, typed)


async def test_keys_that_come_at_once_act_in_their_order(learning):
    """Over a slow line several come together: one that bubbles must not act behind the next."""
    async with learning("question/half") as (app, pilot):
        view = await asked(app, pilot)
        for key in [*"129", "backspace", "8", "home", "5", "delete", "end", "1", "enter", "7"]:
            app.simulate_key(key)
        await until(pilot, lambda: view.told is not None)
        assert view.told.answered.attempt.typed == "5281"
        await until(pilot, lambda: view.typed == "7")  # the next answer has begun
        for key in ["ctrl+u", "h", "enter", "6"]:
            app.simulate_key(key)
        await until(pilot, lambda: view.asked.sitting.hints == 1)
        await until(pilot, lambda: view.typed == "6")
    async with learning("question/even") as (app, pilot):
        view = await asked(app, pilot, "question/even")
        for key in ["a", "enter", "b"]:
            app.simulate_key(key)
        await until(pilot, lambda: view.told is not None)
        assert view.told.answered.attempt.typed == "a"
