"""The softmax of questions, held against torch."""

import torch
from hypothesis import given
from hypothesis.strategies import floats, lists
from pytest import approx

from lessons.kit.softmax import softmax


@given(lists(floats(-50, 50), min_size=1, max_size=6), floats(0.2, 10))
def test_it_is_torchs(logits, temperature):
    wanted = (torch.tensor(logits, dtype=torch.float64) / temperature).softmax(-1)
    assert softmax(logits, temperature) == approx(wanted.tolist(), abs=1e-12)


def test_the_table_of_temperatures():
    assert softmax([2, 1, 0]) == approx([0.665, 0.245, 0.090], abs=5e-4)
    assert softmax([2, 1, 0], 2) == approx([0.506, 0.307, 0.186], abs=5e-4)
