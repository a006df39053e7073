"""Small trainings of acorn, in this process: an attempt, and one that is killed on its way."""

from dataclasses import replace

import torch

from engine.data.problems import DataSpec
from engine.kinds.specs import SftSpec
from engine.models.loading import load
from engine.quiet import quiet
from engine.runs.home import Home
from engine.runs.record import Recorder
from engine.runs.store import Store
from engine.training.checkpoints import Checkpoints
from engine.training.dataset import conversations
from engine.training.sft import trainer
from engine.training.watch import Watch

STUDENT = "acorn"
SPEC = SftSpec(
    teach=1, student=STUDENT, lora_r=4, target_modules=("all-linear",), max_steps=6, batch_size=2,
    learning_rate=2e-3, warmup_steps=1, logging_steps=2, eval_steps=2, validation=2,
    checkpoint_steps=3,
)  # fmt: skip


def answers(count, level=1):
    """Rows as a teacher's table holds them, with the gold answers for texts."""
    return [
        {
            "problem_id": p.id, "question": p.question, "gold": p.gold, "text": p.answer,
            "extracted": p.gold, "stage": "####", "correct": True, "tokens_in": 9, "tokens_out": 9,
        }
        for p in DataSpec(split="train", level=level, limit=count).problems()
    ]  # fmt: skip


def recorder(tmp_path, kind="sft", spec=SPEC):
    """The record of a new run, in a home of its own."""
    store = Store(Home(tmp_path / "home"))
    run_id = store.submit(kind, spec.title(), spec.to_dict())
    return Recorder(store, store.claim() or store.run(run_id))


class Kill(BaseException):
    """As sudden as a signal, but this process lives on."""


def attempt(record, spec=SPEC, *, die_at=None, change=None):
    """Train with a trainer and a model of its own, from the last checkpoint on.

    Args:
        record: Of the run; its folder holds the checkpoints.
        spec: The settings.
        die_at: The step after which it is killed.
        change: Is given the trainer before it starts.

    Returns:
        The trainer, at its end; None where it was killed.
    """
    watch = Watch(record, spec.checkpoint_steps, spec.checkpoint_seconds)
    step_end = watch.on_step_end

    def dying(args, state, control, **options):
        if state.global_step == die_at:
            raise Kill
        step_end(args, state, control, **options)

    watch.on_step_end = dying
    rows = conversations(answers(14))
    with quiet():
        made = trainer(
            load(spec.student, spec.precision),
            spec,
            rows.select(range(12)),
            rows.select(range(12, 12 + spec.validation)),
            record.folder / "checkpoints",
            "adamw_torch",
            watch,
        )
        if change:
            change(made)
        try:
            made.go_on()
        except Kill:
            return None
    return made


def weights(made):
    """Everything that was trained, as bytes."""
    return {
        name: (each.dtype, each.detach().reshape(-1).view(torch.uint8).numpy().tobytes())
        for name, each in made.trained().items()
    }


def logged(made):
    """What was logged, times left out."""
    timed = ("runtime", "per_second")
    return [
        {name: value for name, value in row.items() if not name.endswith(timed)}
        for row in made.state.log_history
    ]


def figures(record):
    """The recorded metrics by name and step, speeds left out."""
    rows = record.store.database.rows("SELECT name, step, value FROM metrics ORDER BY step, name")
    return {
        (row["name"], row["step"]): row["value"]
        for row in rows
        if row["name"] != "tokens_per_second"
    }


def steps_kept(record):
    return Checkpoints(record.folder / "checkpoints").steps()


def spec(**changes):
    return replace(SPEC, **changes)
