from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tutor.report.table import _BLANKS, table


def test_columns_are_as_wide_as_their_widest_cell():
    shown = table([("a", "10", "x"), ("long", "2", "")], ("name", "n", "why"), right=(1,))
    assert shown.splitlines() == [
        "name   n  why",
        "a     10  x",
        "long   2",
    ]


def test_without_heads():
    assert table([("a", "b")]) == "a  b"


ROWS = [
    ("1", "✓ finished", "cascade run 19 → oak, K 5, threshold 0.6"),
    ("12", "· waiting", "teach with oak, 400 questions"),
]
HEADS = ("run", "state", "what")


def test_the_widest_column_is_folded_and_a_sign_stays_with_its_word():
    assert table(ROWS, HEADS, right=(0,), width=40).splitlines() == [
        "run  state       what",
        "  1  ✓ finished  cascade run 19 → oak, K",
        "                 5, threshold 0.6",
        " 12  · waiting   teach with oak, 400",
        "                 questions",
    ]


def test_what_is_too_narrow_for_columns_is_told_row_by_row():
    assert table(ROWS[:1], HEADS, width=20).splitlines() == [
        "run    1",
        "state  ✓ finished",
        "what   cascade run",
        "       19 → oak, K",
        "       5, threshold",
        "       0.6",
    ]


cells = st.lists(st.text("ab✓· ", max_size=12).map(str.strip), min_size=3, max_size=3)


@given(st.lists(cells, min_size=1, max_size=5), st.integers(4, 60), st.booleans())
def test_no_line_is_wider_than_its_room_and_no_word_is_lost(rows, width, headed):
    shown = table(rows, HEADS if headed else (), right=(1,), width=width)
    for line in shown.splitlines():
        longest = max(map(len, _BLANKS.split(line.strip())))
        assert len(line) <= width or longest > width - len("state  "), line
    letters = Counter("".join(map("".join, rows)))
    letters.subtract(shown)
    assert all(letters[each] <= 0 for each in "ab✓·")


def test_without_a_width_a_line_is_as_long_as_it_takes():
    assert len(table(ROWS, HEADS).splitlines()) == 3
