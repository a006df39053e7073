from textual.app import App

from tests.tutor.looking import lines
from tutor.tui.widgets.words import Cropped


class Alone(App):
    CSS = "#words { display: none; width: 12; height: 2; } #words.-shown { display: block; }"

    def compose(self):
        yield Cropped("m: more", id="words", indent=0)


async def test_what_was_said_out_of_sight_folds_where_it_is_seen_and_marks_its_end():
    async with Alone().run_test(size=(20, 5)) as pilot:
        words = pilot.app.query_one(Cropped)

        async def shown():
            await pilot.pause()
            return [row.rstrip() for row in lines(pilot.app)][:3]

        words.say("the first line is long\nthe second")
        assert await shown() == ["", "", ""]
        words.add_class("-shown")
        assert await shown() == ["the first", "… m: more", ""]
        words.styles.height = 3
        assert await shown() == ["the first", "line is long", "the second"]
        words.styles.text_wrap, words.styles.text_overflow = "nowrap", "ellipsis"
        assert await shown() == ["the first l…", "the second", ""]
