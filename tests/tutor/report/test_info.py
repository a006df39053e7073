import json

import pytest

from engine.machine import Card, Machine
from engine.runs.home import Home
from tutor.report.info import gather, info_text

H100 = Card(
    "NVIDIA H100", 80 * 2**30, 79 * 2**30, driver="580.95", capability="9.0", index=1
)  # fmt: skip


@pytest.mark.parametrize(
    ("here", "lines"),
    [
        (Machine(2, 2**33, 2**32, ()), ["device  CPU, 2 cores"]),
        (
            Machine(2, 2**33, 2**32, (Card("NVIDIA H100", 2**36, 2**35),), untried=True),
            ["device  GPU H100, not yet tried", "cuda:0  NVIDIA H100, 32.0 GiB of 64.0 GiB free",
             "not yet tried: the first run tells"],
        ),
        (
            Machine(2, 2**33, 2**32, (H100,), unused="Tesla P100 is too old", cuda="13.0"),
            ["device    GPU H100",
             "cuda:1    NVIDIA H100, 79.0 GiB of 80.0 GiB free, capability 9.0, driver 580.95",
             "CUDA      13.0, torch's", "not used  Tesla P100 is too old"],
        ),
        (
            Machine(2, 2**33, 2**32, (), unused="this torch was built without CUDA"),
            ["device    CPU, 2 cores", "not used  this torch was built without CUDA"],
        ),
    ],
)  # fmt: skip
def test_cards_are_told_by_what_torch_can_use(tmp_path, monkeypatch, here, lines):
    monkeypatch.setattr("engine.machine.machine", lambda record: here)
    told = gather(Home(tmp_path / "home"))
    text = info_text(told)
    assert [line for line in lines if line not in text] == []
    assert json.loads(json.dumps(told))["cards tried"] == (not here.untried)
