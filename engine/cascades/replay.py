"""Replay a cascade under any policy, from samples that were drawn once.

A policy with K' <= K looks at the first K' samples of each problem only, so no K and no threshold
needs the student again. The strong model's answers are data too: where one is missing and the
policy would ask for it, the replay says so and gives no exact match, rather than guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.cascades.prices import Prices
from engine.cascades.voting import Vote, vote
from engine.evaluation import answers
from engine.evaluation.statistics import Score, exact_match


@dataclass(frozen=True, slots=True)
class Policy:
    """When the cascade trusts the student."""

    k: int = 5
    """Samples of the student for each problem, at least 1."""
    threshold: float = 0.5
    """The least confidence that keeps the student's answer; votes over k, unless code of one's
    own says otherwise."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of a model, stored."""

    value: str | None
    """The canonical value; None where none was found."""
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class Said:
    """What code of one's own says of some samples, in place of a vote."""

    answer: str | None
    """The canonical value; None where it has none."""
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Case:
    """One problem with all that is stored about it."""

    problem_id: str
    gold: str
    samples: tuple[Answered, ...]
    """The student's samples, in the order they were drawn."""
    strong: Answered | None = None
    """The strong model's answer; None where it was never asked."""
    said: tuple[Said, ...] = ()
    """What code of one's own says of the first 1, 2, ... samples; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a policy does with one case."""

    vote: Vote | Said
    """The student's answer, and how sure it is."""
    sent: bool
    """Whether the strong model has to answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A policy over a set of cases."""

    policy: Policy
    problems: int
    sent: int
    """Problems that the strong model has to answer."""
    missing: int
    """Of those, the ones whose strong answer is not stored."""
    score: Score | None
    """Exact match of the cascade; None while answers are missing."""
    kept_score: Score | None
    """Exact match on the problems that the student kept; None where it kept none."""
    cost: float
    """Dollars for the problems sent; the student costs none."""
    cost_strong_only: float
    """Dollars had the strong model answered every problem."""
    compute: float
    """Parameters x tokens of both models."""
    compute_strong_only: float
    """Parameters x tokens had the strong model answered every problem."""
    estimated: bool
    """Whether tokens of unasked problems were filled in with the mean of the asked ones."""

    @property
    def share_sent(self) -> float:
        """Share of the problems that the strong model has to answer, 0 to 1."""
        return self.sent / self.problems

    @property
    def cost_saving(self) -> float | None:
        """Money saved against strong-only, as a share; None where strong-only costs nothing."""
        if not self.sent:
            return 1.0
        return _saving(self.cost, self.cost_strong_only)

    @property
    def compute_saving(self) -> float | None:
        """Compute saved against strong-only; negative where K samples cost more than they save."""
        return _saving(self.compute, self.compute_strong_only)


def decide(case: Case, policy: Policy) -> Decision:
    """Whether the student's first k samples agree enough.

    Threshold 0 keeps everything, also a problem without any valid sample: that is student-only.

    Raises:
        ValueError: The case holds fewer than k samples, or k is under 1.
    """
    if not 1 <= policy.k <= len(case.samples):
        at_hand = f"{case.problem_id} has {len(case.samples)} samples"
        raise ValueError(f"k = {policy.k} cannot be replayed: {at_hand}")
    if case.said:
        said = case.said[policy.k - 1]
    else:
        said = vote([sample.value for sample in case.samples[: policy.k]])
    return Decision(said, said.confidence < policy.threshold)


def replay(
    cases: Sequence[Case],
    policy: Policy,
    prices: Prices,
    *,
    student_parameters: int,
    strong_parameters: int,
) -> Outcome:
    """What a policy scores, sends and costs.

    The student reads each prompt once and writes k answers (its samples share one prefill), so its
    compute is parameters x (prompt + k answers). The strong model reads and writes once.

    Args:
        cases: The problems, at least one.
        policy: k and threshold.
        prices: The strong model's; the student runs on this machine and costs no money.
        student_parameters: How many weights the student has.
        strong_parameters: How many weights the strong model has.

    Raises:
        ValueError: No case, or one with fewer samples than the policy's k.
    """
    if not cases:
        raise ValueError("a cascade needs at least one problem")
    decisions = [decide(case, policy) for case in cases]
    sent = [case for case, decision in zip(cases, decisions, strict=True) if decision.sent]
    kept = [
        _same(decision.vote.answer, case.gold)
        for case, decision in zip(cases, decisions, strict=True)
        if not decision.sent
    ]
    asked = [case.strong for case in cases if case.strong is not None]
    missing = sum(case.strong is None for case in sent)
    score = None
    if not missing:
        score = exact_match(kept + [_same(case.strong.value, case.gold) for case in sent])
    tokens_sent, tokens_all = _tokens(sent, asked), _tokens(cases, asked)
    student_tokens = sum(
        case.samples[0].tokens_in + sum(s.tokens_out for s in case.samples[: policy.k])
        for case in cases
    )
    return Outcome(
        policy=policy,
        problems=len(cases),
        sent=len(sent),
        missing=missing,
        score=score,
        kept_score=exact_match(kept) if kept else None,
        cost=prices.cost(*tokens_sent),
        cost_strong_only=prices.cost(*tokens_all),
        compute=student_parameters * student_tokens + strong_parameters * sum(tokens_sent),
        compute_strong_only=strong_parameters * sum(tokens_all),
        estimated=len(asked) < len(cases),
    )


def policies(most: int) -> list[Policy]:
    """Every policy that `most` samples tell apart: each k up to it, each threshold j / k.

    Between two neighbouring shares of votes a threshold changes nothing, so this is all of them;
    confidences of one's own may lie between them, and are then judged at these thresholds only.
    The threshold above 1, which sends everything, is strong-only and is left out.
    """
    return [Policy(k, votes / k) for k in range(1, most + 1) for votes in range(1, k + 1)]


def _tokens(cases: Iterable[Case], asked: Sequence[Answered]) -> tuple[float, float]:
    """Strong tokens (in, out) for `cases`; a case never asked counts as the mean of the asked."""
    mean_in = sum(a.tokens_in for a in asked) / len(asked) if asked else 0.0
    mean_out = sum(a.tokens_out for a in asked) / len(asked) if asked else 0.0
    tokens_in = tokens_out = 0.0
    for case in cases:
        tokens_in += case.strong.tokens_in if case.strong else mean_in
        tokens_out += case.strong.tokens_out if case.strong else mean_out
    return tokens_in, tokens_out


def _saving(spent: float, reference: float) -> float | None:
    return 1 - spent / reference if reference else None


@lru_cache(maxsize=100_000)  # a grid judges the same few values against the same gold over and over
def _same(value: str | None, gold: str) -> bool:
    return value is not None and answers.same(value, gold)
