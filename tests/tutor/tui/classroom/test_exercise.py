"""What each check said, as the screen tells it."""

from lessons.kit.judging.report import Report, Result
from tutor.report.checks import report_text
from tutor.tui.classroom import exercise as exercises
from tutor.tui.words.prose import lines

TRACE = "line 4, in half\n    return number / nothing\nNameError: name 'nothing' is not defined"


def result(name, outcome, **rest):
    return Result(name=name, says=f"`{name}` is right.", outcome=outcome, **rest)


def told(*results, width=60):
    return [line.plain for line in lines(exercises.reported(Report(results)), width)]


def test_what_is_to_be_mended_is_told_first_and_what_passed_last():
    results = (
        result("a", "passed"), result("b", "not run", why="Needs c."),
        result("c", "failed", why="It is another number.", expected="3.5", got="3"),
        result("d", "not judged", why="No room."),
    )  # fmt: skip
    assert told(*results) == [
        "✗ c is right.", "  It is another number.", "  expected 3.5", "  got      3",
        "? d is right.", "  No room.", "· b is right.", "  Needs c.", "✓ a is right.",
    ]  # fmt: skip
    text = report_text(Report(results))
    assert [text.index(f"`{name}`") for name in "cdba"] == sorted(
        text.index(f"`{name}`") for name in "abcd"
    )
    assert text.endswith("1 of 4 checks passed.")


def test_many_that_passed_are_counted_below_what_did_not():
    passed = tuple(result(f"p{number}", "passed") for number in range(4))
    rows = told(*passed, result("f", "failed"))
    assert rows[:3] == ["✗ f is right.", "", "4 passed:"]
    assert len(told(*passed)) == 4, "where all passed, that is said above"


def test_an_error_that_breaks_several_checks_is_shown_in_full_once():
    rows = told(*(result(name, "failed", why=f"Of {name}.", traceback=TRACE) for name in "ab"))
    assert sum("nothing" in row for row in rows) == 2
    assert rows[-3:] == ["✗ b is right.", "  Of b.", "  at the same place as above"]


def test_no_width_cuts_a_word_of_it():
    case = "The truth of '#### -$4' is not as expected: it is another value."
    results = [result("money", "failed", why=case, expected="'-4'", got="'4'", traceback=TRACE)]
    words = "".join("".join(told(*results, width=200)).split())
    for width in (20, 40, 60, 80):
        rows = told(*results, width=width)
        assert max(map(len, rows)) <= width
        assert "".join("".join(rows).split()) == words
