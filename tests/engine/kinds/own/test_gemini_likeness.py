import pickle
import sys
from types import SimpleNamespace

import pytest

from engine.kinds.own.gemini_likeness import Client, ClientError, Response, ServerError, error
from engine.runs.own import Refused


def client(told):
    asked = []
    made = Client(lambda text: asked.append(text) or told)
    return made, asked


def test_a_response_has_what_google_genais_has():
    made, asked = client(Response.told("#### 5", "STOP", 12, 4))
    response = made.models.generate_content(model="any", contents="What is 2 + 3?")
    assert asked == ["What is 2 + 3?"]
    assert response.text == "#### 5"
    assert response.candidates[0].finish_reason == "STOP"
    assert response.candidates[0].finish_reason.name == "STOP"
    assert response.usage_metadata.total_token_count == 16


@pytest.mark.parametrize(
    "contents",
    [
        ["What is", "2 + 3?"],
        {"role": "user", "parts": [{"text": "What is"}, {"text": "2 + 3?"}]},
        [SimpleNamespace(parts=[SimpleNamespace(text="What is\n2 + 3?")])],
    ],
)
def test_contents_may_be_given_as_the_service_takes_them(contents):
    made, asked = client(Response.told("5", "STOP"))
    made.models.generate_content(model="any", contents=contents)
    assert asked == ["What is\n2 + 3?"]


def test_errors_have_a_code_and_survive_the_way_to_another_process(monkeypatch):
    monkeypatch.delitem(sys.modules, "google.genai.errors", raising=False)
    for code, kind in ((503, ServerError), (429, ClientError)):
        made, _ = client({"error": {"code": code, "message": "later"}})
        with pytest.raises(kind) as caught:
            made.models.generate_content(model="any", contents="?")
        assert caught.value.code == code
        assert pickle.loads(pickle.dumps(caught.value)).code == code


def test_they_are_google_genais_own_where_that_is_loaded(monkeypatch):
    errors = pytest.importorskip("google.genai.errors")
    monkeypatch.setitem(sys.modules, "google.genai.errors", errors)
    assert isinstance(error(503, "later"), errors.ServerError)
    assert isinstance(error(429, "later"), errors.ClientError)
    assert error(429, "later").code == 429
    monkeypatch.delitem(sys.modules, "google.genai.errors")
    assert isinstance(error(503, "later"), ServerError)


def test_google_genais_finish_reasons_are_equal_to_ours():
    types = pytest.importorskip("google.genai.types")
    read = Response.read(Response.told(None, "MAX_TOKENS"))
    assert read.candidates[0].finish_reason == types.FinishReason.MAX_TOKENS


def test_what_is_refused_is_remembered():
    made, _ = client({"refused": "Never asked."})
    with pytest.raises(Refused):
        made.models.generate_content(model="any", contents="?")
    assert made.refused == "Never asked."
