import pytest

from engine.chain.pipeline import PRESETS, build
from engine.chain.size import Size, of_preset, size
from engine.evaluation.statistics import wilson


@pytest.mark.parametrize(("name", "small"), [("quick", True), ("full", False)])
def test_a_chain_has_the_size_of_its_preset(name, small):
    ids = {stage.name: 1 for stage in build(name)}
    specs = {stage.name: stage.spec(ids).to_dict() for stage in build(name)}
    assert size(specs) == of_preset(PRESETS[name])
    assert size(specs).small is small


def test_little_on_either_side_is_small():
    assert Size(2000, 299).small
    assert Size(1999, 300).small
    assert not Size(2000, 300).small


@pytest.mark.parametrize("judged", [1, 7, 100, 300])
def test_no_score_has_a_wider_interval_than_the_one_that_is_told(judged):
    _, low, high = Size(400, judged).widest
    widths = [high - low for low, high in (wilson(k, judged) for k in range(judged + 1))]
    assert high - low == pytest.approx(max(widths))


def test_what_is_not_there_has_no_size():
    assert size({}) is None
    assert size({"teach": {"data": {"limit": 400}}, "baseline": {}}) is None
