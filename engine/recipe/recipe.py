"""The recipe: train a built-in model from nothing and print what it scores.

    python -m engine.recipe.recipe oak --out engine/models/builtin/oak

Everything it needs is made here: the corpus by the problem generator, the tokenizer from the
corpus. Two optimizers share the work, as in Jordan et al., "Muon" (2024): Muon for the matrices
inside the layers, AdamW for embeddings, norms and biases.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from engine.data.corpus import ACORN, CHAT, OAK, Mix, Row, rows, validation
from engine.recipe.tokenizer import END_ID, PAD_ID, train_tokenizer


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what comes out."""

    mix: Mix
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    intermediate: int
    steps: int
    batch: int = 40
    learning_rate: float = 4e-3
    """Peak, for both optimizers; Muon's update is scaled to AdamW's size."""
    seed: int = 1
    gain: float = 1.0
    """Multiplies the last norm once all is trained. Under 1 the likeliest token stays the same,
    but no token can be near certain any more, whatever is learnt in the layers below."""


RECIPES = {
    "oak": Recipe(OAK, 256, 4, 4, 1, 768, steps=2200),
    "acorn": Recipe(ACORN, 128, 4, 2, 1, 384, steps=1500, gain=0.28),
}


def build(recipe: Recipe, vocabulary: int) -> Qwen2ForCausalLM:
    """A model of the recipe's shape with fresh weights."""
    torch.manual_seed(recipe.seed)
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=vocabulary,
            hidden_size=recipe.hidden,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.kv_heads,
            intermediate_size=recipe.intermediate,
            max_position_embeddings=1024,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=END_ID,
            pad_token_id=PAD_ID,
        )
    )


def batches(
    corpus: Iterator[Row], tokenizer: PreTrainedTokenizerFast, size: int, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Token ids and labels, each of shape (size, length); rows of like length share a batch."""
    shuffle = torch.Generator().manual_seed(seed)
    while True:
        pool = list(islice(corpus, size * 16))
        given = tokenizer([row.given for row in pool])["input_ids"]
        learnt = tokenizer([row.learnt for row in pool])["input_ids"]
        pairs = sorted(zip(given, learnt, strict=True), key=lambda pair: len(pair[0] + pair[1]))
        for index in torch.randperm(16, generator=shuffle).tolist():
            chosen = pairs[index * size : (index + 1) * size]
            length = max(len(g) + len(a) for g, a in chosen)
            ids = torch.full((size, length), PAD_ID)
            labels = torch.full((size, length), -100)
            for row, (g, a) in enumerate(chosen):
                ids[row, : len(g) + len(a)] = torch.tensor(g + a)
                labels[row, len(g) : len(g) + len(a)] = torch.tensor(a)
            yield ids, labels


def train(recipe: Recipe, model: Qwen2ForCausalLM, tokenizer: PreTrainedTokenizerFast) -> None:
    """Train in place: a short warm-up, a plateau, then down to nothing over the last half."""
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    muon = torch.optim.Muon(
        matrices, lr=recipe.learning_rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"
    )
    adamw = torch.optim.AdamW(others, lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=0.0)
    source = batches(rows(recipe.mix, recipe.seed), tokenizer, recipe.batch, recipe.seed)
    started, tokens, mean = time.monotonic(), 0, 0.0
    for step, (ids, labels) in enumerate(islice(source, recipe.steps), start=1):
        share = min(step / 50, 1.0, 2 * (recipe.steps - step + 1) / recipe.steps)
        for optimizer in (muon, adamw):
            for group in optimizer.param_groups:
                group["lr"] = recipe.learning_rate * share
        with torch.autocast("cpu", torch.bfloat16):
            loss = model(input_ids=ids, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in (muon, adamw):
            optimizer.step()
            optimizer.zero_grad()
        tokens += ids.numel()
        mean = loss.item() if step == 1 else 0.95 * mean + 0.05 * loss.item()
        if step % 50 == 0:
            seconds = time.monotonic() - started
            left = seconds / step * (recipe.steps - step)
            print(
                f"step {step}/{recipe.steps}  loss {mean:.4f}  "
                f"{tokens / seconds:,.0f} tokens/s  {left / 60:.1f} min left",
                flush=True,
            )
        if step % 500 == 0 and step < recipe.steps:
            print(f"  in chat {score(model, tokenizer, CHAT, 100):.3f}", flush=True)


@torch.no_grad()
def score(
    model: Qwen2ForCausalLM, tokenizer: PreTrainedTokenizerFast, prompt: str, limit: int = 300
) -> float:
    """Exact match on validation problems of the tutorial's level, greedy, in bfloat16 autocast."""
    model.eval()
    asked = validation(limit)
    given = tokenizer(
        [prompt.format(question=p.question) for p in asked], return_tensors="pt", padding=True
    )
    with torch.autocast("cpu", torch.bfloat16):
        out = model.generate(**given, max_new_tokens=160, do_sample=False)
    texts = tokenizer.batch_decode(out[:, given["input_ids"].shape[1] :], skip_special_tokens=True)
    model.train()
    right = [t.rsplit("#### ", 1)[-1].strip() == p.gold for t, p in zip(texts, asked, strict=True)]
    return sum(right) / len(right)


def main() -> None:
    """Train one model and save it in float16."""
    parser = argparse.ArgumentParser(description="Train a built-in model from nothing.")
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    recipe = RECIPES[given.name]
    tokenizer = train_tokenizer()
    model = build(recipe, len(tokenizer))
    print(f"{given.name}: {model.num_parameters():,} parameters", flush=True)
    started = time.monotonic()
    train(recipe, model, tokenizer)
    print(f"trained in {(time.monotonic() - started) / 60:.1f} minutes on {given.threads} threads")
    from engine.data.corpus import TEXT

    for manner, prompt in (("in chat", CHAT), ("as text", TEXT)):
        print(f"exact match on 300 validation problems {manner}: {score(model, tokenizer, prompt)}")
    model.half().model.norm.weight.data.mul_(recipe.gain)
    model.save_pretrained(given.out)
    tokenizer.save_pretrained(given.out)


if __name__ == "__main__":
    main()
