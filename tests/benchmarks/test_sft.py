"""Fine-tuning steps a second against a bare TRL script with the same settings.

The bare side is what a tutorial would write: transformers loads in NF4, SFTTrainer trains, and
nothing is recorded, checked or saved. Ours records each log and every step's progress into a
database on the disk.

    pytest tests/benchmarks/test_sft.py -m bench -s
"""

import io
import time
from contextlib import redirect_stdout

import torch
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

from engine.data.problems import DataSpec
from engine.kinds.specs import SftSpec
from engine.models.loading import load
from engine.models.registry import BUILTIN
from engine.quiet import quiet
from engine.runs.home import Home
from engine.runs.record import Recorder
from engine.runs.store import Store
from engine.training.dataset import conversations
from engine.training.sft import choose_optimizer, trainer
from engine.training.watch import Watch
from tests.benchmarks.measuring import side_by_side

STEPS, ROUNDS = 60, 5
SPEC = SftSpec(teach=1, max_steps=STEPS, checkpoint_steps=10_000, checkpoint_seconds=1e9)
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
OPTIMIZER = choose_optimizer("auto", DEVICE).optimizer


def rows():
    problems = DataSpec(split="train", limit=STEPS * SPEC.batch_size).problems()
    return conversations(
        {"problem_id": p.id, "question": p.question, "gold": p.gold, "text": p.answer}
        for p in problems
    )


def bare(train, folder):
    """Steps a second of a script."""
    model = AutoModelForCausalLM.from_pretrained(
        BUILTIN["acorn"],
        dtype=torch.bfloat16 if DEVICE == "cuda" else torch.float32,
        device_map={"": DEVICE},
        quantization_config=BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16 if DEVICE == "cuda" else torch.float32,
        ),
    )
    made = SFTTrainer(
        model=model,
        args=SFTConfig(
            output_dir=str(folder),
            max_steps=STEPS,
            per_device_train_batch_size=SPEC.batch_size,
            learning_rate=SPEC.learning_rate,
            weight_decay=SPEC.weight_decay,
            lr_scheduler_type=SPEC.scheduler,
            warmup_steps=SPEC.warmup_steps,
            optim=OPTIMIZER,
            max_length=SPEC.max_length,
            completion_only_loss=True,
            gradient_checkpointing=False,
            bf16=DEVICE == "cuda",
            use_cpu=DEVICE == "cpu",
            dataloader_pin_memory=DEVICE == "cuda",
            logging_steps=SPEC.logging_steps,
            eval_strategy="no",
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=train,
        processing_class=AutoTokenizer.from_pretrained(BUILTIN["acorn"]),
        peft_config=LoraConfig(
            r=SPEC.lora_r,
            lora_alpha=SPEC.lora_alpha,
            lora_dropout=SPEC.lora_dropout,
            target_modules=list(SPEC.target_modules),
            task_type="CAUSAL_LM",
        ),
    )
    began = time.perf_counter()
    made.train()
    return STEPS / (time.perf_counter() - began)


def ours(train, folder):
    """Steps a second of a run that is recorded."""
    store = Store(Home(folder))
    store.submit("sft", SPEC.title(), SPEC.to_dict())
    record = Recorder(store, store.claim())
    loaded = load("acorn", SPEC.precision)
    watch = Watch(record, SPEC.checkpoint_steps, SPEC.checkpoint_seconds)
    made = trainer(loaded, SPEC, train, train.select([]), record.folder, OPTIMIZER, watch)
    began = time.perf_counter()
    made.go_on()
    spent = time.perf_counter() - began
    assert made.state.global_step == STEPS
    store.close()
    return STEPS / spent


def test_sft(tmp_path, capsys):
    train = rows()
    sides = {"recorded": [], "bare TRL script": []}
    for turn in range(ROUNDS + 1):
        for name, measure in zip(sides, (ours, bare), strict=True):
            with quiet(), redirect_stdout(io.StringIO()):
                steps_a_second = measure(train, tmp_path / f"{measure.__name__}-{turn}")
            if turn:  # the first round warms up
                sides[name].append(steps_a_second)
    with capsys.disabled():
        ratios = side_by_side(
            f"acorn, NF4, batch {SPEC.batch_size}, {STEPS} steps a round, {DEVICE}",
            sides,
            "steps/s",
            "recorded / bare",
        )
    assert all(ratio > 0 for ratio in ratios)
