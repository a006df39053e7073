import json

import pytest

from engine.figures import (
    BarChart,
    BitField,
    BitLayout,
    Heatmap,
    Line,
    LineChart,
    Series,
    Several,
    Table,
    as_dict,
    from_dict,
)

TABLE = Table(columns=("format", "bits"), rows=(("FP16", 16),), caption="a", values={"bits": 16.0})
EVERY = [
    TABLE,
    LineChart(lines=(Line("loss", (0.0, 1.0), (2.0, 1.5)),), x="step", y="loss", caption="b"),
    BarChart(labels=("0",), series=(Series("weights", (3.0,)),), y="count", caption="c"),
    Heatmap(rows=((1.0, 2.0),), row_labels=("r",), column_labels=("p", "q"), caption="d"),
    BitLayout(fields=(BitField("sign", "0", "+"),), caption="e"),
    Several(figures=(TABLE, TABLE), caption="f", values={"both": 2.0}),
]


@pytest.mark.parametrize("figure", EVERY, ids=lambda figure: type(figure).__name__)
def test_through_json_and_back_it_is_the_same(figure):
    assert from_dict(json.loads(json.dumps(as_dict(figure)))) == figure


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError, match="Pie"):
        from_dict({"kind": "Pie"})
