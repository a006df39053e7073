"""Stages find their runs by what was computed, whoever started it."""

from dataclasses import replace

from engine.cascades.prices import read as read_prices
from engine.chain import pipeline
from engine.chain.pipeline import PRESETS
from engine.chain.tuning import REFERENCE, UNTOUCHED, Tuning
from engine.runs.own import Own
from tests.tutor.homes import code
from tutor.tutorial import plan
from tutor.tutorial.choice import YOURS, Choice
from tutor.tutorial.chosen_chain import ChosenChain


def chosen(tuning=UNTOUCHED, own=None, **fields):
    return plan.plan(Choice(**fields), tuning, {**code(), **(own or {})})


def start(hand, chosen, wanted, again=False):
    there = plan.match(chosen, hand.client.runs())
    known = plan.foresight(chosen, (), read_prices().of(chosen.choice.teacher))
    return ChosenChain(hand.client, chosen, there, known).start(wanted, again)


def stages(hand, *given, **fields):
    found = plan.match(chosen(*given, **fields), hand.client.runs())
    return {name: run.id for name, run in found.items()}


def test_a_chain_of_the_command_line_is_the_tutorials(hand):
    ids = hand.submit("quick", "untouched")
    assert stages(hand) == ids


def test_other_settings_share_what_is_the_same_for_both(hand):
    ids = hand.submit("quick", "untouched")
    same = ("baseline", "teach", "teacher", "validation_teacher")
    assert stages(hand, Tuning(lora_r=8)) == {name: ids[name] for name in same}
    assert stages(hand, preset="full") == {}


def test_what_the_references_settings_computed_is_not_the_learners(hand):
    """Whoever finds the very same settings runs them, and has the points."""
    ids = hand.submit("quick", "reference")
    by_reference = stages(hand, settings="reference", policy="reference")
    assert by_reference == ids
    equal = replace(REFERENCE, epochs=PRESETS["quick"].reference["epochs"])
    assert set(stages(hand, equal)) == {"baseline", "teach", "teacher", "validation_teacher"}


def test_another_threshold_needs_only_another_cascade_on_test(hand):
    ids = hand.chain()
    client = hand.client
    new = start(hand, chosen(Tuning(threshold=0.8)), pipeline.ORDER)
    assert {name for name in ids if new[name] != ids[name]} == {"cascade"}
    assert client.run(new["cascade"]).spec["threshold"] == 0.8


def test_another_temperature_is_sampled_on_validation_before_it_counts_on_test(hand):
    ids = hand.chain()
    client = hand.client
    new = start(hand, chosen(Tuning(temperature=1.0)), ("cascade",))
    assert {name for name in ids if new[name] != ids[name]} == {
        "validation_sample", "validation_cascade", "sample", "cascade"
    }  # fmt: skip
    assert new["validation_cascade"] in client.run(new["cascade"]).after


def test_other_code_runs_its_stage_and_what_builds_on_it(hand):
    ids = hand.chain()
    own = {"cascade": Own("def student_answer_and_confidence(*given): ...")}
    new = start(hand, chosen(own=own), pipeline.ORDER)
    changed = {name for name in ids if new[name] != ids[name]}
    assert changed == {"validation_cascade", "cascade"}


def test_a_stage_brings_what_it_needs_and_nothing_else(hand):
    ids = start(hand, chosen(), ("sft", "student"))
    assert set(ids) == {"teach", "sft", "student"}
    assert hand.client.run(ids["student"]).after == (ids["sft"],)


def test_what_is_there_is_not_run_again(hand):
    ids = hand.chain(upto="student")
    client = hand.client
    assert start(hand, chosen(), ids) == ids
    assert len(client.runs()) == len(ids)


def test_what_stands_still_is_resumed(hand):
    ids = hand.submit()
    client = hand.client
    client.pause(ids["baseline"])
    start(hand, chosen(), ("baseline",))
    assert client.run(ids["baseline"]).state == "queued"


def test_a_cancelled_stage_is_run_anew_with_all_that_builds_on_it(hand):
    ids = hand.submit()
    client = hand.client
    client.cancel(ids["teach"])
    assert client.run(ids["sft"]).state == "cancelled"
    new = start(hand, chosen(), pipeline.ORDER)
    same = {"baseline"}
    assert {name for name in ids if new[name] == ids[name]} == same
    assert all(client.run(run).state == "queued" for run in new.values())


def test_what_would_be_queued_or_used_is_known_before_anything_is(hand):
    ids = hand.chain(upto="sft")
    hand.client.pause(ids["cascade"])
    runs = hand.client.runs()
    there = plan.match(chosen(), runs)

    def anew(wanted, **more):
        taken = plan.steps(chosen(), there, wanted, **more)
        return {stage.name for stage, run in taken if run is None}

    assert anew(pipeline.ORDER) == set()
    assert anew(("teach",), again=True) == {"teach"}
    behind = {"teach", "sft", "student"}
    assert anew(("teach", "student"), again=True) == behind
    assert len(hand.client.runs()) == len(runs)


def test_again_runs_a_finished_stage_anew(hand):
    ids = hand.chain(upto="sft")
    new = start(hand, chosen(), ("baseline",), again=True)
    assert new["baseline"] > ids["cascade"]


def test_the_choice_is_that_of_the_newest_chain(hand):
    assert plan.last_choice([]) == Choice()
    hand.submit("quick", "untouched")
    hand.submit("full", "reference")
    by_reference = Choice("full", "reference", "reference")
    assert plan.last_choice(hand.client.runs(), own={YOURS: code()}) == by_reference


def test_the_choice_remembers_models(hand):
    stages = chosen(student="org/small", teacher="org/large").stages
    pipeline.submit(hand.client, stages)
    found = plan.last_choice(hand.client.runs(), own={YOURS: code()})
    assert found == Choice(student="org/small", teacher="org/large")


def test_the_choice_remembers_precision_and_problems(hand):
    other = {"precision": "int8", "source": "gsm8k"}
    pipeline.submit(hand.client, chosen(**other).stages)
    assert plan.last_choice(hand.client.runs(), own={YOURS: code()}) == Choice(**other)
    assert stages(hand) == {}


def test_the_choice_is_found_whatever_the_learners_settings(hand):
    tuning = Tuning(lora_r=4, threshold=0.8)
    pipeline.submit(hand.client, plan.plan(Choice("full"), tuning).stages)
    assert plan.last_choice(hand.client.runs(), tuning=tuning) == Choice("full")


def test_specs_of_stages_to_come_are_known(hand):
    specs = plan.specs(chosen(), {})
    assert set(specs) == set(pipeline.ORDER)
    assert specs["sft"]["teach"] == 0


def test_the_device_of_the_settings_is_every_runs(hand):
    chosen = plan.plan(Choice(device="cpu"))
    ids = start(hand, chosen, pipeline.ORDER)
    assert {hand.client.run(number).spec["device"] for number in ids.values()} == {"cpu"}
    assert plan.last_choice(hand.client.runs(), "cpu").device == "cpu"
    assert plan.match(plan.plan(Choice()), hand.client.runs()) == {}


def test_a_run_of_an_older_tutor_whose_spec_had_fewer_settings_still_counts(hand):
    ids = hand.submit()
    with hand.client.store.database.transaction() as connection:
        connection.execute("UPDATE runs SET spec = json_remove(spec, '$.data.path')")
    assert "path" not in hand.client.run(ids["baseline"]).spec["data"]
    assert stages(hand) == ids
