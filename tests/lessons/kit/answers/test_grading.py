from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.kit.answers.grading import OUTCOMES, Verdict, grade, grade_essay
from lessons.kit.display import answer_text, show
from lessons.kit.question import Bits, Body, Choice, Essay, Matrix, Numeric, Option, Slip, Variant

SCALE = Numeric(
    ask="The lecture's example: alpha is 10.8. What is s?",
    answer=127 / 10.8,
    slips=[Slip("inverted", 10.8 / 127, "One integer's width."), Slip("unsigned", 255 / 10.8, "")],
    worked="127 / 10.8 = 11.76",
)
MEMORY = Numeric(ask="", answer=35, unit="GB", worked="")
BYTES = Numeric(ask="", answer=4831838208, unit="byte", tolerance=0, worked="")


def outcome(body: Body, typed: str) -> tuple[str, str]:
    verdict = grade(Variant("test", 0, body), typed)
    assert verdict.outcome in OUTCOMES
    assert verdict.says
    return verdict.outcome, verdict.slip


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("11.76", ("right", "")),
        ("127/10.8", ("right", "")),
        ("11.8", ("right", "")),
        ("12", ("imprecise", "")),
        ("11.7", ("imprecise", "")),
        ("11.70", ("wrong", "")),
        ("10", ("slip", "too-coarse")),
        ("10.0", ("wrong", "")),
        ("0", ("wrong", "")),
        ("-11.76", ("slip", "other-sign")),
        ("117.6", ("slip", "power-of-ten")),
        ("1e300", ("wrong", "")),
        ("1e-300", ("wrong", "")),
        ("nan", ("unreadable", "")),
        ("10.8/127", ("slip", "inverted")),
        ("0.085", ("slip", "inverted")),
        ("23.61", ("slip", "unsigned")),
        ("24", ("slip", "unsigned")),
        ("50", ("wrong", "")),
        ("", ("unreadable", "")),
        ("abc", ("unreadable", "")),
        ("11.76 GB", ("unreadable", "")),
        ("9**9**9**9", ("unreadable", "")),
    ],
)
def test_a_number(typed, wanted):
    if wanted[1] == "unsigned":
        body = Numeric(
            ask="",
            answer=SCALE.answer,
            slips=[Slip(s.name, s.value, "So.") for s in SCALE.slips],
            worked="",
        )
    else:
        body = SCALE
    assert outcome(body, typed) == wanted


@pytest.mark.parametrize(
    ("body", "typed", "wanted"),
    [
        (MEMORY, "35", "right"),
        (MEMORY, "35e9 bytes", "right"),
        (MEMORY, "32.6 GiB", "right"),
        (MEMORY, "280 Gbit", "right"),
        (MEMORY, "70e9 * 4 bit", "right"),
        (MEMORY, "35 Gbit", "bytes-for-bits"),
        (MEMORY, "4.375", "bytes-for-bits"),
        (MEMORY, "280", "bits-for-bytes"),
        (MEMORY, "70e9 * 4 bytes", "bits-for-bytes"),
        (MEMORY, "32.6", "gib-for-gb"),
        (MEMORY, "35 GiB", "gb-for-gib"),
        (MEMORY, "35 * 2**30 bytes", "gib-for-gb"),
        (BYTES, "4.5 GiB", "right"),
        (BYTES, "4.5 GB", "gib-for-gb"),
        (BYTES, "4.5e9", "gb-for-gib"),
        (BYTES, "4.83e9", "imprecise"),
        (BYTES, "4,831,838,200", "imprecise"),
        (BYTES, "4831838208 bits", "bytes-for-bits"),
        (Numeric(ask="", answer=0.126953125, unit="bit", worked=""), "0.13", "imprecise"),
        (Numeric(ask="", answer=0.126953125, unit="bit", worked=""), "0.13 bits", "imprecise"),
        (Numeric(ask="", answer=1.1, unit="MB", worked=""), "1.1 MiB", "gb-for-gib"),
        (Numeric(ask="", answer=4, unit="GiB", worked=""), "4 GB", "gib-for-gb"),
        (Numeric(ask="", answer=512, unit="MiB", worked=""), "537", "gb-for-gib"),
        (Numeric(ask="", answer=12.5, unit="percent", worked=""), "1/8", "share-for-percent"),
        (Numeric(ask="", answer=12.5, unit="percent", worked=""), "12.5%", "right"),
        (Numeric(ask="", answer=0.125, worked=""), "12.5", "percent-for-share"),
        (Numeric(ask="", answer=0.125, worked=""), "12.5%", "right"),
    ],
)
def test_units_are_told_apart_without_a_slip_of_the_templates(body, typed, wanted):
    slip = "-for-" in wanted
    assert outcome(body, typed) == ("slip" if slip else wanted, wanted if slip else "")


def test_the_templates_own_slip_comes_before_the_usual_one():
    body = Numeric(ask="", answer=35, unit="GB", slips=[Slip("no-eighth", 280, "So.")], worked="")
    assert outcome(body, "280 GB") == ("slip", "no-eighth")


@pytest.mark.parametrize(
    ("answer", "typed", "wanted"),
    [
        (127, "127", "right"),
        (127, "127.0", "right"),
        (127, "130", "wrong"),
        (127, "127.3", "slip"),
        (127, "125.3", "slip"),
        (16777217, "16777217", "right"),
        (16777217, "16777216", "slip"),
        (16777217, "16777215", "wrong"),
        (2**53 + 1, "2**53 + 1", "right"),
        (2**53 + 1, "2**53", "slip"),
        (Fraction(3, 8), "0.375", "right"),
        (Fraction(3, 8), "0.38", "imprecise"),
        (Fraction(1, 3), "1/3", "right"),
        (Fraction(1, 3), "0.3333333333333333", "imprecise"),
        (0.1 + 0.2, "0.3", "right"),
        (0, "0", "right"),
        (0, "0.001", "wrong"),
    ],
)
def test_an_exact_number(answer, typed, wanted):
    assert outcome(Numeric(ask="", answer=answer, tolerance=0, worked=""), typed)[0] == wanted


CHOICE = Choice(
    ask="",
    options=[
        Option("x", "x it is", right=True),
        Option("y", "y is not", slip="why"),
        Option("z", "z is not"),
    ],
    worked="",
)
SEVERAL = Choice(
    ask="",
    options=[*CHOICE.options, Option("w", "w it is", right=True)],
    several=True,
    worked="",
)


@pytest.mark.parametrize(
    ("body", "typed", "wanted", "says"),
    [
        (CHOICE, "a", ("right", ""), "Right.\n\nx it is"),
        (CHOICE, "2", ("slip", "why"), "Not yet.\n\ny is not"),
        (CHOICE, "c", ("wrong", ""), "Not yet.\n\nz is not"),
        (CHOICE, "d", ("unreadable", ""), "'d' is no option: they are a to c."),
        (SEVERAL, "d a", ("right", ""), "Right.\n\nx it is\n\nw it is"),
        (SEVERAL, "a", ("wrong", ""), "Not yet.\n\nThere is more to choose."),
        (SEVERAL, "abd", ("slip", "why"), "Not yet.\n\ny is not"),
        (SEVERAL, "b", ("slip", "why"), "Not yet.\n\ny is not\n\nThere is more to choose."),
    ],
)
def test_a_choice(body, typed, wanted, says):
    assert outcome(body, typed) == wanted
    assert grade(Variant("test", 0, body), typed).says == says


def test_bits():
    body = Bits(
        ask="",
        answer="01000000",
        fields=[("sign", 1), ("exponent", 4), ("fraction", 3)],
        slips=[Slip("negative", "11000000", "The sign.")],
        worked="",
    )
    assert outcome(body, "0 1000 000") == ("right", "")
    assert outcome(body, "1 1000 000") == ("slip", "negative")
    assert grade(Variant("test", 0, body), "0 1001 001") == Verdict(
        "wrong", "Not yet: look at the exponent and the fraction.", read_as="0 1001 001"
    )


def test_a_matrix():
    body = Matrix(
        ask="",
        answer=[[1, 0], [3, -1 / 3]],
        slips=[Slip("transposed", [[1, 3], [0, -1 / 3]], "So.")],
        worked="",
    )
    assert outcome(body, "1 0; 3 -0.3333") == ("right", "")
    assert outcome(body, "1 3; 0 -1/3") == ("slip", "transposed")
    assert outcome(body, "1 0; 3 -0.3") == ("imprecise", "")
    says = grade(Variant("test", 0, body), "1 0.01; 3 4").says
    assert says == "Not yet: 2 of 4 cells are off, the first in row 1, column 2."
    says = grade(Variant("test", 0, body), "1 0; 3 4").says
    assert says == "Not yet: one cell is off, in row 2, column 2."


def test_an_essay_is_graded_by_who_wrote_it():
    body = Essay(ask="", rubric=["names the scale", "names the zero-point"], sample="Both.")
    assert outcome(body, "I think so.") == ("unreadable", "")
    assert grade_essay(body, {0, 1}).outcome == "right"
    verdict = grade_essay(body, {0})
    assert verdict.outcome == "wrong"
    assert "names the zero-point" in verdict.says
    assert "names the scale" not in verdict.says


numbers = st.floats(1e-6, 1e12).flatmap(lambda x: st.sampled_from([x, -x]))
tolerances = st.sampled_from([0.0, 1e-4, 0.005, 0.02])


@settings(deadline=None)
@given(numbers, tolerances, st.sampled_from(["", "GB", "GiB", "bit", "percent"]))
def test_the_answer_as_it_is_displayed_is_right(answer, tolerance, unit):
    body = Numeric(ask="", answer=answer, tolerance=tolerance, unit=unit, worked="")
    assert outcome(body, answer_text(body)) == ("right", "")


@settings(deadline=None)
@given(numbers, st.sampled_from([1e-4, 0.005, 0.02]), st.floats(-5, 5))
def test_right_is_what_lies_within_the_tolerance(answer, tolerance, off):
    typed = answer * (1 + off * tolerance)
    body = Numeric(ask="", answer=answer, tolerance=tolerance, worked="")
    near = abs(Fraction(repr(typed)) - Fraction(answer)) <= Fraction(tolerance) * abs(
        Fraction(answer)
    )
    assert (outcome(body, repr(typed))[0] == "right") == near


@settings(deadline=None)
@given(numbers, st.integers(1, 3))
def test_too_few_digits_are_imprecise_and_never_a_plain_miss(answer, digits):
    body = Numeric(ask="", answer=answer, tolerance=1e-9, worked="")
    typed = show(answer, digits)
    far = abs(float(typed.replace(",", "")) - answer) > abs(answer) / 10
    coarse = ("slip", "too-coarse")
    assert outcome(body, typed) in (
        (("wrong", ""), coarse) if far else (("right", ""), ("imprecise", ""))
    )


@settings(deadline=None)
@given(numbers, numbers, tolerances)
def test_a_slip_far_from_the_answer_is_named(answer, slip, tolerance):
    body = Numeric(
        ask="", answer=answer, tolerance=tolerance, slips=[Slip("that", slip, "So.")], worked=""
    )
    typed = repr(slip)
    wanted = "right" if abs(slip - answer) <= max(tolerance, 1e-9) * abs(answer) else "slip"
    assert outcome(body, typed)[0] == wanted


@settings(deadline=None)
@given(
    st.floats(0.01, 1e6),
    st.sampled_from([("GB", "GiB"), ("MB", "MiB"), ("kB", "KiB"), ("TB", "TiB")]),
    st.booleans(),
)
def test_a_prefix_of_the_other_kind_is_always_named(answer, prefixes, binary):
    right, other = prefixes[::-1] if binary else prefixes
    body = Numeric(ask="", answer=answer, unit=right, worked="")
    assert outcome(body, f"{answer!r} {right}") == ("right", "")
    slip = "gib-for-gb" if binary else "gb-for-gib"
    assert outcome(body, f"{answer!r} {other}") == ("slip", slip)


@settings(deadline=None)
@given(st.sampled_from([SCALE, MEMORY, CHOICE, SEVERAL]), st.text(max_size=60))
def test_any_text_gets_a_verdict_and_nothing_typed_by_chance_is_right(body, typed):
    verdict = grade(Variant("test", 0, body), typed)
    assert verdict.outcome in OUTCOMES
    assert (verdict.outcome == "slip") == bool(verdict.slip)
    assert bool(verdict.read_as) == (verdict.outcome != "unreadable")
