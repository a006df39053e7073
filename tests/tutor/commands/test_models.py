import pytest

from engine.machine import Card, Machine


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.setattr(
        "engine.machine.machine", lambda *_: Machine(2, 8_000_000_000, 3_500_000_000, ())
    )
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def test_students_and_what_they_need_here(tutor):
    shown = tutor("models")
    assert shown.exit_code == 0
    assert "CPU, 2 cores: 3.50 GB of 8.00 GB of memory free" in shown.stdout
    rows = [line for line in shown.stdout.splitlines() if "1.5B-Instruct  " in line]
    assert [row.split()[1:4:2] for row in rows] == [["1.54", "3.09"], ["1.54", "1.61"]]
    assert rows[0].endswith("  when memory is freed")
    assert rows[1].endswith("  to run; QLoRA when memory is freed")
    assert "To be downloaded when they are used: Qwen/Qwen2.5-0.5B-Instruct" in shown.stdout


def test_the_same_as_json(told):
    found, code = told("models")
    assert code == 0
    assert (found["total"], found["free"]) == (8_000_000_000, 3_500_000_000)
    small = found["students"][0]
    assert (small["name"], small["here"]) == ("acorn", True)
    assert small["tune"]["nf4-dq"]["fits"] == "now"
    large = found["students"][-1]
    assert (large["name"], large["here"]) == ("Qwen/Qwen2.5-3B-Instruct", False)
    assert large["tune"]["bf16"]["fits"] == "no"


@pytest.mark.parametrize(
    ("cards", "how", "words"),
    [
        ((Card("NVIDIA H100", 80 * 10**9, 79 * 10**9),), {"untried": True}, "not yet tried"),
        ((), {"unused": "this torch was built without CUDA"},
         "A card is not used: this torch was built without CUDA."),
    ],
)  # fmt: skip
def test_a_card_is_told_by_what_torch_can_use(tutor, monkeypatch, cards, how, words):
    here = Machine(2, 8_000_000_000, 3_500_000_000, cards, **how)
    monkeypatch.setattr("engine.machine.machine", lambda *_: here)
    shown = tutor("models").stdout
    assert words in shown
    room = "79.00 GB of 80.00 GB" if cards else "3.50 GB of 8.00 GB"
    assert f"{here}: {room} of memory free" in shown
