"""200 replies out of shape over both protocols: none is lost in silence, stored twice, or fatal."""

import pytest

from engine.data.problems import DataSpec
from engine.hosted.payments import ANSWERED
from engine.kinds import evaluate
from engine.kinds.specs import EvaluateSpec
from tests.engine.teachers.loopback import KEY, Loopback, Reply
from tests.engine.teachers.odd import TOKENS, shapes

NAMES = {"gemini": "gemini:gemma-4-31b-it", "openai": "openai:oak"}
GOOD = Reply("Asked again.\n#### 3", 60, 40)
both = pytest.mark.parametrize("provider", NAMES)


@pytest.fixture
def server(monkeypatch, fast):
    with Loopback(lambda question: GOOD) as server:
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_BASE_URL", f"{server.address}/v1")
        yield server


def spread(provider, server):
    """One shape for each question, at its first request; returns the data and what is to come."""
    all_of_them = shapes(provider)
    data = DataSpec(split="train", level=1, limit=len(all_of_them))
    by_question = {p.question: s for p, s in zip(data.problems(), all_of_them, strict=True)}
    server.fault = lambda question, nth: by_question[question].raw if nth == 1 else None
    return data, by_question


def expected(shape):
    if shape.becomes == "again":
        return GOOD.text, *TOKENS
    return shape.text, *shape.tokens


def test_there_are_200_of_them():
    replies = [(provider, repr(shape.raw)) for provider in NAMES for shape in shapes(provider)]
    assert len(set(replies)) == len(replies) >= 200


@both
def test_an_evaluation_meets_them_all(recorder, server, provider):
    data, by_question = spread(provider, server)
    spec = EvaluateSpec(model=NAMES[provider], data=data, batch_size=8)
    record = recorder(spec)
    result = evaluate.compute(spec, record)
    rows = record.done_predictions()
    assert result["n"] == len(rows) == len(by_question)
    became = {row["question"]: (row["text"], row["tokens_in"], row["tokens_out"]) for row in rows}
    wrong = {
        shape.name: (became[question], expected(shape))
        for question, shape in by_question.items()
        if became[question] != expected(shape)
    }
    assert wrong == {}
    asked = server.asked()
    tries = {shape.name: asked.count(question) for question, shape in by_question.items()}
    assert tries == {
        shape.name: 2 if shape.becomes == "again" else 1 for shape in by_question.values()
    }
    ends = result["hosted"]["ends"]
    assert "in flight" not in ends and "refused" not in ends
    assert sum(ends.values()) == len(asked)
    kinds = [shape.becomes for shape in by_question.values()]
    for end in ("empty", "blocked", "cut off"):
        assert ends[end] == kinds.count(end)
    assert ends[ANSWERED] == kinds.count("taken") + kinds.count("again")
