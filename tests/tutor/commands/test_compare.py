"""`tutor compare` and `tutor audit`, on the rows of a whole chain."""

import pytest


@pytest.fixture
def ids(hand):
    return hand.chain()


def test_two_runs_compared_for_people(tutor, ids):
    first, second = ids["student"], ids["sample"]
    shown = tutor("compare", first, second)
    assert shown.exit_code == 0
    words = " ".join(shown.stdout.split())
    for each in (
        f"run {first} 0.440 0.347 to 0.538 one answer each evaluate acorn + adapter 3",
        f"run {second} 0.520 0.423 to 0.615 the vote of 5 samples sample acorn + adapter 3",
        f"run {first} right 24 both 20 lost",
        f"run {first} wrong 28 gained 28 neither",
        "difference +0.080 95% -0.056 to +0.212 Newcombe's method 10",
        "0.312 exact McNemar test, two-sided",
        f"Run {second} is ahead of run {first}, but this difference is within noise.",
        "gained (28) test-5 test-6",
        "lost (20) test-2 test-8",
    ):
        assert each in words
    assert max(map(len, shown.stdout.splitlines())) < 110


def test_two_runs_compared_as_json(told, ids):
    found, code = told("compare", ids["student"], ids["cascade"])
    assert code == 0
    assert found["second"]["by"] == "the cascade's, K 5, threshold 0.5"
    assert found["paired"]["within_noise"] is True
    assert len(found["flips"]) == len(found["gained"]) + len(found["lost"]) == 48


def test_a_difference_that_is_more_than_noise(tutor, ids):
    shown = tutor("compare", ids["baseline"], ids["teach"]).stdout
    assert "Run 2 is better than run 1: this difference is more than noise." in shown
    assert "within noise" not in shown
    assert "300 of the 400 problems of run 2 are left out" in shown


def test_what_cannot_be_compared(tutor, ids):
    shown = tutor("compare", ids["baseline"], ids["sft"])
    assert shown.exit_code == 1
    assert "Run 3 is of kind sft, which answers no problems." in shown.stderr
    assert tutor("compare", 1, 99).exit_code == 3
    assert "cannot be compared with itself" in tutor("compare", 1, 1).stderr


def test_an_audit_for_people(tutor, ids):
    shown = tutor("audit", ids["baseline"], "--differ").stdout
    assert "right by robust 44, strict 40, flexible 44 of 100 answers" in shown
    assert "all 100, wrong 56, right 44, no number 11, differ 4" in shown
    rows = [line for line in shown.splitlines() if line.startswith("test-")]
    assert len(rows) == 4
    assert all("✓ right  ✗ wrong  ✓ right" in row for row in rows)
    assert len(tutor("audit", ids["sample"], "--only", "wrong").stdout.splitlines()) == 5 + 285


def test_one_answer_in_full(tutor, ids):
    shown = tutor("audit", ids["baseline"], "--problem", "test-23").stdout
    assert "gold 296; found by ####: '#### $296'" in shown
    assert "strict    ✗ wrong  [invalid]" in shown
    assert "flexible  ✓ right  $296" in shown
    assert shown.rstrip().endswith("#### $296")
    none = tutor("audit", ids["baseline"], "--problem", "test-23", "--only", "wrong")
    assert none.exit_code == 3
    assert "no such answer to a problem 'test-23'" in none.stderr


def test_an_audit_as_json(told, ids):
    found, code = told("audit", ids["teach"], "--differ")
    assert code == 0
    assert found["counts"]["all"] == 400
    assert len(found["answers"]) == found["counts"]["differ"] > 0
    for answer in found["answers"]:
        assert answer["differ"] and answer["robust"] and not answer["strict"]
        start, end = answer["place"]
        assert answer["text"][start:end] == f"#### ${answer['value']}"


def test_a_cascades_audit_is_of_its_final_answers(told, ids):
    found, _ = told("audit", ids["cascade"])
    assert found["counts"]["all"] == 100
    assert found["counts"]["robust"] == 52


def test_what_cannot_be_audited(tutor, ids):
    shown = tutor("audit", ids["sft"])
    assert shown.exit_code == 1
    assert "answers no problems" in shown.stderr
    assert tutor("audit", ids["baseline"], "--differ", "--only", "wrong").exit_code == 2
