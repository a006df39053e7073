import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from engine.cascades.prices import Prices
from engine.errors import SpecError
from engine.runs.pipeline import ORDER, PRESETS, SETTINGS, build, chain, submit
from engine.runs.specs import SPECS


class Queue:
    """Takes runs as a client does, and keeps what it was given."""

    def __init__(self):
        self.runs = {}

    @contextmanager
    def together(self):
        yield

    def submit(self, kind, spec, after=()):
        spec.check()
        assert SPECS[kind] is type(spec)
        number = 10 + len(self.runs)
        self.runs[number] = SimpleNamespace(
            id=number, kind=kind, spec=spec, after=tuple(sorted({*after, *spec.needs().values()}))
        )
        return number


def queued(*args, **kwargs):
    queue = Queue()
    ids = submit(queue, build(*args, **kwargs))
    return {name: queue.runs[number] for name, number in ids.items()}, ids


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("settings", SETTINGS)
def test_every_preset_and_settings_make_specs_that_hold(preset, settings):
    runs, ids = queued(preset, settings=settings)
    assert tuple(ids) == ORDER
    for run in runs.values():
        assert json.loads(json.dumps(run.spec.to_dict())) is not None


def test_each_spec_names_the_runs_it_builds_on():
    runs, ids = queued("full")
    assert runs["sft"].spec.teach == ids["teach"]
    assert runs["student"].spec.adapter == runs["sample"].spec.adapter == ids["sft"]
    assert runs["baseline"].spec.adapter is None
    cascade = runs["cascade"].spec
    assert (cascade.sample, cascade.strong, cascade.student) == (
        ids["sample"],
        ids["teacher"],
        ids["student"],
    )


def test_no_stage_waits_for_one_that_comes_later():
    runs, ids = queued("quick")
    for name, run in runs.items():
        assert all(number < ids[name] for number in run.after), name


def test_every_model_is_judged_on_the_same_problems_and_taught_on_others():
    runs, _ = queued("full")
    test = runs["baseline"].spec.data
    assert all(runs[name].spec.data == test for name in ("student", "teacher", "sample"))
    assert (test.split, runs["teach"].spec.data.split) == ("test", "train")


def test_the_full_preset_is_the_tutorials_size():
    runs, _ = queued("full")
    assert runs["baseline"].spec.data.limit == 300
    assert runs["teach"].spec.data.limit == 2000
    assert runs["sample"].spec.k == runs["cascade"].spec.k == 5


def test_untouched_is_what_the_tutorial_hands_out():
    spec = queued("full", settings="untouched")[0]["sft"].spec
    assert (spec.lora_r, spec.lora_alpha, spec.lora_dropout) == (32, 32, 0.1)
    assert set(spec.target_modules) == {"q_proj", "k_proj", "v_proj"}
    assert (spec.learning_rate, spec.epochs, spec.batch_size) == (5e-4, 1, 8)


def test_models_and_prices_go_where_they_belong():
    prices = Prices(1, 2)
    runs, _ = queued("quick", student="small", teacher="large", prices=prices)
    assert {runs[name].spec.model for name in ("baseline", "student", "sample")} == {"small"}
    assert runs["teacher"].spec.model == runs["cascade"].spec.strong_model == "large"
    assert runs["sft"].spec.student == "small"
    assert runs["teach"].spec.teacher == "large"
    assert runs["cascade"].spec.prices == prices


@pytest.mark.parametrize(("field", "value"), [("preset", "huge"), ("settings", "lucky")])
def test_an_unknown_name_is_said_with_the_known_ones(field, value):
    with pytest.raises(SpecError, match=value) as caught:
        build(**{field: value})
    assert caught.value.field == field
    assert "quick" in caught.value.way_out or "tuned" in caught.value.way_out


def test_a_cascade_remembers_its_whole_chain():
    runs, ids = queued("quick")
    assert chain(runs["cascade"]) == ids
    assert chain(runs["sample"]) is None


def test_a_cascade_on_its_own_ends_no_chain():
    assert chain(SimpleNamespace(id=9, kind="cascade", after=(7, 8))) is None
