"""The linter, on lessons with one thing wrong each; and on the course, where nothing is."""

import pytest

from lessons.kit.course.lesson import read_lesson
from lessons.kit.linting.lint import PARTS, lint
from tests.lessons.kit.small_lesson import (
    FRONT,
    LABS,
    QUESTIONS,
    TEXT,
    WITH_EXERCISE,
    write,
)


def findings(made, *parts, seeds=20, **more) -> list[str]:
    made = made if isinstance(made, list) else [made]
    return [f"{f.where}: {f.says}" for f in lint(made, parts=parts, seeds=seeds, **more).findings]


def one_of(found: list[str], says: str) -> None:
    assert any(says in each for each in found), found


def test_a_whole_lesson_is_clean_and_counted(tmp_path):
    told = []
    report = lint([write(tmp_path, **WITH_EXERCISE)], seeds=30, told=told.append)
    assert report.clean, report.findings
    assert report.counts["variants"] == 30
    assert report.counts["answers"] == 30 * 5  # the answer, two slips, "wibble" and garbage
    assert (report.counts["exercises"], report.counts["labs"], report.counts["figures"]) == (
        1,
        1,
        3,
    )
    assert (report.tried[0].question, report.tried[0].slips) == ("scale", 2)
    assert report.tried[0].distinct > 25
    assert told == [f"{part} of numbers/absmax" for part in PARTS]
    assert set(report.seconds) == set(PARTS)
    assert report.as_dict()["clean"] is True


def test_an_unknown_part_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no part words"):
        lint([write(tmp_path)], parts=["words"])


def test_a_task_is_a_stage_of_its_unit(tmp_path):
    def found(stage):
        text = f"{TEXT}```task {stage}\n```\n"
        made = read_lesson(write(tmp_path / stage, text=text).folder, "tutorial/absmax")
        return [each for each in findings(made, "structure") if "stage" in each]

    one_of(found("nap"), "The unit has no stage 'nap'; it has quantize, teach")
    assert found("teach") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"front": FRONT.replace('["Lecture 002"]', "[]")}, "sources names nothing"),
        ({"front": FRONT.replace('["find s"]', '[""]')}, "can names nothing"),
        ({"front": FRONT.replace("12", "0")}, "0 are no minutes"),
        ({"front": FRONT.replace("needs = []", 'needs = ["numbers/nowhere"]')}, "is no lesson"),
        ({"front": FRONT.replace("needs = []", 'needs = ["numbers/absmax"]')}, "come before it"),
        ({"text": TEXT + "See [it](nowhere).\n"}, "'nowhere' leads nowhere"),
        ({"text": TEXT + "See [it](numbers/nowhere).\n"}, "leads nowhere"),
        ({"text": "Only text.\n"}, "nothing to do"),
        ({"text": TEXT + "```task nap\n```\n"}, "The unit has no stage 'nap'; it has none."),
        ({"text": TEXT.replace("question scale", "question scales")}, "has no question of that"),
        ({"text": TEXT.partition("```question")[0]}, "No step of the lesson shows it"),
        ({"text": TEXT.replace("lab row", "lab column")}, "labs.py has no lab of that name"),
        ({"text": TEXT.replace('lab = "row"', 'lab = "column"')}, "no lab named 'column'"),
        ({"text": TEXT.replace("bits = 4", "bits = 5")}, "bits cannot be '5'"),
        ({"text": TEXT.replace('ask = "', 'unit = "abc"\nask = "')}, "unit: abc is neither"),
        ({"text": TEXT.replace('ask = "', 'within = 2\nask = "')}, "within = 2"),
        ({"text": TEXT.replace("How large is the error?", "How many GB?")}, "words ask for GB"),
        ({"questions": "import nowhere\n"}, "cannot be run"),
        ({"labs": "import nowhere\n"}, "cannot be run"),
        ({"text": TEXT + "```exercise\n```\n", "exercise": "x = 1\n"}, "lacks checks.py, solution"),
        ({"exercise": WITH_EXERCISE["exercise"]}, "No step of the lesson shows exercise.py"),
    ],
)
def test_structure(tmp_path, change, says):
    one_of(findings(write(tmp_path, **change), "structure"), says)


def test_links_and_needs_of_lessons_that_are_there_resolve(tmp_path):
    first = write(tmp_path, "numbers/absmax")
    links = "See [a](../absmax), [b](numbers/absmax), [c](absmax#s), [d](https://arxiv.org) and\n"
    links += "[e](questions.py), not `[f](nowhere)`.\n\n```python\n[g](nowhere)\n```\n"
    second = write(
        tmp_path,
        "numbers/zero-point",
        front=FRONT.replace("needs = []", 'needs = ["numbers/absmax"]'),
        text=links + TEXT.replace("scale", "zero").replace("row", "rows"),
        questions=QUESTIONS.replace('"scale"', '"zero"'),
        labs=LABS.replace('"row"', '"rows"'),
    )
    report = lint([first, second], parts=["structure"])
    assert report.clean, report.findings
    assert report.counts["links"] == 5


def test_two_lessons_with_a_question_of_one_name(tmp_path):
    two = [write(tmp_path, "numbers/absmax"), write(tmp_path, "numbers/zero-point")]
    found = findings(two, "structure")
    assert found == [
        "question scale: numbers/absmax has a question of that name.",
        "lab row: numbers/absmax has a lab of that name.",
    ]


def with_question(old: str, new: str) -> str:
    assert old in QUESTIONS
    return QUESTIONS.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"unsigned", 255', '"unsigned", 127.1', "is right, and should be slip unsigned"),
        ('"unsigned", 255 / alpha', '"unsigned", alpha / 127.1', "is slip inverted, and should be"),
        ("answer=127 / alpha", "answer=254 / alpha", "worked solution does not contain"),
        ("worked=f", "worked='About 12.', hints_=f", "TypeError"),
        ("rng.randrange(200, 2000) / 100", "rng.randrange(0, 3)", "ZeroDivisionError"),
        ("rng.randrange(200, 2000) / 100", "10.8", "the same under every seed"),
        ("rng.randrange(200, 2000) / 100", "__import__('random').random()", "gives two variants"),
        ('hints=["How many integers?"],', "", "It has no hint"),
        ('ask=f"alpha is {alpha}. What is s?"', 'ask=" "', "It asks nothing"),
        ("answer=127 / alpha,", "answer=float('nan'),", "no number to type"),
        ("What is s?", "How many GB?", "words ask for GB; its unit is none"),
    ],
)
def test_questions(tmp_path, old, new, says):
    made = write(tmp_path, questions=with_question(old, new))
    one_of(findings(made, "questions"), says)


def test_a_fault_is_shown_by_its_seed_and_not_200_times(tmp_path):
    wrong = with_question('"unsigned", 255', '"unsigned", 127.1')
    report = lint([write(tmp_path, questions=wrong)], parts=["questions"], seeds=200)
    assert [finding.seed for finding in report.findings] == [0, 1, 2]
    assert "question scale #0" in str(report.findings[0])


BITS = """
from lessons.kit.question import Bits, Choice, Essay, Matrix, Option, Slip, question


@question("scale")
def scale(rng):
    number = rng.randrange(1, 128)
    return Bits(
        ask=f"{number} in UINT8?",
        answer=f"{number:08b}",
        fields=[("high", 4), ("low", 4)],
        slips=[Slip("backwards", f"{number:08b}"[::-1], "The other way round.")],
        hints=["Begin with 128."],
        worked=f"It is {number >> 4:04b} {number & 15:04b}.",
    )
"""
CHOICE = """
from lessons.kit.question import Choice, Option, question


@question("scale")
def scale(rng):
    options = [
        Option("127 over alpha", "Yes.", right=True),
        Option("255 over alpha", "No.", slip="unsigned"),
        Option("alpha over 127", "No."),
    ]
    return Choice(ask="s?", options=options, hints=["Centred."], worked="It is 127 over alpha.")
"""
MATRIX = """
from lessons.kit.question import Matrix, Slip, question


@question("scale")
def scale(rng):
    rows = [[rng.randrange(-127, 128) for _ in "ab"] for _ in "abc"]
    halves = [[number / 2 for number in row] for row in rows]
    return Matrix(
        ask=f"Half of {rows}?",
        answer=halves,
        slips=[Slip("not-halved", rows, "Those are the whole.")],
        hints=["Divide."],
        worked=f"They are {halves}.",
    )
"""
ESSAY = """
from lessons.kit.question import Essay, question


@question("scale")
def scale(rng):
    return Essay(ask="Why?", rubric=["it says why"], sample="Because.", hints=["Why not?"])
"""


@pytest.mark.parametrize(
    ("questions", "kind", "found"),
    [
        (BITS, "Bits", ["is right, and should be slip backwards"]),  # a palindrome, 24 = 00011000
        (BITS.replace("1, 128", "1, 16"), "Bits", []),
        (CHOICE, "Choice", []),
        (CHOICE.replace("It is 127 over alpha", "So"), "Choice", ["does not contain 'a'"]),
        (MATRIX, "Matrix", []),
        (MATRIX.replace("are {halves}", "are {rows}"), "Matrix", ["does not contain"]),
        (ESSAY, "Essay", []),
    ],
)
def test_every_kind_of_question(tmp_path, questions, kind, found):
    report = lint([write(tmp_path, questions=questions)], parts=["questions"], seeds=200)
    assert report.tried[0].kind == kind
    assert bool(report.findings) == bool(found)
    for says in found:
        one_of([finding.says for finding in report.findings], says)


@pytest.mark.parametrize("part", ["structure", "questions"])
def test_the_course_is_clean(part):
    report = lint(parts=[part])
    assert report.clean, "\n".join(map(str, report.findings))
    if part == "questions":
        assert report.counts["variants"] >= 8000
