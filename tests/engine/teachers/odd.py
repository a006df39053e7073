"""Replies that are out of shape, by both protocols, each with what is to become of it.

A shape changes a good reply at one place. What becomes of it is one of:

    taken     the answer is stored, and the question is not asked again
    again     there is no answer in it: the question is asked once more
    empty     stored as the model's own, likewise `blocked` and `cut off`
"""

import gzip
import json
from copy import deepcopy
from dataclasses import dataclass, replace

from tests.engine.teachers.loopback import Raw, gemini_said, openai_said

TOKENS = 60, 40
"""Of each reply, in and out."""
DEEP = "[" * 100_000
COUNTS = (
    (None, 0), (-(10**9), 0), (10**30, 0), (10**400, 0), ("sixty", 0), ("60", 60), ("6" * 5000, 0),
    ([], 0), ({}, 0), (1.5, 0), (60.0, 60), (True, 0), (float("nan"), 0), (float("inf"), 0),
    ("\ud800", 0), ("²", 0),
)  # fmt: skip
"""What may stand where a count of tokens belongs, and what is read."""
WAITS = ("\xb2", "-5", "1e3", "nan", "soon", "Fri, 99 Foo 2026 25:61:61 GMT", "", "0", "+1")
"""What may stand in Retry-After that asks for no wait."""
UNREAD = (
    b"", b"null", b"[]", b"{}", b"42", b'"text"', b"true", b"<html>", b'{"candidates": [{"con',
    DEEP.encode(), b'{"a": ' + DEEP.encode(), b'{"n": ' + b"9" * 6000 + b"}", b"\xff\xfe{",
    b"data: {}\n\n", b" " * (5 * 1024**2), b"\x00", b"NaN",
)  # fmt: skip
"""Bodies in which there is no answer."""


@dataclass(frozen=True)
class Shape:
    """One reply, and what is to become of it."""

    name: str
    raw: Raw
    becomes: str
    text: str | None = None
    """Of the answer that is stored."""
    tokens: tuple = TOKENS
    """In and out, as they are stored."""


class _Protocol:
    """Where things stand in a reply."""

    def __init__(self, good, text, end, candidate, message, tokens_in, tokens_out):
        self.good, self.text, self.end = good, text, end
        self.candidate, self.message = candidate, message
        self.tokens_in, self.tokens_out = tokens_in, tokens_out

    @property
    def usage(self):
        return self.tokens_in[:1]

    def put(self, path, value):
        """A good reply with that value at one place; `GONE` takes the place away."""
        said = deepcopy(self.good)
        at = said
        for step in path[:-1]:
            at = at[step]
        if value is GONE:
            del at[path[-1]]
        else:
            at[path[-1]] = value
        return Raw(json.dumps(said).encode())


GONE = object()
ANSWER = "Four and three.\n#### 7"
PROTOCOLS = {
    "gemini": _Protocol(
        gemini_said(ANSWER, 60, 80),
        ("candidates", 0, "content", "parts", 0, "text"), ("candidates", 0, "finishReason"),
        ("candidates",), ("candidates", 0, "content"),
        ("usageMetadata", "promptTokenCount"), ("usageMetadata", "candidatesTokenCount"),
    ),
    "openai": _Protocol(
        openai_said(ANSWER, 60, 40),
        ("choices", 0, "message", "content"), ("choices", 0, "finish_reason"),
        ("choices",), ("choices", 0, "message"),
        ("usage", "prompt_tokens"), ("usage", "completion_tokens"),
    ),
}  # fmt: skip
del PROTOCOLS["gemini"].good["usageMetadata"]["thoughtsTokenCount"]


def shapes(provider):
    """All of a provider's, numbered."""
    of = PROTOCOLS[provider]
    every = (*_counts(of), *_texts(of), *_frames(of), *_bodies(of), *_OWN[provider](of))
    return [replace(each, name=f"{n} {each.name}") for n, each in enumerate(every)]


def _counts(of):
    for value, read in COUNTS:
        said = f"{str(value)[:12]!r}"
        yield Shape(f"in {said}", of.put(of.tokens_in, value), "taken", ANSWER, (read, 40))
        out = {60: (60, 60)}.get(read, (60, read))
        yield Shape(f"out {said}", of.put(of.tokens_out, value), "taken", ANSWER, out)
    for value in (GONE, None, [], "none", 7, {}):
        yield Shape(f"usage {value}", of.put(of.usage, value), "taken", ANSWER, (0, 0))


def _texts(of):
    for text, stored in (
        ("\ud800 7\n#### 7", "\ufffd 7\n#### 7"), ("#### 7\udfff", "#### 7\ufffd"),
        ("\udc00\ud800#### 7", "\ufffd\ufffd#### 7"), ("7\0\n#### 7", "7\ufffd\n#### 7"),
        ("\U0001f600 #### 7",) * 2, ("\x1b]0;x\x07#### 7",) * 2, ("\u202e#### 7\u2028",) * 2,
        ("\ufeff#### 7",) * 2, ("#### " + "7" * 6000,) * 2, ("#### 7e999999999",) * 2,
        ("#### 1/0",) * 2, ("7 " * 100_000,) * 2, ("(" * 20_000 + "#### 7",) * 2,
        ("#### " + "9," * 5000,) * 2, ("\\boxed{" * 5000,) * 2,
    ):  # fmt: skip
        yield Shape(f"text {text[:9]!r}", of.put(of.text, text), "taken", stored)
    for text in ("", " \n\t", None):
        yield Shape(f"text {text!r}", of.put(of.text, text), "empty", text or "")
    for text in (7, True, {"text": ANSWER}):
        yield Shape(f"text {text!r}", of.put(of.text, text), "again")


def _frames(of):
    for value in ("null", {}, 7, True):
        yield Shape(f"answers {value!r}", of.put(of.candidate, value), *_none(of))
    for value in ([None], ["text"], [[]], [7]):
        yield Shape(f"answers {value!r}", of.put(of.candidate, value), *_no_candidate(of, value))
    for value in (None, 7, [], {}, True):
        yield Shape(f"ended {value!r}", of.put(of.end, value), "taken", ANSWER)
    yield Shape("never ended", of.put(of.end, GONE), "taken", ANSWER)


def _none(of):
    """What becomes of no candidates at all: Gemini says so with its usage where it wrote none."""
    return ("empty", "") if of is PROTOCOLS["gemini"] else ("again",)


def _no_candidate(of, value):
    return _none(of) if value == [None] else ("again",)


def _bodies(of):
    good = json.dumps(of.good).encode()
    for body in UNREAD:
        yield Shape(f"body {body[:9]!r}", Raw(body), "again")
    for status in (201, 204, 206, 304, 408, 409, 425, 500, 502, 503, 520, 599):
        yield Shape(f"status {status}", Raw(b"", status), "again")
    for body in (b"null", b"[]", b"[7]", b'{"error": 7}', b"<html>", DEEP.encode()):
        yield Shape(f"503 {body[:9]!r}", Raw(body, 503), "again")
    for wait in WAITS:
        raw = Raw(b'{"error": {"message": "slow"}}', 429, {"Retry-After": wait})
        yield Shape(f"wait {wait!r}", raw, "again")
    for status in (301, 302, 303, 307, 308):
        raw = Raw(b"", status, {"Location": "http://localhost:9/elsewhere"})
        yield Shape(f"redirect {status}", raw, "again")
    for error in (
        {"code": 429, "message": "slow"}, {"code": "rate_limit_exceeded"}, {"code": 503}, "broken",
        {"message": "\ud800"}, {"code": [], "message": {}}, {"status": "UNAVAILABLE"}, ["x"],
        {"code": 10**30}, {"code": "500"},
    ):  # fmt: skip
        raw = Raw(json.dumps({"error": error}).encode())
        yield Shape(f"200 {str(error)[:30]}", raw, "again")
    for error in (None, {}, ""):
        raw = Raw(json.dumps({**of.good, "error": error}).encode())
        yield Shape(f"error {error!r}", raw, "taken", ANSWER)
    packed = {"Content-Encoding": "gzip"}
    yield Shape("packed", Raw(gzip.compress(good), 200, packed), "taken", ANSWER)
    yield Shape("bomb", Raw(gzip.compress(b" " * 50_000_000), 200, packed), "again")
    yield Shape("not packed", Raw(good, 200, packed), "again")
    yield Shape("br", Raw(good, 200, {"Content-Encoding": "br"}), "again")
    yield Shape("mark", Raw(b"\xef\xbb\xbf" + good), "taken", ANSWER)
    broken = good.replace(b"Four", b"F\xffur")
    yield Shape("no UTF-8", Raw(broken), "taken", ANSWER.replace("Four", "F\ufffdur"))
    filtered = Raw(b'{"error": {"code": "content_filter", "message": "no"}}', 400)
    yield Shape("this question alone", filtered, "blocked", "", (0, 0))


def _geminis(of):
    parts = ("candidates", 0, "content", "parts")
    thought = {"text": "Is it 12?\n#### 12", "thought": True}
    yield Shape("thought", of.put(parts, [thought, {"text": ANSWER}]), "taken", ANSWER)
    yield Shape("parts", of.put(parts, [{"text": "#### "}, {"text": "7"}]), "taken", "#### 7")
    yield Shape("a call", of.put(parts, [{"functionCall": {}}]), "empty", "")
    for value in (None, []):
        yield Shape(f"parts {value!r}", of.put(parts, value), "empty", "")
    for value in (7, [7], {}):
        yield Shape(f"parts {value!r}", of.put(parts, value), "again")
    yield Shape("no content", of.put(of.message, GONE), "empty", "")
    for reason in ("SAFETY", "OTHER", "SOMETHING_NEW", "x\x1b[2J\ud800" + "y" * 500):
        yield Shape(f"ended {reason[:9]!r}", of.put(of.end, reason), "blocked", "")
    yield Shape("cut", of.put(of.end, "MAX_TOKENS"), "cut off", ANSWER)
    feedback = Raw(json.dumps({"promptFeedback": {"blockReason": "SAFETY"}}).encode())
    yield Shape("prompt", feedback, "blocked", "", (0, 0))


def _openais(of):
    parts = [{"type": "text", "text": "#### "}, {"type": "text", "text": "7"}]
    thought = {"type": "reasoning", "text": "Is it 12?\n#### 12"}
    yield Shape("parts", of.put(of.text, parts), "taken", "#### 7")
    yield Shape("thought", of.put(of.text, [thought, *parts]), "taken", "#### 7")
    yield Shape("words", of.put(of.text, ["#### ", "7"]), "taken", "#### 7")
    yield Shape("half", of.put(of.text, [{"text": "#### 7\ud800"}]), "taken", "#### 7\ufffd")
    yield Shape("no parts", of.put(of.text, []), "empty", "")
    for value in ([7], [[]], [{"text": 7}]):
        yield Shape(f"parts {value!r}", of.put(of.text, value), "again")
    for value in (GONE, None, "text", [], 7):
        yield Shape(f"message {value}", of.put(of.message, value), "again")
    yield Shape("refusal", of.put((*of.message, "refusal"), "no"), "blocked", "")
    yield Shape("filter", of.put(of.end, "content_filter"), "blocked", "")
    yield Shape("cut", of.put(of.end, "length"), "cut off", ANSWER)
    yield Shape("ended by itself", of.put(of.end, "eos"), "taken", ANSWER)
    yield Shape("ended badly", of.put(of.end, "error"), "again")
    inner = of.put((*of.candidate, 0, "error"), {"code": 502, "message": "gone"})
    yield Shape("error inside", inner, "again")


_OWN = {"gemini": _geminis, "openai": _openais}
