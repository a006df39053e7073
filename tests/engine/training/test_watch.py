from types import SimpleNamespace

import pytest
from transformers import TrainerControl, TrainerState

from engine.runs.record import Cancelled
from engine.training.watch import PROGRESS_SECONDS, Watch
from tests.engine.training.small import figures, recorder


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def record(tmp_path):
    return recorder(tmp_path)


@pytest.fixture
def watch(record, clock):
    made = Watch(record, checkpoint_steps=10, checkpoint_seconds=60, clock=clock)
    made.on_train_begin(None, state(0), None)
    return made


def state(step):
    made = TrainerState()
    made.global_step, made.max_steps = step, 50
    return made


def step(watch, clock, number, seconds=1.0):
    control = TrainerControl()
    watch.on_step_begin()
    clock.now += seconds
    watch.on_step_end(SimpleNamespace(), state(number), control)
    return control


def test_a_cancel_is_obeyed_within_a_step_and_within_a_validation(watch, record, monkeypatch):
    for event in (watch.on_substep_end, watch.on_prediction_step):
        monkeypatch.setattr(record, "stopping", lambda: "pause")
        event(None, state(1), None)
        monkeypatch.setattr(record, "stopping", lambda: "cancel")
        with pytest.raises(Cancelled):
            event(None, state(1), None)


def log(watch, number, **logs):
    watch.on_log(None, state(number), None, logs=logs)


def test_a_checkpoint_is_due_at_every_multiple(watch, clock):
    saves = [number for number in range(1, 31) if step(watch, clock, number).should_save]
    assert saves == [10, 20, 30]


def test_or_so_many_seconds_after_the_last_one(watch, clock):
    assert not step(watch, clock, 1, seconds=59).should_save
    assert step(watch, clock, 2, seconds=1).should_save
    watch.on_save()
    assert not step(watch, clock, 3, seconds=59).should_save
    assert step(watch, clock, 4, seconds=1).should_save


def test_the_last_step_has_no_checkpoint(watch, clock):
    """Trainer would take another step from there."""
    assert step(watch, clock, 40, seconds=61).should_save
    assert not step(watch, clock, 50, seconds=61).should_save


def test_the_last_step_is_logged(watch, clock):
    assert not step(watch, clock, 49).should_log
    assert step(watch, clock, 50).should_log


def test_a_pause_saves_and_stops(watch, clock, record):
    record.store.pause(record.run.id)
    control = step(watch, clock, 7)
    assert (control.should_save, control.should_training_stop) == (True, True)
    assert watch.stop == "pause"


def test_a_cancel_stops_and_saves_nothing(watch, clock, record):
    record.store.cancel(record.run.id)
    control = step(watch, clock, 10)
    assert (control.should_save, control.should_training_stop) == (False, True)
    assert watch.stop == "cancel"


def test_what_is_asked_after_the_last_step_comes_too_late(watch, clock, record):
    record.store.pause(record.run.id)
    assert not step(watch, clock, 50).should_training_stop
    assert watch.stop is None


def test_figures_are_recorded_under_their_own_names(watch, clock, record):
    step(watch, clock, 1)
    log(watch, 1, loss=0.5, grad_norm=2.0, learning_rate=1e-3, num_tokens=80.0, epoch=0.1)
    log(watch, 1, eval_loss=0.7, eval_num_tokens=80.0, eval_runtime=3.0)
    log(watch, 1, train_runtime=9.0, train_loss=0.6)
    assert figures(record) == {
        ("loss", 1): 0.5,
        ("grad_norm", 1): 2.0,
        ("learning_rate", 1): 1e-3,
        ("tokens", 1): 80.0,
        ("validation_loss", 1): 0.7,
    }


def speeds(record):
    rows = record.store.database.rows(
        "SELECT value FROM metrics WHERE name = 'tokens_per_second' ORDER BY step"
    )
    return [row["value"] for row in rows]


def test_the_speed_counts_steps_alone(watch, clock, record):
    step(watch, clock, 1, seconds=2)
    log(watch, 1, loss=1.0, num_tokens=100.0)
    clock.now += 1000  # a validation
    step(watch, clock, 2, seconds=4)
    log(watch, 2, loss=1.0, num_tokens=400.0)
    assert speeds(record) == [50.0, 75.0]


def test_the_speed_goes_on_over_a_resume(watch, clock, record):
    watch.carried.update(seconds=10.0, logged_seconds=9.0, logged_tokens=1000.0)
    step(watch, clock, 30, seconds=1)
    log(watch, 30, loss=1.0, num_tokens=1100.0)
    assert speeds(record) == [50.0]
    assert watch.carried == {"seconds": 11.0, "logged_seconds": 11.0, "logged_tokens": 1100.0}


def test_a_loss_that_is_no_number_is_told(watch, clock, record):
    step(watch, clock, 3)
    log(watch, 3, loss=float("nan"), num_tokens=1.0)
    assert figures(record)[("loss", 3)] is None
    assert "step 3: the loss is nan" in record.home.log(record.run.id).read_text()


def test_progress_is_written_now_and_then(watch, clock, record):
    step(watch, clock, 1, seconds=PROGRESS_SECONDS / 2)
    record.flush()
    assert record.store.run(record.run.id).done == 0
    step(watch, clock, 2, seconds=PROGRESS_SECONDS / 2)
    record.flush()
    run = record.store.run(record.run.id)
    assert (run.done, run.total, run.unit) == (2, 50, "steps")
