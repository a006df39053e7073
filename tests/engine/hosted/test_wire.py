"""Clients of both services and their lists of models, against a server that answers oddly."""

import gzip
import json

import pytest

from engine.errors import EngineError
from engine.hosted import services, wire
from engine.hosted.courier import client_of
from engine.hosted.retrying import Trouble
from tests.engine.hosted.test_line import both
from tests.engine.teachers.loopback import KEY, Loopback, Raw


@pytest.mark.parametrize("header", ["x-goog-api-key", "Authorization", "api-key"])
async def test_no_header_follows_a_redirect_be_it_to_the_same_host(header):
    heard = []
    with Loopback({}) as server, Loopback({}) as elsewhere:
        elsewhere.listen = heard.append
        client = wire.client(5)
        for status in (301, 302, 303, 307, 308):
            for place in (elsewhere.address, "/v1/again", "//user:word@localhost:1/"):
                server.list = Raw(b"", status, {"Location": place})
                with pytest.raises(Trouble, match="redirect") as caught:
                    await client.get(server.address, headers={header: KEY})
                assert caught.value.says.startswith("it leads to http://")
                assert "word" not in caught.value.says
        await client.aclose()
    assert heard == []


async def test_a_reply_is_read_as_far_as_an_answer_can_reach(monkeypatch):
    monkeypatch.setattr(wire, "LONGEST_REPLY", 1000)
    client = wire.client(5)
    with Loopback({}) as server:
        for length, packed in ((1000, False), (1001, False), (1000, True), (10**7, True)):
            body = b"a" * length
            server.list = (
                Raw(gzip.compress(body), 200, {"Content-Encoding": "gzip"}) if packed else Raw(body)
            )
            if length == 1000:
                assert (await client.get(server.address)).content == body
            else:
                with pytest.raises(Trouble, match="a reply of more than"):
                    await client.get(server.address)
    await client.aclose()


def listed(of):
    return Raw(json.dumps(of).encode())


ODD_NAMES = [None, 7, {}, "a\ud800", "models/oak"]
LISTS = [
    (listed({"data": [{"id": each} for each in ODD_NAMES]}), "openai", ["a\ufffd", "models/oak"]),
    (listed({"models": [{"name": each} for each in ODD_NAMES]}), "gemini", ["a\ufffd", "oak"]),
    (listed({"models": [{"name": "oak", "supportedGenerationMethods": 7}]}), "gemini", ["oak"]),
    (listed({"models": [None, [], "x", {"name": "x", "supportedGenerationMethods": []}]}),
     "gemini", []),
    *((listed(each), provider, None) for each in ({}, [], 7, {"data": 7}, {"models": {}})
      for provider in ("openai", "gemini")),
    (Raw(b"", 404), "openai", None),
    (Raw(b"", 405), "openai", None),
]  # fmt: skip


async def models(provider):
    client = client_of(services.read(f"{provider}:oak"))
    try:
        return await client.models()
    finally:
        await client.close()


@pytest.mark.parametrize(("raw", "provider", "names"), LISTS)
async def test_models_are_listed_as_far_as_they_can_be_read(server, raw, provider, names):
    server.list = raw
    assert await models(provider) == names


async def test_a_list_without_an_end_has_one(server, monkeypatch):
    monkeypatch.setattr("engine.hosted.gemini.MOST_PAGES", 3)
    server.list = listed({"models": [{"name": "models/a"}], "nextPageToken": "more"})
    assert await models("gemini") == ["a"] * 3


@both
async def test_a_list_that_is_refused_or_broken_says_so(server, name):
    provider = name.partition(":")[0]
    for raw in (
        Raw(b'{"error": {"code": 402, "message": "Pay."}}'),
        Raw(b'{"error": {"message": "Pay."}}', 402),
    ):
        server.list = raw
        with pytest.raises(EngineError, match="Pay"):
            await models(provider)
    for raw in (Raw(b"<html>"), Raw(b"[" * 100_000), Raw(b"", 503)):
        server.list = raw
        with pytest.raises(Trouble):
            await models(provider)
