import os

import pytest
import torch
from accelerate import PartialState
from trl import SFTConfig

from engine.training.one_device import VARIABLE, held_to


@pytest.fixture
def two_cards(monkeypatch):
    """As torch sees it on a machine with two cards; what was set is given back."""
    chosen = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: chosen.append(str(device)))
    yield chosen
    PartialState._reset_state()


def made(folder):
    return SFTConfig(output_dir=str(folder), bf16=False, gradient_checkpointing=False)


def test_left_alone_the_settings_take_both_cards_and_the_first(two_cards, tmp_path):
    """The libraries' way, which is why it is not left to them."""
    settings = made(tmp_path)
    assert (settings.n_gpu, str(settings.device)) == (2, "cuda:0")


@pytest.mark.parametrize("card", ["cuda:0", "cuda:1"])
def test_a_training_has_the_card_of_its_model_and_no_other(two_cards, tmp_path, card):
    settings = held_to(torch.device(card), lambda: made(tmp_path))
    assert (settings.n_gpu, str(settings.device)) == (1, card)
    assert str(PartialState().device) == card, "accelerate's, to which models are held"
    assert (settings.train_batch_size, two_cards[-1]) == (
        settings.per_device_train_batch_size,
        card,
    )
    assert VARIABLE not in os.environ


def test_what_was_set_outside_is_set_again(two_cards, tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "cuda:0")
    held_to(torch.device("cuda:1"), lambda: made(tmp_path))
    assert os.environ[VARIABLE] == "cuda:0"


def test_without_a_card_nothing_is_set(tmp_path):
    settings = held_to(
        torch.device("cpu"), lambda: SFTConfig(output_dir=str(tmp_path), use_cpu=True, bf16=False)
    )
    assert (settings.n_gpu, settings.device.type) == (0, "cpu")
