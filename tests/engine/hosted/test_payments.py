import pytest

from engine.hosted import payments
from engine.hosted.payments import ANSWERED, LOST, Payments
from engine.hosted.said import Said
from engine.kinds.specs import EvaluateSpec
from engine.runs.client import Client

MODEL = "openai:m"


@pytest.fixture
def store(home):
    with Client(home, worker=None) as client:
        for _ in range(2):
            client.submit("evaluate", EvaluateSpec())
        yield client.store


@pytest.fixture
def book(store):
    return Payments(store.database, 1, MODEL)


def settled(book, request, end, at, tokens_in=0, tokens_out=0):
    with book._database.transaction() as connection:
        payments.settle(connection, [(request, end, at, tokens_in, tokens_out)])


def test_a_run_knows_what_it_paid_and_what_for(book):
    settled(book, book.sent("a", 500, 1000.0), ANSWERED, 1002.0, 60, 40)
    settled(book, book.sent("b", 500, 1001.0), "empty", 1003.0, 60, 2)
    book.failed(book.sent("b", 500, 1004.0), "server error 500", 1005.0)
    book.sent("b", 500, 1006.0)
    assert book.summary() == {
        "requests": 4, "tokens_in": 120, "tokens_out": 42, "wasted_in": 60, "wasted_out": 2,
        "ends": {"in flight": 1, ANSWERED: 1, "empty": 1, "server error 500": 1}, "lost": 0,
        "untold": 0,
    }  # fmt: skip


def test_what_a_dead_worker_left_open_is_closed_once_and_counted(book, store):
    book.sent("a", 500, 1000.0)
    Payments(store.database, 2, MODEL).sent("a", 500, 1000.0)  # of another run
    assert book.lost() == 1
    assert book.lost() == 0
    assert book.summary()["ends"] == {LOST: 1}


def test_a_reply_that_nobody_took_is_kept_until_it_is_settled(book):
    said, late = Said("#### 4", 60, 40, "whole"), Said("#### 5", 60, 40, "whole")
    taken, left = book.sent("a", 500, 1000.0), book.sent("b", 500, 1001.0)
    given_up = book.sent("c", 500, 1002.0)
    book.arrived(taken, said, 1003.0)
    book.arrived(left, late, 1004.0)
    book.failed(given_up, "no answer within 5 s", 1005.0)
    book.arrived(given_up, late, 1006.0)  # after its end: nobody wants it
    settled(book, taken, ANSWERED, 1003.0, 60, 40)
    assert book.kept() == {"b": (left, late, 1004.0)}
    assert book.lost() == 0
    assert book.lately(1030.0) == [(1001.0, 100), (1002.0, 100), (1003.0, 500)]
    settled(book, left, ANSWERED, 1007.0, 60, 40)
    assert book.kept() == {}


def test_the_limits_see_all_runs_of_a_model_and_what_each_cost(book, store):
    settled(book, book.sent("a", 500, 1000.0), ANSWERED, 1000.4, 60, 40)
    other = Payments(store.database, 2, MODEL)
    other.failed(other.sent("b", 500, 1010.0), "no answer within 5 s", 1015.0)
    Payments(store.database, 2, "openai:another").sent("c", 500, 1020.0)
    assert book.lately(1030.0) == [(1000.4, 100), (1011.0, 500)]
    assert book.lately(1030.0, "input") == [(1000.4, 60), (1011.0, 500)]
    assert book.lately(1000.0 + 2 * 86_400) == []
    assert book.lately(1000.0 - 400 * 86_400) == [], "sent by a clock that was ahead"


def test_a_reply_and_its_payment_are_written_together_or_not_at_all(book):
    request = book.sent("a", 500, 1000.0)
    with pytest.raises(RuntimeError), book._database.transaction() as connection:
        payments.settle(connection, [(request, ANSWERED, 1001.0, 60, 40)])
        raise RuntimeError
    assert book.summary()["ends"] == {"in flight": 1}
