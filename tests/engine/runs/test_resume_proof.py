"""The resume proof for teach and sft: killed with kill -9 and resumed, they give what they would
have given: the same answers, the same data set, an adapter that is equal byte for byte, and an
unbroken curve.

Real worker processes of the built-in models, killed at exact moments (see `dying`).
"""

import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.data.problems import DataSpec
from engine.runs.client import Client
from engine.runs.specs import SftSpec, TeachSpec
from engine.training.checkpoints import UNFINISHED
from engine.training.dataset import fingerprint, read
from tests.engine.runs.waiting import ended

DYING = (sys.executable, str(Path(__file__).with_name("dying.py")), "--idle", "0.5")

TEACH = TeachSpec(
    teacher="oak", data=DataSpec(split="train", level=3, limit=18), in_flight=6, max_new_tokens=70
)
"""Short answers are allowed only, so that some are cut off, fail, and are asked again."""
SFT = SftSpec(
    teach=1, student="acorn", lora_r=8, target_modules=("all-linear",), max_steps=12, batch_size=2,
    gradient_accumulation=2, learning_rate=2e-3, warmup_steps=2, logging_steps=2, eval_steps=4,
    validation=2, checkpoint_steps=3,
)  # fmt: skip

# Calls are counted anew in every process.
HALF_AN_ANSWER = "engine.runs.evidence:add_failures:2"
"""Within the transaction of the second handful: its answers are written, its failures are not."""
BEFORE_THE_LAST_HANDFUL = "engine.teachers.local:LocalTeacher.ask:3"
ASKING_AGAIN = "engine.runs.evidence:add_answers:2"
"""Where only the last handful of the first round was left to ask."""
BEFORE_ANY_CHECKPOINT = "engine.training.watch:Watch.on_step_end:2"
HALF_A_CHECKPOINT = "engine.training.resume:ResumableTrainer._save_rng_state:2"
NOT_RENAMED_YET = "engine.training.checkpoints:_put_on_disk:3"
BETWEEN_LOG_AND_RECORD = "engine.training.watch:Watch.on_log:4"
IN_A_VALIDATION = "engine.training.resume:ResumableTrainer.prediction_step:2"
BEFORE_THE_ADAPTER = "peft:PeftModel.save_pretrained:1"


@dataclass
class Chain:
    """A teach run, number 1, and an sft run, number 2, that waits for it."""

    client: Client
    patch: pytest.MonkeyPatch

    @classmethod
    def begin(cls, home, patch, moment=""):
        chain = cls(Client(home, worker=None), patch)
        chain.client.submit("teach", TEACH)
        chain.client.submit("sft", SFT)
        chain.client.close()
        chain.client = chain.open(home, moment)
        return chain

    def open(self, home, moment):
        self.patch.setenv("DIE_AT", moment)
        return Client(home, worker=DYING)

    def killed(self):
        """Wait until the worker is dead, and see that it was killed; returns the run it left."""
        assert self.client._launcher._started.wait() == -signal.SIGKILL
        [run_id] = self.client.sweep()
        assert self.client.run(run_id).state == "interrupted"
        return run_id

    def resume(self, run_id, moment=""):
        self.patch.setenv("DIE_AT", moment)
        self.client.resume(run_id)

    def finish(self):
        for run_id in (1, 2):
            run = ended(self.client, run_id)
            assert run.state == "finished", run.error
        self.client._launcher._started.wait()
        return self

    def answers(self):
        return {
            row["problem_id"]: {k: v for k, v in row.items() if k not in ("rowid", "asked_at")}
            for row in self.client.answers(1)
        }

    def failures(self):
        rows = self.client.failures(1)
        return {row["problem_id"]: (row["reason"], row["tries"]) for row in rows}

    def dataset(self):
        return fingerprint(read(self.client.artifacts(1) / "dataset"))

    def adapter(self):
        folder = self.client.artifacts(2) / "adapter"
        return {each.name: each.read_bytes() for each in folder.iterdir()}

    def curve(self):
        return {
            (row["name"], row["step"]): row["value"]
            for row in self.client.metrics(2)
            if row["name"] != "tokens_per_second"
        }

    def results(self):
        results = [dict(self.client.run(run_id).result) for run_id in (1, 2)]
        for each in results:
            del each["seconds"]
        return results

    def attempts(self):
        return [self.client.run(run_id).attempts for run_id in (1, 2)]


def chain_of(folder, deaths):
    """A chain whose worker is killed at each of these moments, resumed, and at last let be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        chain = Chain.begin(folder / "home", patch, deaths[0] if deaths else "")
        for moment in [*deaths[1:], ""] if deaths else []:
            chain.resume(chain.killed(), moment)
        return chain.finish()


def equal(chain, whole):
    assert chain.answers() == whole.answers()
    assert chain.failures() == whole.failures()
    assert chain.dataset() == whole.dataset()
    assert chain.curve() == whole.curve()
    assert chain.results() == whole.results()
    assert chain.adapter() == whole.adapter()
    return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Never stopped."""
    return chain_of(tmp_path_factory.mktemp("whole"), [])


def test_the_chain_has_something_to_lose(whole):
    """Answers of both kinds, failures, figures of every step that has some, and tokens."""
    teach, sft = whole.results()
    assert teach["answered"] == len(whole.answers()) > 8
    assert teach["asked"] == 18
    assert sum(teach["failures"].values()) == len(whole.failures()) > 0
    curve = whole.curve()
    assert [step for name, step in sorted(curve) if name == "loss"] == [2, 4, 6, 8, 10, 12]
    assert [step for name, step in sorted(curve) if name == "validation_loss"] == [4, 8, 12]
    assert sft["tokens"] == curve["tokens", 12] > curve["tokens", 2] > 0
    assert whole.attempts() == [1, 1]


def test_killed_in_each_and_resumed_they_are_equal(whole, tmp_path):
    chain = chain_of(tmp_path, [HALF_AN_ANSWER, HALF_A_CHECKPOINT])
    assert chain.attempts() == [2, 2]
    assert equal(chain, whole)
    left = [each.name for each in (chain.client.artifacts(2) / "checkpoints").iterdir()]
    assert len(left) == 2 and not any(name.endswith(UNFINISHED) for name in left)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deaths", "attempts"),
    [
        ([BEFORE_THE_LAST_HANDFUL, ASKING_AGAIN, BEFORE_ANY_CHECKPOINT], [3, 2]),
        ([BETWEEN_LOG_AND_RECORD, NOT_RENAMED_YET, NOT_RENAMED_YET], [1, 4]),
        ([IN_A_VALIDATION, BEFORE_THE_ADAPTER], [1, 3]),
    ],
)
def test_killed_at_other_moments_they_are_equal(whole, tmp_path, deaths, attempts):
    chain = chain_of(tmp_path, deaths)
    assert chain.attempts() == attempts
    assert equal(chain, whole)
