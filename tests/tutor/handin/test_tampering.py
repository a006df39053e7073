"""Notebooks that were edited and sealed again: each is told from one that follows.

Every entry is a way to better one's points by hand. The seal is made anew, so that nothing but the
counting can find it. Where something is not counted, it must not be said to follow.
"""

import copy

import nbformat
import pytest

from tutor.handin import seal
from tutor.handin.verdict import sentence
from tutor.handin.verify import verify

ID, SAMPLE, QUESTION, GOLD, TEXT, EXTRACTED, CORRECT, IN, OUT, CUT = range(10)
TAMPERINGS = {}


def tampering(*caught):
    """A way to cheat, with words of the claims that find it."""

    def add(change):
        TAMPERINGS[change.__name__] = (change, caught)
        return change

    return add


class Record:
    """A notebook's record, by the names of its runs."""

    def __init__(self, notebook):
        self.notebook, self.content = notebook, notebook.metadata.tutor
        self.runs = self.content.runs

    def __getitem__(self, name):
        return next(run for run in self.runs if run["name"] == name)

    def rows(self, name):
        return self[name]["predictions"]

    def right(self, name):
        return [row for row in self.rows(name) if row[CORRECT]]

    def wrong(self, name):
        return [row for row in self.rows(name) if not row[CORRECT]]

    def task(self, number):
        return next(task for task in self.content.tasks if task["number"] == number)


@tampering("student: problems")
def right_rows_are_repeated_sixty_times(r):
    r["student"]["predictions"] = [*r.rows("student"), *r.right("student") * 60]


@tampering("student: problems")
def one_right_row_stands_in_for_a_wrong_one(r):
    r.rows("student")[r.rows("student").index(r.wrong("student")[0])] = r.right("student")[0]


@tampering("student: problems")
def wrong_rows_are_left_out(r):
    r["student"]["predictions"] = r.right("student")


@tampering("sample: problems")
def wrong_samples_are_left_out(r):
    r["sample"]["predictions"] = r.right("sample")


@tampering("sample: problems")
def right_samples_are_drawn_more_often(r):
    more = [[*row[:1], 9, *row[2:]] for row in r.right("sample")]
    r["sample"]["predictions"] = [*r.rows("sample"), *more]


@tampering("teacher: problems")
def the_teachers_wrong_answers_are_not_there(r):
    r["teacher"]["predictions"] = r.right("teacher")


@tampering("points")
def one_problem_is_all_that_was_asked(r):
    for name in ("student", "teacher", "sample", "baseline"):
        r[name]["spec"]["data"]["limit"] = 1
        first = r.rows("student")[0][ID]
        r[name]["predictions"] = [row for row in r.rows(name) if row[ID] == first]


@tampering("runs: one chain")
def the_student_answers_fewer_problems_than_the_others(r):
    r["student"]["spec"]["data"]["limit"] = 60
    r["student"]["predictions"] = r.rows("student")[:60]


@tampering("points")
def the_problems_are_those_it_was_tuned_on(r):
    for name, like in (("sample", "validation_sample"), ("teacher", "validation_teacher")):
        r[name]["spec"]["data"] = r[like]["spec"]["data"]
        r[name]["predictions"] = r.rows(like)


@tampering("points")
def the_problems_are_easier(r):
    from engine.data.problems import DataSpec

    for name in ("student", "teacher", "sample", "baseline"):
        r[name]["spec"]["data"]["level"] = 1
        problems = DataSpec(**r[name]["spec"]["data"]).problems()
        k = r[name]["spec"].get("k", 1)
        r[name]["predictions"] = [
            [p.id, s, p.question, p.gold, p.answer, p.gold, True, 60, 40, False]
            for p in problems for s in range(k)
        ]  # fmt: skip


@tampering("sample: set")
def the_problems_are_of_a_luckier_seed(r):
    from engine.data.problems import DataSpec

    for name in ("student", "teacher", "sample", "baseline"):
        r[name]["spec"]["data"]["seed"] = 7
        problems = DataSpec(**r[name]["spec"]["data"]).problems()
        for row, problem in zip(r.rows(name), problems * 9, strict=False):
            row[ID], row[QUESTION], row[GOLD] = problem.id, problem.question, problem.gold


@tampering("student: problems")
def a_gold_is_what_was_answered(r):
    for row in r.wrong("student"):
        row[GOLD], row[CORRECT] = row[EXTRACTED], True


@tampering("sample: problems")
def a_question_is_another_in_all_runs(r):
    for name in ("sample", "teacher"):
        for row in r.rows(name):
            row[QUESTION] += " Please."


@tampering("student: answers")
def wrong_is_called_right(r):
    for row in r.wrong("student"):
        row[CORRECT] = True


@tampering("student: answers")
def another_number_was_extracted(r):
    for row in r.wrong("student"):
        row[EXTRACTED], row[CORRECT] = row[GOLD], True


@tampering("student: EM")
def the_score_is_rounded_up(r):
    r["student"]["result"]["em"] = 0.95


@tampering("student: counts")
def the_count_of_right_answers_is_higher(r):
    r["student"]["result"]["correct"] += 5


@tampering("cascade: em")
def the_cascades_score_is_higher(r):
    r["cascade"]["result"]["em"] = 1.0


@tampering("cascade: cost saving")
def the_saving_is_higher(r):
    r["cascade"]["result"]["cost_saving"] = 0.99


@tampering("cascade: counts")
def fewer_problems_were_sent(r):
    r["cascade"]["result"]["sent"] -= 7


@tampering("cascade: em")
def the_threshold_is_another(r):
    r["cascade"]["spec"]["threshold"] = 0.0


@tampering("teacher: tokens", "cascade: cost saving")
def one_answer_of_the_teachers_is_very_long(r):
    r.rows("teacher")[0][OUT] *= 100_000


@tampering("teacher: tokens")
def the_teacher_wrote_what_the_limit_allows(r):
    kept = next(row for row in r.rows("teacher"))
    kept[OUT] = r["teacher"]["spec"]["max_new_tokens"]


@tampering("teacher: tokens")
def what_was_sent_took_no_tokens(r):
    for row in r.rows("teacher")[::2]:
        row[OUT] = 1


@tampering("teacher: tokens")
def tokens_are_less_than_none(r):
    for row in r.rows("teacher")[::2]:
        row[OUT] = -40


@tampering("teacher: tokens")
def long_prompts_make_strong_only_dear(r):
    for row in r.rows("teacher")[1::2]:
        row[IN] = 4000


@tampering("runs: one chain")
def a_price_is_negative(r):
    r["cascade"]["spec"]["prices"] = {"input": -1.0, "output": 0.4}


@tampering("cascade: own confidence", "3.2 Cascade")
def confidences_were_said_that_the_code_would_not_say(r):
    golds = {row[ID]: row[GOLD] for row in r.rows("sample")}
    own_code(r)
    r["cascade"]["said"] = {id: [[gold, 1.0]] * 5 for id, gold in golds.items()}


@tampering("cascade: own confidence")
def confidences_were_said_where_no_code_was(r):
    golds = {row[ID]: row[GOLD] for row in r.rows("sample")}
    r["cascade"]["said"] = {id: [[gold, 1.0]] * 5 for id, gold in golds.items()}


@tampering("cascade: own confidence")
def the_codes_word_is_left_out(r):
    own_code(r)


@tampering("student: texts")
def the_students_rows_are_the_teachers(r):
    r["student"]["predictions"] = copy.deepcopy(r.rows("teacher"))


@tampering("student: texts")
def the_students_rows_are_the_teachers_but_for_one(r):
    mine = r.rows("student")[0]
    r["student"]["predictions"] = [mine, *copy.deepcopy(r.rows("teacher")[1:])]


@tampering("sample: texts")
def the_samples_are_the_teachers_answers(r):
    k = r["sample"]["spec"]["k"]
    r["sample"]["predictions"] = [
        [row[ID], sample, *row[2:]] for row in r.rows("teacher") for sample in range(k)
    ]


@tampering("runs: one chain")
def the_best_student_is_the_teacher(r):
    best = copy.deepcopy(r["teacher"])
    best.update(name="best_student", id=99)
    r.runs.append(best)


@tampering("runs: one chain")
def the_best_student_has_anothers_adapter(r):
    best = copy.deepcopy(r["teacher"])
    best.update(name="best_student", id=99)
    best["spec"]["adapter"] = r["sft"]["id"]
    r.runs.append(best)


@tampering("runs: one chain")
def the_teacher_was_its_own_student(r):
    for name in ("student", "sample", "validation_sample"):
        r[name]["spec"]["model"] = "oak"
    r["sft"]["spec"]["student"] = "oak"


@tampering("runs: one chain")
def the_weights_are_not_the_students(r):
    told = r["teacher"]["environment"]["fingerprints"]["model"]
    r["student"]["environment"]["fingerprints"]["model"] = told


@tampering("runs: one chain")
def the_adapter_is_not_the_one_that_was_trained(r):
    r["student"]["environment"]["fingerprints"]["adapter"] = "another"


@tampering("runs: one chain")
def the_student_has_no_adapter(r):
    r["student"]["spec"]["adapter"] = None


@tampering("runs: one chain")
def the_cascade_samples_another_run(r):
    r["cascade"]["spec"]["sample"] = r["validation_sample"]["id"]


@tampering("runs: one chain")
def the_strong_model_is_cheaper_than_the_one_that_answered(r):
    r["cascade"]["spec"]["strong_model"] = "acorn"


@tampering("runs: one chain")
def a_second_run_takes_the_place_of_the_first(r):
    again = copy.deepcopy(r["student"])
    r.runs.insert(0, again)


@tampering("runs: one chain")
def a_run_of_another_kind_has_the_name(r):
    r["student"]["kind"] = "sample"
    r["student"]["spec"]["k"] = 1


@tampering("cascade: asked")
def the_cascade_asked_again_what_it_has(r):
    sent = [row for row in r.wrong("teacher")][:3]
    r["cascade"]["predictions"] = [
        [*row[:TEXT], f"#### {row[GOLD]}", row[GOLD], True, *row[IN:]] for row in sent
    ]


@tampering("2.2 Fine-tune: points")
def the_reference_had_the_settings(r):
    r["student"]["environment"]["reference"] = True


@tampering("2.2 Fine-tune: points")
def more_points_than_the_bands_give(r):
    r.task("2.2")["points"] = 20.5


@tampering("1.1.2 Quantize: points")
def an_exercise_without_its_code(r):
    r.task("1.1.2")["points"] = 10.0


@tampering("1.1.2 Quantize: points")
def an_exercise_is_worth_more_than_it_can_be(r):
    r.task("1.1.2").update(points=30.0, file="def half(x):\n    return x\n")


@tampering("2.1 Ask the teacher: points")
def code_that_was_not_checked(r):
    r.task("2.1").update(points=20.0, file="def create_distilled_dataset():\n    return []\n")


@tampering("tasks")
def a_task_counts_twice(r):
    r.content.tasks.append(copy.deepcopy(r.task("2.2")))


@tampering("tasks")
def a_task_is_worth_less_so_that_the_share_is_higher(r):
    r.task("3.1")["of"] = 0


@tampering("tasks")
def a_task_is_left_out(r):
    r.content.tasks.remove(r.task("3.1"))


@tampering("all points")
def the_first_cell_says_a_hundred(r):
    head = next(cell for cell in r.notebook.cells if cell.id == "head")
    head.source = head.source.replace("**50 of", "**100 of")
    assert "**100 of" in head.source


def own_code(r):
    source = (
        "def student_answer_and_confidence(model, messages, generation_config, num_samples):\n"
        "    texts = model.sample(messages, generation_config, num_samples)\n"
        "    return texts[0].rpartition('#### ')[2], 0.25\n"
    )
    r["cascade"]["spec"]["own"] = {"source": source, "reference": False}


@pytest.fixture
def told(made, tmp_path):
    def told(change, **how):
        notebook = copy.deepcopy(made)
        change(Record(notebook))
        content = notebook.metadata.tutor
        record = {k: v for k, v in content.items() if k not in ("seal", "cells", "format")}
        notebook.metadata.tutor = seal.sealed(record, notebook.cells)
        file = tmp_path / "handed.ipynb"
        nbformat.write(notebook, file)
        return verify(file, **how)

    return told


@pytest.mark.parametrize("name", TAMPERINGS)
def test_it_is_found_though_it_was_sealed_again(told, name):
    change, caught = TAMPERINGS[name]
    verdict = told(change)
    assert verdict.untouched
    failed = [each.what for each in verdict.claims if not each.holds]
    for words in caught:
        assert any(words in each for each in failed), (words, failed)
    assert "The scores follow" not in sentence(verdict)


def test_forty_ways_were_tried():
    assert len(TAMPERINGS) >= 40


def test_code_of_ones_own_says_its_confidences_again(told):
    """Asked again, honest ones hold, and forged ones do not."""

    def honest(r):
        own_code(r)
        r["cascade"]["said"] = {
            row[ID]: [[row[EXTRACTED], 0.25]] * 5 for row in r.rows("sample") if row[SAMPLE] == 0
        }

    def forged(r):
        honest(r)
        next(iter(r["cascade"]["said"].values()))[:] = [["1", 1.0]] * 5

    for change, holds in ((honest, True), (forged, False)):
        claims = told(change, run_checks=True).claims
        found = next(each for each in claims if each.what == "cascade: own confidence")
        assert found.holds is holds, found


def test_a_text_in_anothers_words_is_what_only_the_model_would_show(told):
    """The limit of what can be counted: a text of as many tokens, written by hand."""

    def change(r):
        row = next(row for row in r.wrong("student") if len(row[EXTRACTED]) == len(row[GOLD]))
        row[TEXT] = row[TEXT].replace(row[EXTRACTED], row[GOLD])
        row[EXTRACTED], row[CORRECT] = row[GOLD], True
        result = r["student"]["result"]
        result["correct"] += 1
        result["em"] = result["correct"] / result["n"]

    failed = [each.what for each in told(change).claims if each.holds is False]
    assert "student: answers" not in failed and "student: tokens" not in failed
