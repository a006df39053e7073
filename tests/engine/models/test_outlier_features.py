"""Outlier features put into oak: the same function, and the lecture's table of schemes."""

import copy

import pytest
import torch

from engine.data.word_problems import problem
from engine.models.int8_layers import Int8Linear, in_int8
from engine.models.loading import load
from engine.models.outlier_features import READERS, put_in
from engine.models.perplexity import IGNORED, perplexity, rows
from engine.numerics import outliers

CHANNELS = (28, 74, 134, 202, 233, 251)


@pytest.fixture(scope="module")
def oak():
    return load("oak", "fp32", device="cpu")


@pytest.fixture(scope="module")
def asked(oak):
    return rows([problem("test", 5, 0, index) for index in range(4)], oak.tokenizer)


@torch.no_grad()
def logits(model, asked):
    return model(input_ids=asked[0]).logits


@pytest.fixture(scope="module")
def changed(oak):
    model = copy.deepcopy(oak.model)
    put_in(model, CHANNELS, 128)
    return model


@pytest.mark.parametrize("factor", [0.25, 1, 2, 128, 4096])
def test_the_logits_are_equal_to_the_last_bit(oak, asked, factor):
    model = copy.deepcopy(oak.model)
    put_in(model, CHANNELS, factor)
    assert torch.equal(logits(model, asked), logits(oak.model, asked))


def test_the_activations_are_not(oak, asked, changed):
    """What linear layers read is 128 times as large in those channels, and equal in others."""
    read = {}

    def listen(model, name):
        return model.model.layers[2].input_layernorm.register_forward_hook(
            lambda module, inputs, output: read.update({name: output})
        )

    for name, model in (("own", oak.model), ("changed", changed)):
        handle = listen(model, name)
        logits(model, asked)
        handle.remove()
    others = torch.ones(read["own"].shape[-1], dtype=torch.bool)
    others[list(CHANNELS)] = False
    assert torch.equal(read["changed"][..., others], read["own"][..., others])
    assert torch.equal(read["changed"][..., ~others], 128 * read["own"][..., ~others])


def test_every_norm_within_the_layers_is_read_by_those_linear_layers_alone(oak):
    layer = oak.model.model.layers[0]
    norms = {name for name, _ in layer.named_children() if "norm" in name}
    assert norms == set(READERS)
    reads_a_norm = {each for readers in READERS.values() for each in readers}
    linear = {n for n, each in layer.named_modules() if isinstance(each, torch.nn.Linear)}
    assert linear - reads_a_norm == {"self_attn.o_proj", "mlp.down_proj"}


def test_a_factor_that_would_round_is_refused(oak):
    with pytest.raises(ValueError, match="no power of two"):
        put_in(copy.deepcopy(oak.model), CHANNELS, 100)


def test_perplexity_is_that_of_transformers_own_loss(oak, asked):
    ids, labels = asked
    with torch.no_grad():
        loss = oak.model(input_ids=ids, labels=labels).loss
    assert perplexity(oak.model, ids, labels) == pytest.approx(loss.exp().item(), rel=1e-6)


def test_only_answers_are_scored(oak, asked):
    ids, labels = asked
    scored = labels[0] != IGNORED
    text = oak.tokenizer.decode(ids[0][scored])
    assert text == problem("test", 5, 0, 0).answer + oak.tokenizer.eos_token
    assert torch.equal(ids[0][scored], labels[0][scored])


def test_every_linear_layer_but_the_head_is_replaced(oak):
    model, census = in_int8(oak.model, outliers.ABSMAX)
    replaced = [each for each in model.modules() if isinstance(each, Int8Linear)]
    assert len(replaced) == 7 * len(model.model.layers)
    assert not any(isinstance(each, Int8Linear) for each in oak.model.modules())
    assert census.share == 0


def test_a_layer_computes_what_the_scheme_says(oak):
    linear = oak.model.model.layers[1].self_attn.q_proj
    x = torch.randn(3, 5, 256, generator=torch.Generator().manual_seed(1))
    x[..., 7] *= 30
    for scheme in outliers.SCHEMES:
        model, _ = in_int8(oak.model, scheme)
        got = model.model.layers[1].self_attn.q_proj(x)
        flat = outliers.matmul(x.view(-1, 256), linear.weight, scheme)
        assert torch.allclose(got, flat.view(3, 5, -1) + linear.bias, atol=1e-4)


def test_the_order_is_that_of_the_lectures_table(oak, asked, changed):
    """Lecture 003, 13B: 19.08, 13.94, 16.49, 16.48, 13.47; with decomposition 12.45 as in float.

    Here outliers are in all rows, so one scale a row helps more than a zero-point does.
    """
    own = perplexity(oak.model, *asked)
    measured, kept = {}, {}
    for scheme in outliers.SCHEMES:
        model, census = in_int8(changed, scheme)
        measured[scheme.name] = perplexity(model, *asked)
        kept[scheme.name] = census.share
    worse = [measured[scheme.name] for scheme in outliers.SCHEMES[:5]]
    assert worse == sorted(worse, reverse=True)
    assert worse[0] > 10 * own
    assert worse[-1] > 1.05 * own
    for scheme in outliers.SCHEMES:
        assert bool(kept[scheme.name]) == scheme.decomposed
        if scheme.decomposed:
            assert measured[scheme.name] == pytest.approx(own, rel=0.01)


def test_without_outliers_all_schemes_are_good(oak, asked):
    own = perplexity(oak.model, *asked)
    for scheme in outliers.SCHEMES:
        model, _ = in_int8(oak.model, scheme)
        assert perplexity(model, *asked) == pytest.approx(own, rel=0.01)
