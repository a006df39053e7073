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

    from tutor import finding

    broken = replace(course[0], needs=("numbers/thirds",), sources=())
    monkeypatch.setattr(finding, "lessons", lambda: (broken,))
    report, code = told("lint", "halves", "--part", "structure")
    assert (report["clean"], code) == (False, 5)
    assert "numbers/thirds" in str(report["findings"])
    assert "✗ numbers/halves" in tutor("lint", "halves", "--part", "structure").stdout


def test_a_lesson_that_is_not_there(tutor):
    assert tutor("lint", "thirds").exit_code == 3
