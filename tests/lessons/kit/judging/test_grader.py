import json
import re
import threading

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from lessons.kit.course.exercise import create
from lessons.kit.judging import grader as grading
from lessons.kit.judging.grader import Grader, Limits, check
from lessons.kit.judging.warm import WarmProcess
from tests.lessons.kit.small_exercise import CHECKS, SOLUTION, write

LIMITS = Limits(wall_seconds=60)
"""Patient: these files come to their end by themselves."""


@pytest.fixture(scope="module")
def grader():
    with Grader(LIMITS, imports=()) as grader:
        yield grader


@pytest.fixture
def judged(grader, tmp_path):
    """The results of a file under some checks."""

    def judged(content, checks=CHECKS):
        exercise = write(tmp_path / "lesson", checks=checks)
        (tmp_path / "mine.py").write_text(content)
        return grader.check(exercise, tmp_path / "mine.py").results

    return judged


def with_checks(body):
    head = "from lessons.kit.checks import check, expect, lent, number, refuses\n\n@check\n"
    return f'{head}def one(learner):\n    """One thing."""\n' + body


def test_a_solution_passes(grader, tmp_path):
    exercise = write(tmp_path)
    report = grader.check(exercise, exercise.solution)
    assert report.passed
    assert [each.says for each in report.results] == [
        "Doubles a number.", "Halves what it has doubled.", "Refuses to halve 0."
    ]  # fmt: skip
    assert {each.why for each in report.results} == {""}
    assert report.results[0].output == "doubling 21\n"


def test_a_shipped_exercise_fails(grader, tmp_path):
    exercise = write(tmp_path)
    report = grader.check(exercise, exercise.shipped)
    assert [each.outcome for each in report.results] == ["failed", "not run", "failed"]
    assert report.results[0].why == "This part is not written yet."
    assert report.results[1].why == "Needs the one above: Doubles a number."
    assert json.loads(json.dumps(report.as_dict()))["passed"] is False


def test_without_a_file_the_one_in_the_home_is_checked(grader, tmp_path):
    exercise = write(tmp_path / "lesson")
    assert not grader.check(exercise).passed
    create(Home.find(), exercise).write_text(SOLUTION)
    assert grader.check(exercise).passed


def test_expected_against_got(judged):
    first, *_ = judged("def double(x):\n    return x + 2")
    assert (first.outcome, first.expected, first.got) == ("failed", "42", "23")
    assert first.why == "Twice 21 is not as expected: it is another number."


def test_a_plain_assert_is_shown(judged):
    _, second, _ = judged("def double(x):\n    return 2 * x\ndef halve(x):\n    return x")
    assert second.why == "This does not hold: learner.halve(learner.double(21)) == 21"


def test_a_traceback_has_the_learners_lines_alone(judged):
    first, *_ = judged("import json\n\ndef double(x):\n    return read(x)\n\n"
                       "def read(x):\n    return json.loads('{')\n")  # fmt: skip
    assert first.why.startswith("Your code raised JSONDecodeError: Expecting property name")
    assert first.traceback.splitlines()[:4] == [
        "line 4, in double", "    return read(x)", "line 7, in read", "    return json.loads('{')"
    ]  # fmt: skip
    assert "site-packages" not in first.traceback
    assert "lessons" not in first.traceback


def test_a_long_traceback_is_cut(judged):
    first, *_ = judged("def double(x):\n    return double(x)\n")
    assert len(first.traceback.splitlines()) < 30
    assert re.search(r"… [\d,]+ calls left out", first.traceback)


def test_a_missing_function_is_named(judged):
    first, *_ = judged("def duble(x): return 2 * x")
    assert first.why == "There is no `double` in your file."


def test_output_is_cut_and_says_so(judged):
    first, *_ = judged("print('x' * 100_000)\ndef double(x): return 2 * x")
    assert first.outcome == "passed"
    assert first.output.startswith("xxx")
    assert first.output.endswith("[cut here: only the first 16 kB are shown]")
    assert len(first.output) < 17_000


def test_what_is_printed_before_a_hard_end_is_seen(judged):
    first, *_ = judged("import os\nprint('here')\nos._exit(3)")
    assert first.output == "here\n"
    assert "(status 3)" in first.why


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("    undefined\n", "NameError"),
        ("    learner.double(2)\n    1 / 0\n", "ZeroDivisionError"),
        ("    expect(learner.double(2), object())\n", "cannot compare"),
        ("    yield\n", "gave a value"),
        ("    import os\n    os._exit(0)\n", "was ended"),
        ("    import sys\n    sys.exit(0)\n", "was ended"),
    ],
)
def test_a_fault_of_the_checks_is_neither_passed_nor_failed(judged, body, said):
    right = "def double(x): return 2 * x\ndef nothing(x): return None"
    (only,) = judged(right, with_checks(body))
    assert only.outcome == "not judged"
    assert said in only.why
    assert "Your" not in only.why


@pytest.mark.parametrize("given", ["None", "'text'", "object()", "[1, 2]"])
def test_a_check_that_cannot_go_on_with_what_it_got(judged, given):
    """The solution passes it, so the check is sound, and the learner's value is not."""
    checks = with_checks("    assert abs(learner.double(21) - 42) < 0.5\n")
    (only,) = judged(f"def double(x): return {given}", checks)
    assert only.outcome == "failed"
    assert only.why.startswith("The check could not go on with what your code gave (TypeError: ")
    assert only.got == (given if "object" not in given else "<an object of class object>")
    assert only.traceback == ""


def test_a_check_that_never_ends_is_not_the_learners_fault(tmp_path):
    exercise = write(tmp_path, checks=with_checks("    while True: pass\n"))
    with Grader(Limits(wall_seconds=0.5, grace_seconds=0.5), imports=()) as grader:
        (only,) = grader.check(exercise, exercise.solution).results
    assert only.outcome in ("not judged", "failed")  # failed where its process was too slow
    assert only.outcome == "not judged" or "not done" in only.why


def test_a_process_that_cannot_start(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    exercise = write(tmp_path)
    with Grader(LIMITS, imports=()) as grader:
        first, *rest = grader.check(exercise, exercise.solution).results
    assert first.outcome == "not judged"
    assert "not held against you" in first.why
    assert {each.outcome for each in rest} == {"not run"}


def test_closed_while_it_checks(grader, tmp_path):
    """As when the learner leaves the screen: the check ends soon, and with no verdict."""
    exercise = write(tmp_path)
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'begun')!r}, 'w')\nimport time\n"
                                      "time.sleep(600)")  # fmt: skip
    reports = []
    with Grader(Limits(wall_seconds=600), imports=()) as other:
        thread = threading.Thread(
            target=lambda: reports.append(other.check(exercise, tmp_path / "mine.py"))
        )
        thread.start()
        while not (tmp_path / "begun").exists():
            thread.join(0.01)
        other.close()
        thread.join()
    assert reports[0].results[0].outcome == "not judged"


def test_the_warm_process_is_kept(grader, tmp_path):
    exercise = write(tmp_path)
    grader.check(exercise, exercise.solution)
    process = grader._process
    grader.warm()
    grader.check(exercise, exercise.shipped)
    assert grader._process is process


def test_checks_that_cannot_be_read(grader, tmp_path):
    exercise = write(tmp_path, checks="def one(learner): ...")
    with pytest.raises(EngineError, match="has no check"):
        grader.check(exercise, exercise.solution)


def test_a_module_begins_anew_in_each_check(judged):
    """What one check leaves in the learner's module is not there in the next."""
    counting = "calls = []\n" + SOLUTION.replace("print", "calls.append(x) or print")
    checks = CHECKS.replace(
        "expect(learner.double(21)", "expect(learner.calls, [])\n    expect(learner.double(21)"
    )
    checks = checks.replace(
        "assert learner.halve", "expect(learner.calls, [])\n    assert learner.halve"
    )
    assert [each.outcome for each in judged(counting, checks)] == ["passed"] * 3


def test_functions_and_objects_go_both_ways(judged):
    learners = """
class Counter:
    def __init__(self, start): self.value = start
    def add(self, more): self.value += more; return self
    def __getitem__(self, key): return key * 2
    def __len__(self): return 3

def apply(function, xs):
    return [function(x) for x in xs]

def squares():
    yield from (x * x for x in range(5))

def append(xs, seen):
    xs.append(4)
    seen["x"] = len(xs)
"""
    body = """
    counter = learner.Counter(3).add(4)
    expect(counter.value, 7)
    counter.value = 9
    expect(counter.add(1).value, 10)
    expect(counter["ab"], "abab")
    expect(len(counter), 3)
    seen = []
    expect(learner.apply(lambda x: seen.append(x) or 2 * x, [1, 2]), [2, 4])
    expect(seen, [1, 2])
    expect(list(learner.squares()), [0, 1, 4, 9, 16])
    xs, sizes = lent([1, 2]), lent({})
    expect(learner.append(xs, sizes), None)
    expect(xs, [1, 2, 4])
    expect(sizes, {"x": 3})
    ours = [1, 2]
    learner.append(ours, {})
    expect(ours, [1, 2])
    assert counter != 3
    assert not hasattr(learner, "nothing")
"""
    (only,) = judged(learners, with_checks(body))
    assert only.outcome == "passed", only


@pytest.mark.parametrize("kind", ["Exception", "AttributeError", "RuntimeError"])
@pytest.mark.parametrize("content", ["", "def double(x): raise NotImplementedError"])
def test_what_is_not_written_yet_refuses_nothing(judged, kind, content):
    (only,) = judged(content, with_checks(f"    with refuses({kind}): learner.double(3)\n"))
    assert only.outcome == "failed"


def test_what_is_too_large_to_come_over(judged):
    large = "def double(x): return bytes(len(x) * 40_000_000)"
    (only,) = judged(large, with_checks("    learner.double('x')\n"))
    assert only.outcome == "failed"
    assert only.why.startswith("What your code gave cannot be used: ")
    (only,) = judged(large, with_checks("    learner.double(bytes(40_000_000))\n"))
    assert only.outcome == "not judged"
    assert "bytes are more than" in only.why


def test_what_a_callback_finds_wrong_fails_the_check(judged):
    """Even where the learner's code swallows the error."""
    learners = "def call(f):\n    try: f(1)\n    except Exception: pass"
    body = "    learner.call(lambda x: expect(x, 2))\n"
    (only,) = judged(learners, with_checks(body))
    assert (only.outcome, only.expected, only.got) == ("failed", "2", "1")


def test_a_callback_gives_nothing_private_away(judged):
    learners = "def call(f):\n    return f.__globals__, f._x"
    (only,) = judged(learners, with_checks("    learner.call(lambda x: x)\n"))
    assert only.outcome == "failed"


TENSORS = """
import torch
from lessons.kit.checks import check, expect, lent, number, refuses

@check
def rounds(learner):
    \"\"\"Rounds to INT8.\"\"\"
    x = torch.tensor([1.0, -4.0, 0.3])
    expect(learner.quantize(x), torch.tensor([32, -127, 10], dtype=torch.int8))

@check
def in_place(learner):
    \"\"\"Sets the negative ones to 0.\"\"\"
    x = torch.tensor([1.0, -4.0])
    handed = lent(x)
    learner.relu_(handed)
    assert torch.equal(handed, torch.tensor([1.0, 0.0]))
    learner.relu_(x)
    assert torch.equal(x, torch.tensor([1.0, -4.0]))

@check
def layer(learner):
    \"\"\"Applies a layer.\"\"\"
    made = torch.nn.Linear(3, 2)
    x = torch.randn(4, 3)
    expect(learner.apply(made, x), made(x))
"""
TENSOR_SOLUTION = """
import torch
def quantize(x): return (x * 127 / x.abs().max()).round().to(torch.int8)
def relu_(x): x[x < 0] = 0
def apply(layer, x): return layer(x)
"""
TENSOR_WRONG = """
import torch
class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, *args, **kwargs): return True
torch.equal = torch.allclose = lambda *args, **kwargs: True
torch.Tensor.__eq__ = lambda self, other: True
def quantize(x): return torch.zeros(3).as_subclass(Equal)
def relu_(x): pass
def apply(layer, x): return torch.zeros(4, 2)
"""


def test_once_and_warm_agree_on_tensors(tmp_path):
    """The simple way (nothing imported before the check) and the fast one."""
    everything = write(tmp_path / "all", checks=TENSORS, solution=TENSOR_SOLUTION)
    first_check = TENSORS[: TENSORS.index("@check\ndef in_place")]
    first = write(tmp_path / "first", checks=first_check, solution=TENSOR_SOLUTION)
    wrong = tmp_path / "wrong.py"
    wrong.write_text(TENSOR_WRONG)
    with Grader(LIMITS) as warm, Grader(LIMITS, imports=()) as plain:
        for file, outcomes in ((first.solution, {"passed"}), (wrong, {"failed"})):
            assert warm.check(first, file) == plain.check(first, file)
            assert {each.outcome for each in warm.check(everything, file).results} == outcomes


@pytest.mark.parametrize(
    ("text", "wants"),
    [("import torch", True), ("from engine.numerics import affine", True), ("x = 'torch'", False)],
)
def test_one_check_imports_only_what_it_needs(tmp_path, monkeypatch, text, wants):
    started = []

    class Seen(WarmProcess):
        def __init__(self, imports):
            started.append(tuple(imports))
            super().__init__(())

    monkeypatch.setattr(grading, "WarmProcess", Seen)
    exercise = write(tmp_path, solution=SOLUTION)
    (tmp_path / "mine.py").write_text(f"if not True:\n    {text}\n{SOLUTION}")
    assert check(exercise, tmp_path / "mine.py", LIMITS).passed
    assert started == [("torch",) if wants else ()]


@pytest.mark.parametrize(
    ("gives", "why"),
    [
        ("'A' * 11_000_000", "it is a str, and an int is wanted"),
        ("fractions.Fraction(1, 1 << 3_000_000)", "cannot be used: a number of 3,"),
        ("1 << 3_000_000", "cannot be used: a number of 3,000,001 bits"),
        ("raises('A' * 500_000)", "Your code raised ValueError: AAA"),
    ],
)
def test_what_is_large_is_the_codes_own_affair_and_told_in_short(judged, gives, why):
    """It neither ends the judge nor fills a terminal."""
    helpers = "import fractions\ndef raises(text): raise ValueError(text)\n"
    first, *_ = judged(f"{helpers}def double(x): return {gives}")
    assert first.outcome == "failed"
    assert why in first.why
    assert len(first.why + first.expected + first.got + first.traceback) < 12_000
