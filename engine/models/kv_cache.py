"""The keys and values of a batch, with room to grow and rows that can be shared out or dropped.

transformers' own cache is copied whole at every token, to make room for one more. This one makes
room for many at once and hands out a view of what is filled.
"""

from __future__ import annotations

import torch
from transformers import DynamicCache, PretrainedConfig
from transformers.cache_utils import DynamicLayer

ROOM = 64
"""Tokens to make room for at once."""


class RoomyLayer(DynamicLayer):
    """One layer's keys and values, each (rows, heads, tokens, head size)."""

    def __init__(self) -> None:
        super().__init__()
        self._filled = 0
        self._buffers: tuple[torch.Tensor, torch.Tensor] | None = None

    def update(
        self, key_states: torch.Tensor, value_states: torch.Tensor, *args: object, **kwargs: object
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Append tokens; gives back all keys and values so far, as views."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        before, after = self._filled, self._filled + key_states.shape[-2]
        if self._buffers is None or after > self._buffers[0].shape[-2]:
            self._buffers = (
                self._roomier(self.keys, key_states, after + ROOM),
                self._roomier(self.values, value_states, after + ROOM),
            )
        keys, values = self._buffers
        keys[:, :, before:after] = key_states
        values[:, :, before:after] = value_states
        self.keys, self.values = keys[:, :, :after], values[:, :, :after]
        self._filled = after
        return self.keys, self.values

    def reorder_cache(self, beam_idx: torch.Tensor) -> None:
        """Hold these rows, in this order; one may come more than once."""
        super().reorder_cache(beam_idx)
        self._buffers = None  # the next token makes room

    def _roomier(self, held: torch.Tensor, new: torch.Tensor, tokens: int) -> torch.Tensor:
        rows, heads, _, size = new.shape
        buffer = new.new_empty(rows, heads, tokens, size)
        if self._filled:
            buffer[:, :, : self._filled] = held
        return buffer


def roomy_cache(config: PretrainedConfig) -> DynamicCache:
    """An empty cache for a model; layers of another kind, such as sliding ones, stay their own."""
    cache = DynamicCache(config=config)
    cache.layers = [
        RoomyLayer() if type(layer) is DynamicLayer else layer for layer in cache.layers
    ]
    return cache


def take_rows(cache: DynamicCache, rows: torch.Tensor) -> None:
    """Let a cache hold these of its rows, in this order; one may come more than once.

    Every kind of layer can do that, those of linear attention and of state space models too.
    """
    for layer in cache.layers:
        layer.reorder_cache(rows)
