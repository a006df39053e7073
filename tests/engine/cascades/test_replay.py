import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cascades.prices import Prices
from engine.cascades.replay import Answered, Case, Policy, Said, decide, policies, replay

PRICES = Prices(input=1.0, output=10.0)


def case(name, gold, samples, strong=None, tokens_in=20, tokens_out=10):
    drawn = tuple(Answered(value, tokens_in, tokens_out) for value in samples)
    asked = None if strong is None else Answered(strong, 30, 40)
    return Case(name, gold, drawn, asked)


CASES = [
    case("sure and right", "8", ["8", "8", "8", "8", "1"], strong="8"),
    case("sure and wrong", "9", ["3", "3", "3", "3", "3"], strong="9"),
    case("unsure", "5", ["5", "1", "2", None, None], strong="5"),
    case("lost", "6", [None] * 5, strong="7"),
]


def run(cases, policy, **parameters):
    sizes = {"student_parameters": 2, "strong_parameters": 100} | parameters
    return replay(cases, policy, PRICES, **sizes)


def test_a_cascade_counted_by_hand():
    outcome = run(CASES, Policy(k=5, threshold=0.5))
    assert outcome.sent == 2
    assert outcome.share_sent == 0.5
    assert outcome.score.em == 0.5  # "sure and right" and "unsure", the latter by the strong model
    assert outcome.kept_score.em == 0.5
    assert outcome.cost == pytest.approx(2 * (30 * 1 + 40 * 10) / 1e6)
    assert outcome.cost_saving == pytest.approx(0.5)
    assert outcome.compute == 2 * 4 * (20 + 5 * 10) + 100 * 2 * (30 + 40)
    assert outcome.compute_strong_only == 100 * 4 * (30 + 40)
    assert outcome.compute_saving == pytest.approx(1 - 14_560 / 28_000)
    assert not outcome.estimated


def test_confidence_at_the_threshold_keeps():
    three_of_five = case("edge", "5", ["5", "5", "5", "1", "2"])
    assert not decide(three_of_five, Policy(5, 0.6)).sent
    assert decide(three_of_five, Policy(5, 0.61)).sent


def test_a_smaller_k_sees_the_first_samples_only():
    late = case("late", "5", ["1", "2", "5", "5", "5"])
    assert decide(late, Policy(2, 0.5)).vote.answer == "1"
    assert decide(late, Policy(5, 0.5)).vote.answer == "5"


def test_what_code_of_ones_own_says_decides_in_place_of_the_vote():
    drawn = tuple(Answered("5", 20, 10) for _ in range(2))
    said = (Said("1", 0.9), Said("2", 0.3))
    own = Case("own", "1", drawn, Answered("1", 30, 40), said)
    assert not decide(own, Policy(1, 0.9)).sent
    assert decide(own, Policy(1, 0.9)).vote == Said("1", 0.9)
    assert decide(own, Policy(2, 0.5)).sent
    assert run([own], Policy(1, 0.5)).kept_score.em == 1
    assert run([own], Policy(2, 0.3)).kept_score.em == 0


def test_threshold_zero_is_the_student_alone():
    outcome = run(CASES, Policy(5, 0))
    assert outcome.share_sent == 0
    assert outcome.cost_saving == 1
    assert outcome.score.em == 0.5


def test_above_one_is_the_strong_model_alone():
    outcome = run(CASES, Policy(5, 1.01))
    assert outcome.share_sent == 1
    assert outcome.cost_saving == 0
    assert outcome.score.em == 0.75
    assert outcome.compute_saving < 0  # the student's samples were for nothing
    assert outcome.kept_score is None


def test_a_missing_strong_answer_gives_no_exact_match():
    cases = [CASES[0], case("unasked", "5", [None] * 5)]
    outcome = run(cases, Policy(5, 0.5))
    assert outcome.missing == 1
    assert outcome.score is None


def test_tokens_of_unasked_problems_are_estimated_and_said_so():
    unasked = case("sure and unasked", "8", ["8"] * 5)
    outcome = run([unasked, CASES[2]], Policy(5, 0.5))
    assert outcome.estimated
    assert outcome.missing == 0
    assert outcome.cost_strong_only == pytest.approx(2 * 430 / 1e6)
    assert outcome.cost_saving == pytest.approx(0.5)


def test_a_free_strong_model_saves_no_money():
    outcome = replay(CASES, Policy(5, 0.5), Prices(0, 0), student_parameters=1, strong_parameters=1)
    assert outcome.cost_saving is None


@pytest.mark.parametrize("k", [0, 6])
def test_a_k_that_was_not_drawn(k):
    with pytest.raises(ValueError, match=f"k = {k} cannot be replayed"):
        run(CASES, Policy(k, 0.5))


def test_no_problem_at_all():
    with pytest.raises(ValueError, match="at least one problem"):
        run([], Policy())


answer = st.one_of(st.none(), st.sampled_from(["1", "2", "3"]))
answered = st.builds(Answered, answer, st.integers(1, 90), st.integers(1, 90))
drawn_cases = st.lists(
    st.builds(
        Case,
        st.text(),
        st.sampled_from(["1", "2", "3"]),
        st.lists(answered, min_size=5, max_size=5).map(tuple),
        answered,
    ),
    min_size=1,
    max_size=12,
)
grid_policy = st.builds(Policy, st.integers(1, 5), st.floats(0, 1.2))


@given(drawn_cases, grid_policy)
def test_shares_and_savings_stay_in_bounds(cases, policy):
    outcome = run(cases, policy)
    assert 0 <= outcome.share_sent <= 1
    assert -1e-9 <= outcome.cost_saving <= 1
    assert 0 <= outcome.score.low <= outcome.score.em <= outcome.score.high <= 1
    assert outcome.compute_saving < outcome.cost_saving + 1  # the student's compute is never free


@given(drawn_cases, st.integers(1, 5), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_sends_less(cases, k, one, other):
    low, high = sorted((one, other))
    lenient, strict = run(cases, Policy(k, low)), run(cases, Policy(k, high))
    assert lenient.sent <= strict.sent
    assert lenient.cost <= strict.cost + 1e-15


@given(drawn_cases, st.integers(1, 5))
def test_replaying_a_smaller_k_equals_having_drawn_fewer(cases, k):
    fewer = [Case(c.problem_id, c.gold, c.samples[:k], c.strong) for c in cases]
    assert run(cases, Policy(k, 0.5)) == run(fewer, Policy(k, 0.5))


@settings(max_examples=30)
@given(drawn_cases, st.integers(1, 5), st.floats(0.001, 1))
def test_the_grid_holds_every_policy_that_samples_tell_apart(cases, k, threshold):
    outcome = run(cases, Policy(k, threshold))
    alike = [run(cases, policy) for policy in policies(5) if policy.k == k]
    assert any(
        (o.sent, o.score, o.cost) == (outcome.sent, outcome.score, outcome.cost) for o in alike
    )
