"""The controls of a lab: what is typed, pasted and moved, and what of it is a value."""

from typing import Annotated

import pytest
from textual.app import App
from textual.events import Paste

from engine.figures import Figure
from lessons.kit.lab import Choice, Model, Number, Slider, Text, Toggle, lab
from tutor.tui.pictures import until
from tutor.tui.widgets.controls import Controls


@lab("all", about="A control of every kind.")
def every_kind(
    bits: Annotated[int, Slider(2, 16)] = 8,
    a: Annotated[int, Number(-128, 127)] = 100,
    number: Annotated[str, Text(20)] = "pi",
    model: Annotated[str, Model("acorn", "oak")] = "acorn",
    method: Annotated[str, Choice("absmax", "zero-point")] = "absmax",
    signed: Annotated[bool, Toggle()] = True,
) -> Figure: ...


class Alone(App):
    """Only the controls."""

    def compose(self):
        made = every_kind
        self.controls = Controls(made.parameters, made.values())
        self.refused = []
        yield self.controls

    def on_controls_refused(self, event):
        self.refused.append(event.why)


@pytest.fixture
async def alone():
    app = Alone()
    async with app.run_test() as pilot:
        app.controls.focus()
        await pilot.pause()
        yield app.controls, pilot


async def test_what_is_no_value_leaves_the_one_that_was(alone):
    controls, pilot = alone
    await pilot.press("down", *"300")
    assert (controls.typing, controls.values["a"]) == ("300", 100)
    assert pilot.app.refused[-1] == "It can be -128 to 127. It stays 100."
    await pilot.press("backspace")
    assert (controls.typing, controls.values["a"], pilot.app.refused[-1]) == ("30", 30, "")
    await pilot.press("0", "enter")
    assert (controls.typing, controls.values["a"]) == (None, 100)


async def test_every_row_moves_but_a_row_of_text_and_the_footer_knows(alone):
    controls, pilot = alone
    moved = []
    for row in controls.parameters:
        before = controls.values[row.name]
        named = "right" in pilot.app.screen.active_bindings
        await pilot.press("left" if row.name == "signed" else "right")
        if controls.values[row.name] != before:
            moved.append(row.name)
        assert named == (row.name in moved) == (row.name != "number"), row.name
        await pilot.press("down")
    assert controls.values["a"] == 101
    assert "down" not in pilot.app.screen.active_bindings, "there is no control below the last"


async def test_letters_begin_a_text_unless_they_are_keys_of_a_lab(alone):
    controls, pilot = alone
    await pilot.press("down", "down", *"sqrt(2)".replace("(", "").replace(")", ""))
    assert controls.values["number"] == "sqrt2"
    await pilot.press("enter", *"nan", "enter")
    assert controls.values["number"] == "nan"
    await pilot.press("x", "g", "q")
    assert (controls.typing, controls.values["number"]) == (None, "nan")


async def test_what_is_pasted_is_typed_into_the_row(alone, tmp_path):
    controls, pilot = alone
    (tmp_path / "config.json").write_text("{}")
    await pilot.press("down", "down", "down")
    controls.post_message(Paste(f"{tmp_path}\n"))
    await until(pilot, lambda: controls.typing == str(tmp_path))
    await pilot.press("down")
    controls.post_message(Paste("zero-point"))
    await pilot.pause()
    assert (controls.typing, controls.values["method"]) == (None, "absmax")


async def test_keys_that_come_at_once_act_in_their_order(alone):
    controls, pilot = alone
    for key in ["down", "5", "0", "backspace", "enter", "down", "x", "up", "7"]:
        pilot.app.simulate_key(key)
    await until(pilot, lambda: controls.typing == "7")
    assert (controls.cursor, controls.values["a"], controls.values["bits"]) == (1, 7, 8)


@pytest.mark.parametrize(("name", "end"), [("right", 16), ("left", 2)])
async def test_at_its_end_a_row_moves_no_further_and_the_footer_knows(alone, name, end):
    controls, pilot = alone
    controls.set("bits", end)
    by = {"right": 1, "left": -1}[name]
    assert not controls.check_action("move", (by,))
    assert controls.check_action("move", (-by,))
    await pilot.press(name)
    assert controls.values["bits"] == end
