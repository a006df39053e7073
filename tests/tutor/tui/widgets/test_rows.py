from textual.app import App
from textual.content import Content
from textual.events import Click

from tests.tutor.looking import lines
from tutor.tui.pictures import until
from tutor.tui.widgets.rows import Row, Rows, heading, sides


class Listing(App):
    def __init__(self, **kwargs):
        super().__init__()
        self.rows = Rows(**kwargs)
        self.opened = []

    def compose(self):
        yield self.rows

    def on_rows_opened(self, event):
        self.opened.append(event.value)


def rows(count, drawn=None):
    def row(number):
        def draw(width):
            if drawn is not None:
                drawn.append(number)
            return Content(f"row {number}")

        return Row(draw, number)

    return [row(number) for number in range(1, count + 1)]


async def test_only_rows_in_sight_are_drawn():
    drawn = []
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.show(rows(5000, drawn))
        await until(pilot, lambda: "row 1" in lines(app)[0])
        assert set(drawn) == set(range(1, 11))


async def test_the_cursor_steps_over_headings_and_stays_within():
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        a, b, c = rows(3)
        app.rows.show([heading("first"), a, heading("second"), b, c])
        assert app.rows.value == 1
        await pilot.press("down")
        assert app.rows.value == 2
        await pilot.press("up", "up", "up")
        assert app.rows.value == 1
        await pilot.press("end", "down")
        assert app.rows.value == 3


async def test_the_cursor_stays_on_its_value_when_rows_come_before_it():
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.show(rows(3)[1:])
        await pilot.press("down")
        assert app.rows.value == 3
        app.rows.show(rows(5))
        assert app.rows.value == 3


async def test_a_list_that_follows_keeps_to_its_end_until_somebody_moves():
    app = Listing(follows=True)
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.show(rows(30))
        await until(pilot, lambda: "row 30" in lines(app)[-1])
        app.rows.show(rows(40))
        await until(pilot, lambda: "row 40" in lines(app)[-1])
        await pilot.press("up")
        app.rows.show(rows(50))
        await pilot.pause()
        assert app.rows.value == 39


async def test_pages_and_ends():
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.show(rows(100))
        await pilot.press("pagedown")
        assert app.rows.value == 10
        await pilot.press("end")
        assert app.rows.value == 100
        await until(pilot, lambda: "row 100" in lines(app)[-1])
        await pilot.press("home", "enter")
        await until(pilot, lambda: app.opened == [1])


async def test_a_click_opens_the_row_under_it():
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.show(rows(5))
        await pilot.pause()
        await pilot.click(offset=(5, 3))
        await until(pilot, lambda: app.opened == [4])


async def test_an_empty_list_says_what_to_do():
    app = Listing(empty="Nothing here yet; press t to begin with the first of them.")
    async with app.run_test(size=(30, 10)) as pilot:
        app.rows.show([])
        await pilot.press("down", "end", "enter", "pagedown")
        words = " ".join(" ".join(lines(app)).split())
        assert words == "Nothing here yet; press t to begin with the first of them."
        assert app.opened == []


async def test_the_bar_knows_where_the_list_was_moved_before_there_was_a_bar():
    app = Listing(follows=True)
    async with app.run_test(size=(40, 10)) as pilot:
        with app.batch_update():
            app.rows.show_vertical_scrollbar = False
            app.rows.show(rows(50))
            app.rows.set_reactive(Rows.scroll_y, 40.0)
        await until(pilot, lambda: app.rows.show_vertical_scrollbar)
        await until(pilot, lambda: app.rows.vertical_scrollbar.position == app.rows.scroll_y == 40)


def test_two_sides_are_as_wide_as_asked_and_the_left_gives_way():
    line = sides("a long title that has no room", "43%  1:12 left", 30)
    assert line.cell_length == 30
    assert line.plain.endswith("43%  1:12 left")
    assert "…" in line.plain
    assert sides("left", "right", 20).plain == "left           right"


async def test_a_click_beside_the_rows_opens_none():
    app = Listing()
    async with app.run_test(size=(40, 10)) as pilot:
        app.rows.styles.margin = (3, 0, 0, 0)
        app.rows.show(rows(2))
        await pilot.pause()
        for y in (-3, -1, 2, 5):
            app.rows.post_message(
                Click(app.rows, 1, y, 0, 0, button=1, shift=False, meta=False, ctrl=False)
            )
        await pilot.pause()
        assert app.opened == []
