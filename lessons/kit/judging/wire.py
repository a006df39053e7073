"""What passes between two of these processes: plain values as JSON, each message with its length.

Nothing that comes out of the learner's process is unpickled or evaluated. A value of any other
kind than those below stays where it is, and a reference to it travels.
"""

from __future__ import annotations

import base64
import json
import math
import socket
import struct
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any

LARGEST = 16 * 1024 * 1024
"""Bytes of the longest message; a tensor takes a third more than its own."""
DEEPEST = 50
"""Levels of lists in lists."""
LONGEST_NUMBER = 1 << 14
"""Bits of a whole number, and of each side of a fraction: reducing one takes their square."""
MOST_DIGITS = 5000
"""Of a decimal."""
EXACT = 2**53
"""Whole numbers below this are JSON's own."""


class Garbled(Exception):
    """A message that is none, or is too long or too deep."""


def send(link: socket.socket, message: object) -> None:
    """Send one message.

    Raises:
        Garbled: It is too long.
        OSError: Nobody is there to read it.
    """
    body = json.dumps(message).encode("ascii")
    if len(body) > LARGEST:
        raise Garbled(f"{len(body):,} bytes are more than {LARGEST:,}")
    link.sendall(struct.pack("!I", len(body)) + body)


def receive(link: socket.socket) -> Any:
    """The next message; None where the other side has ended.

    Raises:
        Garbled: What came is no message.
    """
    head = _exactly(link, 4)
    if head is None:
        return None
    (length,) = struct.unpack("!I", head)
    if length > LARGEST:
        raise Garbled(f"a message of {length:,} bytes")
    body = _exactly(link, length)
    if body is None:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Garbled(f"no JSON: {error}") from error


def _exactly(link: socket.socket, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        try:
            part = link.recv(min(length - len(parts), 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts += part
    return bytes(parts)


def pack(value: Any, other: Callable[[Any], dict], depth: int = 0) -> Any:
    """A value as JSON holds it.

    Args:
        value: Anything.
        other: Packs what is of no plain kind, as an object with one key.
        depth: How deep it lies in another value.

    Raises:
        Garbled: It is nested too deep.
    """
    if depth > DEEPEST:
        raise Garbled(f"nested deeper than {DEEPEST} levels")
    kind = type(value)  # never isinstance: a class can say that it is another one
    if value is None or kind in (bool, str, float):
        return value
    if kind is int:
        return value if -EXACT < value < EXACT else {"int": _hex(value)}
    if kind in (list, tuple, set, frozenset):
        inner = [pack(each, other, depth + 1) for each in value]
        return inner if kind is list else {kind.__name__: inner}
    if kind is dict:
        pairs = [[pack(one, other, depth + 1) for one in pair] for pair in value.items()]
        return {"dict": pairs}
    if kind in (bytes, bytearray):
        return {kind.__name__: _text(value)}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is Fraction:
        return {"fraction": [_hex(value.numerator), _hex(value.denominator)]}
    if kind is Decimal:
        return {"decimal": _short(str(value))}
    return _pack_array(kind, value) or other(value)


def unpack(content: Any, other: Callable[[str, Any], Any]) -> Any:
    """What `pack` was given, save that `other` makes of its objects what it will.

    Raises:
        Garbled: Nothing that `pack` gives.
    """
    try:
        return _unpack(content, other)
    except Garbled:
        raise
    except Exception as error:  # the other side may have sent anything at all
        raise Garbled(f"{type(error).__name__}: {error}") from error


def _unpack(content: Any, other: Callable[[str, Any], Any]) -> Any:
    if isinstance(content, list):
        return [_unpack(each, other) for each in content]
    if not isinstance(content, dict):
        return content
    ((tag, inner),) = content.items()
    match tag:
        case "int":
            return _int(inner)
        case "tuple" | "set" | "frozenset":
            kind = {"tuple": tuple, "set": set, "frozenset": frozenset}[tag]
            return kind(_unpack(each, other) for each in inner)
        case "dict":
            return {_unpack(key, other): _unpack(value, other) for key, value in inner}
        case "bytes":
            return _bytes(inner)
        case "bytearray":
            return bytearray(_bytes(inner))
        case "complex":
            return complex(*inner)
        case "fraction":
            return Fraction(_int(inner[0]), _int(inner[1]))
        case "decimal":
            return Decimal(_short(inner))
        case "tensor":
            return _tensor(*inner)
        case "array" | "scalar":
            return _array(tag, *inner)
        case _:
            return other(tag, inner)


def _pack_array(kind: type, value: Any) -> dict | None:
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and kind in (torch.Tensor, torch.nn.Parameter):
        plain = value.detach()
        if plain.layout is not torch.strided or plain.is_quantized:
            return None
        plain = plain.cpu().resolve_conj().resolve_neg().contiguous().reshape(-1)
        data = plain.view(torch.uint8).numpy().tobytes() if plain.numel() else b""
        name = str(value.dtype).removeprefix("torch.")
        return {"tensor": [name, list(value.shape), _text(data)]}
    if numpy is None:
        return None
    if kind is numpy.ndarray and value.dtype.kind in "biufcSU":
        return {"array": [value.dtype.str, list(value.shape), _text(value.tobytes())]}
    if kind.__module__ == "numpy" and isinstance(value, numpy.number | numpy.bool_):
        return {"scalar": [value.dtype.str, [], _text(value.tobytes())]}
    return None


def _tensor(name: str, shape: list[int], data: str) -> Any:
    torch = import_module("torch")
    dtype = getattr(torch, name)
    if not isinstance(dtype, torch.dtype):
        raise Garbled(f"no dtype {name}")
    raw = bytearray(_bytes(data))
    if len(raw) != _sizes(shape) * dtype.itemsize:
        raise Garbled(f"{len(raw)} bytes for {shape}")
    if not raw:
        return torch.empty(shape, dtype=dtype)
    return torch.frombuffer(raw, dtype=torch.uint8).view(dtype).reshape(shape)


def _array(tag: str, dtype: str, shape: list[int], data: str) -> Any:
    numpy = import_module("numpy")
    made = numpy.dtype(dtype)
    if made.kind not in "biufcSU":  # never objects: their bytes are addresses
        raise Garbled(f"no dtype {dtype}")
    raw = _bytes(data)
    if len(raw) != _sizes(shape) * made.itemsize:
        raise Garbled(f"{len(raw)} bytes for {shape}")
    array = numpy.frombuffer(raw, dtype=made).reshape(shape).copy()
    return array[()] if tag == "scalar" else array


def _sizes(shape: list[int]) -> int:
    """How many numbers a shape holds; -1 stands for nothing here."""
    if any(type(size) is not int or size < 0 for size in shape):
        raise Garbled(f"no shape {shape}")
    return math.prod(shape)


def _hex(value: int) -> str:
    if value.bit_length() > LONGEST_NUMBER:
        raise Garbled(f"a number of {value.bit_length():,} bits is more than {LONGEST_NUMBER:,}")
    return hex(value)


def _int(text: str) -> int:
    if len(text) > LONGEST_NUMBER // 4 + 4:
        raise Garbled(f"a number of {len(text):,} digits")
    return int(text, 16)


def _short(digits: str) -> str:
    if len(digits) > MOST_DIGITS:
        raise Garbled(f"a decimal of {len(digits):,} digits is more than {MOST_DIGITS:,}")
    return digits


def _text(data: bytes | bytearray) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
