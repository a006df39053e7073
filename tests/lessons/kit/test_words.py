from random import Random
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.kit import words as module
from lessons.kit.answers.grading import grade
from lessons.kit.compare import Redraw
from lessons.kit.display import block, bullets, table
from lessons.kit.question import Option, Slip, question, variant
from lessons.kit.words import bits, choice, essay, matrix, numeric

PARTS = """
    hint: Count.
    worked: Two."""


@question("whole")
def whole(rng: Random):
    number = rng.randrange(10, 99)
    return numeric(number, unit="bit", tolerance=0).asks(f"""
    How many bits
    are {number}?

    doubled = {2 * number}: You have
      doubled it.
    halved = {number // 2 if number % 2 == 0 else None}: You have halved it.

    hint: Look.
    hint: It is said.
    worked: As it says:

    {table([[number, 1.5], [-2, 20]], "8.2f")}

    So **{number}**.""")


def test_a_number_its_slips_hints_and_solution_are_made_of_one_text():
    for seed in range(20):
        body = variant(whole, seed).body
        assert body.ask == f"How many bits are {body.answer}?"
        assert body.slips[0] == Slip("doubled", 2 * body.answer, "You have doubled it.")
        assert [slip.name for slip in body.slips[1:]] == ["halved"] * (body.answer % 2 == 0)
        assert body.hints == ("Look.", "It is said.")
        assert body.worked == (
            f"As it says:\n\n    {body.answer:8.2f}      1.50\n       -2.00     20.00\n\n"
            f"So **{body.answer}**."
        )
        assert (body.unit, body.tolerance) == ("bit", 0)
        assert grade(variant(whole, seed), f"{2 * body.answer}").slip == "doubled"


def test_the_example_of_the_docstring_is_a_question():
    code = module.__doc__.split("\n\n", 1)[1].split("\n\n**Draw**")[0]
    code = "\n".join(line[4:] for line in code.split("\n"))
    scope = {}
    exec(
        "from random import Random\n"
        "from lessons.kit.compare import keep_if\n"
        "from lessons.kit.display import show\n"
        "from lessons.kit.question import Numeric, question\n"
        f"from lessons.kit.words import numeric\n{code}",
        scope,
    )
    bodies = [variant(scope["cascade_em"], seed).body for seed in range(100)]
    assert all(body.worked.endswith("%**; a line that goes on is indented.") for body in bodies)
    assert all(len(body.slips) == 2 and len(body.hints) == 3 for body in bodies)


WORD = st.text("abcxyz0189*_|<>=.,;()", min_size=1, max_size=9)


@given(st.lists(WORD, min_size=1, max_size=40), st.integers(10, 60), st.integers(0, 8))
def test_a_paragraph_is_the_same_however_it_is_wrapped(said, width, indent):
    text = " ".join(said)
    lines = wrap(text, width, break_long_words=False, break_on_hyphens=False)
    asked = "\n".join(f"{' ' * indent}{line}" for line in lines)
    rest = "\n".join(" " * indent + line.strip() for line in PARTS.split("\n"))
    assert numeric(2).asks(f"\n{asked}\n{rest}\n{' ' * indent}").ask == text


def test_code_and_lists_keep_their_lines():
    body = numeric(2).asks("""
    Load this:

        config(
            bits=4,
        )

    and count
    - the first
    - the second,
      with all it has
    hint: Count.
    worked:
    - one
    - two""")
    assert body.ask == (
        "Load this:\n\n    config(\n        bits=4,\n    )\n\n"
        "and count\n- the first\n- the second, with all it has"
    )
    assert body.worked == "- one\n- two"


def test_lines_that_are_put_in_stay_as_they_are():
    code = block(["a: 1", "", "          far", "hint: no hint"])
    body = numeric(2).asks(f"""
            These:

            {code}
            hint: Count.
            worked: Two:

            {bullets(["one", "two"])}
            """)
    assert body.ask == "These:\n\n    a: 1\n    \n              far\n    hint: no hint"
    assert (body.hints, body.worked) == (("Count.",), "Two:\n\n- one\n- two")


PARTS_0 = "\nhint: Count.\nworked: Two."


def test_bits_and_grids_have_slips():
    body = bits("0101", [("a", 1), ("b", 3)]).asks(f"?\nflipped = {10:04b}: F.{PARTS_0}")
    assert (body.answer, body.fields) == ("0101", [("a", 1), ("b", 3)])
    assert body.slips == [Slip("flipped", "1010", "F.")]
    body = matrix([[1, 2.5]], tolerance=0).asks(f"?\nturned = {[[2.5, -1]]}: T.{PARTS_0}")
    assert (body.answer, body.slips[0].value, body.tolerance) == ([[1, 2.5]], [[2.5, -1]], 0)


@given(
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.fractions().filter(lambda each: each.denominator > 1)
)
def test_a_slips_value_is_read_back_exactly(value):
    answer = 1 if abs(value) > 2 or value < 0 else 5
    (slip,) = numeric(answer).asks(f"?\noff = {value}: Off.{PARTS_0}").slips
    assert (slip.value, type(slip.value)) == (value, type(value))


@given(st.lists(st.lists(st.integers() | st.floats(0, 1), min_size=2, max_size=2), min_size=1))
def test_a_grid_is_read_back_exactly(rows):
    answer = [[-1.5, 0]] * len(rows)
    (slip,) = matrix(answer).asks(f"?\noff = {rows}: Off.{PARTS_0}").slips
    assert slip.value == rows


def test_answer_and_slips_are_apart_by_the_tolerance_or_as_is_said():
    def asked(kind, *values):
        slips = "".join(f"\nslip-{at} = {value}: x" for at, value in enumerate(values))
        return kind.asks(f"?{slips}{PARTS_0}")

    asked(numeric(100), 101)
    asked(numeric(100, tolerance=0.001), 100.4)
    asked(numeric(100, tolerance=0), None, None)
    for kind, values in (
        (numeric(100), [100.4]),
        (numeric(100, apart=0.02), [101]),
        (numeric(100, tolerance=0), [100]),
        (numeric(100, tolerance=0), [7, 7]),
        (bits("01"), ["01"]),
        (matrix([[1]]), [[[1.0]]]),
    ):
        with pytest.raises(Redraw):
            asked(kind, *values)


def test_a_choice_has_its_options_in_the_words_and_those_that_are_drawn():
    body = choice([Option("drawn", "By lot.")], several=True).asks("""
    Which?

    right: 1 -> 2
      -> Yes.
    too-far: the
      second -> No: it
      is too far.
    wrong: the third
      -> No.
    hint: Look.
    worked: The first.""")
    assert body.several and body.hints == ("Look.",)
    assert body.options == [
        Option("drawn", "By lot."),
        Option("1", "2 -> Yes.", right=True),
        Option("the second", "No: it is too far.", slip="too-far"),
        Option("the third", "No."),
    ]


@pytest.mark.parametrize("best", ["up", "down by one"])
def test_the_option_that_is_right_may_be_drawn(best):
    body = choice(right=best, because="It is.").asks(f"""
    Where to?

    upwards: up -> Not up.
    downwards: down
      by one -> Not down.
    wrong: nowhere -> No.
    worked: To go {best}.""")
    wrong = [Option("up", "Not up.", slip="upwards")]
    wrong += [Option("down by one", "Not down.", slip="downwards"), Option("nowhere", "No.")]
    assert body.options == [
        Option(best, "It is.", right=True) if each.text == best else each for each in wrong
    ]


def test_an_essay_has_a_rubric_and_a_sample():
    body = essay().asks("Why?\nrubric: One.\nrubric: Two.\nsample: Because.\nhint: Think.")
    assert (body.ask, body.rubric, body.sample, body.hints) == (
        "Why?",
        ("One.", "Two."),
        "Because.",
        ("Think.",),
    )


@pytest.mark.parametrize(
    ("make", "text", "says"),
    [
        (numeric(2), f"?\na-b = 3: x\na-b = 4: y{PARTS_0}", "2 parts of the words begin"),
        (numeric(2), f"?\na-b = 3:{PARTS_0}", "a text behind it"),
        (numeric(2), f"?\na-b = 1,024: x{PARTS_0}", "'a-b = 1,024' is not as the answer is"),
        (matrix([[2]]), f"?\na-b = [[1: x{PARTS_0}", "is not as the answer is"),
        (bits("01"), f"?\na-b = 012: x{PARTS_0}", "no pattern of 2 bits"),
        (numeric(2), "?\nhint: x", "No part begins with 'worked:'"),
        (numeric(2), f"?{PARTS_0}\nworked: Three.", "2 parts of the words begin with 'worked:'"),
        (numeric(2), f"How many\ntokens: 3 or 4?{PARTS_0}", "'tokens: 3 or 4.' begins a line as"),
        (numeric(2), f"?\nright: x -> y{PARTS_0}", "there are hint, worked"),
        (choice(), f"?\nright: x -> y\nno-says: x{PARTS_0}", "'no-says: x' lacks '-> what"),
        (choice(), f"?\nright: x -> y{PARTS_0}", "1 options"),
        (choice(right="z"), f"?\na: x -> y\nb: y -> z{PARTS_0}", "0 options are right"),
        (essay(), "?\nrubric: x\nhint: y", "No part begins with 'sample:'"),
        (essay(), "?\nrubric: x\nsample: y\nworked: z", "there are hint, rubric, sample"),
        (numeric(2), "    Which?\n  1  2\n    hint: x\n    worked: y", "farther left"),
    ],
)
def test_words_that_cannot_be_taken_apart_are_refused(make, text, says):
    with pytest.raises(ValueError, match=says):
        make.asks(text)


def test_a_question_without_its_words_is_told():
    @question("wordless")
    def wordless(rng: Random):
        return numeric(2)

    with pytest.raises(ValueError, match="wordless gives no question"):
        variant(wordless, 0)
