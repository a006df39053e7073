import json
import math
import socket
from decimal import Decimal
from fractions import Fraction

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit.difference import difference
from lessons.kit.judging import wire

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | st.fractions()
    | st.text(st.characters(exclude_categories=())) | st.complex_numbers()
    | st.sampled_from([Decimal("1.10"), Fraction(1, 3), 10**4000, -0.0, bytearray(b"x")]),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


def refused(*what):
    raise wire.Garbled(repr(what))


def there_and_back(value):
    return wire.unpack(json.loads(json.dumps(wire.pack(value, refused))), refused)


@given(PLAIN)
def test_plain_values_come_back_to_the_last_bit(value):
    assert difference(there_and_back(value), value, 0) == ""


@pytest.mark.parametrize("value", [{1, 2}, frozenset(), {(1, 2): [3]}, numpy.float32(0.1)])
def test_kinds_come_back(value):
    back = there_and_back(value)
    assert type(back) is type(value)
    assert back == value


def test_numbers_longer_than_python_writes_come_back():
    assert there_and_back(-(10**4500)) == -(10**4500)


@pytest.mark.parametrize(
    "value",
    [1 << 20_000, Fraction(3**20_000, 2**20_000), [Fraction(1, 3**20_000)], Decimal("7" * 6000)],
    ids=["whole", "fraction", "within", "decimal"],
)
def test_numbers_that_take_long_to_work_with_are_refused_at_both_ends(value):
    """Of three megabits, reducing one fraction took half a minute."""
    with pytest.raises(wire.Garbled, match="is more than"):
        wire.pack(value, refused)
    for message in ({"int": "0x" + "f" * 9000}, {"fraction": ["0x1", "0x" + "f" * 9000]},
                    {"decimal": "7" * 6000}):  # fmt: skip
        with pytest.raises(wire.Garbled):
            wire.unpack(message, refused)


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
@pytest.mark.parametrize(
    "dtype",
    [torch.float32, torch.float64, torch.bfloat16, torch.float8_e4m3fn, torch.int8, torch.bool],
)
def test_tensors_come_back(shape, dtype):
    tensor = torch.randn(shape).to(dtype)
    back = there_and_back(tensor)
    assert (back.dtype, back.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(back.float(), tensor.float())


def test_views_and_parameters_come_back_as_tensors():
    tensor = torch.randn(4, 6, requires_grad=True)
    assert torch.equal(there_and_back(tensor[1:, ::2].T), tensor[1:, ::2].T)
    assert type(there_and_back(torch.nn.Parameter(tensor))) is torch.Tensor


@pytest.mark.parametrize("array", [numpy.arange(6).reshape(2, 3).T, numpy.array(["a"])])
def test_arrays_come_back(array):
    back = there_and_back(array)
    assert back.dtype == array.dtype
    assert numpy.array_equal(back, array)
    back[...] = back  # it can be written to


def test_other_objects_are_left_to_whoever_packs():
    class Whole(int):
        pass

    for value in (object(), Whole(3), torch.ones(2).to_sparse(), numpy.array([object()]), print):
        assert wire.pack([value], lambda _: {"mine": 7}) == [{"mine": 7}]


def test_too_deep():
    nested = []
    nested.append(nested)
    with pytest.raises(wire.Garbled, match="nested deeper"):
        wire.pack(nested, refused)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"int": 3}, {"int": "x"}, {"dict": [[[], 1]]}, {"tuple": 3}, {"pickle": "gA=="},
        {"list": [], "tuple": []}, {"tensor": ["float32", [3], "AAAA"]},
        {"tensor": ["float32", [-1], "AAAAAA=="]}, {"tensor": ["load", [0], ""]},
        {"tensor": ["float32", [2**40, 2**40], ""]}, {"bytes": "?"}, {"fraction": ["0x1", "0x0"]},
        {"array": ["|O", [1], "AAAAAAAAAAA="]}, {"array": ["<f4", [9], "AAAAAA=="]},
        {"decimal": "x"}, {"array": ["<f4", [-1], "AAAAAA=="]}, {"set": [{"dict": []}]},
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused(content):
    with pytest.raises(wire.Garbled):
        wire.unpack(content, refused)


@pytest.fixture
def pair():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_messages_come_in_their_order(pair):
    one, other = pair
    wire.send(one, {"a": 1})
    wire.send(one, [math.inf, "\ud800"])
    assert wire.receive(other) == {"a": 1}
    assert wire.receive(other) == [math.inf, "\ud800"]
    one.close()
    assert wire.receive(other) is None


@pytest.mark.parametrize("raw", [b"\xff\xff\xff\xff", b"\0\0\0\2[[", b"\0\0\0\1\xff"])
def test_what_is_no_message_is_refused(pair, raw):
    one, other = pair
    one.sendall(raw)
    with pytest.raises(wire.Garbled):
        wire.receive(other)


def test_half_a_message_is_none(pair):
    one, other = pair
    one.sendall(b"\0\0\0\7pas")
    one.close()
    assert wire.receive(other) is None


def test_a_message_too_long_is_not_sent(pair):
    with pytest.raises(wire.Garbled, match="are more than"):
        wire.send(pair[0], "x" * wire.LARGEST)
