"""Questions on memory: weights, keys and values, training, and what fits."""

from random import Random

from engine.numerics.architecture import QWEN25
from lessons.kit.question import Choice, Numeric, Option, Slip, question

SIZES = (1.5, 3, 7, 8, 13, 14, 32, 34, 70, 72)
"""Billions of parameters."""


@question("weights-bytes")
def weights_bytes(rng: Random) -> Numeric:
    billions, bits = rng.choice(SIZES), rng.choice([4, 8, 16, 32])
    answer = billions * bits / 8
    width = f"{bits / 8:g} {'byte' if bits == 8 else 'bytes'}"
    slips = [
        Slip(
            "bits-for-bytes",
            billions * bits,
            f"That many gigabits. A byte is 8 bits, so {bits} bits are {width}.",
        ),
        Slip(
            "gib-for-gb",
            answer * 1e9 / 2**30,
            "That is the number of GiB (2^30 bytes). Asked for are GB (10^9 bytes).",
        ),
        Slip(
            "bits-divided-by-four",
            billions * bits / 4,
            "You took 4 bits for a byte. A byte is 8 bits.",
        ),
    ]
    if bits != 16:
        slips.append(
            Slip(
                "sixteen-bits",
                billions * 2,
                f"That is what it takes in 16 bits. Here a parameter has {bits}.",
            )
        )
    if bits == 8:
        del slips[-1]  # 4 bits for a byte give the same as 16 bits a parameter
    return Numeric(
        ask=f"A model has {billions:g} billion parameters, of {bits} bits each. How many GB are "
        "its weights?",
        answer=answer,
        unit="GB",
        slips=slips,
        hints=[
            "How many bytes are that many bits?",
            "Bytes = parameters * bits / 8, and a billion bytes are a GB.",
            f"A parameter takes {bits} / 8 = {width}.",
        ],
        worked=f"{billions:g} * 10^9 * {bits} / 8 bytes = {billions:g} * {bits / 8:g} GB = "
        f"**{answer:g} GB**.",
    )


@question("largest-model")
def largest_model(rng: Random) -> Numeric:
    memory = rng.choice([8, 12, 16, 24, 48, 80])
    reserve = memory * rng.choice([1, 1.5, 2]) / 8
    bits = rng.choice([4, 8, 16])
    size = bits / 8
    answer = (memory - reserve) * 2**30 / 1e9 / size
    return Numeric(
        ask=f"A card has {memory} GiB. You keep {reserve:g} GiB free for the cache and the rest. "
        f"How many billion parameters can a model have at most, in {bits} bits? (To three digits.)",
        answer=answer,
        unit="billion",
        tolerance=0.01,
        slips=[
            Slip(
                "gib-taken-for-gb",
                (memory - reserve) / size,
                "You counted a GiB as 10^9 bytes. It is 2^30, which is 7% more.",
            ),
            Slip(
                "reserve-forgotten",
                memory * 2**30 / 1e9 / size,
                f"That would fill the whole card. {reserve:g} GiB are to be kept free.",
            ),
            Slip(
                "bits-for-bytes",
                answer / 8,
                f"You divided by {bits}, the bits of a parameter. The memory is in bytes.",
            ),
            Slip(
                "bytes-upside-down",
                answer * size * size,
                f"You multiplied by {size:g}, the bytes of a parameter. How often do they go in?",
            ),
        ][: 3 if bits == 8 else 4],
        hints=[
            "How many bytes are free? Mind the GiB.",
            f"Divide them by the bytes of a parameter, {bits} / 8 = {size:g}.",
            f"{memory - reserve:g} GiB = {(memory - reserve) * 2**30 / 1e9:.4g} * 10^9 bytes.",
        ],
        worked=f"{memory} - {reserve:g} = {memory - reserve:g} GiB = "
        f"{(memory - reserve) * 2**30 / 1e9:.4g} * 10^9 bytes. Divided by {size:g}, the bytes of "
        f"a parameter: **{answer:.4g}** billion.",
    )


@question("crash")
def crash(rng: Random) -> Choice:
    size = rng.choice(["1.5B", "3B", "7B", "14B", "32B"])
    params = QWEN25[size].params / 1e9
    file, loaded = 2 * params, 4 * params
    # round numbers of RAM between what the file and what FP32 takes
    ram = rng.choice([n for n in (4, 6, 8, 10, 12, 20, 24, 28, 36, 40, 48, 56, 72, 96, 120)
                      if file + 0.8 < n < loaded - 0.15])  # fmt: skip
    return Choice(
        ask=f"A machine has {ram} GB of RAM and an empty card with 80 GB. Qwen2.5-{size}, whose "
        f"files hold {file:.1f} GB in BF16, is loaded with `from_pretrained(..., "
        "dtype=torch.float32)` and nothing else. What happens?",
        options=[
            Option(
                f"It fails: in FP32 the weights take {loaded:.1f} GB of RAM.",
                "Yes: four bytes a parameter in memory, whatever the file has.",
                right=True,
            ),
            Option(
                f"It loads: {file:.1f} GB are less than {ram} GB.",
                "That is the file's size. In memory each weight becomes as wide as the dtype asked "
                "for.",
                slip="file-size",
            ),
            Option(
                "It loads into the card, which has room enough.",
                "Nobody said where to: without a device the weights go into the machine's RAM.",
                slip="card-for-ram",
            ),
            Option(
                "It loads, since only the layer in use has to be in memory.",
                "All weights are loaded. Leaving some on the disk has to be asked for, and is "
                "slow.",
                slip="layer-by-layer",
            ),
            Option(
                f"It fails: {file:.1f} GB of files and {loaded:.1f} GB of weights are "
                f"{file + loaded:.1f} GB.",
                "Files are read piece by piece and count for little; the weights alone are too "
                "much.",
                slip="file-counted-too",
            ),
        ],
        hints=[
            "Where do the weights go, if no device is named?",
            "What counts is the dtype in memory, not the one in the file.",
            f"{params:.2f} billion parameters in FP32 take {params:.2f} * 4 GB.",
        ],
        worked=f"{size} has {params:.2f} billion parameters. In FP32 they take "
        f"{params:.2f} * 4 = {loaded:.1f} GB of RAM, and there are {ram}: **it fails**.",
    )


@question("kv-cache")
def kv_cache(rng: Random) -> Numeric:
    layers = rng.choice([24, 28, 32, 36, 48, 64])
    kv_heads, ratio = rng.choice([2, 4, 8]), rng.choice([3, 4, 5, 7])
    size = rng.choice([64, 128])
    tokens, chats = rng.choice([2000, 4000, 8000, 16_000]), rng.choice([6, 10, 20])
    answer = 2 * layers * kv_heads * size * 2 * tokens * chats / 1e9
    one = 2 * layers * kv_heads * size * 2
    return Numeric(
        ask=f"A model has {layers} layers, {kv_heads * ratio} query heads and {kv_heads} KV heads, "
        f"each of size {size}. It serves {chats} chats of {tokens:,} tokens each, with keys and "
        "values in BF16. How many GB is the KV cache?",
        answer=answer,
        unit="GB",
        slips=[
            Slip(
                "keys-only",
                answer / 2,
                "That is the keys alone, or one byte a number. There are keys and values, of two "
                "bytes.",
            ),
            Slip(
                "query-heads",
                answer * ratio,
                f"You counted {kv_heads * ratio} heads. Queries are not kept: the {kv_heads} KV "
                "heads count.",
            ),
            Slip(
                "one-chat",
                answer / chats,
                f"That is one chat. There are {chats} at once.",
            ),
            Slip(
                "one-layer",
                answer / layers,
                f"That is one layer. Each of the {layers} keeps its own keys and values.",
            ),
        ],
        hints=[
            "What does one token leave in one layer?",
            "2 (key and value) * layers * KV heads * head size * 2 bytes, for each token.",
            f"One token takes {one:,} bytes, and there are {tokens * chats:,} tokens.",
        ],
        worked=f"One token: 2 * {layers} * {kv_heads} * {size} * 2 bytes = {one:,} bytes. "
        f"{chats} * {tokens:,} tokens: **{answer:.4g} GB**.",
    )


@question("full-training")
def full_training(rng: Random) -> Numeric:
    billions = rng.choice([0.5, 1.5, 3, 7, 8, 13, 14])
    weight, gradient, master, moment, how = rng.choice(
        [
            (4, 4, 0, 4, "weights, gradients and both moments in FP32"),
            (2, 2, 4, 4, "weights and gradients in BF16, a master copy and both moments in FP32"),
            (2, 2, 0, 4, "weights and gradients in BF16, both moments in FP32, no master copy"),
            (2, 2, 0, 2, "weights, gradients and both moments in BF16"),
            (2, 2, 4, 1, "weights and gradients in BF16, a master copy in FP32, and both moments "
                         "in 8 bits"),
        ]
    )  # fmt: skip
    each = weight + gradient + master + 2 * moment
    answer = billions * each
    found = {each}
    slips = []
    for name, size, says in (
        (
            "only-weights-and-gradients",
            weight + gradient,
            "AdamW keeps two moments for each weight, and these count as well.",
        ),
        (
            "one-moment",
            each - moment,
            "You counted one moment. AdamW keeps two: of the gradient, and of its square.",
        ),
        ("only-weights", weight, "That is what it takes to load the model, not to train it."),
        ("gradients-forgotten", each - gradient, "Each weight has a gradient, too."),
        ("master-copy-forgotten", each - master, "The master copy in FP32 is 4 bytes more."),
    ):
        if size not in found:
            found.add(size)
            slips.append(Slip(name, billions * size, says))
    parts = [weight, gradient, *([master] if master else []), moment, moment]
    adding = " + ".join(map(str, parts))
    return Numeric(
        ask=f"All weights of a model with {billions:g} billion parameters are trained with AdamW: "
        f"{how}. How many GB does that take, without activations?",
        answer=answer,
        unit="GB",
        slips=slips,
        hints=[
            "What is kept for every single weight?",
            "The weight, its gradient, two moments, and a master copy if there is one.",
            f"In bytes a weight: {adding}.",
        ],
        worked=f"{adding} = {each} bytes a weight, and {billions:g} billion of them: "
        f"**{answer:g} GB**.",
    )


@question("lora-weights")
def lora_weights(rng: Random) -> Numeric:
    hidden, kv = rng.choice([(1536, 256), (2048, 256), (3584, 512), (4096, 1024), (5120, 1024)])
    layers, rank = rng.choice([24, 28, 32, 36, 48]), rng.choice([4, 8, 16, 32])
    queries, values = hidden + hidden, hidden + kv
    answer = layers * rank * (queries + values)
    return Numeric(
        ask=f"LoRA of rank {rank} is put on the query matrix ({hidden} x {hidden}) and the value "
        f"matrix ({kv} x {hidden}) in each of {layers} layers. How many weights are trained?",
        answer=answer,
        unit="weight",
        tolerance=0,
        slips=[
            Slip(
                "one-factor",
                layers * rank * 2 * hidden,
                "You counted A (r x in) alone. B (out x r) is trained, too.",
            ),
            Slip(
                "one-layer",
                rank * (queries + values),
                f"That is one layer. There are {layers}.",
            ),
            Slip(
                "whole-matrices",
                layers * (hidden * hidden + hidden * kv),
                "Those are the frozen matrices. The adapter has r * (in + out) for each.",
            ),
            Slip(
                "values-as-large-as-queries",
                layers * rank * 2 * queries,
                f"The value matrix is smaller: {kv} rows, because there are fewer KV heads.",
            ),
        ],
        hints=[
            "Which two small matrices stand beside each large one?",
            "r * (in + out) for each matrix; then all layers.",
            f"Queries: {rank} * ({hidden} + {hidden}) = {rank * queries:,}; values: {rank} * "
            f"({hidden} + {kv}) = {rank * values:,}.",
        ],
        worked=f"Queries {rank} * ({hidden} + {hidden}) = {rank * queries:,}, values {rank} * "
        f"({hidden} + {kv}) = {rank * values:,}. In {layers} layers: **{answer:,}**.",
    )
