import pytest

from engine.errors import EngineError
from lessons.kit.course.blocks import split

FRONT = '+++\ntitle = "A"\n+++\n'


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.name) for block in split(FRONT + text, "a/lesson.md")[1]]


def test_front_matter_is_toml():
    assert split(FRONT, "a/lesson.md") == ({"title": "A"}, [])


def test_steps_break_the_text():
    _, blocks = split(
        FRONT + "\nFirst.\n\n```predict mse\nlab = 'a'\n[set]\nbits = 4\n```\n\nThen.\n"
        "\n```lab a\n```\n```question q\npoints = 2\n```\n\n",
        "a/lesson.md",
    )
    assert [(b.kind, b.name, b.text, b.line) for b in blocks] == [
        ("reading", "", "First.", 5),
        ("predict", "mse", "lab = 'a'\n[set]\nbits = 4", 7),
        ("reading", "", "Then.", 13),
        ("lab", "a", "", 15),
        ("question", "q", "points = 2", 17),
    ]
    assert blocks[1].settings == {"lab": "a", "set": {"bits": 4}}


def test_other_fences_are_text():
    text = "```python\n```lab a\nx = 1\n```\n\n~~~\n+++\n~~~\n\n    ```lab b\n"
    assert kinds(text) == [("reading", "")]
    assert kinds("````text\n```lab a\n```\n````\n") == [("reading", "")]


def test_an_exercise_needs_no_name():
    assert kinds("```exercise\n```\n") == [("exercise", "exercise")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a/lesson.md does not begin"),
        ("title", "a/lesson.md does not begin"),
        ("+++\ntitle = 'A'\n", "not closed"),
        ("+++\ntitle = \n+++\n", "front matter is no TOML"),
        (FRONT + "```lab a\nbits =\n```\n", "line 4: lab a is no TOML"),
        (FRONT + "text\n```lab a\n", "line 5 does not end"),
    ],
)
def test_what_cannot_be_read_names_the_place(text, says):
    with pytest.raises(EngineError, match=says):
        split(text, "a/lesson.md")
