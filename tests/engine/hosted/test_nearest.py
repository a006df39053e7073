import pytest

from engine.hosted.nearest import family, nearest, parameters

OFFERED = (
    "gemini-2.5-flash", "gemini-2.5-flash-lite", "gemini-2.5-pro", "gemma-3n-e4b-it",
    "gemma-4-26b-a4b-it", "gemma-4-31b-it",
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("gemma-3-27b-it", "gemma-4-31b-it"),  # its named successor
        ("gemma-4-31b", "gemma-4-31b-it"),
        ("gemma-3n-e2b-it", "gemma-3n-e4b-it"),
        ("gemini-2.0-flash", "gemini-2.5-flash"),
        ("gemini-1.5-pro", "gemini-2.5-pro"),
        ("Gemini-2.5-Flash", "gemini-2.5-flash"),
    ],
)
def test_the_nearest_is_of_the_same_family(wanted, near):
    assert nearest(wanted, OFFERED) == near


def test_without_a_relative_it_is_the_most_similar_name():
    assert nearest("llama3.2:3b", ("qwen2.5:3b", "mistral:7b")) == "qwen2.5:3b"
    assert nearest("anything", ()) is None


def test_an_owner_is_no_family():
    assert family("meta-llama/Llama-3.2-3B") == "llama"
    assert nearest("Qwen/Qwen2.5-7B", ("other/Qwen2.5-7B-Instruct", "Qwen3")) != "mistral"


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("gemma-4-31b-it", 31e9), ("Qwen/Qwen2.5-1.5B-Instruct", 1.5e9), ("llama3.2:3b", 3e9),
        ("gemma-3n-e4b-it", None), ("gemini-2.5-flash", None), ("gpt-4b1", None),
    ],
)  # fmt: skip
def test_weights_as_the_name_tells_them(name, weights):
    assert parameters(name) == weights
