from types import SimpleNamespace

import pytest

from engine.errors import EngineError
from engine.figures import Table
from tutor.course import predictions as prediction


def step(within=0.15, unit=""):
    settings = {"value": "mse", "within": within, "unit": unit}
    return SimpleNamespace(id="a/b/predict/c", settings=settings)


def figure(value):
    return Table(columns=(), rows=(), caption="", values={"mse": value})


@pytest.mark.parametrize(
    ("said", "measured", "near", "words"),
    [
        (3.2, 2.83, True, "You said 3.2, measured 2.83: 13% off, within 15%."),
        (4, 2, False, "You said 4, measured 2: 100% off."),
        (2, 2, True, "You said 2, measured 2: exactly that."),
        (300, 2, False, "You said 300, measured 2: 150 times too much."),
        (-3, 2, False, "You said -3, measured 2: of the other sign."),
        (0.5, 2, False, "You said 0.5, measured 2: 75% off."),
        (1, 0, False, "You said 1, measured 0: not nothing."),
        (0, 0, True, "You said 0, measured 0: exactly that."),
    ],
)
def test_what_was_said_against_what_was_measured(said, measured, near, words):
    compared = prediction.compare(step(), said, figure(measured))
    assert (compared.near, compared.words) == (near, words)


def test_units_are_read_and_said():
    asked = step(unit="GB")
    assert prediction.read(asked, "500 MB").value == 0.5
    assert prediction.compare(asked, 0.5, figure(0.5)).words.startswith(
        "You said 0.5, measured 0.5 GB"
    )


def test_bytes_are_said_as_many():
    words = prediction.compare(step(unit="byte"), 3, figure(4)).words
    assert words == "You said 3, measured 4 bytes: 25% off."


def test_a_lab_that_does_not_measure_it():
    with pytest.raises(EngineError, match="measured 'nothing' as 'mse'"):
        prediction.compare(step(), 1, Table(columns=(), rows=(), caption="", values={}))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_lab_that_measures_no_number(value):
    """Nothing is near to it, and no record could hold it."""
    with pytest.raises(EngineError, match=f"measured {value} as 'mse'"):
        prediction.compare(step(), 1, figure(value))


def test_a_number_that_the_lab_has_elsewhere_is_told_where():
    values = {"mse": -56, "saturates": 127, "steps": 3}
    shown = Table(columns=(), rows=(), caption="", values=values)
    words = prediction.compare(step(), 127, shown).words
    assert words == (
        "You said 127, measured -56: of the other sign. 127 is another value of this lab, "
        "'saturates'."
    )
    assert "another" not in prediction.compare(step(), 3, shown).words  # as likely by chance
    assert "another" not in prediction.compare(step(), 128, shown).words
