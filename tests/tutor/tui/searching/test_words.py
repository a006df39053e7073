"""Words as they are looked up."""

import pytest

from tutor.course.markup import opening, without_marks
from tutor.tui.searching.words import (
    asked,
    close_to,
    emphasized,
    excerpt,
    words,
)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("Outliers", {"outlier"}),
        ("zero-point", {"zero", "point", "zeropoint"}),
        ("LLM.int8()", {"llm", "int8", "llmint8"}),
        ("loss of bits", {"loss", "of", "bit"}),
        ("NF4, (α) µ", {"nf4", "α", "μ"}),
        ("lr_rate", {"lr", "rate", "lrrate"}),
    ],
)
def test_a_text_is_its_words_and_its_compounds(text, has):
    assert set(words(text)) == has


def test_what_is_typed_is_its_words_each_once():
    assert asked("  Zero-point ZERO ") == ["zero", "point"]
    assert asked("  -- ") == []


def test_a_mistyped_word_is_taken_for_the_nearest():
    known = ["outlier", "output", "order", "oak"]
    assert close_to("outleir", known) == "outlier"
    assert close_to("zzz", known) == ""


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("The **absolute maximum**, *even*.", "The absolute maximum, even."),
        ("    q = round(s * x) * 2", "q = round(s * x) * 2"),
        ("# A head\n\n- one\n- `two`", "A head one two"),
    ],
)
def test_marks_go_and_what_they_mark_stays(markdown, plain):
    assert without_marks(markdown) == plain


def test_a_text_is_called_by_its_first_sentence():
    assert opening("Half of 10 is `5`. More comes.") == "Half of 10 is 5"
    assert opening("word " * 40).endswith(" …")


def test_an_excerpt_is_the_part_with_the_word_and_marks_it():
    text = "first " * 30 + "an outlier stands here " + "last " * 30
    said = excerpt(text, ["outlier"], 60)
    assert "outlier" in said.plain
    assert said.plain.startswith("… ") and said.plain.endswith(" …")
    assert len(said) <= 60
    assert [said.plain[span.start : span.end] for span in said.spans] == ["outlier"]
    assert not emphasized("a layout", ["out"]).spans, "only where a word begins"
