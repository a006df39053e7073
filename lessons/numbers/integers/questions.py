"""Questions on integers: unsigned, two's complement, what happens at the ends."""

from random import Random

from engine.numerics.integers import INT8, Integer
from lessons.kit.question import Bits, Choice, Numeric, Option, Slip, question


@question("unsigned-value")
def unsigned_value(rng: Random) -> Numeric:
    while True:
        pattern = rng.randrange(129, 255)
        bits = f"{pattern:08b}"
        backwards = int(bits[::-1], 2)
        if len({pattern, backwards, 2 * pattern, INT8.decode(pattern), bits.count("1")}) == 5:
            break
    sum_of_places = " + ".join(str(2**p) for p in range(7, -1, -1) if pattern >> p & 1)
    return Numeric(
        ask=f"Which integer is `{bits}` in UINT8, that is, without a sign?",
        answer=pattern,
        tolerance=0,
        slips=[
            Slip(
                "read-as-signed",
                INT8.decode(pattern),
                "That is its value in two's complement. Unsigned, the top place is worth +128.",
            ),
            Slip(
                "read-backwards",
                backwards,
                "You gave the left bit the worth of 1. The rightmost bit is the 1, and the worth "
                "doubles to the left.",
            ),
            Slip(
                "one-place-up",
                2 * pattern,
                "Each bit was counted one place too high: the rightmost is worth 2^0 = 1, not 2.",
            ),
            Slip(
                "counted-ones",
                bits.count("1"),
                "That is how many bits are 1. Each of them counts what its place is worth.",
            ),
        ],
        hints=[
            "What is each place worth, beginning with 1 at the right?",
            "Write 128, 64, 32, 16, 8, 4, 2, 1 above the bits and add up where there is a 1.",
            f"The places with a 1 are {sum_of_places.replace(' + ', ', ')}.",
        ],
        worked=f"Where there is a 1: {sum_of_places} = **{pattern}**.",
    )


@question("twos-complement-read")
def twos_complement_read(rng: Random) -> Numeric:
    while True:
        pattern = rng.randrange(130, 254)
        value = INT8.decode(pattern)
        rest = pattern - 128
        if value not in (-rest, -rest - 1):
            break
    return Numeric(
        ask=f"Which integer is `{pattern:08b}` in INT8 (signed, two's complement)?",
        answer=value,
        tolerance=0,
        slips=[
            Slip(
                "read-as-unsigned",
                pattern,
                "That is its value without a sign. In INT8 the top place is worth -128.",
            ),
            Slip(
                "sign-and-size",
                -rest,
                "You took the first bit for a minus and the other seven for the size. In two's "
                "complement the top place is a number of its own, -128, and the rest is added.",
            ),
            Slip(
                "forgot-the-one",
                value + 1,
                "You flipped the bits and stopped there. Flip, then add 1, to get the size.",
            ),
            Slip(
                "forgot-the-minus",
                -value,
                "The size is right. The top bit is 1, so the number is negative.",
            ),
        ],
        hints=[
            "The top bit is 1. What does that say about the sign?",
            "Only the top place differs from unsigned: it is worth -128, not +128.",
            f"Without a sign it would be {pattern}; the top place was counted 256 too high.",
        ],
        worked=f"Unsigned it is {pattern}, and {pattern} - 256 = **{value}**. "
        f"Or place by place: -128 + {rest} = {value}.",
    )


@question("twos-complement-write")
def twos_complement_write(rng: Random) -> Bits:
    size = rng.choice([n for n in range(6, 120) if n not in (63, 64)])  # where no slips coincide
    flipped = 255 - size
    return Bits(
        ask=f"Write **-{size}** in INT8 (two's complement).",
        answer=f"{INT8.encode(-size):08b}",
        fields=[("top bit", 1), ("rest", 7)],
        slips=[
            Slip(
                "no-one-added",
                f"{flipped:08b}",
                f"Every bit is flipped, but 1 is not added yet: this is -{size + 1}.",
            ),
            Slip(
                "sign-and-size",
                f"{128 + size:08b}",
                f"A minus bit and then {size} is sign and size. Read in two's complement, this "
                f"is {INT8.decode(128 + size)}.",
            ),
            Slip(
                "positive",
                f"{size:08b}",
                f"This is +{size}. Flip every bit and add 1.",
            ),
            Slip(
                "one-taken-off",
                f"{flipped - 1:08b}",
                f"You took 1 off after flipping. It is added: this is -{size + 2}.",
            ),
        ],
        hints=[
            f"Begin with {size} in binary, on all eight places.",
            "Flip every bit, then add 1.",
            f"{size} is {size:08b}; flipped, that is {flipped:08b}.",
        ],
        worked=f"{size} is `{size:08b}`, flipped `{flipped:08b}`, and plus 1 "
        f"`{INT8.encode(-size):08b}`.\n\nCheck: 256 - {size} = {256 - size}, which is that "
        "pattern unsigned.",
    )


@question("wrap-around")
def wrap_around(rng: Random) -> Numeric:
    while True:
        sign = rng.choice([1, -1])
        a, b = (sign * rng.randrange(60, 127) for _ in range(2))
        total = a + b
        answer = INT8.wrap(total)
        if abs(total) > 130 and a != b and abs(answer) > 3:
            break
    turn = 256 if total < 0 else -256
    shown = f"{a} + {b}" if b > 0 else f"{a} - {-b}"
    return Numeric(
        ask=f"Two tensors of type INT8 hold {a} and {b}. They are added, in INT8 and without a "
        "clip. What is the result?",
        answer=answer,
        tolerance=0,
        slips=[
            Slip(
                "saturated",
                INT8.saturate(total),
                "That is what a quantizer's clip would do. A plain addition drops the carry and "
                "wraps around.",
            ),
            Slip(
                "true-sum",
                total,
                f"That is the true sum, but INT8 ends at {127 if total > 0 else -128}.",
            ),
            Slip(
                "off-by-one-turn",
                answer + (1 if total > 0 else -1),
                "One off: a turn of the clock is 256 patterns, for 0 is one of them; not 255.",
            ),
            Slip(
                "half-a-turn",
                total - 128 if total > 0 else total + 128,
                "You went back by 128. A full turn of the clock is 256.",
            ),
        ],
        hints=[
            "Does the true sum lie between -128 and 127?",
            "What is carried out of the top is dropped: the result is off by one full turn.",
            f"The true sum is {total}; a full turn is 256.",
        ],
        worked=f"{shown} = {total}, which is beyond the end, so one turn is taken "
        f"{'off' if turn < 0 else 'on'}: {total} {'-' if turn < 0 else '+'} 256 = **{answer}**.",
    )


@question("absmax-range")
def absmax_range(rng: Random) -> Choice:
    bits = rng.choice([3, 4, 5, 6, 7, 8])
    form = Integer(bits)
    least, greatest = form.least, form.greatest
    return Choice(
        ask=f"Absmax quantizes weights to INT{bits}. Which integers does it use, and why?",
        options=[
            Option(
                f"{-greatest} to {greatest}, so that x and -x become q and -q",
                f"Yes: {least} has no positive twin, and is given up.",
                right=True,
            ),
            Option(
                f"{least} to {greatest}, because no pattern should be wasted",
                f"That is INT{bits}'s whole range, which zero-point quantization uses. With one "
                "scale around 0, the largest |x| goes to the greatest integer on either side.",
                slip="whole-range",
            ),
            Option(
                f"{least} to {-least}, because it is symmetric",
                f"It is symmetric, but {-least} does not exist in INT{bits}: it would wrap around "
                f"to {least}.",
                slip="twin-that-is-none",
            ),
            Option(
                f"0 to {2**bits - 1}, because patterns have no sign",
                "That is unsigned. Weights are negative about half of the time, and absmax keeps "
                "0 at 0.",
                slip="unsigned",
            ),
        ],
        hints=[
            "The largest |x| may be a positive or a negative weight.",
            f"Which number of INT{bits} has no twin of the other sign?",
            f"INT{bits} goes from {least} to {greatest}.",
        ],
        worked=f"INT{bits} goes from {least} to {greatest}, and {least} has no twin. Absmax gives "
        f"it up: **{-greatest} to {greatest}**, {2**bits - 1} of {2**bits} patterns.",
    )


@question("accumulator")
def accumulator(rng: Random) -> Numeric:
    bits = rng.choice([4, 5, 6, 7, 8])
    width = rng.choice([20, 24, 28, 32])
    top, sum_top = Integer(bits).greatest, Integer(width).greatest
    product = top * top
    answer = sum_top // product
    unsigned = Integer(width, signed=False).greatest // product
    return Numeric(
        ask=f"Weights and inputs are INT{bits}, each from {-top} to {top}. Their products are "
        f"added in a signed accumulator of {width} bits. How many products can it add up for "
        "sure, without overflow?",
        answer=answer,
        unit="product",
        tolerance=0,
        slips=[
            Slip(
                "unsigned-accumulator",
                unsigned,
                f"You gave the accumulator all {width} bits for the size. One of them is its sign.",
            ),
            Slip(
                "one-factor",
                sum_top // top,
                f"You divided by {top}, the greatest factor. What is added are products.",
            ),
            Slip(
                "one-pattern-too-many",
                (sum_top + 1) // 4**bits,
                f"You took a product to be as large as 2^{bits} * 2^{bits}, as for unsigned "
                f"factors. Here a factor is at most {top} in size.",
            ),
            Slip(
                "rounded-up",
                answer + 1,
                "What is left over is less than one product: the last of these would overflow.",
            ),
        ],
        hints=[
            "How large can one product be, at most?",
            f"Divide the accumulator's greatest integer, 2^{width - 1} - 1, by it.",
            f"One product is at most {top} * {top} = {product:,}.",
        ],
        worked=f"A product is at most {top} * {top} = {product:,}. The accumulator's greatest is "
        f"2^{width - 1} - 1 = {sum_top:,}, and {sum_top:,} / {product:,} is **{answer:,}** "
        "and a bit.",
    )
