import json

from engine.cascades.prices import Prices
from engine.cascades.replay import Policy, Said, replay
from engine.cascades.stored import as_dict, as_row, cases


def row(problem_id, sample, extracted, gold="5", question="How many?", tokens_out=10):
    return {
        "problem_id": problem_id,
        "sample": sample,
        "question": question,
        "gold": gold,
        "extracted": extracted,
        "tokens_in": 20,
        "tokens_out": tokens_out,
    }


SAMPLES = [row("b", 1, "7"), row("a", 0, "5"), row("b", 0, "5"), row("a", 1, None)]


def test_samples_stand_in_the_order_they_were_drawn_whatever_the_rows_order():
    found = {case.problem_id: case for case in cases(SAMPLES)}
    assert [sample.value for sample in found["b"].samples] == ["5", "7"]
    assert [sample.value for sample in found["a"].samples] == ["5", None]


def test_a_strong_answer_to_another_problem_of_the_same_id_is_left_aside():
    strong = [row("a", 0, "5"), row("b", 0, "5", question="How few?"), row("c", 0, "1")]
    found = {case.problem_id: case for case in cases(SAMPLES, strong)}
    assert found["a"].strong.value == "5"
    assert found["b"].strong is None
    assert set(found) == {"a", "b"}


def test_what_code_of_ones_own_says_goes_with_its_problem():
    said = {"a": (Said("5", 1.0), Said("5", 0.5))}
    found = {case.problem_id: case for case in cases(SAMPLES, said=said)}
    assert found["a"].said == said["a"]
    assert found["b"].said == ()


def test_a_later_answer_wins_over_an_earlier_one():
    found = cases(SAMPLES, [row("a", 0, "1"), row("a", 0, "5")])
    assert next(case for case in found if case.problem_id == "a").strong.value == "5"


def outcome(strong):
    judged = cases(SAMPLES, strong)
    return replay(judged, Policy(2, 1.0), Prices(1, 1), student_parameters=1, strong_parameters=9)


def test_an_outcome_as_json_holds_it():
    whole = as_dict(outcome([row("a", 0, "5"), row("b", 0, "4")]))
    assert json.loads(json.dumps(whole)) == whole
    assert whole["policy"] == {"k": 2, "threshold": 1.0}
    assert (whole["n"], whole["sent"], whole["em"]) == (2, 2, 0.5)
    assert whole["low"] < 0.5 < whole["high"]
    assert whole["cost_saving"] == 0


def test_no_exact_match_while_answers_are_missing():
    half = outcome([row("a", 0, "5")])
    assert as_dict(half)["em"] is None
    assert as_dict(half)["missing"] == 1
    assert as_row(half)["em"] is None
