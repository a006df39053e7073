"""No window of a minute ever holds more than the limits, and hardly less."""

import heapq
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hosted.pacing import (
    ARRIVAL_SECONDS,
    DAY,
    REQUESTS,
    REQUESTS_A_DAY,
    TOKENS,
    Limits,
    Pacer,
)


class Sent:
    """What a service sees: when it counted a request, and what that cost."""

    def __init__(self, at, tokens):
        self.at, self.tokens = at, tokens


def simulate(limits, costs, latencies, seconds, in_flight=50, cap=None, arrivals=None):
    """Send as fast as the pacer allows for so many simulated seconds; what the service saw.

    Each request reserves `cap`, costs the next of `costs` and takes the next of `latencies`; it
    arrives after the given share of the time that it may take to arrive.
    """
    now, seen, flying, count = 0.0, [], [], 0
    pacer = Pacer(limits, lambda: now)
    while now < seconds:
        while flying and flying[0][0] <= now:
            _, _, place, cost = heapq.heappop(flying)
            pacer.settle(place, cost)
        most = cap or max(costs)
        wait = pacer.wait(most)
        if not wait.seconds and len(flying) < in_flight:
            cost, latency = costs[count % len(costs)], latencies[count % len(latencies)]
            share = arrivals[count % len(arrivals)] if arrivals else 0.0
            seen.append(Sent(now + share * min(latency, ARRIVAL_SECONDS), cost))
            heapq.heappush(flying, (now + latency, count, pacer.take(most), cost))
            count += 1
            continue
        landing = flying[0][0] if flying else float("inf")
        now = min(landing, now + wait.seconds) if wait.seconds else landing
    return seen


def fullest(seen, span=60.0, what=lambda each: each.tokens):
    """The most that any window [t, t + span) holds; it begins where something was counted."""
    seen = sorted(seen, key=lambda each: each.at)
    most = total = end = 0
    for first in range(len(seen)):
        while end < len(seen) and seen[end].at < seen[first].at + span:
            total += what(seen[end])
            end += 1
        most = max(most, total)
        total -= what(seen[first])
    return most


COSTS = st.lists(st.integers(20, 700), min_size=1, max_size=40)
SECONDS = st.lists(st.floats(0.01, 90), min_size=1, max_size=20)
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=7)


@given(COSTS, SECONDS, SHARES, st.integers(1, 40), st.integers(700, 20_000), st.integers(1, 60))
def test_no_minute_holds_more_than_the_limits(costs, latencies, arrivals, requests, tokens, most):
    """Whatever the answers cost and however late they come; the service counts arrivals."""
    limits = Limits(requests_per_minute=requests, tokens_per_minute=tokens)
    seen = simulate(limits, costs, latencies, 240, most, arrivals=arrivals)
    assert fullest(seen) <= tokens
    assert fullest(seen, what=lambda each: 1) <= requests


@pytest.mark.parametrize("latency", [0.2, 1.5, 4.0, 10.0])
def test_tokens_bind_and_at_least_95_in_100_of_them_are_used(latency):
    """30 requests and 15,000 tokens a minute; answers of 400 tokens or so, 512 at most."""
    rng = Random(7)
    costs = [110 + min(512, max(60, round(rng.gauss(430, 70)))) for _ in range(400)]
    latencies = [latency * rng.uniform(0.7, 1.3) for _ in range(97)]
    limits = Limits(30, 15_000, 0)
    seen = simulate(limits, costs, latencies, 900, cap=110 + 512)
    assert fullest(seen) <= 15_000
    steady = sum(each.tokens for each in seen if 60 <= each.at < 840)
    assert steady >= 0.95 * 15_000 * 13


def test_requests_bind_and_at_least_95_in_100_of_them_are_sent():
    seen = simulate(Limits(30, 15_000), [150], [2.0], 900, cap=300)
    steady = sum(60 <= each.at < 840 for each in seen)
    assert fullest(seen, what=lambda each: 1) <= 30
    assert steady >= 0.95 * 30 * 13


def test_it_says_how_long_and_for_what():
    now = 100.0
    pacer = Pacer(Limits(2, 1000, 0), lambda: now)
    assert pacer.wait(400).seconds == 0
    place = pacer.take(400)
    now = 101.0
    pacer.settle(place, 300)
    pacer.take(600)
    now = 110.0
    assert pacer.wait(50).for_what == REQUESTS
    assert pacer.wait(50).seconds == pytest.approx(51, abs=0.01)  # counted at 101 at the latest
    now = 161.1
    assert pacer.wait(500).for_what == TOKENS
    assert pacer.wait(400).seconds == 0


def test_an_answer_frees_what_was_reserved_beyond_it():
    now = 0.0
    pacer = Pacer(Limits(0, 1000, 0), lambda: now)
    place = pacer.take(900)
    assert pacer.wait(200).seconds > 0
    pacer.settle(place, 300)
    assert pacer.wait(200).seconds == 0


def test_a_request_that_nobody_answered_may_have_cost_the_most():
    now = 0.0
    pacer = Pacer(Limits(0, 1000, 0), lambda: now)
    pacer.settle(pacer.take(900), None)
    assert pacer.wait(200).seconds == pytest.approx(60, abs=0.01)


def test_the_requests_of_a_day():
    now = 0.0
    pacer = Pacer(Limits(0, 0, 3), lambda: now)
    for _ in range(3):
        pacer.take(1)
        now += 3600
    wait = pacer.wait(1)
    assert wait.for_what == REQUESTS_A_DAY
    assert wait.seconds == pytest.approx(DAY - 3 * 3600 + ARRIVAL_SECONDS, abs=0.01)


def test_what_was_sent_before_counts():
    """By another run, or by a worker that died."""
    pacer = Pacer(Limits(0, 1000, 0), lambda: 1000.0, counted=[(930.0, 900), (970.0, 800)])
    wait = pacer.wait(300)
    assert wait.seconds == pytest.approx(30, abs=0.01)
    assert pacer.wait(200).seconds == 0


def test_without_limits_nothing_waits():
    pacer = Pacer(Limits(), lambda: 0.0)
    for _ in range(1000):
        pacer.take(10**6)
    assert pacer.wait(10**6).seconds == 0
