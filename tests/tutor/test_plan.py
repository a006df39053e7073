"""Stages find their runs by what was computed, whoever started it."""

from engine.runs import pipeline
from tutor import plan
from tutor.choice import Choice


def chosen(**fields):
    return plan.plan(Choice(**fields))


def stages(hand, **fields):
    return {name: run.id for name, run in plan.match(chosen(**fields), hand.client.runs()).items()}


def test_a_chain_of_the_command_line_is_the_tutorials(hand):
    ids = hand.submit("quick", "tuned")
    assert stages(hand) == ids


def test_other_settings_share_what_is_the_same_for_both(hand):
    ids = hand.submit("quick", "tuned")
    found = stages(hand, settings="untouched")
    assert found == {name: ids[name] for name in ("baseline", "teach", "teacher")}
    assert stages(hand, preset="full") == {}


def test_another_threshold_needs_only_another_cascade(hand):
    ids = hand.chain()
    client = hand.client
    new = plan.start(client, chosen(threshold=0.8), client.runs(), pipeline.ORDER)
    assert {name for name in ids if new[name] != ids[name]} == {"cascade"}
    assert client.run(new["cascade"]).spec["threshold"] == 0.8


def test_a_stage_brings_what_it_needs_and_nothing_else(hand):
    ids = plan.start(hand.client, chosen(), [], ("sft", "student"))
    assert set(ids) == {"teach", "sft", "student"}
    assert hand.client.run(ids["student"]).after == (ids["sft"],)


def test_what_is_there_is_not_run_again(hand):
    ids = hand.chain(upto="student")
    client = hand.client
    assert plan.start(client, chosen(), client.runs(), ids) == ids
    assert len(client.runs()) == len(ids)


def test_what_stands_still_is_resumed(hand):
    ids = hand.submit()
    client = hand.client
    client.pause(ids["baseline"])
    plan.start(client, chosen(), client.runs(), ("baseline",))
    assert client.run(ids["baseline"]).state == "queued"


def test_a_cancelled_stage_is_run_anew_with_all_that_builds_on_it(hand):
    ids = hand.submit()
    client = hand.client
    client.cancel(ids["teach"])
    assert client.run(ids["sft"]).state == "failed"
    new = plan.start(client, chosen(), client.runs(), pipeline.ORDER)
    assert {name for name in ids if new[name] == ids[name]} == {"baseline", "teacher"}
    assert all(client.run(run).state == "queued" for run in new.values())


def test_again_runs_a_finished_stage_anew(hand):
    ids = hand.chain(upto="sft")
    client = hand.client
    new = plan.start(client, chosen(), client.runs(), ("baseline",), again=True)
    assert new["baseline"] > ids["cascade"]


def test_the_choice_is_that_of_the_newest_chain(hand):
    assert plan.last_choice([]) == Choice()
    hand.submit("quick", "tuned")
    hand.submit("full", "untouched")
    assert plan.last_choice(hand.client.runs()) == Choice("full", "untouched")


def test_the_choice_remembers_models_and_threshold(hand):
    stages = plan.plan(Choice(student="org/small", teacher="org/large", threshold=0.8)).stages
    pipeline.submit(hand.client, stages)
    found = plan.last_choice(hand.client.runs())
    assert found == Choice(student="org/small", teacher="org/large", threshold=0.8)


def test_specs_of_stages_to_come_are_known(hand):
    specs = plan.specs(chosen(), {})
    assert set(specs) == set(pipeline.ORDER)
    assert specs["sft"]["teach"] == 0


def test_the_device_of_the_settings_is_every_runs(hand):
    chosen = plan.plan(Choice(device="cpu"))
    ids = plan.start(hand.client, chosen, (), pipeline.ORDER)
    assert {hand.client.run(number).spec["device"] for number in ids.values()} == {"cpu"}
    assert plan.last_choice(hand.client.runs(), "cpu").device == "cpu"
    assert plan.match(plan.plan(Choice()), hand.client.runs()) == {}
