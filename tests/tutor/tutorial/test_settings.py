"""The learner's settings in a file: what is written is read, what is wrong is told."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cascades.replay import Answered, Case, Policy, decide
from engine.chain.tuning import UNTOUCHED, Tuning
from engine.errors import EngineError, SpecError
from engine.runs.home import Home
from tutor.tutorial import settings as tuning


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path).prepare()


def test_without_a_file_the_tutorials_own_hold(home):
    assert tuning.read(home) == tuning.Kept(UNTOUCHED)


def test_what_is_kept_is_read(home):
    mine = Tuning(lora_r=16, target_modules=("all-linear",), learning_rate=5e-3, threshold=0.4)
    file = tuning.write(home, mine)
    assert tuning.read(home) == tuning.Kept(mine)
    assert tomllib.loads(file.read_text())["sft"]["lora_r"] == 16


def test_a_change_leaves_the_others(home):
    tuning.change(home, {"lora_r": "16"})
    tuning.change(home, {"threshold": "0.4", "target_modules": "q_proj v_proj"})
    kept = tuning.read(home).tuning
    assert (kept.lora_r, kept.threshold, kept.target_modules) == (16, 0.4, ("q_proj", "v_proj"))


OWN = """\
# What I tried on Tuesday.
[policy]
k = 3  # five took too long

[sft]
# 32 overflowed
lora_r = 8  # enough?
target_modules = [
    "q_proj",  # must
    "v_proj",
]
"""


def test_what_the_learner_wrote_beside_the_values_stays(home):
    tuning.path(home).parent.mkdir()
    tuning.path(home).write_text(OWN)
    tuning.change(home, {"lora_r": "16", "target_modules": "q_proj o_proj"})
    changed = OWN.replace("lora_r = 8", "lora_r = 16").replace("v_proj", "o_proj")
    assert tuning.path(home).read_text() == changed
    tuning.take_policy(home, {"k": 5, "threshold": 0.5})
    taken = changed.replace("k = 3", "k = 5").replace("long\n", "long\nthreshold = 0.5\n")
    assert tuning.path(home).read_text() == taken


def test_the_form_changes_only_what_is_otherwise(home):
    """It hands over every setting; a line that says the same stays as it was typed."""
    tuning.path(home).parent.mkdir()
    text = OWN.replace("lora_r = 8", 'lora_r = "8"') + "rank = 4\nepochs = 0\nscheduler = true\n"
    tuning.path(home).write_text(text)
    tuning.write(home, Tuning(k=3, lora_r=8, target_modules=("q_proj", "v_proj"), warmup_steps=5))
    mended = text.replace("epochs = 0", "epochs = 1").replace("= true", '= "cosine"')
    assert tuning.path(home).read_text() == mended + "warmup_steps = 5\n"
    assert tuning.read(home).faults == (f"{tuning.path(home)}: [sft] has no setting 'rank'.",)


def test_a_line_that_cannot_be_is_not_changed_with_another(home):
    tuning.path(home).parent.mkdir()
    tuning.path(home).write_text("[sft]\nepochs = 0\n")
    tuning.change(home, {"lora_r": 16})
    assert tuning.path(home).read_text() == "[sft]\nepochs = 0\nlora_r = 16\n"


def test_what_cannot_be_is_not_kept(home):
    with pytest.raises(SpecError, match="lora_r is 0"):
        tuning.change(home, {"lora_r": "0"})
    assert not tuning.path(home).exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sft]\nlora_r = 0\nepochs = 3\n", "lora_r is 0; it must be from 1 to 1,024."),
        ("[policy]\nthreshold = 1.2\n[sft]\nepochs = 3\n", "threshold is 1.2"),
        ("[sft]\nrank = 4\nepochs = 3\n", "[sft] has no setting 'rank'."),
        ("[sft]\nk = 4\nepochs = 3\n", "[sft] has no setting 'k'."),
        ("[lora]\nr = 4\n[sft]\nepochs = 3\n", "there is no table 'lora'"),
        ("lora_r = 4\n[sft]\nepochs = 3\n", "there is no table 'lora_r'"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_the_rest_holds(home, text, said):
    tuning.path(home).parent.mkdir()
    tuning.path(home).write_text(text)
    kept = tuning.read(home)
    assert len(kept.faults) == 1
    assert said in kept.faults[0]
    assert kept.tuning == Tuning(epochs=3)


def test_a_file_that_is_no_toml_is_told(home):
    tuning.path(home).parent.mkdir()
    tuning.path(home).write_text("lora_r 4")
    kept = tuning.read(home)
    assert "cannot be read" in kept.faults[0] and "line 1" in kept.faults[0]
    assert kept.broken and kept.tuning == UNTOUCHED
    for keep in (tuning.change, tuning.take_policy):
        with pytest.raises(EngineError, match="line 1"):
            keep(home, {"k": 3, "threshold": 0.5})
    with pytest.raises(EngineError, match="line 1"):
        tuning.write(home, Tuning(lora_r=4))
    assert tuning.path(home).read_text() == "lora_r 4"


@given(st.integers(1, 40), st.data())
def test_a_policy_taken_over_decides_as_the_grids_did(tmp_path_factory, k, data):
    votes = data.draw(st.integers(1, k))
    home = Home(tmp_path_factory.getbasetemp() / "policies").prepare()
    taken = tuning.take_policy(home, {"k": k, "threshold": votes / k})
    for agree in range(k + 1):
        samples = [Answered("1" if n < agree else None, 1, 1) for n in range(k)]
        case = Case("one", "1", tuple(samples))
        by_grid = decide(case, Policy(k, votes / k)).sent
        assert decide(case, Policy(taken.k, taken.threshold)).sent == by_grid
