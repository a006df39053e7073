"""What the checks said, in a line."""

from lessons.kit.judging.report import Report, Result
from tutor.report.checks import summary


def report(*outcomes):
    return Report(
        tuple(
            Result(name=f"check_{n}", says=f"Check {n} in words.", outcome=outcome)
            for n, outcome in enumerate(outcomes)
        )
    )


def test_a_check_is_told_by_its_words_and_never_by_the_name_of_its_function():
    said = summary(report("passed", "failed", "failed", "not run"))
    assert said == (
        "1 of 4 passed; failed: Check 1 in words, and 1 more; not run: Check 3 in words"
    )
    assert "check_" not in said
    assert summary(report("passed", "passed")) == "2 of 2 passed"
