"""The same scores as lm-evaluation-harness, problem by problem, from the harness itself.

    pip install -c constraints.txt -e '.[test,peer]'
    python -m pytest -m slow tests/engine/evaluation/test_peer.py

What runs is the harness's own pipeline (`simple_evaluate`: task, requests, filters, metric) on the
task file beside this test; no data set and no model is downloaded.
"""

import json
from itertools import cycle, islice
from pathlib import Path

import pytest
import yaml

from engine.data.problems import DataSpec
from engine.evaluation import harness
from engine.evaluation.answers import judge
from engine.models.loading import load
from engine.models.sampling import generate_batch, plan_batches

pytestmark = pytest.mark.slow

TASK = "judged_as_gsm8k"
TASK_FILE = Path(__file__).parent / f"{TASK}.yaml"
FILTERS = {"strict-match": "strict", "flexible-extract": "flexible"}


@pytest.fixture(scope="module")
def lm_eval():
    pytest.importorskip(
        "lm_eval", reason="lm-evaluation-harness is not installed: pip install -e '.[peer]'"
    )
    import lm_eval
    import lm_eval.tasks

    return lm_eval


def evaluate(lm_eval, model, rows, folder, chat):
    """Its scores and what each pattern read, by filter and place: {filter: {place: ...}}."""
    data = folder / "test.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    task = yaml.safe_load(TASK_FILE.read_text(encoding="utf-8"))
    done = lm_eval.simple_evaluate(
        model=model,
        tasks=[{**task, "dataset_kwargs": {"data_files": {"test": str(data)}}}],
        task_manager=lm_eval.tasks.TaskManager(include_defaults=False),
        apply_chat_template=chat,
        bootstrap_iters=0,
        log_samples=True,
    )
    found = {name: {} for name in FILTERS}
    for sample in done["samples"][TASK]:
        found[sample["filter"]][sample["doc_id"]] = sample
    return found, done["results"][TASK]


def ours(loaded, problems):
    """Greedy answers by problem, as an evaluate run gets them."""
    batches = plan_batches(problems, loaded.tokenizer, loaded.source.instruction, 50)
    samples = [
        sample
        for batch in batches
        for sample in generate_batch(loaded, batch, temperature=0, max_new_tokens=200)
    ]
    return {sample.problem_id: sample.text for sample in samples}


@pytest.mark.parametrize("name", ["acorn", "oak"])
def test_the_harness_runs_the_built_in_model_and_gets_the_same_scores(
    lm_eval, name, tmp_path, monkeypatch
):
    """Its own model class generates from the same prompts; texts and scores are the same."""
    from lm_eval.models.huggingface import HFLM

    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path))
    loaded = load(name, "fp32", device="cpu")
    problems = DataSpec(limit=120).problems()
    model = HFLM(pretrained=loaded.model, tokenizer=loaded.tokenizer, batch_size=50, device="cpu")
    rows = [{"question": p.question, "answer": p.answer} for p in problems]
    theirs, results = evaluate(lm_eval, model, rows, tmp_path, chat=True)
    texts = ours(loaded, problems)
    right = dict.fromkeys(FILTERS, 0)
    for place, problem in enumerate(problems):
        text = texts[problem.id]
        for name_of, attribute in FILTERS.items():
            sample = theirs[name_of][place]
            assert sample["resps"][0][0] == text
            score = getattr(judge(text, problem.gold), attribute)
            assert sample["exact_match"] == score, problem.id
            right[name_of] += score
    for name_of, k in right.items():
        assert results[f"exact_match,{name_of}"] == pytest.approx(k / len(problems))
        assert 0 < k < len(problems), "some right and some wrong, or nothing would be shown"


WAYS = (
    "It is so.\n#### {gold}", "#### {gold}.", "#### ${gold}", "####{gold}", "#### {gold}.00",
    "The answer is {gold}.", "The answer is {gold} dollars and 5 cents", "{gold}", "-{gold}",
    "#### {gold} eggs\n#### 3", "**{gold}**", "$ {gold}", "{gold}%", "#### -{gold}", "#### .",
    "No number here.", "", "#### {thousands}", "So {thousands}", "#### {spaced}", "{gold}..",
    "1. Take 2\n2. Add\n#### {gold}\nQuestion: 7?", "#### {gold}/2", "\\boxed{{{gold}}}",
    "#### {gold},", "x = {gold}$", "#### ,{gold}", "ANSWER {gold}e0", "#### {gold}\n", "$", "...",
)  # fmt: skip
"""Ways to write an answer, right and wrong, that the two patterns read differently."""


def written():
    """240 answers to 240 problems: every way, to golds with and without thousands."""
    problems = DataSpec(limit=240, level=5).problems()
    for place, (problem, way) in enumerate(zip(problems, cycle(WAYS), strict=False)):
        number = int(problem.gold) * (1000 if place % 3 == 0 else 1) + (0 if place % 5 else 7)
        gold = f"{number:,}" if place % 2 else str(number)
        text = way.format(
            gold=number, thousands=f"{number:,}", spaced=f"{number:,}".replace(",", " ")
        )
        yield {"question": problem.question, "answer": f"Steps.\n#### {gold}"}, text


def test_the_harness_judges_answers_written_in_all_ways_as_we_do(lm_eval, tmp_path, monkeypatch):
    """Its pipeline on stored answers: what its patterns read, and its scores, are ours."""
    from lm_eval.api.model import LM

    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path))
    rows, texts = zip(*written(), strict=True)
    stored = {row["question"]: text for row, text in zip(rows, texts, strict=True)}

    class Stored(LM):
        def generate_until(self, requests):
            return [stored[request.args[0]] for request in requests]

        def loglikelihood(self, requests):
            raise NotImplementedError

        loglikelihood_rolling = loglikelihood

    theirs, _ = evaluate(lm_eval, Stored(), list(rows), tmp_path, chat=False)
    told_apart = 0
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        scores = {}
        for name_of, attribute in FILTERS.items():
            sample = theirs[name_of][place]
            read = getattr(harness, f"{attribute}_value")(text)
            assert sample["filtered_resps"] == [read], text
            scores[name_of] = getattr(harness, attribute)(text, row["answer"])
            assert sample["exact_match"] == scores[name_of], (text, row["answer"])
        told_apart += len(set(scores.values())) > 1
    assert told_apart > 20
    assert len(list(islice(written(), 100))) == 100 <= len(rows)
