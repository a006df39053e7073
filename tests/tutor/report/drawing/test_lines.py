import math
from itertools import pairwise

import pytest

from engine.figures import Line, LineChart, Reference
from tutor.report.drawing.grid import plain
from tutor.report.drawing.lines import MOST_POINTS, lines, thinned

NAN = float("nan")
RISING = Line("up", (0.0, 1.0, 2.0, 3.0), (0.0, 1.0, 2.0, 3.0))
WAVE = Line(
    "wave", tuple(float(x) for x in range(101)), tuple(math.sin(x / 15) for x in range(101))
)


def chart(*drawn, references=(), **more):
    return LineChart(lines=drawn, x="x", y="y", caption="c", references=references, **more)


def rows(figure, width=60, symbols="braille", height=12):
    return plain(lines(figure, width, symbols, height))


def test_what_is_drawn_is_where_it_should_be():
    head, *grid, line, numbers, name = rows(chart(RISING), width=23, symbols="ascii", height=4)
    assert head == "y"
    assert [row[0] for row in grid] == [" ", "2", " ", "0"]
    drawn = [{at for at, each in enumerate(row) if each == "*"} for row in grid]
    assert sorted(at for row in drawn for at in row) == list(range(3, 23))  # once in each column
    assert all(min(above) > max(below) for above, below in pairwise(drawn))
    assert line.count("┬") == 4
    assert (numbers.split(), name.split()) == (["0", "1", "2", "3"], ["x"])


@pytest.mark.parametrize(("symbols", "first", "last"), [("braille", "⠉", "⣀"), ("block", "▀", "▄")])
def test_one_line_is_drawn_in_dots(symbols, first, last):
    flat = Line("f", tuple(at / 50 for at in range(101)), (1.0,) * 51 + (0.0,) * 50)
    _, *grid, _, _, _ = rows(chart(flat), 63, symbols)
    assert grid[0].startswith(f"1.0 ┤{first * 5}")
    assert grid[11].endswith(last * 5)


def test_a_mark_stands_on_each_of_few_points_and_the_name_in_the_head():
    head, *grid = rows(chart(RISING, Line("down", (0.0, 3.0), (3.0, 0.0))))
    assert head == "y   ● up   ○ down"
    assert [sum(row.count(mark) for row in grid) for mark in "●○"] == [4, 2]


def test_of_two_lines_that_run_together_none_is_hidden():
    same = [Line(name, WAVE.xs, WAVE.ys) for name in ("a", "b", "c")]
    drawn = "".join(rows(chart(*same))[1:])
    assert all(drawn.count(mark) >= 3 for mark in "●○■")
    few = "".join(rows(chart(RISING, RISING))[1:])
    assert "●" in few and "○" in few


def test_points_that_are_not_joined_are_marks_alone():
    dots = Line("val", (0.0, 50.0, 100.0), (0.5, -0.5, 0.2), joined=False)
    drawn = "".join(rows(chart(dots))[1:-3])
    assert drawn.count("●") == 3
    assert not any(0x2800 <= ord(each) <= 0x28FF for each in drawn)


def test_points_that_are_no_numbers_are_left_out():
    holes = Line("h", (1.0, 2.0, 3.0, 4.0, 0.0), (1.0, NAN, None, math.inf, 5.0))
    drawn = "".join(rows(chart(holes))[1:])
    assert drawn.count("●") == 2
    assert "".join(rows(chart(holes, log_x=True))[1:]).count("●") == 1  # 0 has no logarithm
    assert rows(chart(Line("n", (1.0,), (NAN,)))) == []


def test_thinning_keeps_the_ends_the_least_and_the_greatest():
    ys = [math.sin(at / 50) for at in range(20_000)]
    ys[7_777], ys[12_345] = 9.0, -9.0
    kept = list(zip(*thinned(Line("l", tuple(range(20_000)), tuple(ys))), strict=True))
    assert len(kept) <= MOST_POINTS + 2
    assert {(0, ys[0]), (7_777, 9.0), (12_345, -9.0), (19_999, ys[-1])} <= set(kept)


def test_a_level_line_goes_across_and_has_its_name_on_it():
    drawn = rows(chart(WAVE, references=(Reference("random 0.5", 0.5),)))
    (row,) = [row for row in drawn if "random 0.5" in row]
    assert row.count("╌") > 20


def test_an_upright_line_has_its_name_beside_it():
    _, *grid, _, _, _ = rows(chart(WAVE, references=(Reference("best 40", 40.0, "x"),)))
    columns = {row.index("┊") for row in grid if "┊" in row}
    assert len(columns) == 1
    assert any("┊ best 40" in row or "best 40 ┊" in row for row in grid)


@pytest.mark.parametrize(
    ("at", "axis", "arrow"),
    [(1e6, "y", "↑"), (-1e6, "y", "↓"), (1e6, "x", "→"), (-1e6, "x", "←")],
)
def test_a_line_that_is_far_off_is_named_at_the_edge_and_does_not_flatten_the_rest(at, axis, arrow):
    drawn = rows(chart(WAVE, references=(Reference("you said", at, axis),)))
    assert f"{arrow} you said" in "\n".join(drawn)
    assert drawn[-3:] == rows(chart(WAVE))[-3:]


def test_one_that_is_near_widens_the_axis():
    drawn = "\n".join(rows(chart(WAVE, references=(Reference("you said 1.5", 1.5),))))
    assert "↑" not in drawn and "╌ you said 1.5 ╌" in drawn


def test_a_name_that_has_no_room_stands_in_the_head():
    full = [Line(str(at), (0.0, 100.0), (at / 24, at / 24)) for at in range(25)]
    head = "\n".join(rows(chart(*full, references=(Reference("middle", 0.5),)))[:4])
    assert "╌ middle" in head


def test_every_name_is_there_however_many_lines_go_across():
    across = tuple(Reference(f"line {at}", at / 10) for at in range(8))
    drawn = "\n".join(rows(chart(WAVE, references=across)))
    assert all(drawn.count(each.name) == 1 for each in across)


@pytest.mark.parametrize("log", [False, True])
def test_flat_lines_and_single_points_are_no_trouble(log):
    for ys in ((3.0,), (3.0, 3.0), (1e-300,), (7e20, 7e20)):
        flat = Line("f", tuple(map(float, range(1, len(ys) + 1))), ys)
        drawn = rows(chart(flat, log_x=log, log_y=log))
        assert "●" in "".join(drawn)


def test_a_chart_takes_the_height_it_is_given():
    assert [len(rows(chart(WAVE), height=high)) for high in (6, 12, 40)] == [10, 16, 44]
