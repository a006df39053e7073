"""What is typed finds what is meant, and that stands on top."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit.course.lesson import every_lesson
from tutor.tui.searching.commands import ALSO
from tutor.tui.searching.commands import items as of_commands
from tutor.tui.searching.course import items
from tutor.tui.searching.index import Index, Item, find
from tutor.tui.searching.words import WORD


@pytest.fixture(scope="module")
def course():
    """The course itself."""
    return Index(items(every_lesson()))


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("zero", ("lesson", "numbers/zero-point")),
        ("zero-point", ("lesson", "numbers/zero-point")),
        ("point zero", ("lesson", "numbers/zero-point")),
        ("outlier", ("lesson", "numbers/outliers")),
        ("outleir", ("lesson", "numbers/outliers")),
        ("exercise zero", ("step", "numbers/zero-point", "numbers/zero-point/exercise/exercise")),
        ("absmax-range", ("step", "numbers/integers", "numbers/integers/question/absmax-range")),
        ("task 2.2", ("task", "fine-tune")),
        ("lab schedule", ("step", "tutorial/fine-tune", "tutorial/fine-tune/lab/schedule")),
    ],
)
def test_the_course_is_found_by_its_names(course, typed, opens):
    assert course.find(typed).hits[0].item.opens == opens


@pytest.mark.parametrize("typed", ["int8", "NF4", "outlier", "llm.int8", "codes nf4", "ReLU"])
def test_the_words_of_texts_are_found_where_they_stand(course, typed):
    found = course.find(typed)
    assert found.all_words
    texts = [hit.item for hit in found.hits if hit.item.kind == "reading"]
    assert texts, "a text has it"
    said = texts[0].text.casefold()
    assert all(word in said for word in typed.casefold().split())


def test_every_step_is_among_the_first_five_by_its_lesson_and_number(course):
    """What the promise of six keys rests on: /, what is typed, at most four times down, Enter."""
    far = {}
    for lesson in every_lesson():
        for at, step in enumerate(lesson.steps, 1):
            typed = f"{lesson.title} {at}"
            opened = [hit.item.opens for hit in course.find(typed).hits[:5]]
            if ("step", lesson.id, step.id) not in opened:
                far[typed] = step.id
    assert not far


def test_what_has_all_words_comes_alone_and_what_has_some_only_without():
    index = Index(
        Item("reading", name, "Here", ("step", "l", name), text=text)
        for name, text in [("one", "red green"), ("two", "red blue"), ("three", "blue")]
    )
    assert [hit.item.title for hit in index.find("red blue").hits] == ["two"]
    found = index.find("green blue red")
    assert not found.all_words and {hit.item.title for hit in found.hits} == {"one", "two"}
    assert index.find("").hits == () == index.find("zzz").hits


def test_a_number_is_only_itself():
    index = Index(Item("run", f"{n} sft", "Runs", ("run", n)) for n in (1, 10, 11))
    assert [hit.item.opens for hit in index.find("1").hits] == [("run", 1)]


@given(
    st.lists(
        st.lists(st.sampled_from("ab ac abc bcd cde x1 2".split()), min_size=1, max_size=4),
        min_size=1, max_size=8,
    ),
    st.data(),
)  # fmt: skip
def test_whatever_its_name_an_item_is_found_by_any_of_its_words_in_any_index(names, data):
    made = [Item("lab", " ".join(name), "", ("step", "l", at)) for at, name in enumerate(names)]
    wanted = data.draw(st.sampled_from(made))
    words = data.draw(st.lists(st.sampled_from(wanted.title.split()), min_size=1, unique=True))
    cut = data.draw(st.integers(0, len(made)))
    together = find([Index(made)], " ".join(words))
    assert wanted.opens in [hit.item.opens for hit in together.hits]
    apart = find([Index(made[:cut]), Index(made[cut:])], " ".join(words))
    scores = [hit.score for hit in apart.hits]
    assert {hit.item.opens for hit in apart.hits} == {hit.item.opens for hit in together.hits}
    assert scores == sorted(scores, reverse=True), "the best stands first"


async def test_a_command_is_found_by_any_word_of_what_it_does(hand, opened):
    async with opened(hand.home) as (app, _):
        there = list(app.get_system_commands(app.screen))
        index = Index(of_commands(there))
        for at, command in enumerate(there):
            said = f"{command.title} {command.help} {ALSO.get(command.title, '')}"
            for word in WORD.findall(said):
                opened_by = [hit.item.opens[1] for hit in index.find(word).hits]
                assert at in opened_by, f"{word} of {command.title}"
