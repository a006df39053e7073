"""How a service's refusal ends a run: in its own words, with what came kept, to be resumed."""

import json
import re

import pytest

from engine.errors import EngineError
from engine.hosted import refusals, refused, services
from engine.hosted.payments import Payments
from engine.kinds import cascade, evaluate, teach
from engine.kinds.specs import CascadeSpec, EvaluateSpec, TeachSpec
from engine.runs.record import Paused
from tests.engine.hosted.test_line import NAMES, always, both
from tests.engine.teachers.conftest import DATA, unlimited
from tests.engine.teachers.loopback import Loopback, Raw


@pytest.fixture(autouse=True)
def soon(fast):
    """Everything here waits fast."""


def no(status, message, **more):
    """A refusal by either protocol, which both put at the same place."""
    return Raw(json.dumps({"error": {"message": message, **more}}).encode(), status)


def every_fifth(problems, raw):
    """Refuses those of the questions; the others are answered."""
    refused = {problem.question for problem in problems[4::5]}
    return lambda question, nth: raw if question in refused else None


EVERY_KIND = ["evaluate", "teach", "cascade"]


@pytest.fixture
def run(recorder, request):
    """Computes a run of a kind, or goes on with it; returns the record."""

    def computed(kind, name, run_id=None, in_flight=50):
        if kind == "evaluate":
            spec = EvaluateSpec(model=name, data=DATA, batch_size=in_flight)
            compute = evaluate.compute
        elif kind == "teach":
            spec, compute = TeachSpec(teacher=name, data=DATA, in_flight=in_flight), teach.compute
        else:
            sample = request.getfixturevalue("drawn")
            spec = CascadeSpec(
                sample=sample, strong_model=name, k=2, threshold=1.0, batch_size=in_flight
            )
            compute = cascade.compute
        computed.record = record = recorder(spec, run_id)
        return compute(spec, record)

    return computed


def stored(record):
    """The questions that have an answer on record."""
    return [row["question"] for row in (*record.done_answers(), *record.done_predictions())]


@both
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_refusal_of_the_last_questions_ends_the_run_in_the_services_words(
    run, server, problems, name, kind
):
    """All are in flight at once, so that none is left to send when it is met."""
    asked = problems[1::2] if kind == "cascade" else problems
    server.fault = every_fifth(asked, no(402, "Only 3 cents are left."))
    with pytest.raises(EngineError, match=r"paid first \(status 402\): Only 3 cents are left\."):
        run(kind, name)
    kept = stored(run.record)
    assert len(kept) == len(asked) - len(asked[4::5])
    server.fault = lambda *_: None
    before = len(server.requests)
    run(kind, name, run.record.run.id)
    assert sorted(stored(run.record)) == sorted(problem.question for problem in asked)
    assert len(server.requests) == before + len(asked[4::5])


@both
@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_service_that_refuses_everything_says_so(run, server, name, kind):
    server.fault = always(no(402, "Nothing is left."))
    with pytest.raises(EngineError, match="Nothing is left") as caught:
        run(kind, name)
    assert "Top up the account" in caught.value.way_out
    assert stored(run.record) == []


@both
def test_two_questions_given_up_at_the_very_end_are_the_services_fault(run, server, problems, name):
    last = {problem.question for problem in sorted(problems, key=lambda p: len(p.question))[:2]}
    server.fault = lambda question, nth: "503" if question in last else None
    with pytest.raises(EngineError, match="does not answer"):
        run("teach", name)
    assert len(stored(run.record)) == len(problems) - 2


def test_a_full_day_met_by_the_last_question_pauses_the_run(run, server, problems):
    server.fault = always("429 day", problems[0].question)
    with pytest.raises(Paused, match="no more requests for today"):
        run("evaluate", NAMES[0])
    assert len(stored(run.record)) == len(problems) - 1


@both
@pytest.mark.parametrize(
    ("raw", "what", "way_out"),
    [
        (no(401, "Who?"), r"refused the key that [A-Z]+_API_KEY holds: Who\?$", "export"),
        (no(402, "Pay."), r"paid first \(status 402\): Pay", "Top up"),
        (no(403, "Your country is not served."), "Your country is not served", "which countries"),
        (no(400, "User location is not supported."), "location is not supported", "max_new_tokens"),
        (no(404, "Moved."), "knows no `.*`: Moved", "model's name"),
        (no(413, "Too long."), r"refused the request \(status 413\): Too long", "tutor resume"),
        (no(429, "No quota.", code="insufficient_quota"), "paid first .*: No quota", "Top up"),
        (no(200, "Pay.", code=402), "paid first .*: Pay", "Top up"),
        (no(200, "Who?", code="invalid_api_key"), "refused the key .*: Who", "export"),
        (Raw(b'{"detail": "Not you."}', 403), "does not allow it .*: Not you", "countries"),
        (Raw(b'{"error": "Not you."}', 403), "does not allow it .*: Not you", "countries"),
        (Raw(b'[{"error": {"message": "Not you."}}]', 403), ": Not you", "countries"),
        (Raw(b"Not you.", 403), "does not allow it .*: Not you", "countries"),
        (Raw(b"<html>no</html>", 403), r"does not allow it \(status 403\)\.", "countries"),
        (no(418, "a\x1b[2J\x07b\ud800" + "c" * 900), r"status 418\): a \[2J b\ufffd?c{190}", ""),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_services_words_with_the_way_out(server, name, raw, what, way_out):
    told = refused.read(raw.status, raw.headers, raw.body)
    error = refusals.of(told, services.read(name))
    assert isinstance(error, EngineError)
    assert re.search(what, error.what)
    assert way_out in error.way_out and "tutor resume" in error.way_out
    assert error.what.isprintable() and len(error.what) < 300


@both
@pytest.mark.parametrize("after", ["99999999999", "9" * 400, "3600"], ids=len)
def test_a_wait_that_is_longer_than_a_run_waits_pauses_it(run, server, problems, name, after):
    server.fault = always(f"429 {after}", problems[3].question)
    until = "until 20" if after == "3600" else "for more than a year"
    with pytest.raises(Paused, match=f"asks to wait {until}"):
        run("evaluate", name)
    assert len(stored(run.record)) == len(problems) - 1
    server.fault = lambda *_: None
    assert run("evaluate", name, run.record.run.id)["n"] == len(problems)


@both
def test_a_key_does_not_follow_a_redirect(run, server, answers, name):
    """Neither the key nor the question: `localhost` is another host than 127.0.0.1."""
    with Loopback(answers, key=None) as elsewhere:
        heard = []
        elsewhere.listen = lambda handler: heard.append(dict(handler.headers))
        place = elsewhere.address.replace("127.0.0.1", "localhost")
        path = "/v1/chat/completions" if name == "openai:oak" else (
            "/v1beta/models/gemma-4-31b-it:generateContent"
        )  # fmt: skip
        server.fault = always(Raw(b"", 307, {"Location": place + path}))
        with pytest.raises(EngineError, match=f"not followed: it leads to {place}") as caught:
            run("evaluate", name)
    assert heard == [] == elsewhere.requests
    assert "its address" in caught.value.way_out


@both
def test_nor_does_it_when_the_models_are_listed(run, server, answers, name, monkeypatch):
    with Loopback(answers, key=None) as elsewhere:
        heard = []
        elsewhere.listen = lambda handler: heard.append(handler.path)
        place = elsewhere.address.replace("127.0.0.1", "localhost")
        server.list = Raw(b"", 307, {"Location": f"{place}/v1/models"})
        with pytest.raises(EngineError, match="not followed"):
            run("evaluate", name)
    assert heard == []


STRICT = "Unsupported parameter: '{}' is not supported with this model."


def strict(server, *refused, status=400, name_it=True):
    """A server that takes none of these parameters."""

    def fault(question, nth):
        body = server.requests[-1].body
        sent = {**body, **body.get("generationConfig", {})}
        for each in refused:
            if each in sent:
                told = {"param": each} if name_it else {}
                return no(status, STRICT.format(each), **told)
        return None

    server.fault = fault


@pytest.mark.parametrize(("status", "name_it"), [(400, True), (422, False)])
def test_a_parameter_that_is_refused_is_named_with_what_to_write(
    run, server, home, status, name_it
):
    """As newer models of OpenAI have it; what is advised is then written, until it answers."""
    strict(server, "max_tokens", "temperature", "top_p", status=status, name_it=name_it)
    section = '[openai.models."oak"] in teachers.toml'
    settings = ""
    for written, advised in (
        ('max_tokens = "max_completion_tokens"', "Lower max_new_tokens"),
        ('leave_out = ["temperature"]', 'Write leave_out = ["temperature"]'),
        ('leave_out = ["temperature", "top_p"]', 'leave_out = ["temperature", "top_p"]'),
    ):
        with pytest.raises(EngineError, match=r"does not take .* as sent") as caught:
            run("evaluate", "openai:oak", in_flight=1)
        assert STRICT.format("")[:20] in caught.value.what
        assert advised in caught.value.way_out and written in caught.value.way_out
        assert section in caught.value.way_out
        settings = "\n".join(
            [line for line in settings.splitlines() if line[:5] != written[:5]] + [written]
        )
        unlimited(home)
        with (home.path / "teachers.toml").open("a") as file:
            file.write(f'\n[openai.models."oak"]\n{settings}\n')
    result = run("evaluate", "openai:oak", in_flight=1)
    assert result["n"] == DATA.limit
    assert server.requests[-1].body.keys() == {"model", "messages", "max_completion_tokens", "seed"}
    told = run.record.other(run.record.run.id).environment
    assert told["load"]["left_out"] == ["temperature", "top_p"]
    assert told["fallbacks"][0]["what"] == "temperature and top_p not sent"


def test_gemini_leaves_out_what_it_is_told_to(run, server, home):
    strict(server, "topP", "seed")
    with pytest.raises(EngineError, match="does not take top_p as sent") as caught:
        run("evaluate", NAMES[0])
    assert 'leave_out = ["top_p"]' in caught.value.way_out
    with (home.path / "teachers.toml").open("a") as file:
        file.write('\n[gemini.models."gemma-4-31b-it"]\nleave_out = ["top_p", "seed"]\n')
    run("evaluate", NAMES[0])
    sent = server.requests[-1].body["generationConfig"]
    assert sent.keys() == {"temperature", "maxOutputTokens"}


KEPT = {
    "half of a pair": '{"text": "\\ud800\\n#### 7", "tokens_in": 60, "tokens_out": 40, '
    '"ending": "whole", "why": ""}',
    "no end": '{"text": "7\\u0000", "tokens_in": -1000000000, "tokens_out": null, '
    '"ending": "whole", "why": ""}',
    "words for numbers": '{"text": "#### 7", "tokens_in": "x", "tokens_out": 1e400, '
    '"ending": "cut off", "why": ""}',
}
UNREAD = (
    "", "null", "[]", "{}", "[" * 100_000,
    '{"text": 7, "tokens_in": 1, "tokens_out": 1, "ending": "whole"}',
    '{"text": "7", "tokens_in": 1, "tokens_out": 1, "ending": "odd"}',
)  # fmt: skip


@both
@pytest.mark.parametrize("kind", ["evaluate", "teach"])
def test_a_run_paid_by_an_earlier_release_gets_its_replies_out(run, server, problems, name, kind):
    """Those that could be kept, and stopped every attempt after; and those that none can read."""
    server.fault = always(no(402, "Nothing is left."))
    with pytest.raises(EngineError):
        run(kind, name)
    run_id, database = run.record.run.id, run.record.store.database
    book = Payments(database, run_id, name)
    kept = [*KEPT.values(), *UNREAD]
    for problem, reply in zip(problems, kept, strict=False):
        request = book.sent(problem.id, 100, 1000.0)
        with database.transaction() as connection:
            connection.execute(
                "UPDATE payments SET reply = ?, ended = 1001.0 WHERE id = ?", (reply, request)
            )
    server.fault, before = lambda *_: None, len(server.requests)
    result = run(kind, name, run_id)
    asked = {each.question for each in server.requests[before:]}
    taken = {problem.question for problem in problems[: len(KEPT)]}
    if kind == "teach":  # what was cut off is no answer to learn from, and is asked again
        taken.discard(problems[2].question)
    assert asked == {problem.question for problem in problems} - taken
    assert result["hosted"]["ends"]["kept, and cannot be read"] == len(UNREAD)
    assert len(stored(run.record)) == len(problems)
    assert not database.rows("SELECT 1 FROM payments WHERE reply IS NOT NULL OR outcome IS NULL")


def test_answers_that_come_without_a_count_are_told_beside_the_bill(
    run, recorder, server, problems, drawn
):
    """Also in a cascade that takes them over, since its saving lacks them."""
    body = {"choices": [{"message": {"content": "#### 7"}}], "usage": {"prompt_tokens": None}}
    server.fault = always(Raw(json.dumps(body).encode()), problems[0].question)
    result = run("evaluate", "openai:oak")
    assert result["hosted"]["untold"] == 1
    [told] = run.record.other(run.record.run.id).environment["fallbacks"]
    assert told["what"] == "1 of 24 answers without a count of tokens"
    assert "tokens, dollars and savings lack them" in told["why"]
    strong = run.record.run.id
    run.record.store.claim()
    run.record.store.end(strong, "finished", result=result)
    spec = CascadeSpec(sample=drawn, strong=strong, strong_model="openai:oak", k=2)
    record = recorder(spec)
    cascade.compute(spec, record)
    assert record.other(record.run.id).environment["fallbacks"] == [told]
