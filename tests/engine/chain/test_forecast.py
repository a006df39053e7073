"""Forecasts from planted runs: how they scale, what they stand on, and that they are kept."""

from types import SimpleNamespace

import pytest

from engine.cascades.prices import Prices
from engine.chain.forecast import Foresight, machine_of_now
from engine.chain.pipeline import build, submit
from engine.data.problems import DataSpec
from engine.kinds.specs import EvaluateSpec, SampleSpec, SftSpec, TeachSpec
from engine.machine import Card, Machine
from engine.runs.client import Client
from engine.runs.home import Home

PLATFORM, CPUS = machine_of_now()
HERE = {"platform": PLATFORM, "cpus": CPUS, "device": "cpu"}
T4 = {"device": "cuda:0", "card": {"name": "Tesla T4"}}
H100 = {"device": "cuda:0", "card": {"name": "NVIDIA H100"}}
CARDS = Machine(2, 8, 8, (Card("Tesla T4", 16, 16), Card("NVIDIA H100", 80, 80)))


def planted(number, spec, result, seconds, *, attempts=1, **environment):
    return SimpleNamespace(
        id=number, kind=spec.kind, spec=spec.to_dict(), result=result, seconds=seconds,
        attempts=attempts, environment={**HERE, **environment},
    )  # fmt: skip


def evaluated(number, limit, seconds, computing, *, model="acorn", attempts=1, **more):
    """A run that took some seconds, so many of them to load the model."""
    data = DataSpec(limit=limit)
    result = {"n": limit, "seconds": computing, "tokens_in": 50 * limit, "tokens_out": 40 * limit}
    environment = more.pop("environment", {})
    environment |= {k: more.pop(k) for k in ("platform", "cpus") if k in more}
    spec = EvaluateSpec(model=model, data=more.pop("data", data), **more)
    return planted(number, spec, result, seconds, attempts=attempts, **environment)


def ahead(spec, *runs, **known):
    return Foresight(runs, **known).of(spec.kind, spec.to_dict())


def test_the_first_time_there_is_no_forecast_of_time():
    told = ahead(EvaluateSpec())
    assert (told.seconds, told.like) == (None, None)
    assert told.bytes > 10**6, "the model's shape is known all the same"


def test_loading_takes_as_long_as_it_took_and_computing_grows_with_the_problems():
    told = ahead(EvaluateSpec(data=DataSpec(limit=300)), evaluated(4, 100, 12, 10))
    assert told.seconds == pytest.approx(2 + 30)
    assert told.like == 4


def test_samples_grow_with_k_too():
    spec = SampleSpec(data=DataSpec(limit=100), k=5)
    run = planted(4, spec, {"n": 100, "seconds": 10}, 12)
    told = ahead(SampleSpec(data=DataSpec(limit=200), k=10), run)
    assert told.seconds == pytest.approx(2 + 40)


@pytest.mark.parametrize("seconds", [86_417.9, 34_560_044.0, 0.0])
def test_a_time_that_cannot_be_says_nothing_of_the_next_run(seconds):
    """A clock set by a day or more, or back, while it ran."""
    impossible = evaluated(5, 600, seconds, 5.647)
    assert ahead(EvaluateSpec(), impossible).like is None
    told = ahead(EvaluateSpec(), evaluated(4, 100, 12, 10), impossible)
    assert (told.seconds, told.like) == (32, 4)


def test_the_run_whose_work_is_nearest_is_taken_and_of_equal_ones_the_newest():
    runs = [evaluated(4, 10, 12, 10), evaluated(5, 290, 40, 29), evaluated(6, 3000, 400, 300)]
    assert ahead(EvaluateSpec(data=DataSpec(limit=300)), *runs).like == 5
    twins = [evaluated(4, 100, 12, 10), evaluated(5, 100, 22, 20)]
    assert ahead(EvaluateSpec(data=DataSpec(limit=100)), *twins).like == 5


@pytest.mark.parametrize(
    "other",
    [
        {"model": "oak"},
        {"precision": "fp32"},
        {"environment": T4},
        {"environment": {"device": "mps"}},
        {"data": DataSpec(source="gsm8k", limit=100)},
        {"adapter": 3},
        {"attempts": 2},
        {"platform": "another machine"},
        {"cpus": 999},
    ],
    ids=str,
)
def test_what_is_not_like_it_says_nothing(other):
    assert ahead(EvaluateSpec(), evaluated(4, 100, 12, 10, **other)).seconds is None


@pytest.mark.parametrize(
    ("machine", "device", "like"),
    [
        (Machine(2, 8, 8, ()), "auto", 1),
        (CARDS, "cpu", 1),
        (CARDS, "auto", 2),
        (CARDS, "cuda", 2),
        (CARDS, "cuda:0", 2),
        (CARDS, "cuda:1", 3),
        (CARDS, "cuda:2", None),
        (CARDS, "mps", None),
    ],
)
def test_a_time_is_of_what_a_device_stands_for(machine, device, like):
    """All three were asked for with `auto`: on a laptop, and in notebooks with one card each."""
    runs = [
        evaluated(1, 300, 900, 890),
        evaluated(2, 300, 90, 80, environment=T4),
        evaluated(3, 300, 20, 10, environment=H100),
    ]
    assert ahead(EvaluateSpec(device=device), *runs, machine=machine).like == like


def test_a_hosted_models_time_is_its_hosts():
    spec = TeachSpec(teacher="openai:llama3.2:3b", data=DataSpec(split="train", limit=100))
    run = planted(4, spec, {"asked": 100, "kept": 90, "seconds": 60}, 61, device="hosted")
    assert ahead(spec, run, machine=CARDS).like == 4


def test_what_is_built_on_other_problems_says_nothing():
    """GSM8K's rows are longer: 3.06 s were foreseen of a training that took 8.87."""
    gsm8k = DataSpec(source="gsm8k", split="train", limit=400)
    long = planted(2, TeachSpec(data=gsm8k), {"asked": 400, "kept": 364, "seconds": 20}, 25)
    runs = [long, sft(3, 300, 1, 35, 30)]
    planned = {**SftSpec(teach=1).to_dict(), "teach": 0}
    assert Foresight(runs, questions=800).of("sft", planned).like is None
    assert Foresight(runs, questions=800, source="gsm8k").of("sft", planned).like == 3


def test_an_adapter_that_is_not_there_yet_is_an_adapter_too():
    spec = {**EvaluateSpec(data=DataSpec(limit=100)).to_dict(), "adapter": 0}
    runs = [evaluated(4, 100, 12, 10), evaluated(5, 100, 22, 20, adapter=3)]
    assert Foresight(runs).of("evaluate", spec).like == 5


def sft(number, rows, epochs, seconds, computing, **fields):
    spec = SftSpec(teach=2, epochs=epochs, **fields)
    return planted(number, spec, {"rows": rows, "seconds": computing}, seconds)


def taught(number, asked, kept):
    spec = TeachSpec(data=DataSpec(split="train", limit=asked))
    result = {"asked": asked, "answered": asked, "kept": kept, "seconds": 20,
              "tokens_in": 50 * asked, "tokens_out": 100 * asked}  # fmt: skip
    return planted(number, spec, result, 25)


def test_training_grows_with_rows_and_epochs():
    runs = [taught(2, 400, 364), sft(3, 300, 1, 35, 30)]
    told = ahead(SftSpec(teach=2, epochs=4), *runs)
    assert told.seconds == pytest.approx(5 + 30 * 4)


def test_answers_that_are_not_there_yet_are_expected_as_they_were_kept_before():
    runs = [taught(2, 400, 364), sft(3, 300, 1, 35, 30)]
    told = Foresight(runs, questions=800).of("sft", {**SftSpec(teach=1).to_dict(), "teach": 0})
    rows = 0.91 * 800 - 64
    assert told.seconds == pytest.approx(5 + 30 * rows / 300)


def test_a_training_of_the_same_layers_is_taken_before_one_of_others():
    runs = [
        sft(3, 300, 1, 35, 30, target_modules=("all-linear",)),
        sft(4, 300, 1, 25, 20),
    ]
    told = ahead(SftSpec(teach=2, target_modules=("all-linear",)), taught(2, 400, 364), *runs)
    assert told.like == 3


def test_money_is_the_mean_tokens_of_a_paid_model_at_its_price():
    prices = {"oak": Prices(1.0, 2.0)}
    spec = TeachSpec(data=DataSpec(split="train", limit=1000))
    told = ahead(spec, taught(2, 400, 364), prices=prices)
    assert told.dollars == pytest.approx((1000 * 50 * 1.0 + 1000 * 100 * 2.0) / 1e6)
    assert ahead(EvaluateSpec(), evaluated(4, 100, 12, 10), prices=prices).dollars is None
    assert ahead(spec, prices=prices).dollars is None, "nothing is known of its answers"


def test_a_model_of_unknown_shape_has_no_forecast_of_memory():
    assert ahead(EvaluateSpec(model="org/unknown")).bytes is None


def test_it_stands_in_the_record_from_the_start(tmp_path):
    with Client(Home(tmp_path), worker=None) as client:
        foresight = Foresight([evaluated(4, 100, 12, 10)])
        ids = submit(client, build("quick"), foresight)
        noted = client.run(ids["baseline"]).environment["forecast"]
        assert noted["seconds"] == pytest.approx(12)
        assert client.run(ids["teach"]).environment["forecast"]["seconds"] is None
        assert client.run(ids["cascade"]).environment["reference"] is True
        assert "forecast" not in client.run(ids["sft"]).spec
