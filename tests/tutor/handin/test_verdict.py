"""A verdict is read first, however long the list below it."""

import pytest

from tutor.handin.claims import Claim
from tutor.handin.verdict import sentence, verdict_text
from tutor.handin.verify import Verdict


def verdict(count, holds=True, edits=()):
    claims = tuple(Claim(f"claim {n}", "1", "1", holds) for n in range(count))
    return Verdict("t.ipynb", edits, claims)


@pytest.mark.parametrize("edits", [(), ("A cell was added.",)])
def test_what_it_comes_to_is_said_first(edits):
    found = verdict(3, holds=False, edits=edits)
    parts = verdict_text(found, 80).split("\n\n")
    assert parts[0] == sentence(found)
    assert all(f"! {edit}" in parts for edit in edits)
    assert verdict_text(found, 80).count("do NOT follow") == 1


def test_below_what_is_longer_than_a_screen_it_is_said_again():
    parts = verdict_text(verdict(40), 80).split("\n\n")
    assert parts[0] == parts[-1] == sentence(verdict(40))


def test_a_screen_that_says_it_above_leaves_it_out():
    assert sentence(verdict(40)) not in verdict_text(verdict(40), 80, summed_up=False)
