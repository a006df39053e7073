from dataclasses import fields

import pytest

from engine.kinds import KINDS
from engine.kinds.specs import SPECS, SftSpec, TeachSpec
from engine.runs.own import Own
from tutor.tui.words import spec as settings


@pytest.mark.parametrize("kind", SPECS)
def test_the_fields_that_come_first_are_fields_of_the_kind(kind):
    needs = {name: 1 for name in SPECS[kind].needs_kinds}
    spec = SPECS[kind].from_dict(needs)
    names = {*settings.flat(spec.to_dict()), *(each.name for each in fields(spec))}
    assert set(KINDS[kind].shows) <= names


def test_code_of_ones_own_is_told_in_a_few_words():
    spec = TeachSpec(own=Own("def create_distilled_dataset(client, dataset): ...", reference=True))
    shown = [line.plain for line in settings.lines("teach", spec.to_dict(), all_of_it=False)]
    assert shown[-1] == "computed with the reference"


def test_every_field_is_shown_once_and_the_first_ones_first():
    spec = SftSpec(teach=2).to_dict()
    shown = [line.plain for line in settings.lines("sft", spec)]
    assert len(shown) == len(settings.flat(spec))
    assert shown[:3] == ["student acorn", "precision nf4-dq", "r 32"]


@pytest.mark.parametrize(
    ("held", "words"),
    [(5e-4, "5e-4"), (2.5e-5, "2.5e-5"), (0.1, "0.1"), (0.0, "0"), (None, "none"),
     (("q_proj", "k_proj"), "q_proj k_proj"), (64, "64")],
)  # fmt: skip
def test_values_are_written_as_one_would_write_them(held, words):
    assert settings.value(held) == words


@pytest.mark.parametrize(
    ("kind", "of", "before", "built"),
    [("evaluate", {"adapter": 0}, "adapter of a run still to come", "adapter of run 3"),
     ("sample", {"adapter": 0}, "adapter of a run still to come", "adapter of run 3"),
     ("sft", {"teach": 0}, "answers of a run still to come", "answers of run 3"),
     ("cascade", {"sample": 0}, "samples of a run still to come", "samples of run 3"),
     ("cascade", {"strong": 0}, "strong answers of a run still to come",
      "strong answers of run 3"),
     ("cascade", {"student": 0}, "student's score of a run still to come",
      "student's score of run 3")],
)  # fmt: skip
def test_what_is_built_on_is_told_before_its_run_is_there_and_once_it_is(kind, of, before, built):
    assert [line.plain for line in settings.lines(kind, of)] == [before]
    assert [line.plain for line in settings.lines(kind, dict.fromkeys(of, 3))] == [built]
