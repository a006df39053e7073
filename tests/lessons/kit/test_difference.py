import math
from decimal import Decimal
from fractions import Fraction

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit.difference import difference, show

WITHIN = 1e-5
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


@given(PLAIN, st.sampled_from([0, WITHIN]))
def test_everything_plain_is_the_same_as_itself(value, within):
    assert difference(value, value, within) == ""


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (3, 3.0), (3.0, 3), (Fraction(1, 2), 0.5), (Decimal("0.5"), 0.5), (1e9 + 1, 1e9),
        (math.nan, math.nan), (0.0, -0.0), (numpy.float32(0.5), 0.5), (numpy.int64(3), 3),
        (numpy.bool_(True), True), (1e-10, 0.0), (math.inf, math.inf), ({1, 2}, {2, 1}),
        (torch.tensor([1.0, math.nan]), torch.tensor([1.0, math.nan])),
        (torch.tensor([1.0]).double(), torch.tensor([1.0])),
        (torch.tensor([1.0]), torch.nn.Parameter(torch.tensor([1.0]))),
        (torch.tensor(3, dtype=torch.int8), torch.tensor(3, dtype=torch.int8)),
        (torch.empty(0), torch.empty(0)), (numpy.array([1.0]), numpy.array([1.0 + 1e-7])),
    ],
)  # fmt: skip
def test_the_same(got, wanted):
    assert difference(got, wanted, WITHIN) == ""


@pytest.mark.parametrize(
    ("got", "wanted", "why"),
    [
        (True, 1, "a bool, and an int is wanted"), (1, True, "a bool is wanted"),
        ("1", 1, "a str"), (None, 0, "None"), (0, None, "None is wanted"), (3, 4, "another number"),
        (2**60, 2**60 + 1, "another number"), (1.001, 1.0, "another number"),
        (10**400, 1.0, "another number"), (math.inf, -math.inf, "another number"),
        (math.nan, 1.0, "another number"), ((1,), [1], "a tuple, and a list"),
        ([1], [1, 2], "1 items, and 2"), ({"a": 1}, {"a": 2}, "item at ['a'] is 1"),
        ({"a": 1}, {"b": 1}, "it lacks 'b' and has 'a', which is not wanted"),
        ({"a": 1}, {"a": 1, "b": 1}, "it lacks 'b'"), ({3}, {3, 4}, "it lacks 4"),
        ([], [1], "it has 0 items, and 1 are wanted"), ("a", "b", "another value"),
        ([1, 5], [1, 2, 3], "it has 2 items, and 3 are wanted; its item at [1] is 5, and 2"),
        (b"ab", b"ac", "its item at [1] is 98, and 99 is wanted"),
        ([[1, 2]], [[1, 3]], "its item at [0][1] is 2, and 3 is wanted"),
        ([1, 2, 3], [1, 4, 5], "2 of its 3 items are others; the one at [1] is 2, and 4"),
        ([{"a": [0]}], [{"a": [1]}], "its item at [0]['a'][0] is 0, and 1 is wanted"),
        ([torch.ones(2)], [torch.ones(3)], "its item at [0] differs: its shape is (2,)"),
        (["1,319"], ["1319"], "its item at [0] is '1,319', and '1319' is wanted"),
        (
            "What is the sum of one and 2?", "What is the sum of one and two?",
            "it differs from character 28: …' sum of one and 2?', and …' sum of one and two?'",
        ),
        ("a" * 30, "a" * 40, "from character 31: …'aaaaaaaaaaaaaaaa', and …'aaaaaaaaaaaaaaaaaa"),
        (["x" * 200], [0], "a str, and an int"),
        ([1.0], torch.tensor([1.0]), "a list, and a tensor"),
        (object(), 3, "an object, and an int"),
        (torch.ones(2), torch.ones(3), "shape is (2,), and (3,)"),
        (torch.ones(1, 3), torch.ones(3), "shape is (1, 3)"),
        (torch.ones(2), torch.ones(2, dtype=torch.int8), "torch.float32, and torch.int8"),
        (torch.tensor([1.001]), torch.tensor([1.0]), "number at [0] is 1.0010"),
        (torch.eye(3), torch.eye(3).mT + 1, "9 of its 9 numbers are others; the one at [0, 0]"),
        (torch.tensor(2), torch.tensor(3), "it is 2, and 3 is wanted"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "at [1] is 2, and 3 is wanted"),
        (numpy.array([1.0]), torch.tensor([1.0]), "a ndarray, and a tensor"),
        (torch.tensor([1.0]), [1.0], "a tensor of shape (1,), and a list"),
        (torch.tensor(1.0), 1.0, "a tensor of shape (), and a float"),
        (numpy.array([[1, 2]]), numpy.array([[1, 3]]), "at [0, 1] is 2, and 3 is wanted"),
    ],
)  # fmt: skip
def test_not_the_same(got, wanted, why):
    assert why in difference(got, wanted, WITHIN)


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (0.0, -0.0), (1.0 + 1e-15, 1.0), (torch.tensor([0.0]), torch.tensor([-0.0])),
        (torch.tensor([1.0]).double(), torch.tensor([1.0])),
        (numpy.array([0.0]), numpy.array([-0.0])),
    ],
)  # fmt: skip
def test_to_the_last_bit(got, wanted):
    assert difference(got, wanted, WITHIN) == ""
    assert difference(got, wanted, 0)


def test_a_subclass_of_a_tensor_is_no_tensor():
    class Equal(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *args, **kwargs):
            return True

    assert difference(torch.ones(2).as_subclass(Equal), torch.ones(2), WITHIN)


def test_what_cannot_be_wanted():
    with pytest.raises(TypeError, match="cannot compare with an object"):
        difference(3, object(), WITHIN)


def test_shown_and_cut():
    assert show([1, 2.5]) == "[1, 2.5]"
    assert show("x" * 1000).endswith("… (1,002 characters)")
    assert show(10**5000) == "a number of 16,610 bits"
    assert show(torch.tensor([1.5])) == "tensor([1.5000])"
