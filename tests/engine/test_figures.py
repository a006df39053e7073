import json
from dataclasses import replace

import pytest

from engine.figures import (
    BarChart,
    BitField,
    BitLayout,
    Heatmap,
    Line,
    LineChart,
    Reference,
    Series,
    Several,
    Table,
    UnknownFigure,
    as_dict,
    from_dict,
)

TABLE = Table(columns=("format", "bits"), rows=(("FP16", 16),), caption="a", values={"bits": 16.0})
CHART = LineChart(lines=(Line("loss", (0.0, 1.0), (2.0, 1.5)),), x="step", y="loss", caption="b")
BARS = BarChart(labels=("0",), series=(Series("weights", (3.0,)),), y="count", caption="c")
EVERY = [
    TABLE,
    CHART,
    BARS,
    Heatmap(rows=((1.0, 2.0),), row_labels=("r",), column_labels=("p", "q"), caption="d"),
    BitLayout(fields=(BitField("sign", "0", "+"),), caption="e"),
    Several(figures=(TABLE, TABLE), caption="f", values={"both": 2.0}, words={"both": "{} in all"}),
    replace(
        CHART,
        references=(Reference("ideal", 1.0), Reference("best", 0.5, "x")),
        places={"step": "x"},
    ),
    replace(BARS, references=(Reference("random", 0.25),), places={"count": "y"}),
]


@pytest.mark.parametrize("figure", EVERY, ids=lambda figure: type(figure).__name__)
def test_through_json_and_back_it_is_the_same(figure):
    assert from_dict(json.loads(json.dumps(as_dict(figure)))) == figure


def test_one_that_was_stored_before_it_had_words_is_read():
    for figure in EVERY[:6]:
        stored = as_dict(replace(figure, words={}))
        for each in (stored, *stored.get("figures", ())):
            for name in ("words", "references", "places"):
                each.pop(name, None)
        assert from_dict(json.loads(json.dumps(stored))) == replace(figure, words={})


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "Pie"},
        {"shade": 1},
        {"references": [{"glow": 2}]},
        {"figures": [{"kind": "Pie"}]},
        {"lines": [{"name": "no points"}]},
    ],
)
def test_one_of_a_later_version_is_refused_in_words(change):
    told = {**as_dict(CHART), **change}
    with pytest.raises(UnknownFigure, match="close it and open it again") as raised:
        from_dict(told)
    assert f"({told['kind']}) was made by another version" in raised.value.what
