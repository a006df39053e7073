import pytest

from engine.errors import EngineError
from lessons.kit.source import digest, marked, whole

CODE = """
@question("one")
def one(rng):
    return 1


@lab("two", about="Two.")
def two():
    return 2


@question(name)
def by_a_variable(rng):
    return 3
"""


def test_functions_under_a_mark_by_the_name_it_gives(tmp_path):
    file = tmp_path / "questions.py"
    file.write_text(CODE)
    assert list(marked(file, "question")) == ["one"]
    assert list(marked(file, "lab")) == ["two"]
    assert marked(tmp_path / "nowhere.py", "lab") == {}


def test_a_digest_is_of_what_the_code_does(tmp_path):
    one, two, three = (tmp_path / f"{name}.py" for name in ("one", "two", "three"))
    one.write_text(CODE)
    two.write_text(CODE.replace("return 1", "# why\n    return (1)"))
    three.write_text(CODE.replace("return 1", "return 4"))
    assert marked(one, "question") == marked(two, "question") != marked(three, "question")
    assert marked(one, "lab") == marked(three, "lab")
    assert whole(one) == whole(two) != whole(three)
    assert digest("a", "b") != digest("ab")


def test_what_is_no_python_is_said_with_its_line(tmp_path):
    (tmp_path / "labs.py").write_text("x = 1\ndef (:\n")
    with pytest.raises(EngineError, match=r"labs\.py, line 2"):
        marked(tmp_path / "labs.py", "lab")
