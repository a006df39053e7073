"""`tutor lint`."""


def test_a_lesson_without_a_fault(told, tutor):
    args = ("lint", "halves", "--part", "structure", "--part", "questions", "--seeds", 20)
    report, code = told(*args)
    assert report["findings"] == []
    assert (report["clean"], code) == (True, 0)
    assert {each["question"]: each["variants"] for each in report["tried"]} == {
        "half": 20,
        "why": 20,
    }
    shown = tutor(*args)
    assert "Nothing is wrong." in shown.stdout
    assert "questions of numbers/halves" in shown.stderr


def test_a_lesson_with_a_fault(told, tutor, course, monkeypatch):
    from dataclasses import replace

    from tutor.course import names as finding

    broken = replace(course[0], needs=("numbers/thirds",), sources=())
    monkeypatch.setattr(finding, "lessons", lambda: (broken,))
    report, code = told("lint", "halves", "--part", "structure")
    assert (report["clean"], code) == (False, 5)
    assert "numbers/thirds" in str(report["findings"])
    assert "✗ numbers/halves" in tutor("lint", "halves", "--part", "structure").stdout


def test_a_lesson_that_is_not_there(tutor):
    assert tutor("lint", "thirds").exit_code == 3


def test_a_new_lesson_is_made_and_looked_at_by_its_path(told, tutor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = tutor("lint", "--new", "numbers/rounding")
    assert shown.exit_code == 0
    assert f"Made {tmp_path / 'numbers' / 'rounding'}" in shown.stderr
    assert "questions.py, line 1: Still to be filled in: what" in shown.stdout
    parts = ("--part", "structure", "--part", "questions", "--seeds", 20)
    for path in ("numbers/rounding", "./numbers/rounding", tmp_path / "numbers" / "rounding"):
        report, code = told("lint", path, *parts)
        assert code == 5
        assert {each["lesson"] for each in report["findings"]} == {"numbers/rounding"}
        assert [each["question"] for each in report["tried"]] == [
            "rounded-error",
            "rounding-helps",
            "rounding-why",
        ]


def test_a_name_of_the_course_is_no_folder_beside_it(told, tmp_path, monkeypatch):
    (tmp_path / "halves").mkdir()
    monkeypatch.chdir(tmp_path)
    assert told("lint", "halves", "--part", "structure")[1] == 0
    assert told("lint", "./halves", "--part", "structure")[1] == 1
