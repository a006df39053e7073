"""One way to a chain: what the command line has computed the screen takes, and the other way."""

import json
from contextlib import closing

import pytest
from click.testing import CliRunner

from engine.chain import pipeline
from engine.errors import EngineError
from lessons.kit.course.course import load
from tests.tutor.homes import SCORES, own_code, write
from tutor.cli import main
from tutor.tutorial import settings as tuning
from tutor.tutorial.choice import REFERENCE, YOURS, Choice
from tutor.tutorial.reader import Reader

UNIT = load().unit("tutorial")
TASK = "fine-tune"
WANTED = {"whole": pipeline.ORDER, "one task": UNIT.stage(TASK).runs}
ASKED = {"whole": (), "one task": ("--task", TASK)}
BY_REFERENCE = Choice(settings=REFERENCE, policy=REFERENCE, code=REFERENCE)
CHOICES = {YOURS: Choice(), REFERENCE: BY_REFERENCE}
FLAGS = {YOURS: (), REFERENCE: ("--reference",)}


@pytest.fixture(autouse=True)
def config(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def prompt(hand, *given):
    """What `tutor pipeline` has queued or taken."""
    asked = ["pipeline", "--home", str(hand.home.path), *given, "--detach", "--json"]
    done = CliRunner().invoke(main, asked, prog_name="tutor")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)["runs"]


def screen(hand, wanted, choice=None, again=False):
    """What the screen's order has queued or taken; it is the same for prompts."""
    with closing(Reader(hand.home)) as reader:
        reader.look(choice)
        return reader.chain().start(wanted, again)


def compute(hand, count):
    """Take the next runs to their end."""
    for _ in range(count):
        record = hand.begin()
        name = {"evaluate": "student", **{n: n for n in SCORES}}[record.run.kind]
        write(record, name)
        hand.client.store.end(record.run.id, "finished", result=SCORES[name])


@pytest.mark.parametrize("computed", [False, True], ids=["queued", "finished"])
@pytest.mark.parametrize("whose", [YOURS, REFERENCE])
@pytest.mark.parametrize("much", WANTED)
@pytest.mark.parametrize("first", ["prompt", "screen"])
def test_what_one_has_begun_the_other_takes(hand, first, much, whose, computed):
    """A screen that has just been opened shows the newest chain, so it chooses nothing then."""
    own_code(hand.home)
    if first == "prompt":
        begun = prompt(hand, *ASKED[much], *FLAGS[whose])
    else:
        begun = screen(hand, WANTED[much], CHOICES[whose])
    if computed:
        compute(hand, len(begun))
    if first == "prompt":
        taken = screen(hand, WANTED[much])
    else:
        taken = prompt(hand, *ASKED[much], *FLAGS[whose])
    assert taken == begun
    assert len(hand.client.runs()) == len(begun)
    code = {run.spec["own"]["reference"] for run in hand.client.runs() if run.spec.get("own")}
    assert code == {whose == REFERENCE}


@pytest.mark.parametrize("much", WANTED)
def test_what_is_there_is_used_again_until_it_is_to_be_computed_anew(hand, much):
    begun = prompt(hand, *ASKED[much])
    compute(hand, len(begun))
    assert prompt(hand, *ASKED[much]) == begun
    anew = prompt(hand, *ASKED[much], "--again")
    assert {name for name in begun if anew[name] != begun[name]} == set(WANTED[much])
    assert prompt(hand, *ASKED[much]) == anew


def test_the_settings_as_handed_out_are_the_learners_until_they_change_one(hand):
    begun = prompt(hand, "--settings", "untouched", "--task", TASK)
    assert screen(hand, WANTED["one task"]) == begun
    assert prompt(hand) | begun == prompt(hand, "--settings", "untouched")


def test_the_whole_chain_takes_what_a_task_has_computed(hand):
    begun = prompt(hand, "--task", TASK)
    assert begun.items() <= prompt(hand).items()
    assert len(hand.client.runs()) == len(pipeline.ORDER)


def test_two_who_begin_the_same_chain_at_once_share_its_runs(hand):
    with closing(Reader(hand.home)) as one, closing(Reader(hand.home)) as two:
        chains = [reader.chain() for reader in (one, two)]
        assert chains[0].start(pipeline.ORDER) == chains[1].start(pipeline.ORDER)


def test_what_has_finished_is_used_however_many_runs_came_after_it(hand, monkeypatch):
    monkeypatch.setattr("tutor.tutorial.chosen_chain.RUNS", 2)
    monkeypatch.setattr("tutor.tutorial.reader.RUNS", 2)
    begun = prompt(hand)
    compute(hand, len(begun))
    with closing(Reader(hand.home)) as reader:
        seen = reader.look(None)
        assert {name: run.id for name, run in seen.stages.items()} == begun
        assert reader.chain().ahead(pipeline.ORDER) == []
    assert screen(hand, pipeline.ORDER) == prompt(hand) == begun


def test_what_is_ahead_is_what_is_queued(hand):
    begun = prompt(hand, "--task", TASK)
    compute(hand, 1)
    hand.client.pause(begun["student"])
    with closing(Reader(hand.home)) as reader:
        chain = reader.chain()
        ahead = chain.ahead(pipeline.ORDER)
        chain.start(pipeline.ORDER)
    new = [run for run in hand.client.runs() if run.id not in begun.values()]
    assert len(ahead) == len(new) + 1


def test_settings_that_cannot_be_hold_up_only_those_who_ask_for_them(hand):
    file = tuning.path(hand.home)
    file.parent.mkdir()
    file.write_text("[sft]\nlora_r = 0\n")
    with pytest.raises(EngineError, match="lora_r is 0"):
        screen(hand, ("baseline",), Choice())
    assert hand.client.runs() == []
    assert screen(hand, ("baseline",), BY_REFERENCE) == prompt(
        hand, "--task", "quantize", "--reference"
    )


def test_it_is_said_what_is_used_and_how_to_have_it_anew(hand):
    prompt(hand)
    compute(hand, 2)
    asked = ["pipeline", "--home", str(hand.home.path), "--detach"]
    said = CliRunner().invoke(main, asked).stderr
    assert "Queued as runs 3 to 10" in said
    assert "Used as they are: runs 1 and 2; --again computes anew." in said
    said = CliRunner().invoke(main, [*asked, "--task", TASK, "--again"]).stderr
    assert "Used as they are: run 2." in said
