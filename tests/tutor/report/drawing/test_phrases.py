from engine.figures import Table
from tutor.report.drawing.phrases import cell, together, told

TABLE = Table(
    columns=(),
    rows=(),
    caption="c",
    values={"times_dynamic": 11.3333, "clipping": 0.0001056, "mse 32": 0.25},
    words={"times_dynamic": "{} times less error with dynamic ranges", "mse 32": ""},
)


def test_a_value_is_told_in_words_or_by_its_name():
    assert told(TABLE) == ["11.33 times less error with dynamic ranges", "clipping 0.0001056"]


def test_what_the_figure_around_has_told_is_left_out_unless_it_differs():
    assert told(TABLE, {"clipping": 0.0001056, "times_dynamic": 2.0}) == told(TABLE)[:1]


def test_phrases_stand_on_a_line_as_long_as_they_fit():
    assert together(["one of 12", "two of 12", "three"], 21) == "one of 12   two of 12\nthree"


def test_a_cell_has_a_dash_for_what_is_no_number():
    held = (float("nan"), None, float("-inf"), True, 1234.5, "q")
    assert [cell(each) for each in held] == ["–", "–", "-inf", "yes", "1,234", "q"]


def test_phrases_have_lines_before_there_is_room_for_any():
    long = "with one scale for all, 387.9 times the error"
    for width in (0, 1, 8):
        assert "".join(together(["1 left", long], width).split()) == f"1 left{long}".replace(
            " ", ""
        )
