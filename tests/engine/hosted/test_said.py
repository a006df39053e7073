import json
import sqlite3
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.answers import judge
from engine.hosted.reply import MOST_TOKENS
from engine.hosted.said import LONGEST_WHY, Said

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]))
"""Lone surrogates and NUL too."""
ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | st.lists(st.none())


@given(ANY_TEXT, ANYTHING, ANYTHING, ANY_TEXT)
def test_whatever_it_is_made_of_it_can_be_stored_and_judged(text, tokens_in, tokens_out, why):
    said = Said(text, tokens_in, tokens_out, "blocked", why)
    assert 0 <= said.tokens_in <= MOST_TOKENS and 0 <= said.tokens_out <= MOST_TOKENS
    assert len(said.why) <= LONGEST_WHY
    assert (said.why + "x").isprintable()
    row = (said.text, said.tokens_in, said.tokens_out, said.why)
    with sqlite3.connect(":memory:") as database:
        assert database.execute("SELECT ?, ?, ?, ?", row).fetchone() == row
    assert Said(**json.loads(json.dumps(asdict(said)))) == said
    judge(said.text, "7")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")), st.integers(0, MOST_TOKENS))
def test_what_was_storable_stays_as_it_was(text, tokens):
    said = Said(text, tokens, tokens, "whole")
    assert (said.text, said.tokens_in, said.tokens_out) == (text, tokens, tokens)


@pytest.mark.parametrize("made", [("7", "odd"), (None, "whole"), (b"7", "whole")])
def test_what_is_no_reply_is_refused(made):
    with pytest.raises(ValueError, match="no reply"):
        Said(made[0], 0, 0, made[1])
