import pytest

from engine.cascades import prices
from engine.cascades.prices import Prices
from engine.errors import EngineError


def test_a_million_tokens_cost_their_price():
    assert Prices(0.13, 0.38).cost(1e6, 0) == pytest.approx(0.13)
    assert Prices(0.13, 0.38).cost(2e6, 1e6) == pytest.approx(0.64)


def test_without_a_file_the_defaults_hold(tmp_path):
    assert prices.read(tmp_path).of("oak") == prices.read().of("oak") == Prices(0.13, 0.38)


def test_the_written_defaults_read_as_the_defaults(tmp_path):
    path = prices.write_defaults(tmp_path)
    assert prices.read(tmp_path) == prices.read()
    path.write_text("[default]\ninput = 1\noutput = 2\n")
    prices.write_defaults(tmp_path)
    assert prices.read(tmp_path).of("oak") == Prices(1, 2)


def test_a_hub_id_is_found_by_its_last_part():
    assert prices.read().of("google/gemma-3-27b-it") == Prices(0.08, 0.16)


def test_a_model_that_is_not_listed_costs_the_default():
    table = prices.read()
    assert table.of("someone/else") == table.default


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[default]\ninput = 1\n", "output price of default is missing"),
        ("[models.oak]\ninput = -1\noutput = 2\n", "input price of oak is -1"),
        ("[models.oak]\ninput = true\noutput = 2\n", "input price of oak is True"),
        ("[models.oak]\ninput = nan\noutput = 2\n", "input price of oak is nan"),
        ("[models]\noak = 3\n", "price of oak is missing"),
        ("models = 3\n", "`models` is no table"),
        ("[default\n", "cannot be read"),
    ],
)
def test_a_wrong_table_is_said_with_its_path(tmp_path, text, said):
    (tmp_path / prices.FILE).write_text(text)
    with pytest.raises(EngineError, match=said) as caught:
        prices.read(tmp_path)
    assert prices.FILE in str(caught.value)
    assert "delete it" in caught.value.way_out


def test_a_hosted_model_costs_what_it_costs_without_its_provider():
    table = prices.read()
    assert table.of("gemini:gemma-4-31b-it") == table.models["gemma-4-31b-it"]
    assert table.of("openai:google/gemma-4-31b-it") == table.models["gemma-4-31b-it"]
    assert table.of("openai:another") == table.default
