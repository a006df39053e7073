import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.tui.widgets import code_lines

LINES = st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12))
CODE = ["def f():", "    x = '# 3'", "", "    return x  # x"]


@given(LINES)
def test_what_was_indented_is_dedented_again(lines):
    assert code_lines.dedented(code_lines.indented(lines)) == [
        line if line.strip() else code_lines.dedented([line])[0] for line in lines
    ]


@given(LINES)
def test_what_was_made_a_comment_is_code_again(lines):
    comments = code_lines.commented(lines)
    if any(line.strip() and not line.lstrip().startswith("#") for line in lines):
        assert all(line.lstrip().startswith("#") for line in comments if line.strip())
        assert code_lines.commented(comments) == lines


def test_comments_keep_the_block_in_shape():
    assert code_lines.commented(CODE[1:]) == ["    # x = '# 3'", "", "    # return x  # x"]
    assert code_lines.commented(CODE) == [
        "# def f():",
        "#     x = '# 3'",
        "",
        "#     return x  # x",
    ]
    assert ast.dump(ast.parse("\n".join(code_lines.commented(code_lines.commented(CODE))))) == (
        ast.dump(ast.parse("\n".join(CODE)))
    )


def test_dedented_goes_no_further_than_there_is_room():
    assert code_lines.dedented(["      a", "  b", "c", "\td"]) == ["  a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("before", "below"),
    [
        ("def f(x):", "    "), ("    if x:  # then", "        "), ("    f(", "        "),
        ("    x = 1", "    "), ("    # so:", "    "), ("if '#' in x:", "    "),
        ('    if x == "a: # b":', "        "), ("", ""), ("    ", "    "),
    ],
)  # fmt: skip
def test_the_next_line_is_indented_as_python_wants_it(before, below):
    assert code_lines.indent_below(before) == below


def test_a_capital_asks_for_capitals():
    lines = ["Scale = scale", "rescale"]
    assert code_lines.places(lines, "scale") == [(0, 0), (0, 8), (1, 2)]
    assert code_lines.places(lines, "Scale") == [(0, 0)]
    assert code_lines.places(lines, ".") == []
    assert code_lines.places(lines, "") == []
