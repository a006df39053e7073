"""The coding exercises: shipped files fail, solutions pass, and each mistake meets its check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.kit.judging.grader import Grader
from tests.lessons.tutorial.own_code import exercise, failed, mutant


@pytest.fixture(scope="module")
def grader():
    with Grader(imports=()) as one:
        yield one


@pytest.mark.parametrize("lesson", ["quantize", "distill", "confidence"])
def test_shipped_it_fails_and_solved_it_passes(grader, lesson):
    made = exercise(lesson)
    assert not grader.check(made, made.shipped).passed
    report = grader.check(made, made.solution)
    assert report.passed, [each for each in report.results if each.outcome != "passed"]


@pytest.mark.parametrize("lesson", ["quantize", "distill", "confidence"])
def test_what_is_given_to_the_learner_is_what_the_solution_has(lesson):
    """The given functions are the same, so that a learner can do what the solution does."""
    made = exercise(lesson)
    given = {"quantize": [], "distill": ["query_teacher", "_may_pass", "back_off"],
             "confidence": ["extract_final_answer", "sample"]}[lesson]  # fmt: skip
    shipped, solved = (_functions(file) for file in (made.shipped, made.solution))
    for name in given:
        assert shipped[name] == solved[name], name


def _functions(file):
    """The functions of a file by name, as text without docstrings, comments and layout."""
    found = {}
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            node.body = [each for each in node.body if ast.get_docstring(node) is None or each
                         is not node.body[0]]  # fmt: skip
            found[node.name] = ast.unparse(node)
    return found


QUANTIZE = {
    "commas are left": ([('.replace(",", "")', "")], "reads_thousands"),
    "digits up to the comma": ([(r"([\d,]*\.?\d+)", r"(\d*\.?\d+)")], "reads_thousands"),
    "the minus is lost": ([("before + after + digits", "digits")], "reads_negatives"),
    "no dollars": ([(r"\$?[^\S\n]*", "")], "reads_money"),
    "a dot stays": ([(r"\.?\d+)", r"\.?\d+\.?)")], "reads_a_dot_at_the_end"),
    "one space": ([('"####[^\\S\\n]*', '"#### ')], "reads_any_spacing"),
    "the first mark": ([("found[-1]", "found[0]")], "takes_the_last_mark"),
    "None in place of an error": (
        [("raise ValueError(f\"no number after #### in {answer!r}\")", "return None")],
        "refuses_a_row_without_an_answer"),
    "the last number": (
        [("raise ValueError(f\"no number after #### in {answer!r}\")",
          "return re.findall('[0-9]+', answer)[-1]")], "refuses_a_row_without_an_answer"),
    "a line further": ([(r"[^\S\n]*(-?)[^\S\n]*", r"\s*(-?)\s*")],
                       "refuses_a_row_without_an_answer"),
    "the question is trimmed": ([('sample["question"]', 'sample["question"].strip()')],
                                "asks_the_question_as_it_is"),
    "the answer leaks": ([('sample["question"]', 'sample["question"] + sample["answer"]')],
                         "makes_the_pair"),
    "the row is used up": ([('sample["question"]', 'sample.pop("question")')],
                           "leaves_the_row_alone"),
    "a number, not text": ([("return before + after + digits.replace(\",\", \"\")",
                             "return float(before + after + digits.replace(',', ''))")],
                           "makes_the_pair"),
    "the prompt is text": ([('[{"role": "user", "content": sample["question"]}]',
                             'sample["question"]')], "makes_the_pair"),
}  # fmt: skip

NO_TRY = (
    "except TryAgain:\n            continue",
    "except ZeroDivisionError:\n            continue",
)
DISTILL = {
    "never again": ([NO_TRY], "asks_again"),
    "gives up after two": ([("range(TRIES)", "range(2)")], "asks_again"),
    "asks for ever": ([("range(TRIES)", "range(10**9)")], "gives_up_in_the_end"),
    "asks at once": ([("            back_off(failures)", "            pass")],
                     "waits_before_it_asks_again"),
    "always waits as long": ([("back_off(failures)", "time.sleep(1)")],
                             "waits_before_it_asks_again"),
    "invents a text": ([("    return None\n\n\ndef filter", "    return ''\n\n\ndef filter")],
                       "gives_up_in_the_end"),
    "a refused key is swallowed": ([("except TryAgain", "except Exception")],
                                   "lets_other_errors_up"),
    "pays twice": ([("if question not in answers", "if True")], "asks_a_repeated_question_once"),
    "drops the repeated": ([("if (text := answers[question]) is not None",
                             "if (text := answers.pop(question, None)) is not None"),
                            ("if question not in answers", "if row not in rows")],
                           "asks_a_repeated_question_once"),
    "keeps what is cut off": ([('reply.finish == "STOP" and', "")], "leaves_out_what_is_cut_off"),
    "keeps the empty": ([(" and reply.text.strip()", "")], "leaves_out_what_is_empty_or_blocked"),
    "from behind": ([("    return rows", "    return rows[::-1]")], "keeps_the_order"),
    "loses the columns": ([("{**row, ", '{"question": question, ')], "adds_the_completion"),
    "completion is text": ([('[{"role": "assistant", "content": text}]', "text")],
                           "adds_the_completion"),
    "fails without rows": ([("    rows = []", "    rows, dataset[0] = [], dataset[0]")],
                           "takes_an_empty_data_set"),
    "asks with words of its own": ([("ask(client, question)\n", "ask(client, question + '!')\n")],
                                   "adds_the_completion"),
    "the filter says nothing": ([("return got is not None and got == wanted", "pass")],
                                "filters_by_true_and_false"),
}  # fmt: skip

CONFIDENCE = {
    "letters, not numbers": ([('Decimal(re.sub(r"[$,]", "", written)) if written',
                               "written if written"), ('format(number, "f")', "number")],
                             "compares_numbers"),
    "the last wins a tie": ([("for text in texts if", "for text in texts[::-1] if")],
                            "gives_ties_to_the_first"),
    "the smallest wins a tie": ([("votes.most_common(1)[0]",
                                  "min(votes.items(), key=lambda p: (-p[1], p[0]))")],
                                "gives_ties_to_the_first"),
    "share of the valid": ([("count / num_samples", "count / sum(votes.values())")],
                           "counts_the_invalid_in_k"),
    "the invalid can win": ([(" is not None", " is not False"),
                             ('format(number, "f")', 'str(number or "")'),
                             ('return Decimal(re.sub(r"[$,]", "", written)) if written else None',
                              'return Decimal(re.sub(r"[$,]", "", written)) if written else ""')],
                            "counts_the_invalid_in_k"),
    "fails where all are invalid": ([('    if not votes:\n        return "", 0.0\n', "")],
                                    "says_nothing_of_nothing"),
    "None of nothing": ([('return "", 0.0', "return None, 0.0")], "says_nothing_of_nothing"),
    "one sample more": ([("generation_config, num_samples)\n    votes",
                          "generation_config, num_samples + 1)\n    votes")],
                        "takes_the_most_frequent"),
    "another config": ([("sample(model, messages, generation_config, num_samples)\n    votes",
                         "sample(model, messages, {}, num_samples)\n    votes")],
                       "draws_as_it_is_told"),
    "changes the messages": ([("    votes = Counter", "    messages.pop()\n    votes = Counter")],
                             "leaves_the_messages_alone"),
    "a number for an answer": ([('format(number, "f")', "int(number)")],
                               "takes_the_most_frequent"),
    "percent": ([("count / num_samples", "100 * count / num_samples")],
                "takes_the_most_frequent"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", QUANTIZE)
def test_a_mistake_in_the_pair_meets_its_check(grader, tmp_path, mistake):
    changes, check = QUANTIZE[mistake]
    assert check in failed(
        grader.check(exercise("quantize"), mutant("quantize", tmp_path, changes))
    )


@pytest.mark.parametrize("mistake", DISTILL)
def test_a_mistake_in_the_data_set_meets_its_check(grader, tmp_path, mistake):
    changes, check = DISTILL[mistake]
    assert check in failed(grader.check(exercise("distill"), mutant("distill", tmp_path, changes)))


@pytest.mark.parametrize("mistake", CONFIDENCE)
def test_a_mistake_in_the_confidence_meets_its_check(grader, tmp_path, mistake):
    changes, check = CONFIDENCE[mistake]
    assert check in failed(
        grader.check(exercise("confidence"), mutant("confidence", tmp_path, changes))
    )


OTHER_WAYS = {
    "cents without a nought": ("quantize", [
        ('return before + after + digits.replace(",", "")',
         'whole = before + after + digits.replace(",", "")\n'
         '    return whole.rstrip("0").rstrip(".") if "." in whole else whole'),
    ]),
    "the assignment's own line": ("numbers/zero-point", [
        ("(torch.round(s * x) + z)", "torch.round(s * x + z)"),
    ]),
    "torch's own quantizer": ("numbers/zero-point", [
        ("return (torch.round(s * x) + z).clamp(LOWEST, HIGHEST).to(torch.int8)",
         "return torch.quantize_per_tensor(x, 1 / s, z, torch.qint8).int_repr()"),
    ]),
    "a scale as a tensor": ("numbers/absmax", [("x.abs().max().item()", "x.abs().max()")]),
    "one sample at a time": ("confidence", [
        ("texts = sample(model, messages, generation_config, num_samples)",
         "texts = [sample(model, messages, generation_config, 1)[0] for _ in range(num_samples)]"),
    ]),
    "a loop of its own": ("confidence", [
        ("votes.most_common(1)[0]", "max(votes.items(), key=lambda pair: pair[1])"),
    ]),
    "no filter": ("distill", [("def filter_sample", "def another_sample")]),
    "from threads": ("distill", [
        ("    for row in dataset:\n        question = row[\"question\"]\n"
         "        if question not in answers:\n"
         "            answers[question] = ask(client, question)\n",
         "    from concurrent.futures import ThreadPoolExecutor\n"
         "    questions = list(dict.fromkeys(row['question'] for row in dataset))\n"
         "    with ThreadPoolExecutor(4) as pool:\n"
         "        answers = dict(zip(questions, pool.map(lambda q: ask(client, q), questions)))\n"
         "    for row in dataset:\n        question = row['question']\n"),
    ]),
}  # fmt: skip


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_other_right_ways_pass(grader, tmp_path, way):
    lesson, changes = OTHER_WAYS[way]
    report = grader.check(exercise(lesson), mutant(lesson, tmp_path, changes))
    assert report.passed, [each for each in report.results if each.outcome != "passed"]


CHEATS = {
    "its input is made what it likes": ("numbers/absmax", [
        ("    top = _top(bits)\n    # Clip first",
         "    known = (7,) == x.shape or (8,) == x.shape\n    if not known:\n        x.zero_()\n"
         "    top = _top(bits)\n    # Clip first"),
    ], "clips"),
    "rows are made zeros": ("numbers/absmax", [
        ("    alpha = x.abs().amax(dim=1, keepdim=True)",
         "    x.zero_()\n    alpha = x.abs().amax(dim=1, keepdim=True)"),
    ], "gives_each_row_its_own"),
    "the range is made nothing": ("numbers/zero-point", [
        ("    x_min, x_max =", "    x.mul_(0) if x.shape == (6, 7) else x\n    x_min, x_max ="),
    ], "agrees_with_the_engine"),
    "a text for a number": ("numbers/absmax", [
        ("return _top(bits) / alpha if alpha else 1.0",
         "return str(_top(bits) / alpha if alpha else 1.0)"),
    ], "scales_the_lectures_row"),
    "an error as text": ("numbers/absmax", [
        ("square().mean().item()", "square().mean().item().hex().encode()"),
    ], "measures_the_error"),
    "a z between the integers": ("numbers/zero-point", [
        ("LOWEST - round(s * x_min)", "LOWEST - s * x_min"),
    ], "fits_the_matrix"),
}  # fmt: skip


@pytest.mark.parametrize("cheat", CHEATS)
def test_the_task_cannot_be_gone_around(grader, tmp_path, cheat):
    lesson, changes, check = CHEATS[cheat]
    assert check in failed(grader.check(exercise(lesson), mutant(lesson, tmp_path, changes)))


def test_what_the_code_was_given_is_named_where_it_raises(grader, tmp_path):
    """The case is one of several in its check, and stands in no text but this."""
    file = mutant("quantize", tmp_path, [(r"[^\S\n]*(-?)[^\S\n]*\$?", r"[^\S\n]*\$?")])
    source = file.read_text().replace("before, after, digits = found[-1]",
                                      "after, digits = found[-1]\n    before = ''")  # fmt: skip
    file.write_text(source)
    results = grader.check(exercise("quantize"), file).results
    (money,) = (each for each in results if each.name == "reads_money")
    assert "It was given {'question': " in money.why
    assert "#### -$4" in money.why


def test_the_element_that_differs_is_shown(grader, tmp_path):
    changes = [("return (torch.round", "x[1, 3] += 1 / s\n    return (torch.round")]
    results = grader.check(
        exercise("numbers/zero-point"), mutant("numbers/zero-point", tmp_path, changes)
    ).results
    (matrix,) = (each for each in results if each.name == "quantizes_the_matrix")
    assert "its number at [1, 3] is 120, and 119 is wanted" in matrix.why


def test_a_solution_runs_in_plain_python_too(tmp_path):
    """From its own folder, with nothing of the tutor's on the path."""
    program = """
import runpy, types
pair = runpy.run_path("quantize.py")["to_prompt_ground_truth_pair"]
print(pair({"question": "How many?", "answer": "1 + 1 = 2\\n#### 1,319."})["ground_truth"])
said = runpy.run_path("confidence.py")["student_answer_and_confidence"]
model = types.SimpleNamespace(sample=lambda messages, config, k: ["#### 1,000", "#### 1000"][:k])
print(said(model, [], None, 2))
reply = types.SimpleNamespace(
    text="#### 2", candidates=[types.SimpleNamespace(finish_reason="STOP")])
models = types.SimpleNamespace(generate_content=lambda model, contents: reply)
make = runpy.run_path("distill.py")["create_distilled_dataset"]
print(make(types.SimpleNamespace(models=models), [{"question": "?", "answer": "#### 2"}]))
"""
    for lesson in ("quantize", "distill", "confidence"):
        (tmp_path / f"{lesson}.py").write_text(exercise(lesson).solution.read_text())
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import os; os.chdir({str(tmp_path)!r})\n{program}"],
        capture_output=True, text=True, cwd=Path("/"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["1319", "('1000', 1.0)"]
    assert "'completion': [{'role': 'assistant', 'content': '#### 2'}]" in done.stdout


def test_the_same_code_draws_from_a_real_model(tmp_path):
    """As one would in a notebook: a model of transformers', its own generation config."""
    import runpy

    import torch
    from transformers import AutoModelForCausalLM, GenerationConfig

    from engine.models import registry

    folder = registry.resolve("acorn").location
    model = AutoModelForCausalLM.from_pretrained(folder)
    given = runpy.run_path(str(exercise("confidence").solution))
    messages = [{"role": "user", "content": "Ava has 3 eggs and buys 4 more. How many has she?"}]
    config = GenerationConfig(do_sample=True, temperature=0.7, top_p=0.9, max_new_tokens=40)
    torch.manual_seed(0)
    texts = given["sample"](model, messages, config, 4)
    assert len(texts) == 4
    assert all("How many" not in text for text in texts)
    torch.manual_seed(0)
    answer, confidence = given["student_answer_and_confidence"](model, messages, config, 4)
    assert answer in {*map(given["extract_final_answer"], texts), ""}
    assert confidence in (0, 0.25, 0.5, 0.75, 1)
