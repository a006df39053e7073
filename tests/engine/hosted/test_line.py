"""Questions over both libraries to a server that misbehaves in every way that it can be told to."""

from contextlib import contextmanager

import pytest

from engine.errors import EngineError, ModelNotFound
from engine.hosted.line import LOOK_SECONDS
from engine.hosted.payments import Payments
from engine.hosted.said import Manner
from engine.hosted.services import ADDRESS
from engine.kinds.asking_hosted import line_to
from engine.kinds.specs import TeachSpec
from engine.models.registry import INSTRUCTION
from engine.runs.record import Cancelled, Paused
from tests.engine.teachers.conftest import DATA, unlimited
from tests.engine.teachers.fast import Stepped

NAMES = ("gemini:gemma-4-31b-it", "openai:oak")
both = pytest.mark.parametrize("name", NAMES)
MANNER = Manner(INSTRUCTION, 200)


@pytest.fixture(autouse=True)
def soon(fast):
    """Everything here waits fast."""


@pytest.fixture
def line(recorder, server):
    """Opens a line, as a run does."""

    @contextmanager
    def opened(name, in_flight=4, max_new_tokens=200):
        opened.record = record = recorder(TeachSpec(teacher=name, data=DATA))
        with line_to(
            record, name, "data", in_flight=in_flight, max_new_tokens=max_new_tokens,
            option="--teacher",
        ) as line:  # fmt: skip
            opened.payments = Payments(record.store.database, record.run.id, name)
            yield line

    return opened


def said(line, problems, manner=MANNER):
    return {heard.problem.id: heard for heard in line.ask(problems, manner)}


def are_oaks(heard, problems, answers):
    """Every problem was answered whole, as oak answers it, and its tokens are oak's."""
    for problem in problems:
        reply, oaks = heard[problem.id].said, answers[problem.question]
        assert (reply.text, reply.ending) == (oaks.text, "whole")
        assert (reply.tokens_in, reply.tokens_out) == (oaks.tokens_in, oaks.tokens_out)


def once(fault, which=None):
    """That fault at the first request for a question, or for one question alone."""
    return lambda question, nth: fault if nth == 1 and which in (None, question) else None


def always(fault, which=None):
    return lambda question, nth: fault if which in (None, question) else None


@both
def test_every_question_is_asked_once_and_heard_whole(line, server, answers, problems, name):
    with line(name) as opened:
        heard = said(opened, problems)
    are_oaks(heard, problems, answers)
    assert sorted(server.asked()) == sorted(problem.question for problem in problems)


@both
def test_no_more_are_in_flight_than_is_allowed_and_none_before_what_came_is_taken(
    line, server, answers, problems, name
):
    """So whoever is killed loses at most what was in flight."""
    with line(name, in_flight=3) as opened:
        taken = 0
        for _ in opened.ask(problems, MANNER):
            assert len(server.asked()) <= taken + 3
            taken += 1
    assert taken == len(problems)


@both
@pytest.mark.parametrize(
    ("fault", "end"),
    [
        ("429", "limit reached"),
        ("500", "server error 500"),
        ("503", "server error 503"),
        ("reset", "connection lost"),
        ("malformed", "an answer that cannot be read"),
        ("html", "an answer that cannot be read"),
    ],
)
def test_what_may_pass_is_tried_again(line, server, problems, name, fault, end):
    server.fault = once(fault, problems[0].question)
    with line(name) as opened:
        heard = said(opened, problems[:3])
        ends = line.payments.summary()["ends"]
    assert heard[problems[0].id].said.ending == "whole"
    assert server.asked().count(problems[0].question) == 2
    assert server.paid().count(problems[0].question) == 1
    assert ends[end] == 1


@both
def test_a_server_that_hangs_is_given_up_and_asked_again(line, server, problems, home, name):
    unlimited(home, timeout=0.3)
    server.fault = once("hang", problems[0].question)
    with line(name) as opened:
        heard = said(opened, problems[:2])
        assert line.payments.summary()["ends"]["no answer within 0.3 s"] == 1
    assert heard[problems[0].id].said.ending == "whole"


@both
def test_the_wait_that_the_server_asks_for_is_obeyed_by_all(
    line, server, problems, monkeypatch, name
):
    clock = Stepped()
    monkeypatch.setattr("engine.hosted.line.Clock", lambda: clock)
    server.clock = clock.wall
    server.fault = once("429 27", problems[0].question)
    with line(name, in_flight=1) as opened:
        said(opened, problems[:4])
    refused, *later = server.requests
    assert refused.fault == "429 27"
    assert min(each.at for each in later) >= refused.at + 27


@both
@pytest.mark.parametrize(
    ("fault", "ending", "text"),
    [("safety", "blocked", ""), ("length", "cut off", None), ("empty", "empty", "")],
)
def test_replies_that_are_no_answers_are_told_apart(
    line, server, problems, answers, name, fault, ending, text
):
    server.fault = once(fault)
    with line(name) as opened:
        [heard] = said(opened, problems[:1]).values()
    assert heard.said.ending == ending
    assert heard.said.tokens_in == answers[problems[0].question].tokens_in
    assert heard.said.text == text if text is not None else heard.said.text
    assert len(server.asked()) == 1


def test_a_blocked_prompt_says_why(line, server, problems):
    server.fault = once("prompt")
    with line("gemini:gemini-2.5-flash") as opened:
        [heard] = said(opened, problems[:1]).values()
    assert (heard.said.ending, heard.said.why) == ("blocked", "prohibited_content")


@both
def test_the_longest_answer_allowed_is_told_to_the_service(line, server, problems, name):
    with line(name) as opened:
        [heard] = said(opened, problems[:1], Manner(INSTRUCTION, 5)).values()
    assert (heard.said.ending, heard.said.tokens_out) == ("cut off", 5)


@both
def test_one_question_that_always_fails_is_given_up_and_the_others_are_not(
    line, server, problems, name
):
    server.fault = always("500", problems[1].question)
    with line(name) as opened:
        heard = said(opened, problems[:6])
    assert heard[problems[1].id].said is None
    assert heard[problems[1].id].reason == "server error 500"
    assert server.asked().count(problems[1].question) == 3  # `tries` of the settings
    assert sum(each.said is not None for each in heard.values()) == 5


@both
def test_a_service_that_fails_every_question_ends_the_run_with_the_way_out(
    line, server, problems, name
):
    server.fault = always("503")
    with line(name) as opened, pytest.raises(EngineError, match="does not answer") as caught:
        said(opened, problems)
    assert "server error 503" in caught.value.what
    assert "tutor resume" in caught.value.way_out
    assert f"{ADDRESS[name.partition(':')[0]]} was when it was started" in caught.value.way_out


@both
def test_a_limit_that_is_always_reached_ends_the_run_with_the_way_out(line, server, problems, name):
    server.fault = always("429 1")
    with line(name) as opened, pytest.raises(EngineError, match="12 times in a row") as caught:
        said(opened, problems)
    assert "teachers.toml" in caught.value.way_out


def test_the_days_quota_pauses_the_run_in_words(line, server, problems):
    """What is on its way by then is heard first."""
    server.fault = lambda question, nth: "429 day" if len(server.requests) > 5 else None
    heard = []
    with (
        line("gemini:gemma-4-31b-it", in_flight=2) as opened,
        pytest.raises(Paused, match="no more requests for today; there are more at midnight"),
    ):
        heard.extend(opened.ask(problems, MANNER))
    assert len(heard) == len(server.paid()) == 5


@both
def test_our_own_limit_of_the_day_pauses_it_too(line, server, problems, home, name):
    unlimited(home, requests_per_day=4)
    with line(name) as opened, pytest.raises(Paused, match="The day's 4 requests to"):
        said(opened, problems)
    assert len(server.asked()) == 4


@both
def test_a_pause_waits_for_what_is_paid_and_asks_no_more(line, server, problems, name):
    with line(name, in_flight=4) as opened, pytest.raises(Paused):
        heard = 0
        for _ in opened.ask(problems, MANNER):
            heard += 1
            line.record.store.claim()
            line.record.store.pause(line.record.run.id)
    assert heard == len(server.paid()) < len(problems)


@both
def test_a_pause_is_seen_while_it_waits_for_a_limit(
    line, server, problems, home, monkeypatch, name
):
    """The wait is a minute; the pause is obeyed within one look."""
    clock = Stepped()
    monkeypatch.setattr("engine.hosted.line.Clock", lambda: clock)
    unlimited(home, requests_per_minute=2)
    with line(name) as opened, pytest.raises(Paused):
        for n, _ in enumerate(opened.ask(problems, MANNER), 1):
            if n == 2:
                line.record.store.claim()
                line.record.store.pause(line.record.run.id)
                asked_at = clock.now()
    assert clock.now() - asked_at <= 2 * LOOK_SECONDS
    assert len(server.asked()) == 2


@both
def test_a_cancelled_run_leaves_at_once(line, server, problems, name):
    server.fault = lambda question, nth: "hang" if question == problems[1].question else None
    with line(name, in_flight=2) as opened, pytest.raises(Cancelled):
        for _ in opened.ask(problems, MANNER):
            line.record.store.claim()
            line.record.store.cancel(line.record.run.id)


def test_it_says_what_it_waits_for(line, server, problems, home, monkeypatch):
    unlimited(home, requests_per_minute=2)
    with line("openai:oak") as opened:
        words = []
        monkeypatch.setattr(opened, "_say", words.append)
        said(opened, problems[:3])
    waits = [each for each in words if each.startswith("waiting")]
    assert waits and all(each.endswith("s for the request limit") for each in waits)
    assert int(waits[0].split()[1]) <= 61


@both
def test_a_key_that_is_refused(line, server, monkeypatch, name):
    variable = "GEMINI_API_KEY" if name.startswith("gemini") else "OPENAI_API_KEY"
    monkeypatch.setenv(variable, "another-key-than-that")
    with pytest.raises(EngineError) as caught, line(name):
        pass
    assert f"refused the key that {variable} holds" in caught.value.what
    assert variable in caught.value.way_out


def test_no_key_where_the_worker_was_started(line, server, monkeypatch, recorder):
    """It was there when the run was submitted, and not when the worker began."""
    record = recorder(TeachSpec(teacher=NAMES[0], data=DATA))
    monkeypatch.delenv("GEMINI_API_KEY")
    with (
        pytest.raises(EngineError) as caught,
        line_to(record, NAMES[0], "", in_flight=1, max_new_tokens=9, option="--teacher"),
    ):
        pass
    assert "GEMINI_API_KEY is not set where the worker was started" in caught.value.what
    assert "tutor resume" in caught.value.way_out


def test_a_server_that_wants_no_key_gets_none(line, server, problems, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    server.key = None
    with line("openai:oak") as opened:
        assert len(said(opened, problems[:2])) == 2


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("gemini:gemma-3-27b-it", "--teacher gemini:gemma-4-31b-it"),
        ("gemini:gemini-1.5-flash", "--teacher gemini:gemini-2.5-flash"),
        ("openai:gemma-4-31b", "--teacher openai:gemma-4-31b-it"),
    ],
)
def test_a_model_that_is_not_there(line, server, name, near):
    with pytest.raises(ModelNotFound) as caught, line(name):
        pass
    assert f"`{name.partition(':')[2]}` is n" in caught.value.what
    assert near in caught.value.way_out


def test_a_server_that_is_not_there(line, server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    words = r"127\.0\.0\.1:1 does not answer"
    with pytest.raises(EngineError, match=words) as caught, line("openai:oak"):
        pass
    assert "no connection" in caught.value.what


def test_the_instruction_is_folded_where_the_model_wants_that(line, server, problems):
    for name in ("gemini:gemma-4-31b-it", "gemini:gemini-2.5-flash"):
        with line(name) as opened:
            said(opened, problems[:1])
    folded, apart = (each.body for each in server.requests)
    assert "systemInstruction" not in folded
    assert folded["contents"][0]["parts"][0]["text"].endswith(INSTRUCTION)
    assert apart["systemInstruction"]["parts"][0]["text"] == INSTRUCTION
    assert apart["contents"][0]["parts"][0]["text"] == problems[0].question
    assert apart["generationConfig"]["temperature"] == 0


def test_requests_of_an_earlier_run_count_towards_the_minute(
    line, server, problems, home, monkeypatch
):
    clock = Stepped()
    monkeypatch.setattr("engine.hosted.line.Clock", lambda: clock)
    unlimited(home, requests_per_minute=3)
    server.clock = clock.wall
    with line("openai:oak") as opened:
        said(opened, problems[:3])
    with line("openai:oak") as opened:
        said(opened, problems[3:5])
    first, *_, later, _ = server.requests
    assert later.at - first.at >= 60


def test_an_answer_that_no_minute_has_room_for_is_refused(line, server, home):
    unlimited(home, tokens_per_minute=1000)
    full = pytest.raises(EngineError, match="a minute holds 1,000")
    with full as caught, line("openai:oak", max_new_tokens=800):
        pass
    assert "Lower max_new_tokens" in caught.value.way_out
