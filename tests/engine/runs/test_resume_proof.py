"""The resume proof for teach and sft: killed with kill -9 and resumed, they give what they would
have given: the same answers, the same data set, an adapter that is equal byte for byte, and an
unbroken curve.

Real worker processes of the built-in models, killed at exact moments (see `dying`).
"""

import pytest

from engine.data.problems import DataSpec
from engine.kinds.specs import SftSpec, TeachSpec
from engine.training.checkpoints import UNFINISHED
from engine.training.dataset import fingerprint, read
from tests.engine.runs.deaths import Chain, chain_of

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


def answers(chain):
    return {
        row["problem_id"]: {k: v for k, v in row.items() if k not in ("rowid", "asked_at")}
        for row in chain.client.answers(1)
    }


def failures(chain):
    return {row["problem_id"]: (row["reason"], row["tries"]) for row in chain.client.failures(1)}


def dataset(chain):
    return fingerprint(read(chain.client.artifacts(1) / "dataset"))


def adapter(chain):
    folder = chain.client.artifacts(2) / "adapter"
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def curve(chain):
    return {
        (row["name"], row["step"]): row["value"]
        for row in chain.client.metrics(2)
        if row["name"] != "tokens_per_second"
    }


def equal(chain, whole):
    for evidence in (answers, failures, dataset, curve, Chain.results, adapter):
        assert evidence(chain) == evidence(whole)
    return True


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Never stopped."""
    return chain_of(tmp_path_factory.mktemp("whole") / "home", [TEACH, SFT])


def test_the_chain_has_something_to_lose(whole):
    """Answers of both kinds, failures, figures of every step that has some, and tokens."""
    teach, sft = whole.results()
    assert teach["answered"] == len(answers(whole)) > 8
    assert teach["asked"] == 18
    assert sum(teach["failures"].values()) == len(failures(whole)) > 0
    figures = curve(whole)
    assert [step for name, step in sorted(figures) if name == "loss"] == [2, 4, 6, 8, 10, 12]
    assert [step for name, step in sorted(figures) if name == "validation_loss"] == [4, 8, 12]
    assert sft["tokens"] == figures["tokens", 12] > figures["tokens", 2] > 0
    assert whole.attempts() == [1, 1]


def test_killed_in_each_and_resumed_they_are_equal(whole, tmp_path):
    chain = chain_of(tmp_path / "home", [TEACH, SFT], [HALF_AN_ANSWER, HALF_A_CHECKPOINT])
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
    chain = chain_of(tmp_path / "home", [TEACH, SFT], deaths)
    assert chain.attempts() == attempts
    assert equal(chain, whole)
