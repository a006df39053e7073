import pytest

from engine.errors import EngineError
from lessons.kit.course.source import Sources, digest

CODE = """
import math
from engine.numerics import affine
from lessons.kit.question import question

SCALES = {"INT8": 127}
SCALES["INT4"] = 7
LIMIT: int = 3


@question("one")
def one(rng: Random) -> Numeric:
    return math.floor(affine.quantize(halved(SCALES["INT8"])))


@lab("two", about="Two.")
def two(bits: Annotated[int, Choice(2, 4)] = 2) -> Figure:
    from engine.cascades.prices import Prices

    return Prices(bits)


@question(name)
def by_a_variable(rng):
    return 3


def halved(x):
    '''Half of it.'''
    return x / LIMIT


def unused():
    return 5
"""


def made(folder, code=CODE, **more):
    """The sources of a lesson in a folder of its own, where each file has this code."""
    folder = folder / "numbers" / "four-bits"
    folder.mkdir(parents=True, exist_ok=True)
    files = {"questions": code, "labs": code, "checks": code} | more
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return Sources(folder)


def digests(folder, code=CODE, **more):
    """Of its question, its lab and its checks."""
    sources = made(folder, code, **more)
    questions, labs = sources.marked("questions", "question"), sources.marked("labs", "lab")
    return questions["one"], labs["two"], sources.whole("checks")


def test_functions_under_a_mark_by_the_name_it_gives(tmp_path):
    sources = made(tmp_path)
    assert list(sources.marked("questions", "question")) == ["one"]
    assert list(sources.marked("questions", "lab")) == ["two"]
    assert sources.marked("nowhere", "lab") == {}
    assert sources.whole("nowhere") == digest("")
    assert digest("a", "b") != digest("ab")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from engine.numerics import affine", "from engine.models import loading as affine"),
        ("from engine.cascades.prices import Prices", "from engine.hosted.prices import Prices"),
        ("def one(rng: Random)", "def one(  # why\n    rng\n)"),
        ("LIMIT: int = 3", "LIMIT = 3"),
        ("(rng: Random) -> Numeric", "(rng)"),
        ("'''Half of it.'''", "'''Its half.'''"),
        ("import math\n", "import math, cmath\n"),
    ],
)
def test_imports_comments_annotations_and_docstrings_do_not_count(tmp_path, old, new):
    changed = CODE.replace(old, new)
    assert changed != CODE
    assert digests(tmp_path / "one") == digests(tmp_path / "two", changed)


@pytest.mark.parametrize(
    ("brought", "called"),
    [
        ("from engine.numerics import affine", "affine.quantize"),
        ("import engine.numerics.affine", "engine.numerics.affine.quantize"),
        ("import engine.numerics.affine as near", "near.quantize"),
        ("from engine.numerics.affine import quantize", "quantize"),
        ("from engine.compress.rounding import quantize as rounded", "rounded"),
        ("from .affine import quantize", "quantize"),
    ],
)
def test_a_name_is_the_same_however_it_is_reached(tmp_path, brought, called):
    code = CODE.replace("from engine.numerics import affine", brought)
    code = code.replace("(affine.quantize", f"({called}")
    assert digests(tmp_path / "two", code) == digests(tmp_path / "one")


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("math.floor", "math.ceil", "question"),
        ("affine.quantize", "affine.Affine", "question"),
        ("x / LIMIT", "x * LIMIT", "question"),
        ("LIMIT: int = 3", "LIMIT: int = 4", "question"),
        ('"INT8": 127', '"INT8": 128', "question"),
        ('"INT4"] = 7', '"INT4"] = 8', "question"),
        ("Choice(2, 4)", "Choice(2, 8)", "lab"),
        ("] = 2)", "] = 4)", "lab"),
        ('about="Two."', 'about="2."', "lab"),
        ("Prices(bits)", "Prices(2 * bits)", "lab"),
        ("return 5", "return 6", ""),
    ],
)
def test_a_digest_is_of_what_the_code_does_and_of_what_it_calls(tmp_path, old, new, changes):
    (question, lab, checks), other = digests(tmp_path / "one"), CODE.replace(old, new)
    assert other != CODE
    told = digests(tmp_path / "two", other)
    assert ((told[0] != question) * "question" or (told[1] != lab) * "lab") == changes
    assert (told[0] != question) + (told[1] != lab) == bool(changes)
    assert told[2] != checks, "the checks' file counts as a whole"


def test_what_is_done_beside_definitions_may_change_any_of_them(tmp_path):
    before, after = digests(tmp_path / "one"), CODE + "\nSCALES.update(INT2=1)\n"
    told = digests(tmp_path / "two", after)
    assert all(one != two for one, two in zip(before, told, strict=True))


HELPER = "def halved(x):\n    '''Half of it.'''\n    return x / LIMIT\n"


@pytest.mark.parametrize(
    ("brought", "called"),
    [
        ("from .shared import halved", "halved"),
        ("from . import shared", "shared.halved"),
        ("from lessons.numbers.four_bits.shared import halved as half", "half"),
    ],
)
def test_a_helper_in_another_file_of_the_lesson_counts(tmp_path, brought, called):
    code = CODE.replace(HELPER, "").replace("LIMIT: int = 3\n", f"{brought}\n")
    code = code.replace("halved(SC", f"{called}(SC")
    shared = f"LIMIT = 3\n{HELPER}"
    before, moved = digests(tmp_path / "one"), digests(tmp_path / "two", code, shared=shared)
    assert before[:2] == moved[:2]
    other = digests(tmp_path / "three", code, shared=shared.replace("= 3", "= 4"))
    assert (other[0] == before[0], other[1] == before[1]) == (False, True)


CHECKS = """
@check
def first(learner):
    '''The first.'''
    expect(learner.f(1), two())


@check(needs="first")
def second(learner):
    '''The second.'''


def two():
    return 2
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("'''The first.'''", "'''At first.'''", False),
        ("'''The first.'''", "'''The\n    first.'''", True),
        ("return 2", "return 3", False),
        ("def two():\n    return 2\n", "", False),
    ],
)
def test_what_a_check_says_counts(tmp_path, old, new, same):
    one = made(tmp_path / "one", checks=CHECKS).whole("checks")
    assert (made(tmp_path / "two", checks=CHECKS.replace(old, new)).whole("checks") == one) == same


def test_helpers_may_stand_in_any_order_and_checks_may_not(tmp_path):
    head, first, second = CHECKS.partition("@check\n")[0], *CHECKS.split("\n\n\n")[:2]
    helper = CHECKS.split("\n\n\n")[2]
    one = made(tmp_path / "one", checks=CHECKS).whole("checks")
    moved = "\n\n\n".join((helper, first, second))
    assert made(tmp_path / "two", checks=head + moved).whole("checks") == one
    turned = "\n\n\n".join((second, first, helper))
    assert made(tmp_path / "three", checks=head + turned).whole("checks") != one


def test_a_digest_hangs_on_no_release_of_python(tmp_path):
    """Written down: another release that spells a tree in another way would show here."""
    assert digests(tmp_path) == ("12fb0904e2e18b8a", "bc3d08885b1d8d36", "5f5bad5a57c293b8")


def test_what_is_no_python_is_said_with_its_line(tmp_path):
    sources = made(tmp_path, labs="x = 1\ndef (:\n")
    with pytest.raises(EngineError, match=r"labs\.py, line 2"):
        sources.marked("labs", "lab")
