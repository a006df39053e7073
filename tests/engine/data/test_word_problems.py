"""The generator: true answers, disjoint splits, good English, the same everywhere."""

import hashlib
import re
from itertools import islice
from random import Random

import pytest

from engine.data.annotations import ANNOTATION, check_annotations
from engine.data.problems import MOST, SPLITS, DataSpec
from engine.data.step_kinds import OPENINGS, STEPS
from engine.data.word_problems import LEVELS, SHARES, _hundredth, _Story, problem, stream
from engine.data.words import CONTAINERS, ITEMS, PEOPLE
from engine.errors import SpecError

NAMES = "|".join(person.name for person in PEOPLE)


def skeleton(found):
    """The annotations and the question without names and things: what makes a problem itself."""
    words = {n.one for n in ITEMS + CONTAINERS} | {n.many for n in ITEMS + CONTAINERS}
    bare = re.sub(rf"\b({NAMES}|He|She|{'|'.join(words)})\b", "_", found.question)
    return bare, tuple(ANNOTATION.findall(found.answer))


def some(split, level, limit=120, seed=0):
    return list(islice(stream(split, level, seed), limit))


def test_there_are_at_least_forty_kinds_of_step_with_names_of_their_own():
    kinds = [kind.id for kind in (*OPENINGS, *STEPS)]
    assert len(kinds) >= 40
    assert len(set(kinds)) == len(kinds)


def test_every_kind_is_told():
    """No row of the table is dead: each turns up within a thousand stories of some level."""
    told = set()
    for level in LEVELS.values():
        for seed in range(250):
            story = _Story(Random(f"{level}-{seed}"), level)
            if story.tell():
                told |= story.told
    assert told == {kind.id for kind in (*OPENINGS, *STEPS)}


@pytest.mark.parametrize("level", LEVELS)
def test_every_answer_follows_from_its_own_annotations(level):
    for found in some("train", level):
        check_annotations(found.answer)
        assert found.answer.rsplit("\n", 1)[1] == f"#### {found.gold}"


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_has_its_number_of_steps(level):
    counts = {found.answer.count("<<") for found in some("train", level)}
    least, most = LEVELS[level].steps
    assert counts == set(range(least, most + 1))


@pytest.mark.parametrize("level", LEVELS)
def test_numbers_in_the_working_stay_under_the_cap(level):
    for found in some("train", level):
        assert all(1 <= int(v) <= LEVELS[level].cap for _, v in ANNOTATION.findall(found.answer))


@pytest.mark.parametrize("level", LEVELS)
def test_no_skeleton_is_in_two_splits(level):
    """Also across seeds: another seed of train never brings a test question."""
    by_split = {
        split: {skeleton(p) for seed in (0, 1, 1001) for p in some(split, level, 60, seed)}
        for split in SPLITS
    }
    assert not by_split["train"] & by_split["test"]
    assert not by_split["train"] & by_split["validation"]
    assert not by_split["validation"] & by_split["test"]


def test_the_shares_of_the_splits_do_not_overlap():
    hundredths = [h for share in SHARES.values() for h in share]
    assert sorted(hundredths) == list(range(100))


def test_every_story_of_a_split_hashes_into_it():
    level = LEVELS[3]
    hundredths = set()
    for seed in range(500):
        story = _Story(Random(seed), level)
        if story.tell():
            hundredths.add(_hundredth(story.skeleton))
    assert len(hundredths) > 90


@pytest.mark.parametrize("level", LEVELS)
def test_plurals_and_numbers_agree(level):
    forms = [(n.one, n.many) for n in (*ITEMS, *CONTAINERS)] + [("day", "days")]
    for found in some("train", level):
        text = f"{found.question}\n{found.answer}"
        for one, many in forms:
            assert not re.search(rf"(?<![\d/])\b1 {many}\b", text), text
            assert not re.search(rf"\b(?!1\b)\d+ {one}\b", text), text
        assert not re.search(r"shelfs|knifes|boxs|cherrys|tomatos|peachs|brushs", text)


def test_a_pronoun_has_one_person_to_mean():
    """Where `He` opens a sentence, all the men named before it are one man."""
    men = {p.name for p in PEOPLE if p.he == "he"}
    for found in some("train", 5) + some("train", 3):
        for pronoun, rivals in (("He", men), ("She", {p.name for p in PEOPLE} - men)):
            for match in re.finditer(rf"\b{pronoun}\b", found.question):
                before = set(re.findall(NAMES, found.question[: match.start()]))
                assert len(before & rivals) == 1, found.question


def test_distractors_come_with_the_level():
    def share(level):
        told = [p.question for p in some("train", level)]
        odd = r"years old|years ago|miles away|days in May|has \d+ windows|won \d+ games"
        return sum(bool(re.search(odd, question)) for question in told) / len(told)

    assert share(1) == 0
    assert 0.15 < share(3) < 0.45


def test_the_same_place_is_the_same_problem():
    """A fixed digest: the tutorial's test split is the same on every machine and version."""
    assert problem("test", 3, 0, 7) == problem("test", 3, 0, 7)
    drawn = DataSpec(limit=50).fingerprint()
    assert drawn == DataSpec(limit=50).fingerprint()
    assert drawn != DataSpec(limit=50, seed=1).fingerprint()
    first = problem("test", 3, 0, 0)
    digest = hashlib.sha256(f"{first.question}{first.answer}".encode()).hexdigest()
    assert digest[:16] == "b55756644b11c1e6"


def test_no_question_comes_twice():
    questions = [p.question for p in DataSpec(level=1, limit=200).problems()]
    assert len(set(questions)) == 200


@pytest.mark.parametrize(
    ("field", "value"), [("split", "dev"), ("level", 6), ("limit", 0), ("source", "gsm9k")]
)
def test_a_spec_that_names_nothing_is_refused_with_its_value(field, value):
    with pytest.raises(SpecError, match=str(value)):
        DataSpec(**{field: value}).problems()


@pytest.mark.parametrize("split", MOST)
@pytest.mark.parametrize("limit", [-1, 0, None, 10**24])
def test_a_limit_is_bounded_by_what_the_generator_has(split, limit):
    limit = MOST[split] + 1 if limit is None else limit
    with pytest.raises(SpecError, match=rf"{limit:,}: too .*1 to {MOST[split]:,}: .*{split}"):
        DataSpec(split=split, limit=limit).check()
    DataSpec(split=split, limit=MOST[split]).check()


@pytest.mark.slow
@pytest.mark.parametrize("split", MOST)
def test_the_generator_has_so_many_at_the_level_that_ends_first(split):
    asked = DataSpec(split=split, level=1, limit=MOST[split]).problems()
    assert len({each.question for each in asked}) == MOST[split]


def test_making_them_can_be_left_and_begun_anew():
    def leave(made):
        if made == 5:
            raise KeyboardInterrupt

    spec = DataSpec(split="train", limit=30, seed=77)
    with pytest.raises(KeyboardInterrupt):
        spec.problems(leave)
    assert spec.problems() == DataSpec(split="train", limit=31, seed=77).problems()[:30]
