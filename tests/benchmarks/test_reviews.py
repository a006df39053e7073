"""Sixty days of reviews of six learners: how much is asked, how often, and at which recall."""

from engine.runs.home import Home
from tests.tutor.learner.months import HEADS, PEOPLE, months
from tutor.report.table import table


def test_sixty_days_of_reviews(tmp_path):
    tallies = [months(Home(tmp_path / str(n)), person) for n, person in enumerate(PEOPLE)]
    print(f"\n{table([tally.row() for tally in tallies], HEADS, right=range(1, len(HEADS)))}")
    for tally in tallies:
        if tally.back:
            print(f"{tally.name}: {' '.join(map(str, tally.back))} reviews a day after that")
    assert all(tally.days for tally in tallies)
