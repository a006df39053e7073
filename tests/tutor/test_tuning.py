"""The learner's settings in a file: what is written is read, what is wrong is told."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cascades.replay import Answered, Case, Policy, decide
from engine.errors import SpecError
from engine.runs.home import Home
from engine.runs.tuning import UNTOUCHED, Tuning
from tutor import tuning


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
    assert "cannot be read" in tuning.read(home).faults[0]
    assert tuning.read(home).tuning == UNTOUCHED


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
