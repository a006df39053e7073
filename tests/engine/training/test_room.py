import pytest
from datasets import Dataset
from trl.kernels import chunked_logprob

from engine import heap
from engine.machine_probe import resident, resident_peak, start_peaks
from engine.models.loading import load
from engine.numerics.budget import PIECE
from engine.runs import death
from engine.training import room
from engine.training.budget import training_budget
from engine.training.dataset import conversations
from engine.training.sft import finetune
from tests.engine.training.small import answers, attempt, recorder, spec, weights


@pytest.fixture
def record(tmp_path):
    return recorder(tmp_path)


@pytest.mark.parametrize("vocabulary", [786, 32_000, 49_152, 151_936])
def test_a_piece_of_the_loss_holds_no_more_logits_than_is_counted(vocabulary):
    room.loss_in_pieces(vocabulary, "cpu")
    tokens = chunked_logprob.TOKEN_CHUNK_SIZE
    assert tokens <= room.MOST_TOKENS
    assert PIECE / 2 < tokens * min(vocabulary, 32_768) <= PIECE or tokens == room.MOST_TOKENS


def test_what_a_training_takes_is_what_was_foreseen(random_model, tmp_path):
    """A vocabulary of a real model's size. In TRL's own pieces the loss alone took 1.2 GB here."""
    folder = random_model(tmp_path / "wide", vocab_size=49_152, hidden_size=64)
    record = recorder(tmp_path)
    loaded = load(str(folder), "nf4-dq", device="cpu")
    rows = Dataset.from_dict(
        {"prompt": ["How many?"] * 4, "completion": [" 7" * 600] * 4, "problem_id": list("abcd")}
    )
    asked = spec(student=str(folder), max_steps=1, batch_size=4, max_length=256)
    heap.give_back()
    before = resident()
    start_peaks()
    finetune(loaded, asked, rows, rows.select([]), record)
    took = resident_peak() - before
    told = record.store.run(record.run.id).environment["training"]
    assert told["rows_of"] == 256
    assert took == pytest.approx(told["bytes"], rel=0.35)


def test_activations_that_are_computed_again_give_the_same_adapter(tmp_path, monkeypatch):
    kept = attempt(recorder(tmp_path / "kept"), spec(max_steps=2))

    def again(made):
        made.args.gradient_checkpointing = made.args.activation_checkpointing = True

    computed = attempt(recorder(tmp_path / "again"), spec(max_steps=2), change=again)
    assert computed.model.base_model.model.model.layers[0].gradient_checkpointing
    assert weights(kept) == weights(computed)


def rows_of(record, **memory):
    finetune(
        load("acorn", "nf4-dq", device="cpu"), spec(max_steps=1), conversations(answers(4)),
        conversations([]), record,
    )  # fmt: skip
    return record.store.run(record.run.id).environment["training"]


@pytest.mark.parametrize(
    ("free", "activations"), [(10**11, "kept"), (12 * 10**6, "computed again")]
)
def test_memory_decides_whether_activations_are_kept(record, monkeypatch, free, activations):
    monkeypatch.setattr(room.machine_probe, "memory", lambda device: (free, free))
    told = rows_of(record)
    assert told["activations"] == activations
    here = training_budget(spec(), spec().batch_size, told["rows_of"], "fp32", "cpu", free)
    assert told["bytes"] == here.total, "the forecast asks the same"


def test_without_room_nothing_is_begun(record, monkeypatch):
    monkeypatch.setattr(room.machine_probe, "memory", lambda device: (2 * 10**6, 2 * 10**6))
    with pytest.raises(room.NoRoom, match="2 rows of up to 91 tokens need"):
        rows_of(record)


def test_after_a_death_for_memory_less_is_asked_for(record):
    record.environment(**{death.DIED: death.MEMORY})
    record.run = record.store.run(record.run.id)
    assert rows_of(record)["activations"] == "computed again"
