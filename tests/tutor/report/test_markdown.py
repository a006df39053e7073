import pytest

from lessons.kit.course.lesson import every_lesson
from lessons.kit.question import variant
from tutor.report import question
from tutor.report.markdown import text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Absmax** maps *0.0* to `0`.", "Absmax maps 0.0 to `0`."),
        ("[the paper](https://a.org/b) says", "the paper (https://a.org/b) says"),
        ("<https://a.org>", "https://a.org"),
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one  \ntwo", "one\ntwo"),
        ("## A *heading*\n\ntext", "A heading\n\ntext"),
        ("- a\n- b", "  - a\n  - b"),
        ("3. a\n4. b\n   - c", "  3. a\n  4. b\n    - c"),
        ("> said", "> said"),
        ("one\n\n---\n\ntwo", "one\n\n--------\n\ntwo"),
        ("so\n\n    8 * 4\n      = 32", "so\n\n    8 * 4\n      = 32"),
        ("```\na  *b*\n```", "    a  *b*"),
        ("![a curve](c.png)", "a curve (c.png)"),
        ("", ""),
    ],
)
def test_markdown_as_plain_text(markdown, plain):
    assert text(markdown) == plain


def test_a_table_has_columns():
    assert text("| scheme | perplexity |\n|---|---:|\n| **absmax** | 12 |\n| `row` | 3.25 |") == (
        "  scheme  perplexity\n  absmax  12\n  `row`   3.25"
    )


def test_long_lines_are_broken_and_hang():
    lines = text("- " + "word " * 40).splitlines()
    assert max(map(len, lines)) <= 78
    assert all(line.startswith("    word") for line in lines[1:])


def test_no_line_of_the_course_shows_its_markup():
    """Nor a power that was taken for emphasis, which would lose its stars."""
    for lesson in every_lesson():
        said = [text(step.text) for step in lesson.steps]
        for function in lesson.questions().values():
            body = variant(function, 3).body
            said += [question.worked_text(body)]
            said += [question.hint_text(body, at) for at in range(len(body.hints))]
        for line in "\n".join(said).splitlines():
            assert "](" not in line
            assert len(line) <= 80, f"{lesson.id}: {line}"
            words = line if not line.startswith("    ") else ""
            assert not any(f"**{letter}" in words for letter in "abcdefghijklmnoqrstuvwxyz"), line
