import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import Gemma2Config, Qwen2Config
from transformers.cache_utils import DynamicLayer, DynamicSlidingWindowLayer

from engine.models.kv_cache import ROOM, RoomyLayer, roomy_cache

steps = st.lists(
    st.one_of(
        st.tuples(st.just("update"), st.integers(1, ROOM + 3)),
        st.tuples(st.just("repeat"), st.integers(1, 3)),
        st.tuples(st.just("keep every"), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=50)
@given(steps)
def test_it_holds_what_transformers_own_cache_holds(steps):
    """The plain cache is copied whole at every token; this one must tell no difference."""
    plain, roomy, rows = DynamicLayer(), RoomyLayer(), 3
    for what, n in [("update", 5), *steps]:
        if what == "update":
            keys, values = torch.randn(rows, 2, n, 4), torch.randn(rows, 2, n, 4)
            for given_back, expected in zip(
                roomy.update(keys, values), plain.update(keys, values), strict=True
            ):
                assert torch.equal(given_back, expected)
        elif what == "repeat":
            rows *= n
            plain.batch_repeat_interleave(n)
            roomy.reorder_cache(torch.arange(rows // n).repeat_interleave(n))
        else:
            kept = torch.arange(0, rows, n)
            rows = len(kept)
            plain.batch_select_indices(kept)
            roomy.reorder_cache(kept)
        assert roomy.get_seq_length() == plain.get_seq_length()
        assert torch.equal(roomy.keys, plain.keys)
        assert torch.equal(roomy.values, plain.values)


def test_a_token_is_added_without_copying_the_others():
    layer = RoomyLayer()
    layer.update(torch.randn(2, 2, 5, 4), torch.randn(2, 2, 5, 4))
    before = layer.keys.data_ptr()
    for _ in range(ROOM):
        layer.update(torch.randn(2, 2, 1, 4), torch.randn(2, 2, 1, 4))
    assert layer.keys.data_ptr() == before
    assert layer.keys.shape[-2] == 5 + ROOM


def test_layers_of_another_kind_stay_their_own():
    assert {type(layer) for layer in roomy_cache(Qwen2Config(num_hidden_layers=3)).layers} == {
        RoomyLayer
    }
    sliding = roomy_cache(Gemma2Config(num_hidden_layers=2))
    assert {type(layer) for layer in sliding.layers} == {RoomyLayer, DynamicSlidingWindowLayer}
