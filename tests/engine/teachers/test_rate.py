"""A teach run at the free tier's limits, by a clock that runs faster, as the server saw it."""

from random import Random

import pytest

from engine.data.problems import DataSpec
from engine.kinds import teach
from engine.kinds.specs import TeachSpec
from tests.engine.hosted.test_pacing import Sent, fullest
from tests.engine.teachers.conftest import unlimited
from tests.engine.teachers.fast import Stepped
from tests.engine.teachers.loopback import KEY, Loopback, Reply

MINUTES = 7
TOKENS, REQUESTS = 15_000, 30


@pytest.mark.parametrize(
    ("written", "binds"), [(430, "tokens"), (150, "requests")], ids=["tokens", "requests"]
)
def test_a_teach_run_uses_what_is_allowed_and_never_more(
    recorder, home, monkeypatch, written, binds
):
    """The answers are as long as a thinking model's, and differ; the limits are the free tier's."""
    rng = Random(3)
    asked = MINUTES * (REQUESTS if binds == "requests" else 27)
    data = DataSpec(split="train", level=2, limit=asked)
    says = {
        problem.question: Reply(
            f"#### {problem.gold}", 90 + len(problem.question) // 8,
            min(512, max(40, round(rng.gauss(written, written / 6)))),
        )
        for problem in data.problems()
    }  # fmt: skip
    clock = Stepped()
    monkeypatch.setattr("engine.hosted.line.Clock", lambda: clock)
    unlimited(home, requests_per_minute=REQUESTS, tokens_per_minute=TOKENS, timeout=30)
    with Loopback(says, clock=clock.wall) as server:
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.address)
        spec = TeachSpec(teacher="gemini:gemma-4-31b-it", data=data, max_new_tokens=512)
        result = teach.compute(spec, recorder(spec))
    assert result["answered"] == asked
    seen = [Sent(each.at, each.tokens) for each in server.requests]
    most_tokens, most_requests = fullest(seen), fullest(seen, what=lambda each: 1)
    assert most_tokens <= TOKENS
    assert most_requests <= REQUESTS
    first, last = seen[0].at, seen[-1].at
    minutes = int((last - first) // 60) - 1  # whole minutes after the first, in which it was empty
    steady = [each for each in seen if 60 <= each.at - first < 60 * (minutes + 1)]
    tokens = sum(each.tokens for each in steady) / minutes
    print(
        f"{binds}: {tokens:,.0f} tokens and {len(steady) / minutes:.1f} requests a minute over "
        f"{minutes} minutes; the fullest minute held {most_tokens:,} and {most_requests}"
    )
    if binds == "tokens":
        assert tokens >= 0.95 * TOKENS
    else:
        assert len(steady) / minutes >= 0.95 * REQUESTS
