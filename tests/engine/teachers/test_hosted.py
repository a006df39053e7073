"""Whole runs with a hosted model, by the kinds' own functions, over both libraries."""

import json

import pytest

from engine.cascades.prices import Prices
from engine.data.problems import DataSpec
from engine.errors import EngineError
from engine.hosted.payments import LOST
from engine.kinds import cascade, evaluate, teach
from engine.kinds.specs import CascadeSpec, EvaluateSpec, TeachSpec
from engine.runs.record import Paused
from engine.training.dataset import read
from tests.engine.hosted.test_line import always, both, once
from tests.engine.teachers.conftest import DATA

GEMMA = "gemini:gemma-4-31b-it"


@pytest.fixture(autouse=True)
def soon(fast):
    """Everything here waits fast."""


def a_spec(name=GEMMA, **changes):
    return TeachSpec(**{"teacher": name, "data": DATA, "in_flight": 5, **changes})


class Kill(BaseException):
    """As sudden as a signal, but this process lives on."""


@both
def test_it_teaches_what_oak_teaches(recorder, server, answers, problems, name):
    record = recorder(a_spec(name))
    result = teach.compute(a_spec(name), record)
    rows = {row["problem_id"]: row for row in record.done_answers()}
    assert result["answered"] == len(rows) == len(problems)
    for problem in problems:
        assert rows[problem.id]["text"] == answers[problem.question].text
    assert result["kept"] == result["correct"] == sum(row["correct"] for row in rows.values())
    saved = read(record.folder / "dataset")
    kept = [problem.id for problem in problems if rows[problem.id]["correct"]]
    assert saved["problem_id"] == kept
    assert sorted(server.paid()) == sorted(problem.question for problem in problems)


def test_the_bill_holds_what_failed_tries_cost(recorder, server, answers, problems):
    """Gemma's price in the default table: 0.13 and 0.38 dollars a million tokens."""
    cut, fails = problems[0].question, problems[1].question
    server.fault = lambda q, nth: {cut: "length", fails: "500"}.get(q) if nth == 1 else None
    record = recorder(a_spec())
    bill = teach.compute(a_spec(), record)["hosted"]
    tokens_in = sum(each.tokens_in for each in answers.values())
    tokens_out = sum(each.tokens_out for each in answers.values())
    assert bill["requests"] == len(problems) + 2
    assert bill["wasted_in"] == answers[cut].tokens_in
    assert bill["wasted_out"] == answers[cut].tokens_out
    assert bill["tokens_in"] == tokens_in + bill["wasted_in"]
    assert bill["tokens_out"] == tokens_out + bill["wasted_out"]
    price = Prices(0.13, 0.38)
    assert bill["dollars"] == price.cost(bill["tokens_in"], bill["tokens_out"])
    assert bill["dollars_wasted"] == price.cost(bill["wasted_in"], bill["wasted_out"])
    assert bill["ends"] == {
        "answered": len(problems), "cut off at 200 tokens": 1, "server error 500": 1,
    }  # fmt: skip
    assert bill["lost"] == 0


@both
def test_failures_are_told_apart_and_a_blocked_one_is_not_asked_again(
    recorder, server, problems, name
):
    questions = [problem.question for problem in problems[:4]]
    faults = dict(zip(questions, ("safety", "length", "empty", "500"), strict=True))
    server.fault = lambda question, nth: faults.get(question)
    result = teach.compute(a_spec(name), recorder(a_spec(name)))
    reason = "safety" if name == GEMMA else "content filter"
    assert result["failures"] == {
        f"blocked ({reason})": 1, "cut off at 200 tokens": 1, "empty": 1,
        "gave up: server error 500": 1,
    }  # fmt: skip
    asked = server.asked()
    assert [asked.count(question) for question in faults] == [1, 3, 3, 9]


def test_asked_again_it_takes_chances(recorder, server, problems):
    server.fault = once("empty", problems[0].question)
    teach.compute(a_spec(), recorder(a_spec()))
    first, again = (
        each.body["generationConfig"]
        for each in server.requests
        if each.question == problems[0].question
    )
    assert (first["temperature"], again["temperature"]) == (0, 0.7)


@pytest.mark.parametrize("dies_at", [1, 4, 9])
def test_where_whoever_asks_dies_too_nothing_is_asked_again_that_was_committed(
    recorder, server, problems, monkeypatch, dies_at
):
    """Such as where the machine goes down: what was in flight is lost, and counted."""
    record = recorder(a_spec())
    calls = []
    real = teach.teach.__globals__["_commit"]

    def commit(replies, *rest):
        calls.append(1)
        if len(calls) == dies_at:
            raise Kill
        return real(replies, *rest)

    with monkeypatch.context() as patch:
        patch.setattr("engine.teachers.distill._commit", commit)
        with pytest.raises(Kill):
            teach.compute(a_spec(), record)
    committed = {row["question"] for row in record.done_answers()}
    assert len(committed) == dies_at - 1
    paid_before = len(server.paid())
    result = teach.compute(a_spec(), recorder(a_spec(), record.run.id))
    assert result["answered"] == len(problems)
    later = server.paid()[paid_before:]
    assert not committed & set(later)
    twice = len(server.paid()) - len(problems)
    assert 0 < twice <= result["hosted"]["lost"] <= 5
    assert f"{result['hosted']['lost']} requests were lost on their way" in "\n".join(
        record.home.log(record.run.id).read_text().splitlines()
    )
    assert result["hosted"]["ends"][LOST] == result["hosted"]["lost"]


def test_a_finished_run_computed_again_asks_nothing(recorder, server):
    record = recorder(a_spec())
    first = teach.compute(a_spec(), record)
    asked = len(server.requests)
    again = teach.compute(a_spec(), recorder(a_spec(), record.run.id))
    assert len(server.requests) == asked
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


@both
def test_it_is_evaluated_greedily_and_as_a_model_here_would_be(
    recorder, server, answers, problems, name
):
    server.fault = once("503", problems[0].question)
    spec = EvaluateSpec(model=name, data=DATA, batch_size=4)
    record = recorder(spec)
    result = evaluate.compute(spec, record)
    rows = record.done_predictions()
    assert {row["question"]: row["text"] for row in rows} == {
        problem.question: answers[problem.question].text for problem in problems
    }
    assert result["n"] == len(problems)
    assert result["em"] == sum(row["correct"] for row in rows) / len(rows)
    assert result["hosted"]["ends"] == {"answered": len(problems), "server error 503": 1}
    load = record.other(record.run.id).environment["load"]
    assert (load["precision"], load["provider"]) == ("hosted", name.partition(":")[0])
    assert load["parameters"] == (31_000_000_000 if name == GEMMA else None)


def test_what_the_model_itself_did_not_answer_counts_as_wrong(recorder, server, problems):
    server.fault = lambda q, nth: "safety" if q == problems[0].question else None
    spec = EvaluateSpec(model=GEMMA, data=DATA, max_new_tokens=200)
    record = recorder(spec)
    result = evaluate.compute(spec, record)
    [row] = [row for row in record.done_predictions() if row["problem_id"] == problems[0].id]
    assert (row["text"], row["correct"], row["stage"]) == ("", False, "none")
    assert result["hosted"]["ends"]["blocked"] == 1


def test_what_the_service_did_not_answer_fails_the_run_which_goes_on(recorder, server, problems):
    server.fault = always("500", problems[2].question)
    spec = EvaluateSpec(model="openai:oak", data=DATA)
    record = recorder(spec)
    with pytest.raises(EngineError, match="1 of 24 problems were not answered") as caught:
        evaluate.compute(spec, record)
    assert f"tutor resume {record.run.id}" in caught.value.way_out
    server.fault = lambda *_: None
    asked = len(server.requests)
    assert evaluate.compute(spec, recorder(spec, record.run.id))["n"] == 24
    assert len(server.requests) == asked + 1


def test_a_paused_evaluation_goes_on_after_the_last_reply(recorder, server, problems, monkeypatch):
    spec = EvaluateSpec(model=GEMMA, data=DATA, batch_size=2)
    record = recorder(spec)
    looks = iter([None] * 6)
    with monkeypatch.context() as patch:
        patch.setattr(record, "stopping", lambda: next(looks, "pause"))
        with pytest.raises(Paused):
            evaluate.compute(spec, record)
    some = len(record.done_predictions())
    assert 0 < some == len(server.paid()) < 24
    evaluate.compute(spec, recorder(spec, record.run.id))
    assert len(server.paid()) == 24


def test_it_is_a_cascades_strong_model(recorder, server, answers, problems, drawn):
    spec = CascadeSpec(sample=drawn, strong_model=GEMMA, k=2, threshold=1.0, batch_size=3)
    result = cascade.compute(spec, record := recorder(spec))
    sent = [problem.question for n, problem in enumerate(problems) if n % 2]
    assert sorted(server.paid()) == sorted(sent)
    assert result["sent"] == len(sent)
    assert result["strong_parameters"] == 31_000_000_000
    assert result["hosted"]["requests"] == len(sent)
    assert len(record.done_predictions()) == len(sent)


def test_a_cascade_takes_over_a_hosted_models_answers_whatever_the_precision_says(
    recorder, server, drawn
):
    asked = EvaluateSpec(model=GEMMA, data=DATA, precision="fp32")
    strong = recorder(asked)
    result = evaluate.compute(asked, strong)
    strong.store.claim()
    strong.store.end(strong.run.id, "finished", result=result)
    before = len(server.requests)
    spec = CascadeSpec(
        sample=drawn, strong=strong.run.id, strong_model=GEMMA, k=2, strong_precision="nf4-dq"
    )
    assert cascade.compute(spec, recorder(spec))["missing"] == 0
    assert len(server.requests) == before


def test_answers_go_out_in_the_problems_order_as_chat_lines(recorder, server, answers):
    spec = a_spec(keep="all", rationale="answer only")
    record = recorder(spec)
    result = teach.compute(spec, record)
    lines = (record.folder / "dataset.jsonl").read_text().splitlines()
    rows = {row["question"]: row for row in record.done_answers()}
    assert len(lines) == result["kept"] > 0
    for line in map(json.loads, lines):
        user, assistant = line["messages"]
        assert assistant["content"] == f"#### {rows[user['content']]['extracted']}"
        assert rows[user["content"]]["text"] == answers[user["content"]].text


def test_another_data_set_under_the_same_run_is_refused(recorder, server):
    record = recorder(a_spec())
    record.environment(fingerprints={"data": DataSpec(limit=2).fingerprint()})
    with pytest.raises(EngineError, match="The data is no longer what this run began with"):
        teach.compute(a_spec(), record)
