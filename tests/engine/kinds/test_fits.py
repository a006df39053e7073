import pytest

from engine.errors import SpecError
from engine.kinds import fits
from engine.kinds.specs import SftSpec, TeachSpec
from engine.machine import Card, Machine
from engine.runs.client import Client
from engine.runs.home import Home

SMALL = Machine(2, 4 * 10**9, 2 * 10**9, ())
QWEN = "Qwen/Qwen2.5-1.5B-Instruct"


def said(machine=SMALL, **fields):
    return {
        name: str(error) for name, error in fits.faults(SftSpec(teach=1, **fields), machine).items()
    }


def test_the_tutorials_own_settings_can_be():
    assert said() == {}


def test_a_layer_that_the_student_lacks_is_told_with_those_it_has():
    words = said(target_modules=("q_proj", "c_attn"))["target_modules"]
    assert words.startswith("acorn has no layer c_attn. It has down_proj")


def test_a_batch_that_cannot_fit_is_told_with_the_largest_that_can():
    words = said(student=QWEN, batch_size=64)["batch_size"]
    assert words.startswith("A batch of 64 needs")
    assert "here is 4.0 GB" in words
    most = int(words.split()[-3])
    assert said(student=QWEN, batch_size=most) == {}
    assert said(student=QWEN, batch_size=most + 1) != {}


def test_a_model_that_has_no_room_at_all():
    tiny = Machine(2, 10**9, 10**9, ())
    assert "smaller student" in said(tiny, student="Qwen/Qwen2.5-7B-Instruct")["batch_size"]


def test_of_a_card_its_own_memory_counts():
    card = Machine(2, 4 * 10**9, 10**9, (Card("A", 80 * 10**9, 0), Card("B", 2 * 10**9, 0)))
    assert said(card, student=QWEN, batch_size=64) == {}
    assert said(card, student=QWEN, batch_size=64, device="cuda:1") != {}
    assert said(card, student=QWEN, batch_size=64, device="cpu") != {}


def test_of_an_unknown_model_nothing_is_claimed():
    assert said(student="org/unknown", batch_size=4096, target_modules=("anything",)) == {}


def test_no_such_run_is_queued(tmp_path):
    with Client(Home(tmp_path), worker=None) as client:
        teach = client.submit("teach", TeachSpec())
        with pytest.raises(SpecError, match="acorn has no layer nowhere") as caught:
            client.submit("sft", SftSpec(teach=teach, target_modules=("nowhere",)))
        assert caught.value.field == "target_modules"
        assert len(client.runs()) == 1
