"""The tensors of a decoder-only transformer, from the few numbers in its configuration.

    queries      heads * head size  x  hidden,  with a bias       keys, values   of fewer heads
    output       hidden  x  hidden                                gate, up, down   three matrices
    embedding    vocabulary  x  hidden,  and once more as the head where it is not tied

This is Qwen2's kind (rotary positions, RMS norms, gated MLP, grouped-query attention). Llama's has
no biases; Qwen3's has none either, a norm for each head's queries and keys, and heads whose size is
told. Where a model's files have been read, `counted` has its very tensors, whatever its kind.
Nothing is loaded and no library is needed. Qwen2.5's sizes stand as its published configurations
have them ("Qwen2.5 Technical Report", 2024).
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.numerics.footprint import DTYPE_BYTES, Weight

LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""Names of one layer's matrices, in the order of `Architecture.linear`."""


@dataclass(frozen=True, slots=True)
class Architecture:
    """How large each part of a transformer is."""

    hidden: int
    """Numbers that stand for a token between layers."""
    layers: int
    heads: int
    """Of queries."""
    kv_heads: int
    """Of keys and of values; fewer than `heads` under grouped-query attention."""
    intermediate: int
    """Numbers that stand for a token within an MLP."""
    vocabulary: int
    tied: bool
    """Whether the output head is the embedding."""
    head_dim: int | None = None
    """Numbers in a query, where a configuration says so; else hidden / heads."""
    biases: bool = True
    """Whether queries, keys and values have one: Qwen2's do, Llama's and Qwen3's do not."""
    head_norms: bool = False
    """Whether a head's queries and keys are normed, as in Qwen3."""
    counted: tuple[Weight, ...] | None = None
    """Every tensor, where the files have been read; None has them follow from the numbers above."""

    @property
    def head_size(self) -> int:
        """Numbers in a query, a key or a value."""
        return self.head_dim or self.hidden // self.heads

    @property
    def linear(self) -> tuple[tuple[int, int], ...]:
        """Shapes, (out, in), of one layer's matrices: q, k, v, o, gate, up, down."""
        queries, kv = self.heads * self.head_size, self.kv_heads * self.head_size
        q, kv_each, o = (queries, self.hidden), (kv, self.hidden), (self.hidden, queries)
        wide, narrow = (self.intermediate, self.hidden), (self.hidden, self.intermediate)
        return (q, kv_each, kv_each, o, wide, wide, narrow)

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Every tensor once."""
        if self.counted is not None:
            return self.counted
        kv = self.kv_heads * self.head_size
        small = [self.hidden, self.hidden]  # the norms before attention and MLP
        small += [self.heads * self.head_size, kv, kv] if self.biases else []
        small += [self.head_size, self.head_size] if self.head_norms else []
        layer = [Weight(shape, True) for shape in self.linear]
        layer += [Weight((size,), False) for size in small]
        embedding = Weight((self.vocabulary, self.hidden), False)
        outside = [embedding] * (1 if self.tied else 2) + [Weight((self.hidden,), False)]
        return (*layer * self.layers, *outside)

    @property
    def params(self) -> int:
        """How many weights it has."""
        return sum(weight.size for weight in self.weights)

    def kv_bytes(self, tokens: int, dtype: str = "bf16") -> int:
        """Bytes of the keys and values of so many tokens, all sequences together."""
        one_token = 2 * self.layers * self.kv_heads * self.head_size
        return one_token * tokens * DTYPE_BYTES[dtype]


QWEN25 = {
    "0.5B": Architecture(896, 24, 14, 2, 4864, 151_936, tied=True),
    "1.5B": Architecture(1536, 28, 12, 2, 8960, 151_936, tied=True),
    "3B": Architecture(2048, 36, 16, 2, 11_008, 151_936, tied=True),
    "7B": Architecture(3584, 28, 28, 4, 18_944, 152_064, tied=False),
    "14B": Architecture(5120, 48, 40, 8, 13_824, 152_064, tied=False),
    "32B": Architecture(5120, 64, 40, 8, 27_648, 152_064, tied=False),
    "72B": Architecture(8192, 80, 64, 8, 29_568, 152_064, tied=False),
}
"""Qwen2.5, by the sizes in its models' names."""
