from tutor.report.table import table


def test_columns_are_as_wide_as_their_widest_cell():
    shown = table([("a", "10", "x"), ("long", "2", "")], ("name", "n", "why"), right=(1,))
    assert shown.splitlines() == [
        "name   n  why",
        "a     10  x",
        "long   2",
    ]


def test_without_heads():
    assert table([("a", "b")]) == "a  b"
