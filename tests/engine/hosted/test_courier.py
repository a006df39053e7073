"""The process that asks, with a real server: what it has in flight outlives the worker."""

import asyncio
import json
import os
import signal
from dataclasses import asdict

import pytest

from engine.errors import DiskFull, EngineError
from engine.hosted.carrier import Courier, lock
from engine.hosted.courier import carry
from engine.hosted.said import Said
from engine.kinds.asking_hosted import line_to
from engine.kinds.specs import TeachSpec
from engine.runs.record import Paused
from tests.engine.hosted.test_line import MANNER, NAMES, are_oaks, both, once, said
from tests.engine.runs.waiting import until
from tests.engine.teachers.conftest import DATA
from tests.engine.teachers.odd import shapes

GEMMA = NAMES[0]


@pytest.fixture
def here():
    """None of it: these tests have the process."""


@pytest.fixture
def line(recorder):
    """Opens a run's line; given the run's id, that of a run which is resumed."""

    def opened(name, run_id=None, in_flight=8):
        spec = TeachSpec(teacher=name, data=DATA)
        opened.record = recorder(spec, run_id)
        return line_to(
            opened.record, name, "data", in_flight=in_flight, max_new_tokens=200,
            option="--teacher",
        )  # fmt: skip

    return opened


def log(record):
    return record.home.log(record.run.id).read_text()


@both
def test_every_question_is_asked_once_and_heard_whole(line, server, answers, problems, name):
    server.fault = once("503", problems[3].question)
    with line(name) as opened:
        heard = said(opened, problems)
    are_oaks(heard, problems, answers)
    assert sorted(server.paid()) == sorted(problem.question for problem in problems)
    until(lock(line.record.home, line.record.run.id).free)  # it ends by itself


def test_what_was_in_flight_when_the_worker_ended_is_there_when_it_is_resumed(
    line, server, problems
):
    """Its death closes its end of the pipe, as leaving the line does."""
    server.latency = lambda question, _: 0.0 if question == problems[0].question else 1.0
    with line(GEMMA) as opened:
        first = next(opened.ask(problems, MANNER))
    assert first.problem == problems[0]
    run_id = line.record.run.id
    server.latency = lambda *_: 0.0
    with line(GEMMA, run_id) as opened:  # at once: it waits for what is on its way
        heard = said(opened, problems[1:])
    assert {each.said.ending for each in heard.values()} == {"whole"}
    assert len(heard) == len(problems) - 1
    assert sorted(server.paid()) == sorted(problem.question for problem in problems)
    assert "answers came after the last attempt had ended" in log(line.record)
    assert "lost" not in log(line.record)


def test_the_wait_for_an_earlier_courier_can_be_ended(line, server, problems):
    server.latency = lambda question, _: 0.0 if question == problems[0].question else 3.0
    with line(GEMMA) as opened:
        next(opened.ask(problems, MANNER))
    run_id = line.record.run.id
    line.record.store.claim()
    line.record.store.pause(run_id)
    with pytest.raises(Paused), line(GEMMA, run_id):
        pass
    until(lock(line.record.home, run_id).free)


def test_a_courier_that_is_killed_is_followed_by_another(line, server, problems, monkeypatch, fast):
    started = []
    real = Courier._start

    async def start(self):
        await real(self)
        started.append(self._process)

    monkeypatch.setattr(Courier, "_start", start)
    server.latency = lambda *_: 0.1
    heard = {}
    with line(GEMMA) as opened:
        for each in opened.ask(problems, MANNER):
            if not heard:
                os.kill(started[0].pid, signal.SIGKILL)
                started[0].wait()
            heard[each.problem.id] = each.said
    assert len(started) == 2
    assert {problem.id for problem in problems} == set(heard)
    assert all(said.ending == "whole" for said in heard.values())


@both
def test_a_refusal_crosses_whole(line, server, name):
    server.key = "another"
    words = r"refused the key that \w+_API_KEY holds"
    with pytest.raises(EngineError, match=words) as caught, line(name):
        pass
    assert "export" in caught.value.way_out


@pytest.mark.parametrize("error", [DiskFull("There is no room left."), OverflowError("too large")])
async def test_a_reply_that_cannot_be_written_down_is_handed_over_all_the_same(capsys, error):
    class Answers:
        async def ask(self, question, manner):
            return Said(f"#### {question}", 3, 4, "whole")

        async def close(self):
            pass

    def no_room(*_):
        raise error

    orders, told = asyncio.StreamReader(), []
    orders.feed_data(
        json.dumps({"request": 1, "question": "7", "manner": asdict(MANNER)}).encode() + b"\n"
    )
    orders.feed_eof()
    await carry(Answers(), no_room, orders, told.append)
    assert told == [{"request": 1, "said": asdict(Said("#### 7", 3, 4, "whole"))}]
    assert str(error) in capsys.readouterr().err


async def test_what_nobody_foresaw_is_told_as_trouble_and_stands_in_the_log(capsys):
    class Breaks:
        async def ask(self, question, manner):
            raise LookupError("of all things")

        async def close(self):
            pass

    orders, told = asyncio.StreamReader(), []
    order = {"request": 1, "question": "7", "manner": asdict(MANNER)}
    orders.feed_data(json.dumps(order).encode() + b"\n")
    orders.feed_eof()
    await carry(Breaks(), lambda *_: None, orders, told.append)
    assert [each["trouble"]["reason"] for each in told] == ["something unforeseen (LookupError)"]
    assert "of all things" in capsys.readouterr().err


def test_odd_replies_cross_the_pipe_and_are_on_record_as_they_are_taken(line, server, problems):
    """Half of a surrogate pair, NUL, and counts that are none: also when they were kept."""
    odd = [each for each in shapes("openai") if "\ufffd" in (each.text or "")]
    by_question = {p.question: each for p, each in zip(problems, odd, strict=False)}
    server.fault = lambda question, nth: by_question[question].raw
    server.latency = lambda question, _: 0.0 if question == problems[0].question else 0.5
    asked = problems[: len(odd)]
    with line("openai:oak") as opened:
        first = next(opened.ask(asked, MANNER))
    with line("openai:oak", line.record.run.id) as opened:
        heard = said(opened, asked[1:])
    heard[first.problem.id] = first
    for problem in asked:
        assert heard[problem.id].said.text == by_question[problem.question].text
    assert sorted(server.asked()) == sorted(by_question)


def test_a_reply_is_on_record_before_the_worker_hears_of_it(line, server, problems):
    with line(GEMMA) as opened:
        for heard in opened.ask(problems[:5], MANNER):
            rows = line.record.store.database.rows(
                "SELECT reply FROM payments WHERE id = ?", (heard.request,)
            )
            assert heard.said.text[:20] in rows[0]["reply"].replace("\\n", "\n")
