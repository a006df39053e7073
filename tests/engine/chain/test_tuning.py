from dataclasses import fields

import pytest

from engine.chain.tuning import POLICY, RULES, SETTINGS, SFT, UNTOUCHED, Tuning, read
from engine.errors import SpecError
from engine.kinds.specs import CascadeSpec, SampleSpec, SftSpec


def test_its_fields_are_those_of_the_specs():
    assert tuple(each.name for each in fields(Tuning)) == (*SFT, *POLICY)
    assert set(SFT) <= {each.name for each in fields(SftSpec)}
    specs = {each.name for spec in (SampleSpec, CascadeSpec) for each in fields(spec)}
    assert set(POLICY) <= specs
    assert {*SFT, *POLICY} <= set(RULES)


def test_untouched_is_the_specs_own_defaults():
    for name in SFT:
        field = next(each for each in fields(SftSpec) if each.name == name)
        assert getattr(UNTOUCHED, name) == field.default


@pytest.mark.parametrize("settings", SETTINGS.values())
def test_what_has_a_name_can_be(settings):
    assert settings.faults() == {}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("lora_r", 0, "from 1 to 1,024"),
        ("target_modules", (), "must name layers"),
        ("threshold", 1.01, "1 at most"),
        ("k", 0, "from 1"),
        ("temperature", -0.1, "0 or more"),
        ("learning_rate", 0, "more than 0"),
        ("scheduler", "sudden", "cosine"),
        ("lora_r", 2.5, "whole number"),
    ],
)
def test_each_fault_stands_with_its_field_in_words(field, value, said):
    faults = Tuning(**{field: value}).faults()
    assert set(faults) == {field}
    assert said in str(faults[field])
    with pytest.raises(SpecError):
        Tuning(**{field: value}).check()


def test_texts_are_read_as_what_the_field_is():
    given = {"lora_r": "16", "learning_rate": "1e-3", "target_modules": "q_proj, v_proj"}
    tuned = read({**given, "threshold": "0.4"})
    assert (tuned.lora_r, tuned.learning_rate, tuned.threshold) == (16, 1e-3, 0.4)
    assert tuned.target_modules == ("q_proj", "v_proj")
    assert tuned.epochs == UNTOUCHED.epochs


def test_what_is_no_setting_or_no_number_is_said():
    with pytest.raises(SpecError, match="no setting 'rank'") as caught:
        read({"rank": "3"})
    assert "lora_r" in caught.value.way_out
    with pytest.raises(SpecError, match="lora_r is 'many'"):
        read({"lora_r": "many"})
    assert set(read({"lora_r": "2.5"}).faults()) == {"lora_r"}
