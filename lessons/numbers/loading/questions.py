"""Questions on loading: what a config says, what it makes of a model, and what bandwidth allows."""

from itertools import combinations
from random import Random

from engine.numerics.codes import bits_a_weight
from lessons.kit.display import rounded, show
from lessons.kit.question import Choice, Numeric, Option, Slip, question

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
    given = ["load_in_4bit=True"]
    given += ['bnb_4bit_quant_type="nf4"'] if kind == "nf4" else []
    given += ["bnb_4bit_use_double_quant=True"] if nested else []
    given += [f"bnb_4bit_compute_dtype={dtype}"] if dtype else []
    first, *rest = given
    rng.shuffle(rest)
    lines = "\n".join(f"        {each}," for each in (first, *rest))
    computed = {"": "FP32", "torch.bfloat16": "BF16", "torch.float16": "FP16"}[dtype]
    bits = f"{bits_a_weight(64, nested):.4g}"
    other_bits = f"{bits_a_weight(64, not nested):.4g}"
    other_kind = "NF4" if kind == "fp4" else "FP4"
    other_dtype = "BF16" if computed != "BF16" else "FP32"
    right = f"{kind.upper()}, {bits} bits a weight, computed in {computed}"
    kind_says = (
        "The type is FP4 unless `bnb_4bit_quant_type` says otherwise."
        if kind == "fp4"
        else "The type is said: NF4."
    )
    nested_says = (
        "Constants are quantized too: 4.127 bits."
        if nested
        else "Constants stay in 32 bits unless `bnb_4bit_use_double_quant` is True: 4.5 bits."
    )
    dtype_says = (
        f"It computes in {computed}, as `bnb_4bit_compute_dtype` says."
        if dtype
        else "It computes in FP32 unless `bnb_4bit_compute_dtype` says otherwise."
    )
    return Choice(
        ask=f"What does this load?\n\n    BitsAndBytesConfig(\n{lines}\n    )",
        options=[
            Option(right, "Yes. What is not said is FP4, 32-bit constants and FP32.", right=True),
            Option(
                f"{other_kind}, {bits} bits a weight, computed in {computed}",
                kind_says,
                slip="type-by-default",
            ),
            Option(
                f"{kind.upper()}, {other_bits} bits a weight, computed in {computed}",
                nested_says,
                slip="nesting-by-default",
            ),
            Option(
                f"{kind.upper()}, {bits} bits a weight, computed in {other_dtype}",
                dtype_says,
                slip="dtype-by-default",
            ),
            Option(
                f"{kind.upper()}, {bits} bits a weight, computed in 4 bits",
                "No product is computed in 4 bits here: weights are turned back first.",
                slip="computed-in-four-bits",
            ),
        ],
        hints=[
            "What is said, and what is left to the defaults?",
            "The defaults are FP4, constants of 32 bits, and computing in FP32.",
            f"{kind_says} {nested_says}",
        ],
        worked=f"{kind_says} {nested_says} {dtype_says} So: **{right}**.",
    )


@question("tokens-a-second")
def tokens_a_second(rng: Random) -> Numeric:
    while True:
        billions = rng.choice([1.5, 3, 7, 8, 13, 14, 32])
        where = rng.choice(list(MACHINES))
        bits = rng.choice([4.127, 4.5, 8, 16])
        size, speed = billions * bits / 8, MACHINES[where]
        answer = speed / size
        values = [speed / (billions * bits), size / speed, speed / billions, speed * size]
        if apart([answer, *values], 0.03):
            break
    names = ("bits-for-bytes", "upside-down", "byte-a-weight", "multiplied")
    says = (
        "You divided by gigabits. 8 bits are a byte.",
        "Those are the seconds for a token. How many tokens fit into one?",
        f"You took a byte for each weight. Here it has {bits:g} bits.",
        "More bytes to read make fewer tokens, not more.",
    )
    return Numeric(
        ask=f"A model of {billions:g} billion weights, all read for every token, is held at "
        f"{bits:g} bits a weight and multiplied as it is read. Memory gives {speed:,} GB a second, "
        f"as that of {where} does. One sequence is written, and its keys and values are not worth "
        "counting. How many tokens a second are possible at most?",
        answer=answer,
        unit="token/second",
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "How many GB have to be read for one token?",
            "Tokens a second = GB a second / GB a token.",
            f"The weights are {billions:g} * {bits:g} / 8 = {show(size)} GB.",
        ],
        worked=f"{billions:g} * {bits:g} / 8 = {show(size)} GB a token, and {speed:,} / "
        f"{show(size)} = **{show(answer)} tokens a second**. No program gets all of it.",
    )


@question("turned-back")
def turned_back(rng: Random) -> Numeric:
    """Bytes moved a weight where 4-bit weights are turned back into 16 or 32 bits first."""
    while True:
        bits, wide = rng.choice([3.4375, 4.127, 4.25, 4.5, 5.5, 6.5625, 8, 8.5]), rng.choice([2, 4])
        answer = rounded(bits / 8 + 2 * wide, 6)
        values = [bits / 8, bits / 8 + wide, bits + 2 * wide, wide]
        if apart([answer, *values], 0.02):
            break
    names = ("read-alone", "written-only", "bits-for-bytes", "wide-alone")
    says = (
        "That is what a kernel moves that multiplies as it reads. Here the weight is also written "
        "in full width, and read again.",
        "It is written in full width, and then the product reads it again.",
        f"{bits:g} are bits. In bytes that is {bits:g} / 8.",
        "That is what it would take had it never been quantized.",
    )
    return Numeric(
        ask=f"Weights are held at {bits:g} bits. For each step they are read, written to memory in "
        f"{8 * wide} bits, and read again by the product. How many bytes are moved for each "
        "weight?",
        answer=answer,
        unit="byte",
        slips=[Slip(*each) for each in zip(names, values, says, strict=True)],
        hints=[
            "Three things are moved. How wide is each?",
            f"Read {bits:g} bits, write {8 * wide}, read {8 * wide}; 8 bits are a byte.",
            f"{bits:g} / 8 = {show(bits / 8)} bytes, and twice {wide}.",
        ],
        worked=f"{bits:g} / 8 + {wide} + {wide} = **{show(answer)} bytes**, where weights that "
        f"were never quantized would move {wide}.",
    )


def apart(values: list[float], share: float) -> bool:
    """Whether no two numbers are closer than a share of either."""
    return all(abs(a - b) > share * max(abs(a), abs(b)) for a, b in combinations(values, 2))
