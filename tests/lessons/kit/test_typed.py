"""Every reader of typed text, and the verdict behind it, on strings that nobody would type.

A few thousand strings in every run; a million with `-m slow`.
"""

from random import Random

import pytest

from lessons.kit.answers.grading import OUTCOMES, grade
from lessons.kit.question import Bits, Choice, Matrix, Numeric, Option, Slip, Variant
from lessons.kit.units import COUNTED

UNITS = (
    "", "GB", "GiB", "bit", "byte", "percent", "point", "billion", "dollar", "minute", "vote",
    "policy", "token/second", "MB/s",
)  # fmt: skip
ANSWERS = (127 / 10.8, 541064, 3, 0.0622, -1 / 3, 1e-30, 10**18 + 1, 0)
WORDS = [
    *"0 1 2 7 12 1,319 1.5 .5 5. 6.02e23 1e400 1e-400 9**9 0xFE 0b11 0x 1_000 1,5".split(),
    *"nan NaN NAN inf -inf infinity Infinity None True e E i j 1j 1e 1e+ ∞ ٣ ² ½ ⅐ 10⁻³".split(),
    *"+ - * / ** ^ ( ) , ; : . = ~ % $ € √ π − × · ÷ | _ ' \" \\ [ ] { } < > ! ? & # @ `".split(),
    *"sqrt ln log log2 log10 exp sin cos tan abs round floor ceil C comb pi e x per times".split(),
    *"bit bits b B kB KB Kb GB gb Gb GiB TiB PB GBytes gigabytes s ms µs min m h hr d day".split(),
    *"dollar cents ¢ percent point points pp thousand million billion trillion k K M G T".split(),
    *"meter kelvin degC celsius delta_degC dBm eV c hbar ppm radian J W N lb ft".split(),
    *"a b c d ac and channel channels 5 FP16 ____ __import__ lambda os.system eval".split(),
    *COUNTED,
    " ", "  ", "\n", "\t", "\x00", "\x1b[31m", "\ud800", "\u202e", "\ufeff", "é",
    "１２", "ａ", "（",
]  # fmt: skip
READ = (
    "1 h 20 min", "C(16, 3)/2", "9.66 billion", "(2 - 2**-23) * 2**127", "70e9 * 4 bit", "$0.06",
    "3 ½ GiB", "1 5", "a d", "0x42", "1 -0.5; 3e30 0",
)  # fmt: skip
CALLED = [Option(f"channel {number}", "So.", number in (1, 5)) for number in (1, 4, 2, 5)]
TOLD = [Option(text, "So.", text == "FP16") for text in ("FP16", "`BF16`", "7B at 4 bits")]
OTHERS = (
    Choice(ask="", options=CALLED, several=True, worked=""),
    Choice(ask="", options=TOLD, worked=""),
    Bits(ask="", answer="01000010", fields=[("sign", 1), ("rest", 7)], worked=""),
    Matrix(ask="", answer=[[1, -0.5], [3e30, 0]], worked=""),
)


def string(rng: Random) -> str:
    """Words in a row, characters in a row, or one that would be read with something changed."""
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(("", "", " ")).join(rng.choices(WORDS, k=rng.randint(1, 9)))
    if kind < 0.75:
        return "".join(
            chr(rng.choice((rng.randrange(128), rng.randrange(0x3000)))) for _ in "12345"
        )
    text = rng.choice(READ)
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(WORDS) + text[at + rng.randint(0, 2) :]


@pytest.mark.parametrize("count", [2_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_whatever_is_typed_has_a_verdict_in_words(count):
    rng, seen = Random(f"typed {count}"), set()
    slips = [Slip("half", 0.5, "So."), Slip("huge", 10**200, "So.")]
    numbers = [
        Numeric(ask="", answer=answer, unit=unit, tolerance=tolerance, slips=slips, worked="")
        for answer in ANSWERS
        for unit in UNITS
        for tolerance in (0, 0.005)
    ]
    for _ in range(count):
        typed = string(rng)
        for body in (rng.choice(numbers), *OTHERS):
            try:
                verdict = grade(Variant("typed", 0, body), typed)
            except Exception as error:
                pytest.fail(f"{typed!r} for {body}: {error!r}")
            assert verdict.outcome in OUTCOMES and verdict.says
            assert bool(verdict.read_as) == (verdict.outcome != "unreadable"), (typed, body)
            seen.add((type(body).__name__, verdict.outcome))
    assert {kind for kind, outcome in seen if outcome == "unreadable"} == {
        "Numeric", "Choice", "Bits", "Matrix",
    }  # fmt: skip
    assert len(seen) >= 12  # it is no fuzz of the refusals alone
