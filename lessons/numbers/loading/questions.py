"""Questions on loading: what a config says, what it makes of a model, and what bandwidth allows."""

from random import Random

from engine.numerics.codes import bits_a_weight
from lessons.kit.display import block, rounded, show
from lessons.kit.question import Choice, Numeric, question
from lessons.kit.words import choice, numeric

MACHINES = {
    "a laptop": 90,
    "a T4": 320,
    "an RTX 3090": 936,
    "an RTX 4090": 1008,
    "an A100": 2039,
    "an H100": 3350,
}
"""GB a second, about."""


@question("config-read")
def config_read(rng: Random) -> Choice:
    """Held against transformers in the tests: what it takes where a field is left out."""
    kind, nested = rng.choice([("fp4", False), ("nf4", False), ("fp4", True), ("nf4", True)])
    dtype = rng.choice(["", "torch.bfloat16", "torch.float16"])
    rest = ['bnb_4bit_quant_type="nf4"'] if kind == "nf4" else []
    rest += ["bnb_4bit_use_double_quant=True"] if nested else []
    rest += [f"bnb_4bit_compute_dtype={dtype}"] if dtype else []
    rng.shuffle(rest)
    config = [f"    {each}," for each in ("load_in_4bit=True", *rest)]
    computed = {"": "FP32", "torch.bfloat16": "BF16", "torch.float16": "FP16"}[dtype]
    bits, other_bits = (f"{bits_a_weight(64, each):.4g}" for each in (nested, not nested))
    name, other_kind = kind.upper(), "NF4" if kind == "fp4" else "FP4"
    right = f"{name}, {bits} bits a weight, computed in {computed}"
    kind_says, nested_says, dtype_says = (
        "The type is FP4 unless `bnb_4bit_quant_type` says otherwise.",
        "Constants stay in 32 bits unless `bnb_4bit_use_double_quant` is True: 4.5 bits.",
        "It computes in FP32 unless `bnb_4bit_compute_dtype` says otherwise.",
    )
    if kind == "nf4":
        kind_says = "The type is said: NF4."
    if nested:
        nested_says = "Constants are quantized too: 4.127 bits."
    if dtype:
        dtype_says = f"It computes in {computed}, as `bnb_4bit_compute_dtype` says."
    return choice().asks(f"""
    What does this load?

    {block(["BitsAndBytesConfig(", *config, ")"])}

    right: {right}
      -> Yes. What is not said is FP4, 32-bit constants and FP32.
    type-by-default: {other_kind}, {bits} bits a weight, computed in {computed} -> {kind_says}
    nesting-by-default: {name}, {other_bits} bits a weight, computed in {computed} -> {nested_says}
    dtype-by-default: {name}, {bits} bits a weight, computed in
      {"BF16" if computed != "BF16" else "FP32"} -> {dtype_says}
    computed-in-four-bits: {name}, {bits} bits a weight, computed in 4 bits
      -> No product is computed in 4 bits here: weights are turned back first.

    hint: What is said, and what is left to the defaults?
    hint: The defaults are FP4, constants of 32 bits, and computing in FP32.
    hint: {kind_says} {nested_says}
    worked: {kind_says} {nested_says} {dtype_says} So: **{right}**.""")


@question("tokens-a-second")
def tokens_a_second(rng: Random) -> Numeric:
    billions = rng.choice([1.5, 3, 7, 8, 13, 14, 32])
    where, bits = rng.choice(list(MACHINES)), rng.choice([4.127, 4.5, 8, 16])
    size, speed = billions * bits / 8, MACHINES[where]
    answer = speed / size
    return numeric(answer, unit="token/second", apart=0.03).asks(f"""
    A model of {billions:g} billion weights, all read for every token, is held at {bits:g} bits a
    weight and multiplied as it is read. Memory gives {speed:,} GB a second, as that of {where}
    does. One sequence is written, and its keys and values are not worth counting. How many tokens a
    second are possible at most?

    bits-for-bytes = {speed / (billions * bits)}: You divided by gigabits. 8 bits are a byte.
    upside-down = {size / speed}: Those are the seconds for a token. How many tokens fit into one?
    byte-a-weight = {speed / billions}: You took a byte for each weight. Here it has {bits:g} bits.
    multiplied = {speed * size}: More bytes to read make fewer tokens, not more.

    hint: How many GB have to be read for one token?
    hint: Tokens a second = GB a second / GB a token.
    hint: The weights are {billions:g} * {bits:g} / 8 = {show(size)} GB.
    worked: {billions:g} * {bits:g} / 8 = {show(size)} GB a token, and {speed:,} / {show(size)} =
      **{show(answer)} tokens a second**. No program gets all of it.""")


@question("turned-back")
def turned_back(rng: Random) -> Numeric:
    """Bytes moved a weight where 4-bit weights are turned back into 16 or 32 bits first."""
    bits, wide = rng.choice([3.4375, 4.127, 4.25, 4.5, 5.5, 6.5625, 8, 8.5]), rng.choice([2, 4])
    answer = rounded(bits / 8 + 2 * wide, 6)
    return numeric(answer, unit="byte", apart=0.02).asks(f"""
    Weights are held at {bits:g} bits. For each step they are read, written to memory in {8 * wide}
    bits, and read again by the product. How many bytes are moved for each weight?

    read-alone = {bits / 8}: That is what a kernel moves that multiplies as it reads. Here the
      weight is also written in full width, and read again.
    written-only = {bits / 8 + wide}: It is written in full width, and then the product reads it
      again.
    bits-for-bytes = {bits + 2 * wide}: {bits:g} are bits. In bytes that is {bits:g} / 8.
    wide-alone = {wide}: That is what it would take had it never been quantized.

    hint: Three things are moved. How wide is each?
    hint: Read {bits:g} bits, write {8 * wide}, read {8 * wide}; 8 bits are a byte.
    hint: {bits:g} / 8 = {show(bits / 8)} bytes, and twice {wide}.
    worked: {bits:g} / 8 + {wide} + {wide} = **{show(answer)} bytes**, where weights that were never
      quantized would move {wide}.""")
