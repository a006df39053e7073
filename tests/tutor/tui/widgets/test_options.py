"""Options: what marks them."""

import pytest
from textual.app import App
from textual.events import Paste

from tutor.tui.pictures import until
from tutor.tui.widgets.options import Options
from tutor.tui.words.prose import prose


class Alone(App):
    """Only the options."""

    def __init__(self, texts, several):
        super().__init__()
        self.options = Options(tuple(map(prose, texts)), several=several)
        self.refused = ""

    def compose(self):
        yield self.options

    def on_options_refused(self, event):
        self.refused = event.why


@pytest.mark.parametrize(
    ("texts", "pressed", "marked", "said"),
    [
        (["yes", "no"], "b", "b", ""),
        (["yes", "no"], "2", "b", ""),
        (["yes", "no"], "3", "", "'3' is no option: they are a to b."),
        (["yes", "no"], "0", "", "'0' is no option: they are a to b."),
        (["4 bits", "2 bits", "8 bits"], "2", "b", ""),  # called by numbers, as plain mode reads
        (["4 bits", "2 bits", "8 bits"], "3", "", "'3' is no option: they are a to c."),
        (["8 bits", "16 bits", "12 bits"], "1", "",
         "'1' is no option: 16 bits is b, 12 bits is c."),
        (["4 bits", "3 of them", "none"], "3", "", "'3' is no option: 3 of them is b."),
        (["4 bits", "none", "3 of them"], "3", "c", ""),  # by its place and by its text
        (["from -0.2 to 1.7", "of 1,2", "else"], "2", "b", ""),  # no 2 in 0.2
        (["all", "of `2` kinds", "b"], "2", "b", ""),
    ],
)  # fmt: skip
async def test_a_digit_marks_what_it_can_only_mean(texts, pressed, marked, said):
    app = Alone(texts, several=False)
    async with app.run_test() as pilot:
        app.options.focus()
        await pilot.press(pressed)
        await pilot.pause()
        assert (app.options.typed, app.refused) == (marked, said)


async def test_letters_can_be_pasted_and_words_mark_nothing():
    app = Alone(["yes", "no", "perhaps"], several=True)
    async with app.run_test() as pilot:
        app.options.focus()
        app.options.post_message(Paste("A, c\n"))
        await until(pilot, lambda: app.options.typed == "a c")
        app.options.post_message(Paste("cab"))
        await until(pilot, lambda: app.refused == "'cab' is no option: they are a to c.")
        assert app.options.typed == "a c"


@pytest.mark.parametrize("several", [False, True])
async def test_space_marks_and_takes_the_mark_off(several):
    app = Alone(["yes", "no"], several=several)
    async with app.run_test() as pilot:
        app.options.focus()
        for marked in ("a", "", "a"):
            await pilot.press("space")
            await pilot.pause()
            assert app.options.typed == marked
