"""Questions on memory: weights, keys and values, training, and what fits."""

from random import Random

from engine.numerics.architecture import QWEN25
from lessons.kit.question import Choice, Numeric, question
from lessons.kit.words import choice, numeric

SIZES = (1.5, 3, 7, 8, 13, 14, 32, 34, 70, 72)
"""Billions of parameters."""
RECIPES = {
    (4, 4, 0, 4): "weights, gradients and both moments in FP32",
    (2, 2, 4, 4): "weights and gradients in BF16, a master copy and both moments in FP32",
    (2, 2, 0, 4): "weights and gradients in BF16, both moments in FP32, no master copy",
    (2, 2, 0, 2): "weights, gradients and both moments in BF16",
    (2, 2, 4, 1): (
        "weights and gradients in BF16, a master copy in FP32, and both moments in 8 bits"
    ),
}
"""Bytes of a weight, its gradient, its master copy and each of its moments, and what that is."""


@question("weights-bytes")
def weights_bytes(rng: Random) -> Numeric:
    billions, bits = rng.choice(SIZES), rng.choice([4, 8, 16, 32])
    answer = billions * bits / 8
    width = f"{bits / 8:g} {'byte' if bits == 8 else 'bytes'}"
    in_16_bits = 2 * billions if bits in (4, 32) else None  # of 8 it is what 4 bits a byte give
    return numeric(answer, unit="GB").asks(f"""
    A model has {billions:g} billion parameters, of {bits} bits each. How many GB are its weights?

    bits-for-bytes = {billions * bits}: That many gigabits. A byte is 8 bits, so {bits} bits are
      {width}.
    gib-for-gb = {answer * 1e9 / 2**30}: That is the number of GiB (2^30 bytes). Asked for are GB
      (10^9 bytes).
    bits-divided-by-four = {billions * bits / 4}: You took 4 bits for a byte. A byte is 8 bits.
    sixteen-bits = {in_16_bits}: That is what it takes in 16 bits. Here a parameter has {bits}.

    hint: How many bytes are that many bits?
    hint: Bytes = parameters * bits / 8, and a billion bytes are a GB.
    hint: A parameter takes {bits} / 8 = {width}.
    worked: {billions:g} * 10^9 * {bits} / 8 bytes = {billions:g} * {bits / 8:g} GB =
      **{answer:g} GB**.""")


@question("largest-model")
def largest_model(rng: Random) -> Numeric:
    memory = rng.choice([8, 12, 16, 24, 48, 80])
    reserve, bits = memory * rng.choice([1, 1.5, 2]) / 8, rng.choice([4, 8, 16])
    free, size, gib = memory - reserve, bits / 8, 2**30 / 1e9
    answer = free * gib / size
    return numeric(answer, unit="billion", tolerance=0.01).asks(f"""
    A card has {memory} GiB. You keep {reserve:g} GiB free for the cache and the rest. How many
    billion parameters can a model have at most, in {bits} bits? (To three digits.)

    gib-taken-for-gb = {free / size}: You counted a GiB as 10^9 bytes. It is 2^30, which is 7% more.
    reserve-forgotten = {memory * gib / size}: That would fill the whole card. {reserve:g} GiB are
      to be kept free.
    bits-for-bytes = {answer / 8}: You divided by {bits}, the bits of a parameter. The memory is in
      bytes.
    bytes-upside-down = {answer * size**2 if size != 1 else None}: You multiplied by {size:g}, the
      bytes of a parameter. How often do they go in?

    hint: How many bytes are free? Mind the GiB.
    hint: Divide them by the bytes of a parameter, {bits} / 8 = {size:g}.
    hint: {free:g} GiB = {free * gib:.4g} * 10^9 bytes.
    worked: {memory} - {reserve:g} = {free:g} GiB = {free * gib:.4g} * 10^9 bytes. Divided by
      {size:g}, the bytes of a parameter: **{answer:.4g}** billion.""")


@question("crash")
def crash(rng: Random) -> Choice:
    size = rng.choice(["1.5B", "3B", "7B", "14B", "32B"])
    params = QWEN25[size].params / 1e9
    file, loaded = 2 * params, 4 * params
    machines = (4, 6, 8, 10, 12, 20, 24, 28, 36, 40, 48, 56, 72, 96, 120)
    ram = rng.choice([each for each in machines if file + 0.8 < each < loaded - 0.15])
    return choice().asks(f"""
    A machine has {ram} GB of RAM and an empty card with 80 GB. Qwen2.5-{size}, whose files hold
    {file:.1f} GB in BF16, is loaded with `from_pretrained(..., dtype=torch.float32)` and nothing
    else. What happens?

    right: It fails: in FP32 the weights take {loaded:.1f} GB of RAM.
      -> Yes: four bytes a parameter in memory, whatever the file has.
    file-size: It loads: {file:.1f} GB are less than {ram} GB.
      -> That is the file's size. In memory each weight becomes as wide as the dtype asked for.
    card-for-ram: It loads into the card, which has room enough.
      -> Nobody said where to: without a device the weights go into the machine's RAM.
    layer-by-layer: It loads, since only the layer in use has to be in memory.
      -> All weights are loaded. Leaving some on the disk has to be asked for, and is slow.
    file-counted-too: It fails: {file:.1f} GB of files and {loaded:.1f} GB of weights are
      {file + loaded:.1f} GB.
      -> Files are read piece by piece and count for little; the weights alone are too much.

    hint: Where do the weights go, if no device is named?
    hint: What counts is the dtype in memory, not the one in the file.
    hint: {params:.2f} billion parameters in FP32 take {params:.2f} * 4 GB.
    worked: {size} has {params:.2f} billion parameters. In FP32 they take {params:.2f} * 4 =
      {loaded:.1f} GB of RAM, and there are {ram}: **it fails**.""")


@question("kv-cache")
def kv_cache(rng: Random) -> Numeric:
    layers = rng.choice([24, 28, 32, 36, 48, 64])
    kv_heads, ratio = rng.choice([2, 4, 8]), rng.choice([3, 4, 5, 7])
    size, tokens = rng.choice([64, 128]), rng.choice([2000, 4000, 8000, 16_000])
    chats, heads = rng.choice([6, 10, 20]), kv_heads * ratio
    one_token = 2 * layers * kv_heads * size * 2
    answer = one_token * tokens * chats / 1e9
    return numeric(answer, unit="GB").asks(f"""
    A model has {layers} layers, {heads} query heads and {kv_heads} KV heads, each of size {size}.
    It serves {chats} chats of {tokens:,} tokens each, with keys and values in BF16. How many GB is
    the KV cache?

    keys-only = {answer / 2}: That is the keys alone, or one byte a number. There are keys and
      values, of two bytes.
    query-heads = {answer * ratio}: You counted {heads} heads. Queries are not kept: the {kv_heads}
      KV heads count.
    one-chat = {answer / chats}: That is one chat. There are {chats} at once.
    one-layer = {answer / layers}: That is one layer. Each of the {layers} keeps its own keys and
      values.

    hint: What does one token leave in one layer?
    hint: 2 (key and value) * layers * KV heads * head size * 2 bytes, for each token.
    hint: One token takes {one_token:,} bytes, and there are {tokens * chats:,} tokens.
    worked: One token: 2 * {layers} * {kv_heads} * {size} * 2 bytes = {one_token:,} bytes. {chats} *
      {tokens:,} tokens: **{answer:.4g} GB**.""")


@question("full-training")
def full_training(rng: Random) -> Numeric:
    """What is forgotten is told only where it is not as much as something else."""
    billions = rng.choice([0.5, 1.5, 3, 7, 8, 13, 14])
    (weight, gradient, master, moment), how = rng.choice([*RECIPES.items()])
    parts = [part for part in (weight, gradient, master, moment, moment) if part]
    adding, each = " + ".join(map(str, parts)), sum(parts)
    answer = billions * each
    return numeric(answer, unit="GB").asks(f"""
    All weights of a model with {billions:g} billion parameters are trained with AdamW: {how}. How
    many GB does that take, without activations?

    only-weights-and-gradients = {billions * (weight + gradient)}: AdamW keeps two moments for each
      weight, and these count as well.
    one-moment = {billions * (each - moment)}: You counted one moment. AdamW keeps two: of the
      gradient, and of its square.
    only-weights = {billions * weight}: That is what it takes to load the model, not to train it.
    gradients-forgotten = {billions * (each - gradient) if gradient != moment else None}: Each
      weight has a gradient, too.
    master-copy-forgotten = {billions * (each - master) if master not in (0, moment) else None}: The
      master copy in FP32 is 4 bytes more.

    hint: What is kept for every single weight?
    hint: The weight, its gradient, two moments, and a master copy if there is one.
    hint: In bytes a weight: {adding}.
    worked: {adding} = {each} bytes a weight, and {billions:g} billion of them:
      **{answer:g} GB**.""")


@question("lora-weights")
def lora_weights(rng: Random) -> Numeric:
    hidden, kv = rng.choice([(1536, 256), (2048, 256), (3584, 512), (4096, 1024), (5120, 1024)])
    layers, rank = rng.choice([24, 28, 32, 36, 48]), rng.choice([4, 8, 16, 32])
    queries, values = rank * (hidden + hidden), rank * (hidden + kv)
    answer = layers * (queries + values)
    return numeric(answer, unit="weight", tolerance=0).asks(f"""
    LoRA of rank {rank} is put on the query matrix ({hidden} x {hidden}) and the value matrix ({kv}
    x {hidden}) in each of {layers} layers. How many weights are trained?

    one-factor = {layers * rank * 2 * hidden}: You counted A (r x in) alone. B (out x r) is trained,
      too.
    one-layer = {queries + values}: That is one layer. There are {layers}.
    whole-matrices = {layers * hidden * (hidden + kv)}: Those are the frozen matrices. The adapter
      has r * (in + out) for each.
    values-as-large-as-queries = {layers * 2 * queries}: The value matrix is smaller: {kv} rows,
      because there are fewer KV heads.

    hint: Which two small matrices stand beside each large one?
    hint: r * (in + out) for each matrix; then all layers.
    hint: Queries: {rank} * ({hidden} + {hidden}) = {queries:,}; values: {rank} * ({hidden} + {kv})
      = {values:,}.
    worked: Queries {rank} * ({hidden} + {hidden}) = {queries:,}, values {rank} * ({hidden} + {kv})
      = {values:,}. In {layers} layers: **{answer:,}**.""")
