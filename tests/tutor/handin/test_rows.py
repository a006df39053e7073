"""The tokens that a run's answers took, against what their texts can take."""

from random import Random

import pytest
from tokenizers import Tokenizer

from engine.models.registry import BUILTIN
from engine.models.token_count import token_count
from tutor.handin.rows import tokens

QUESTION = "How many are 2 and 3?"


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.from_file(str(BUILTIN["acorn"] / "tokenizer.json"))


def run(kind):
    spec = {"model": "acorn", "max_new_tokens": 200}
    return {"name": kind, "kind": kind, "spec": spec}


def row(text, tokens_out):
    asked = token_count("acorn").prompt(QUESTION)
    return {
        "question": QUESTION, "text": text, "cut_off": False,
        "tokens_in": asked, "tokens_out": tokens_out,
    }  # fmt: skip


def written(tokenizer, seed):
    """Answers as a model that has learned little samples them: any token after any other."""
    rng, size = Random(seed), tokenizer.get_vocab_size()
    for _ in range(200):
        ids = [rng.randrange(size) for _ in range(rng.randint(1, 60))]
        text = tokenizer.decode(ids, skip_special_tokens=True)
        yield row(text, len(ids) + 1)


@pytest.mark.parametrize("seed", range(3))
def test_samples_of_a_student_that_has_learned_nothing_hold(tokenizer, seed):
    claim = tokens(run("sample"), list(written(tokenizer, seed)))
    assert claim.holds, claim


def test_bytes_that_are_no_text_hold_where_nothing_is_sampled(tokenizer):
    byte = tokenizer.encode("é", add_special_tokens=False).ids[:1]
    ids = [*tokenizer.encode("Tom has ", add_special_tokens=False).ids, *byte]
    text = tokenizer.decode(ids)
    assert text.endswith("\ufffd")
    assert tokens(run("evaluate"), [row(text, len(ids) + 1)] * 50).holds


@pytest.mark.parametrize("kind", ["sample", "evaluate"])
def test_fewer_tokens_than_the_texts_take_do_not_hold(kind):
    text = "Tom has 2 + 3 = 5 pens.\n#### 5"
    took = token_count("acorn").answer(text, False)[0]
    assert tokens(run(kind), [row(text, took)] * 50).holds
    assert tokens(run(kind), [row(text, took - 1)] * 50).holds is False


@pytest.mark.parametrize(("kind", "holds"), [("sample", True), ("evaluate", False)])
def test_words_in_pieces_hold_only_where_they_are_sampled(kind, holds):
    text = "Tom has 2 + 3 = 5 pens.\n#### 5"
    took = token_count("acorn").answer(text, False)[-1]
    assert tokens(run(kind), [row(text, took + 2)] * 50).holds is holds
    assert tokens(run(kind), [row(text, len(text) + 2)] * 50).holds is False
