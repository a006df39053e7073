"""What `tutor lint --new` makes is a whole lesson: nothing is wrong but what is to be filled in."""

import pytest

from engine.errors import EngineError
from lessons.kit.course.lesson import every_lesson, read_lesson
from lessons.kit.linting.lint import lint
from lessons.kit.linting.template import FILES, blanks, create


def test_a_new_lesson_has_no_fault_but_its_blanks(tmp_path):
    folder = create("numbers/rounding", tmp_path)
    assert folder == tmp_path / "numbers" / "rounding"
    assert sorted(each.name for each in folder.iterdir()) == sorted(FILES)
    made = read_lesson(folder, "numbers/rounding")
    report = lint([made], seeds=100)
    where = {(each.where, each.says) for each in report.findings}
    assert where == {
        (f"{file}, line {line}", f"Still to be filled in: {what}.")
        for file, line, what in blanks(folder)
    }
    assert {file for file, _, _ in blanks(folder)} == set(FILES) - {"solution.py"}
    assert {each.kind for each in report.tried} == {"Numeric", "Choice", "Essay"}
    assert report.counts["checks"] == 4 and report.counts["labs"] == 1


def test_a_lesson_that_is_filled_in_has_none(tmp_path):
    folder = create("numbers/rounding", tmp_path)
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("FILL IN: ", "Here is "), encoding="utf-8")
    assert lint([read_lesson(folder, "numbers/rounding")], parts=["structure"]).clean
    assert not any(list(blanks(each.folder)) for each in every_lesson())


def test_a_new_lesson_writes_over_nothing(tmp_path):
    (create("numbers/rounding", tmp_path) / "lesson.md").write_text("mine", encoding="utf-8")
    with pytest.raises(EngineError, match=r"is there already\. Give another name"):
        create("numbers/rounding", tmp_path)
    assert (tmp_path / "numbers/rounding/lesson.md").read_text(encoding="utf-8") == "mine"
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EngineError, match="cannot be written"):
        create("file/rounding", tmp_path)


@pytest.mark.parametrize("id", ["", "rounding", "numbers/", "/rounding", "../up", "a/b/c", "A/b"])
def test_a_new_lesson_has_a_unit_and_a_name(id, tmp_path):
    with pytest.raises(EngineError, match="Give UNIT/LESSON"):
        create(id, tmp_path)
    assert not list(tmp_path.iterdir())
