"""A chain whose rows are planted and whose scores are counted: real problems, no model.

The student is right where the place of a problem says so, and its samples agree the more the surer
it is; the teacher is right but for one in twenty. What a run's result says is the engine's own.
"""

from __future__ import annotations

from engine.chain import pipeline
from engine.chain.tuning import Tuning
from engine.data.problems import DataSpec
from engine.evaluation.answers import judge
from engine.evaluation.scores import scores
from engine.kinds.cascade import compute
from engine.kinds.specs import CascadeSpec
from engine.models.token_count import token_count

LOADED = {
    "precision": "nf4-dq", "quantized_params": 1_000_000, "unquantized_params": 100_000,
    "adapter_params": 0,
}  # fmt: skip


def planted(hand, own=None) -> dict[str, int]:
    """The quick chain with settings of one's own, all of it finished."""
    stages = pipeline.build("quick", settings=Tuning(threshold=0.6), own=own)
    ids = pipeline.submit(hand.client, stages)
    for name in pipeline.ORDER:
        record = hand.begin()
        record.environment(device="cpu", load=LOADED, fingerprints=_fingerprints(record.run.spec))
        hand.client.store.end(record.run.id, "finished", result=_result(name, record))
    return ids


def _fingerprints(spec):
    model = spec.get("model") or spec.get("student") or spec.get("teacher")
    told = {"model": f"weights of {model}"} if isinstance(model, str) else {}
    return {**told, "adapter": f"of run {spec['adapter']}"} if spec.get("adapter") else told


def _result(name, record):
    run = record.run
    if name == "teach":
        return {"asked": 400, "answered": 400, "correct": 390, "kept": 390}
    if name == "sft":
        for step in (1, 10, 20):
            record.metric(step, loss=2.0 / step)
        return {"loss": 0.1, "validation_loss": 0.2, "steps": 20}
    if run.kind == "cascade":
        return compute(CascadeSpec.from_dict({**run.spec}), record)
    k = run.spec.get("k", 1)
    problems = DataSpec(**run.spec["data"]).problems()
    rows = [_row(name, place, problem, sample, token_count(run.spec["model"]))
            for place, problem in enumerate(problems) for sample in range(k)]  # fmt: skip
    record.predictions(rows, len(problems), len(problems))
    return {**scores(rows), "k": k}


def _row(name, place, problem, sample, count):
    right = {
        "baseline": place % 20 == 0,
        "student": place % 5 < 3,
        "teacher": place % 20 < 19,
    }.get(name.removeprefix("validation_"), place % 5 < 3 or sample == place % 5)
    text = problem.answer if right else f"It is {7 * place + sample}.\n#### {7 * place + sample}"
    judged = judge(text, problem.gold)
    return {
        "problem_id": problem.id, "sample": sample, "question": problem.question,
        "gold": problem.gold, "text": text, "extracted": judged.extracted, "stage": judged.stage,
        "correct": judged.correct, "strict": judged.strict, "flexible": judged.flexible,
        "tokens_in": count.prompt(problem.question), "tokens_out": count.answer(text, False)[-1],
        "cut_off": False, "batch": place // 50,
    }  # fmt: skip
