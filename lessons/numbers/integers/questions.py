"""Questions on integers: unsigned, two's complement, what happens at the ends."""

from random import Random

from engine.numerics.integers import INT8, Integer
from lessons.kit.compare import keep_if
from lessons.kit.question import Bits, Choice, Numeric, question
from lessons.kit.words import bits, choice, numeric


@question("unsigned-value")
def unsigned_value(rng: Random) -> Numeric:
    pattern = rng.randrange(129, 255)
    written = f"{pattern:08b}"
    places = [str(2**place) for place in range(7, -1, -1) if pattern >> place & 1]
    return numeric(pattern, tolerance=0).asks(f"""
    Which integer is `{written}` in UINT8, that is, without a sign?

    read-as-signed = {INT8.decode(pattern)}: That is its value in two's complement. Unsigned, the
      top place is worth +128.
    read-backwards = {int(written[::-1], 2)}: You gave the left bit the worth of 1. The rightmost
      bit is the 1, and the worth doubles to the left.
    one-place-up = {2 * pattern}: Each bit was counted one place too high: the rightmost is worth
      2^0 = 1, not 2.
    counted-ones = {written.count("1")}: That is how many bits are 1. Each of them counts what its
      place is worth.

    hint: What is each place worth, beginning with 1 at the right?
    hint: Write 128, 64, 32, 16, 8, 4, 2, 1 above the bits and add up where there is a 1.
    hint: The places with a 1 are {", ".join(places)}.
    worked: Where there is a 1: {" + ".join(places)} = **{pattern}**.""")


@question("twos-complement-read")
def twos_complement_read(rng: Random) -> Numeric:
    pattern = rng.randrange(130, 254)
    value, rest = INT8.decode(pattern), pattern - 128
    return numeric(value, tolerance=0).asks(f"""
    Which integer is `{pattern:08b}` in INT8 (signed, two's complement)?

    read-as-unsigned = {pattern}: That is its value without a sign. In INT8 the top place is worth
      -128.
    sign-and-size = {-rest}: You took the first bit for a minus and the other seven for the size. In
      two's complement the top place is a number of its own, -128, and the rest is added.
    forgot-the-one = {value + 1}: You flipped the bits and stopped there. Flip, then add 1, to get
      the size.
    forgot-the-minus = {-value}: The size is right. The top bit is 1, so the number is negative.

    hint: The top bit is 1. What does that say about the sign?
    hint: Only the top place differs from unsigned: it is worth -128, not +128.
    hint: Without a sign it would be {pattern}; the top place was counted 256 too high.
    worked: Unsigned it is {pattern}, and {pattern} - 256 = **{value}**. Or place by place: -128 +
      {rest} = {value}.""")


@question("twos-complement-write")
def twos_complement_write(rng: Random) -> Bits:
    size = rng.choice([n for n in range(6, 120) if n not in (63, 64)])  # where no slips coincide
    flipped, answer = 255 - size, f"{INT8.encode(-size):08b}"
    return bits(answer, [("top bit", 1), ("rest", 7)]).asks(f"""
    Write **-{size}** in INT8 (two's complement).

    no-one-added = {flipped:08b}: Every bit is flipped, but 1 is not added yet: this is -{size + 1}.
    sign-and-size = {128 + size:08b}: A minus bit and then {size} is sign and size. Read in two's
      complement, this is {INT8.decode(128 + size)}.
    positive = {size:08b}: This is +{size}. Flip every bit and add 1.
    one-taken-off = {flipped - 1:08b}: You took 1 off after flipping. It is added: this is
      -{size + 2}.

    hint: Begin with {size} in binary, on all eight places.
    hint: Flip every bit, then add 1.
    hint: {size} is {size:08b}; flipped, that is {flipped:08b}.
    worked: {size} is `{size:08b}`, flipped `{flipped:08b}`, and plus 1 `{answer}`.

    Check: 256 - {size} = {256 - size}, which is that pattern unsigned.""")


@question("wrap-around")
def wrap_around(rng: Random) -> Numeric:
    sign = rng.choice([1, -1])
    a, b = (sign * rng.randrange(60, 127) for _ in range(2))
    total, answer = a + b, INT8.wrap(a + b)
    keep_if(abs(total) > 130 and a != b and abs(answer) > 3)
    return numeric(answer, tolerance=0).asks(f"""
    Two tensors of type INT8 hold {a} and {b}. They are added, in INT8 and without a clip. What is
    the result?

    saturated = {INT8.saturate(total)}: That is what a quantizer's clip would do. A plain addition
      drops the carry and wraps around.
    true-sum = {total}: That is the true sum, but INT8 ends at {127 if sign > 0 else -128}.
    off-by-one-turn = {answer + sign}: One off: a turn of the clock is 256 patterns, for 0 is one of
      them; not 255.
    half-a-turn = {total - 128 * sign}: You went back by 128. A full turn of the clock is 256.

    hint: Does the true sum lie between -128 and 127?
    hint: What is carried out of the top is dropped: the result is off by one full turn.
    hint: The true sum is {total}; a full turn is 256.
    worked: {a} {"+" if sign > 0 else "-"} {abs(b)} = {total}, which is beyond the end, so one turn
      is taken {"off" if sign > 0 else "on"}: {total} {"-" if sign > 0 else "+"} 256 =
      **{answer}**.""")


@question("absmax-range")
def absmax_range(rng: Random) -> Choice:
    width = rng.choice([3, 4, 5, 6, 7, 8])
    least, greatest = Integer(width).least, Integer(width).greatest
    return choice().asks(f"""
    Absmax quantizes weights to INT{width}. Which integers does it use, and why?

    right: {-greatest} to {greatest}, so that x and -x become q and -q
      -> Yes: {least} has no positive twin, and is given up.
    whole-range: {least} to {greatest}, because no pattern should be wasted
      -> That is INT{width}'s whole range, which zero-point quantization uses. With one scale around
      0, the largest |x| goes to the greatest integer on either side.
    twin-that-is-none: {least} to {-least}, because it is symmetric
      -> It is symmetric, but {-least} does not exist in INT{width}: it would wrap around to
      {least}.
    unsigned: 0 to {2**width - 1}, because patterns have no sign
      -> That is unsigned. Weights are negative about half of the time, and absmax keeps 0 at 0.

    hint: The largest |x| may be a positive or a negative weight.
    hint: Which number of INT{width} has no twin of the other sign?
    hint: INT{width} goes from {least} to {greatest}.
    worked: INT{width} goes from {least} to {greatest}, and {least} has no twin. Absmax gives it up:
      **{-greatest} to {greatest}**, {2**width - 1} of {2**width} patterns.""")


@question("accumulator")
def accumulator(rng: Random) -> Numeric:
    factor, width = rng.choice([4, 5, 6, 7, 8]), rng.choice([20, 24, 28, 32])
    top, sum_top = Integer(factor).greatest, Integer(width).greatest
    product = top * top
    answer = sum_top // product
    return numeric(answer, unit="product", tolerance=0).asks(f"""
    Weights and inputs are INT{factor}, each from {-top} to {top}. Their products are added in a
    signed accumulator of {width} bits. How many products can it add up for sure, without overflow?

    unsigned-accumulator = {Integer(width, signed=False).greatest // product}: You gave the
      accumulator all {width} bits for the size. One of them is its sign.
    one-factor = {sum_top // top}: You divided by {top}, the greatest factor. What is added are
      products.
    one-pattern-too-many = {(sum_top + 1) // 4**factor}: You took a product to be as large as
      2^{factor} * 2^{factor}, as for unsigned factors. Here a factor is at most {top} in size.
    rounded-up = {answer + 1}: What is left over is less than one product: the last of these would
      overflow.

    hint: How large can one product be, at most?
    hint: Divide the accumulator's greatest integer, 2^{width - 1} - 1, by it.
    hint: One product is at most {top} * {top} = {product:,}.
    worked: A product is at most {top} * {top} = {product:,}. The accumulator's greatest is
      2^{width - 1} - 1 = {sum_top:,}, and {sum_top:,} / {product:,} is **{answer:,}** and a
      bit.""")
