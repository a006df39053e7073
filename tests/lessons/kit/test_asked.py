import pytest

from lessons.kit.linting.asked import counts_asked, faults_asked, unit_asked, unit_missed
from lessons.kit.question import Numeric


@pytest.mark.parametrize(
    ("ask", "unit"),
    [
        ("A model has 7 billion parameters. How many GB are its weights?", "GB"),
        ("You keep 6 GiB free. How many billion parameters can it have? (To three digits.)",
         "billion"),
        ("25% of 2,000 problems are sent. What do they cost, in dollars?", "dollars"),
        ("How much is saved, in percent? (It may be negative.)", "percent"),
        ("What is the exact match, *in percent*?", "percent"),
        ("At what percentage of the tokens is it?", "percent"),
        ("How many points is half of the interval, by 1.96 standard errors?", "points"),
        ("At 12.5 points. How many problems give 2.5 points, at the same score?", "problems"),
        ("How many of the 255 integers can the others still get?", "integers"),
        ("How many standard errors is B ahead?", "errors"),
        ("How many policies is that?", "policies"),
        ("How many times as large is the error, in percent?", ""),
        ("What is 100 + 100 in INT8?", ""),
        ("What share is computed in 16 bits?", ""),
        ("How many were there? It was 3 in percent.", ""),
        ("How often are the weights changed?", ""),
        ("It takes 3 GB. What is s?", ""),
    ],
)  # fmt: skip
def test_the_unit_that_words_name(ask, unit):
    assert unit_asked(ask) == unit


def test_a_unit_in_the_words_is_the_units():
    assert unit_missed("How many GB?", "GB") == unit_missed("How many minutes?", "minute") == ""
    assert unit_missed("How many tokens a second?", "token/second") == ""
    assert unit_missed("How many GB?", "MB") == "Its words ask for GB; its unit is MB."
    assert unit_missed("What is that, in dollars?", "") == (
        "Its words ask for dollars; its unit is none."
    )


@pytest.mark.parametrize(
    ("ask", "answer", "unit", "tolerance", "says"),
    [
        ("How many products is it?", 541064, "product", 0.005, "How many there are is 541,064"),
        ("How many products is it?", 541064, "product", 0, ""),
        ("How many gnus are there?", 7, "", 0.01, "How many there are is 7,"),
        ("How many times as large is it?", 64, "", 0.02, ""),
        ("How many GB is that?", 64, "GB", 0.005, ""),
        ("How many minutes is that?", 105, "minute", 0.005, ""),
        ("How many standard errors is it ahead?", 4.35, "standard error", 0.01, ""),
        ("What is s?", 127, "", 0.005, ""),
    ],
)  # fmt: skip
def test_how_many_there_are_is_exact(ask, answer, unit, tolerance, says):
    body = Numeric(ask=ask, answer=answer, unit=unit, tolerance=tolerance, worked="")
    assert "".join(faults_asked(body)).startswith(says)
    assert bool(list(faults_asked(body))) == bool(says)


def test_what_counts():
    assert counts_asked("How many weights are trained?")
    assert not counts_asked("How many times as large is it? It has many.")
