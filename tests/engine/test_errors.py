"""Both sentences of an error, one after the other."""

import copy
import pickle

import pytest

from engine.errors import EngineError, SpecError


@pytest.mark.parametrize(
    ("what", "way_out", "words"),
    [
        ("It is gone.", "Look elsewhere.", "It is gone. Look elsewhere."),
        ("[Errno -2] Name or service not known", "Connect.",
         "[Errno -2] Name or service not known. Connect."),
        ("Is it there?", "Look.", "Is it there? Look."),
        ("It is gone", "", "It is gone"),
        ("", "Look.", "Look."),
    ],
)  # fmt: skip
def test_what_happened_is_a_sentence_of_its_own(what, way_out, words):
    assert str(EngineError(what, way_out)) == words


def test_copies_keep_all_of_it():
    error = SpecError("k", 0, "k is 0", "Take 1")
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (other.field, other.value, str(other)) == ("k", 0, "k is 0. Take 1")
