from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.kit.answers.arithmetic import evaluate
from lessons.kit.answers.reading import (
    Unreadable,
    numbers_of,
    read,
    read_bits,
    read_choice,
    read_matrix,
    read_number,
)
from lessons.kit.answers.tokens import tokens
from lessons.kit.question import Bits, Choice, Essay, Matrix, Numeric, Option

FORMATS = ["FP16", "`BF16`", "the E4M3 one", "TF32"]


@pytest.mark.parametrize(
    ("typed", "unit", "value", "read_as"),
    [
        ("127/10.8", "", 11.7592592, "11.7593"),
        ("1,319", "", 1319, "1,319"),
        ("6.4e-2", "", 0.064, "0.064"),
        ("s = 11.76", "", 11.76, "11.76"),
        ("~ 11.76", "", 11.76, "11.76"),
        ("4.5 GiB", "byte", 4831838208, "4.5 GiB = 4,831,838,208 bytes"),
        ("4.5 GiB", "GiB", 4.5, "4.5 GiB = 4,831,838,208 bytes"),
        ("4.5 GiB", "GB", 4.831838208, "4.5 GiB = 4,831,838,208 bytes = 4.83184 GB"),
        ("70e9 * 4 bit", "GB", 35, "35,000,000,000 bytes = 35 GB"),
        ("35", "GB", 35, "35 GB = 35,000,000,000 bytes (read in GB, since no unit is typed)"),
        ("512", "byte", 512, "512 bytes (read in bytes, since no unit is typed)"),
        ("1", "bit", 1, "1 bit (read in bits, since no unit is typed)"),
        ("4.127 bits/parameter", "bit", 4.127, "4.127 bits/parameter = 4.127 bits"),
        ("12", "percent", 12, "12 % (read in %, since no unit is typed)"),
        ("12%", "", 0.12, "12 % = 0.12"),
        ("12.5 %", "percent", 12.5, "12.5 %"),
        ("1.5 min", "s", 90, "1.5 min = 90 s"),
        ("5 MiB/s", "MB/s", 5.24288, "5 MiB/s = 5.24288 MB/s"),
        ("1,194.67 tokens per second", "token/second", 1194.67, "1,194.67 tokens/second"),
        ("1,194.67 tokens a second", "token/second", 1194.67, "1,194.67 tokens/second"),
        ("1,194.67 tok/s", "token/second", 1194.67, "1,194.67 tokens/second"),
        ("5 bits a weight", "bit", 5, "5 bits/weight = 5 bits"),
        ("9.66", "billion", 9.66, "9.66 billion (read in billion, since no unit is typed)"),
        ("9.66 billion", "billion", 9.66, "9,660,000,000 = 9.66 billion"),
        ("9.66B", "billion", 9.66, "9,660,000,000 = 9.66 billion"),
        ("9.66e9", "billion", 9.66, "9,660,000,000 = 9.66 billion"),
        ("9663676416", "billion", 9.663676416, "9,663,676,416 = 9.66368 billion"),
        ("9.66 billion parameters", "billion", 9.66, "9,660,000,000 parameters = 9.66 billion"),
        ("70 B", "", 70e9, "70,000,000,000"),
        ("2.16M", "", 2.16e6, "2,160,000"),
        ("541,064 products", "product", 541064, "541,064 products"),
        ("3 votes", "", 3, "3"),
        ("2.7", "vote", 2.7, "2.7 votes"),
        ("1", "vote", 1, "1 vote"),
        ("3 steps", "vote", 3, "3 steps = 3 votes"),
        ("4.35 standard errors", "standard error", 4.35, "4.35 standard errors"),
        ("$0.0598", "dollar", 0.0598, "0.0598 $"),
        ("5.98 cents", "dollar", 0.0598, "5.98 cents = 0.0598 $"),
        ("6.22 percentage points", "point", 6.22, "6.22 points"),
        ("6.22%", "point", 6.22, "6.22 % = 6.22 points"),
        ("72 GB.", "GB", 72, "72 GB = 72,000,000,000 bytes"),
        ("72 G", "GB", 72, "72 GB = 72,000,000,000 bytes"),
        ("1 h 20 min", "minute", 80, "80 min"),
        ("1h20m", "minute", 80, "80 min"),
        ("-1 h 20 min", "minute", -80, "-80 min"),
        ("2 hr", "minute", 120, "2 h = 120 min"),
        ("½", "", 0.5, "0.5"),
        ("3 ½", "", 3.5, "3.5"),
        ("１２.5", "", 12.5, "12.5"),
        ("0.25*ln(0.25/0.64)", "", -0.2350018, "-0.235002"),
        ("0.0005 * (1 + cos(pi * 188 / 200)) / 2", "", 4.428187e-6, "4.42819e-6"),
        ("1 - C(9, 3)/C(16,3)", "", 0.85, "0.85"),
        ("exp(2) / e^2", "", 1, "1"),
    ],
)
def test_a_number_and_how_it_was_read(typed, unit, value, read_as):
    number = read_number(typed, unit)
    assert float(number.value) == pytest.approx(value)
    assert number.read_as == read_as


@pytest.mark.parametrize(
    ("typed", "unit", "why"),
    [
        ("70 GB", "", "A plain number is asked for; GB are typed."),
        ("$5.96", "", "A plain number is asked for; $ are typed."),
        ("12 bits", "vote", "votes are asked for; bits is another kind of unit."),
        ("log(3)", "", "log could be ln (natural), log2 or log10: write which."),
        ("3 s", "GB", "GB are asked for; s is another kind of unit."),
        ("12%", "GB", "GB are asked for; % is another kind of unit."),
        ("4 gb", "GB", "gb could be GB (bytes) or Gbit (bits): write which."),
        ("10**350", "", "That is too large or too small for any number here."),
        ("10**-350", "", "That is too large or too small for any number here."),
        ("1" * 10**6, "GB", "That is 1,000,000 characters; 300 can be read."),
    ],
)
def test_a_number_that_cannot_be_meant(typed, unit, why):
    with pytest.raises(Unreadable) as caught:
        read_number(typed, unit)
    assert caught.value.why == why


@pytest.mark.parametrize(
    ("typed", "place", "digits"),
    [
        ("11.8", Fraction(1, 10), 3),
        ("11.80", Fraction(1, 100), 4),
        ("1200", 100, 2),
        ("1200.", 1, 4),
        ("6.4e-2", Fraction(1, 1000), 2),
        ("-0.05", Fraction(1, 100), 1),
        ("127/10.8", None, 0),
        ("2 pi", None, 0),
    ],
)
def test_the_place_of_the_last_digit(typed, place, digits):
    number = read_number(typed)
    assert (number.place, number.digits) == (place, digits)


def test_the_last_digits_place_is_in_the_unit_that_is_asked_for():
    assert read_number("4.5 GiB", "MiB").place == Fraction(1024, 10)


@settings(deadline=None)
@given(
    st.from_regex(
        r"\s*[-+]?[0-9]{1,20}(\.[0-9]{0,20})?\s*",
        fullmatch=True,
        alphabet=st.characters(codec="ascii"),
    )
)
def test_the_quick_way_for_plain_numbers_agrees_with_the_grammar(typed):
    quick, words = read_number(typed), tokens(typed)
    assert quick.value == evaluate(words).value
    assert quick.place == words[-1].place
    with_unit = read_number(f"{typed} percent", "percent")
    assert (with_unit.value, with_unit.place) == (quick.value, quick.place)
    assert with_unit.digits == quick.digits


@settings(deadline=None)
@given(
    st.decimals(1, 10**6, places=3),
    st.sampled_from(["bit", "byte", "kB", "MB", "GB", "KiB", "MiB", "GiB", "Gbit"]),
    st.sampled_from(["bit", "byte", "kB", "MB", "GB", "KiB", "MiB", "GiB", "Gbit"]),
)
def test_a_unit_makes_no_difference_to_what_is_meant(number, unit, asked):
    there = read_number(f"{number} {unit}", asked).value
    back = read_number(f"{there.numerator}/{there.denominator} {asked}", unit).value
    assert back == Fraction(number)


@settings(deadline=None)
@given(st.text(max_size=80), st.sampled_from(["", "GB", "percent", "bit"]))
def test_any_text_is_read_or_refused_in_words(typed, unit):
    try:
        assert read_number(typed, unit).read_as
    except Unreadable as error:
        assert error.why


@pytest.mark.parametrize(
    ("typed", "picks"),
    [("a c", (0, 2)), ("A,C", (0, 2)), ("ac", (0, 2)), ("1 3", (0, 2)), ("c and a", (0, 2))],
)
def test_options_by_letter_or_place(typed, picks):
    assert read_choice(typed, FORMATS, several=True) == picks


@pytest.mark.parametrize(
    ("typed", "picks"),
    [
        ("1 5", (0, 3)),
        ("channels 1, 5", (0, 3)),
        ("channel 5 and channel 1", (0, 3)),
        ("5", (3,)),
        ("a d", (0, 3)),
        ("d1", (0, 3)),
    ],
)
def test_options_that_are_called_by_numbers_by_those_and_never_by_place(typed, picks):
    assert read_choice(typed, [f"channel {number}" for number in (1, 4, 2, 5)], True) == picks


def test_a_number_that_no_option_is_called_by_is_none():
    with pytest.raises(Unreadable, match="'3' is no option: they are called 1, 2, 4, 5"):
        read_choice("1 3", [f"channel {number}" for number in (1, 4, 2, 5)], True)


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["channel 4", "channel 1"], (4, 1)),
        (["4 bits", "16 bits"], (4, 16)),
        (["FP16", "BF16"], ()),
        (["7B at 4 bits", "13B at 2 bits"], ()),
        (["one", "2"], ()),
    ],
)
def test_what_options_are_called(options, numbers):
    assert numbers_of(options) == numbers


def test_an_option_by_its_text():
    assert read_choice("fp16", FORMATS, several=False) == (0,)
    assert read_choice(" The E4M3 one. ", FORMATS, several=False) == (2,)


@pytest.mark.parametrize("typed", ["", "e", "0", "5", "a e", "maybe", "a" * 300, "²"])
def test_no_option(typed):
    with pytest.raises(Unreadable):
        read_choice(typed, FORMATS, several=True)


def test_one_option_where_one_is_asked_for():
    assert read_choice("b)", FORMATS, several=False) == (1,)
    with pytest.raises(Unreadable, match="One option"):
        read_choice("a b", FORMATS, several=False)


@pytest.mark.parametrize(
    "typed", ["01000000", "0 1000 000", "0_1000_000", "0|1000|000", "0b01000000", "0x40"]
)
def test_bits(typed):
    assert read_bits(typed, 8) == "01000000"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0100", "8 bits are asked for; 4 are typed"),
        ("01000002", "'2' is no bit"),
        ("", "Nothing"),
        ("0" * 10**6, "1,000,000 characters"),
        ("0x4", "8 bits are 2 hexadecimal digits; typed are 4"),
        ("0xGG", "GG behind 0x is no hexadecimal number"),
        ("nan", "'n' is no bit"),
    ],
)
def test_no_bits(typed, why):
    with pytest.raises(Unreadable, match=why):
        read_bits(typed, 8)


@pytest.mark.parametrize(
    "typed",
    [
        "1 2\n3 -1/3",
        "1 2; 3 -1/3",
        "1, 2; 3, -1/3",
        "1,2;\n3,-1/3;\n",
        "[[1, 2],\n [3, -1/3]]",
        "1 2 3 -1/3",
    ],
)
def test_a_matrix(typed):
    rows = read_matrix(typed, 2, 2)
    assert [[cell.value for cell in row] for row in rows] == [[1, 2], [3, Fraction(-1, 3)]]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Nothing"),
        ("1 2; 3", "2 rows of 2 numbers are asked for; typed are 2 of 2, 1"),
        ("1 2 3; 4 5 6", "typed are 2 of 3"),
        ("1 2; 3 abc", "Row 2: abc is neither"),
        ("1 2; 3 9**9**9", "Row 2: That power"),
        ("1 2; 3 4GB", "Row 2: A plain number"),
        ("1 " * 10**5, "characters, too many for 2 x 2"),
    ],
)
def test_no_matrix(typed, why):
    with pytest.raises(Unreadable, match=why.replace("*", r"\*")):
        read_matrix(typed, 2, 2)


def test_every_kind_says_how_it_was_read():
    options = [Option("yes", "", right=True), Option("no", "")]
    bits = Bits(ask="", answer="010", fields=[("s", 1), ("e", 2)], worked="")
    assert read(Numeric(ask="", answer=1, worked=""), "3/4").read_as == "0.75"
    assert read(Choice(ask="", options=options, worked=""), "b").read_as == "no"
    assert read(bits, "011").read_as == "0 11"
    assert read(Matrix(ask="", answer=[[1, 2]], worked=""), "1/2,2").read_as == "0.5 2"
    assert read(Essay(ask="", rubric=["it"], sample=""), " Because. ").value == ("Because.",)
    with pytest.raises(Unreadable):
        read(Essay(ask="", rubric=["it"], sample=""), " \n")
