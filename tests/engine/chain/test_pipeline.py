import json
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine.cascades.prices import Prices
from engine.chain.pipeline import ORDER, PRESETS, REFERENCE, build, chain, submit
from engine.chain.tuning import SETTINGS, UNTOUCHED, Tuning
from engine.data.problems import DataSpec
from engine.errors import SpecError
from engine.kinds.specs import SPECS, read
from engine.runs.client import Client
from engine.runs.home import Home
from engine.runs.own import Own


class Queue:
    """Takes runs as a client does, and keeps what it was given."""

    def __init__(self):
        self.runs = {}

    @contextmanager
    def together(self):
        yield

    def submit(self, kind, spec, after=(), noted=None):
        spec.check()
        assert SPECS[kind] is type(spec)
        number = 10 + len(self.runs)
        self.runs[number] = SimpleNamespace(
            id=number, kind=kind, spec=spec, after=tuple(sorted({*after, *spec.needs().values()})),
            noted=noted or {},
        )  # fmt: skip
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


def test_the_policy_is_tuned_on_problems_of_its_own_with_the_same_student():
    runs, ids = queued("full")
    drawn, asked = runs["validation_sample"].spec, runs["validation_teacher"].spec
    assert drawn.data == asked.data
    assert drawn.data.split == "validation"
    assert drawn.adapter == ids["sft"]
    assert (asked.model, asked.adapter) == ("oak", None)
    tuned, counted = runs["validation_cascade"].spec, runs["cascade"].spec
    assert (tuned.sample, tuned.strong) == (ids["validation_sample"], ids["validation_teacher"])
    assert (tuned.k, counted.k) == (5, 5)
    assert ids["validation_cascade"] in runs["cascade"].after


def test_settings_and_policy_of_ones_own_go_into_the_specs():
    own = Tuning(lora_r=7, learning_rate=1e-3, k=9, temperature=1.1, top_p=0.5, threshold=0.25)
    runs, _ = queued("quick", settings=own)
    assert (runs["sft"].spec.lora_r, runs["sft"].spec.learning_rate) == (7, 1e-3)
    assert runs["sft"].spec.epochs == 1, "the size changes nothing of them"
    for name in ("sample", "validation_sample"):
        drawn = runs[name].spec
        assert (drawn.k, drawn.temperature, drawn.top_p) == (9, 1.1, 0.5)
    assert (runs["cascade"].spec.k, runs["cascade"].spec.threshold) == (9, 0.25)


def test_another_policy_leaves_what_was_tried_on_validation_as_it_is():
    """All policies were replayed there; only the sampling is another one's."""
    by_threshold = [queued(settings=Tuning(threshold=t, k=k))[0] for t, k in ((0.2, 5), (0.8, 3))]
    tried = [runs["validation_cascade"].spec for runs in by_threshold]
    assert tried[0] == tried[1]
    assert by_threshold[0]["cascade"].spec != by_threshold[1]["cascade"].spec


def test_a_smaller_k_votes_among_the_same_samples():
    assert queued("quick", settings=Tuning(k=2))[0]["sample"].spec.k == 5


def test_what_the_reference_computes_says_so_in_its_record():
    def marked(**given):
        runs, _ = queued("quick", **given)
        return {name for name, run in runs.items() if run.noted.get(REFERENCE)}

    assert marked() == {"sft", "student", "cascade"}
    assert marked(settings=UNTOUCHED, policy=UNTOUCHED) == set()
    assert marked(settings="untouched") == set()
    assert marked(settings="reference", policy=UNTOUCHED) == {"sft", "student"}
    assert marked(settings=UNTOUCHED, policy="reference") == {"cascade"}


def test_a_policy_that_cannot_be_is_refused_before_anything_is_queued():
    with pytest.raises(SpecError, match="must be 0 or more, and 1 at most"):
        build(settings=Tuning(threshold=1.5))


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
    assert "quick" in caught.value.way_out or "untouched" in caught.value.way_out


@pytest.fixture
def home(tmp_path):
    """A home without a worker."""
    with Client(Home(tmp_path), worker=None) as client:
        yield client


def test_a_cascade_remembers_its_whole_chain(home):
    ids = submit(home, build())
    assert chain(home, home.run(ids["cascade"])) == ids
    assert chain(home, home.run(ids["validation_cascade"])) is None
    assert chain(home, home.run(ids["sample"])) is None


def test_a_chain_whose_stages_were_run_in_another_order(home):
    stages = {stage.name: stage for stage in build()}
    ids = {}
    for name in ("teacher", "validation_teacher", "teach", "sft", "validation_sample", "sample",
                 "baseline", "student", "validation_cascade", "cascade"):  # fmt: skip
        after = [ids[other] for other in stages[name].after]
        ids[name] = home.submit(stages[name].kind, stages[name].spec(ids), after)
    assert chain(home, home.run(ids["cascade"])) == ids


def test_a_chain_of_an_older_release_had_no_validation(home):
    stages = [each for each in build() if not each.name.startswith("validation")]
    older = [replace(each, after=tuple(n for n in each.after if not n.startswith("validation")))
             for each in stages]  # fmt: skip
    ids = submit(home, tuple(older))
    assert chain(home, home.run(ids["cascade"])) == ids


def test_a_cascade_on_its_own_ends_no_chain(home):
    ids = submit(home, build())
    spec = replace(home_spec(home, ids["cascade"]), student=None)
    assert chain(home, home.run(home.submit("cascade", spec))) is None


def home_spec(home, number):
    run = home.run(number)
    return read(run.kind, run.spec)


def test_code_of_ones_own_goes_to_the_stages_that_compute_with_it():
    own = {
        "baseline": Own("def to_prompt_ground_truth_pair(sample): ..."),
        "teach": Own("def create_distilled_dataset(client, dataset): ..."),
        "cascade": Own("def student_answer_and_confidence(model, messages, config, k): ..."),
    }
    runs, _ = queued("quick", own=own)
    for name, run in runs.items():
        code = own.get(name.removeprefix("validation_") if "cascade" in name else name)
        assert getattr(run.spec, "own", None) == code, name
    runs, _ = queued("quick")
    assert not any("own" in run.spec.to_dict() for run in runs.values())


def test_the_problems_can_come_from_a_folder_of_gsm8k():
    folder = DataSpec(source="gsm8k", path="/data/gsm8k", limit=7)
    specs = {stage.name: stage.spec(dict.fromkeys(ORDER, 1)) for stage in build(data=folder)}
    size = PRESETS["quick"]
    for name in ("baseline", "student", "teacher", "sample"):
        expected = DataSpec("gsm8k", "test", limit=size.test_problems, path=folder.path)
        assert specs[name].data == expected
    assert specs["validation_sample"].data.split == "validation"
    assert specs["validation_sample"].data.source == "gsm8k"
    assert (specs["teach"].data.split, specs["teach"].data.path) == ("train", folder.path)
    assert specs["teach"].title() == "teach with oak, 400 GSM8K questions"


@pytest.mark.parametrize(
    ("names", "asked", "longest"),
    [
        ({}, None, {"student": 200, "teacher": 200}),
        ({"student": "someone/small"}, None, {"student": 512, "teacher": 200}),
        ({"teacher": "openai:large"}, None, {"student": 200, "teacher": 1024}),
        ({"teacher": "openai:large"}, 300, {"student": 300, "teacher": 300}),
    ],
    ids=str,
)
def test_who_writes_long_may_write_long(names, asked, longest):
    made = build("quick", **names, max_new_tokens=asked)
    specs = {stage.name: stage.spec(dict.fromkeys(ORDER, 1)) for stage in made}
    assert specs["student"].max_new_tokens == specs["sample"].max_new_tokens == longest["student"]
    assert specs["baseline"].max_new_tokens == longest["student"]
    for name in ("teach", "teacher", "cascade", "validation_teacher"):
        assert specs[name].max_new_tokens == longest["teacher"]
