from types import SimpleNamespace

from engine import machine_probe
from engine.kinds.same import hold_to_loaded
from engine.kinds.specs import EvaluateSpec


def test_another_card_is_told_as_another_version_is(recorder, monkeypatch):
    """It may round otherwise; a Colab notebook has any card, and the same image."""
    loaded = SimpleNamespace(
        device="cuda:0",
        record=SimpleNamespace(
            fingerprint="f", device="cuda:0", dtype="fp16", fallbacks=(), as_dict=dict
        ),
    )
    card = {"name": "Tesla T4", "capability": "7.5", "driver": "580", "cuda": "13.0"}
    record = recorder("evaluate", EvaluateSpec())
    monkeypatch.setattr(machine_probe, "card", lambda device: card)
    for _ in range(2):
        hold_to_loaded(record, loaded)
        environment = record.other(record.run.id).environment
        assert environment["card"] == card and "changed" not in environment
    monkeypatch.setattr(machine_probe, "card", lambda device: {**card, "name": "NVIDIA L4"})
    hold_to_loaded(record, loaded)
    (changed,) = record.other(record.run.id).environment["changed"]
    assert changed == "the card's name was Tesla T4 at first and is NVIDIA L4 now"
    assert changed in record.home.log(record.run.id).read_text()
