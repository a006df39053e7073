"""What the checks said, in a line."""

from lessons.kit.judging.report import Report, Result
from tutor.report.checks import report_text, summary
from tutor.tui.classroom.exercise import reported


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


def test_what_is_so_of_several_in_a_row_is_said_once():
    needs = "Needs the one above: Check 0."
    results = [
        Result(name=f"check_{n}", says=f"Check {n}.", outcome=outcome, why=why, got=got)
        for n, (outcome, why, got) in enumerate(
            [
                ("failed", "It is 3.", "3"),
                *[("not run", needs, "")] * 3,
                ("not run", "Too long.", ""),
            ]
        )
    ]
    said = report_text(Report(tuple(results)))
    assert said.count(needs) == 1
    assert f"{needs} The same goes for the 2 checks before it." in said
    assert said.index("Check 3.") < said.index(needs) < said.index("Check 4.")
    assert said.count("It is 3.") == said.count("Too long.") == 1
    shown = "\n".join(part.content.plain for part in reported(Report(tuple(results))))
    assert shown.count(needs) == 1
    alone = Report((results[0], results[1]))
    assert "The same goes" not in report_text(alone)
