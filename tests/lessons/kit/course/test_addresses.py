"""Sources that are public have an address."""

import re

import pytest

from lessons.kit.course.addresses import addresses, known
from lessons.kit.course.lesson import every_lesson

SOURCES = sorted({source for lesson in every_lesson() for source in lesson.sources})
PUBLISHED = re.compile(r"\((19|20)\d\d\)")


@pytest.mark.parametrize("source", [each for each in SOURCES if PUBLISHED.search(each)])
def test_what_was_published_can_be_read(source):
    there = addresses(source)
    assert len(there) == len(PUBLISHED.findall(source))
    assert all(each.startswith("https://") and " " not in each for each in there)


def test_every_address_is_some_source_s_and_stands_once():
    unused = [words for words in known() if not any(words in source for source in SOURCES)]
    assert not unused
    assert len(set(known().values())) == len(known())


def test_several_stand_in_the_order_in_which_they_are_named():
    named = "Dettmers et al., QLoRA (2023); Hu et al., LoRA (2021)"
    assert addresses(named) == (known()["Dettmers et al., QLoRA"], known()["Hu et al., LoRA"])
    assert addresses("Lecture on compression: INT8") == ()
