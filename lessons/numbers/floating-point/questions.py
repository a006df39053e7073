"""Questions on floating point: fields, spacing, rounding, and both ends of the range."""

from random import Random

from engine.numerics.formats import BF16, E4M3, E5M2, FP16, FP32, Float
from lessons.kit.compare import keep_if, redrawn
from lessons.kit.question import Bits, Choice, Numeric, question
from lessons.kit.words import bits, choice, numeric


@question("decode-float")
def decode_float(rng: Random) -> Numeric:
    form = rng.choice([E4M3, E5M2, FP16])
    power = rng.choice([-3, -2, -1, 1, 2, 3, 4])
    digits = rng.choice(["1", "01", "11"] if form is E5M2 else ["01", "11", "101", "011", "111"])
    sign = -1 if rng.random() < 0.5 else 1
    significand = 1 + int(digits, 2) / 2 ** len(digits)
    stored, signed = power + form.bias, sign * significand
    answer = signed * 2.0**power
    return numeric(answer).asks(f"""
    {form.name} has {form.exponent_bits} exponent and {form.significand_bits} significand bits.
    Which number is `{" ".join(form.split(form.encode(answer)))}`?

    bias-forgotten = {signed * 2.0**stored}: You took the exponent as it is stored, {stored}. The
      bias has to come off.
    leading-one-forgotten = {(signed - sign) * 2.0**power}: The stored digits stand behind the
      point. Before it there is a 1 that is not stored.
    bias-one-too-large = {answer / 2}: That is half of it: you took off {form.bias + 1}. The bias of
      k exponent bits is 2^(k-1) - 1.
    sign-missed = {-answer}: The size is right. Look at the first bit again.

    hint: Take the three fields one by one: sign, exponent, significand.
    hint: The bias is 2^({form.exponent_bits}-1) - 1 = {form.bias}, and a 1 goes before the point.
    hint: The exponent is {stored} - {form.bias} = {power}, the significand 1.{digits} in base 2,
      which is {significand}.
    worked: Sign {"1: negative" if sign < 0 else "0: positive"}. Exponent {stored} - {form.bias} =
      {power}. Significand 1.{digits} in base 2 = {significand}. So {signed} * 2^{power} =
      **{answer:.10g}**.""")


@question("encode-float")
def encode_float(rng: Random) -> Bits:
    form = rng.choice([E4M3, FP16, BF16])
    power = rng.choice([-4, -3, -2, 1, 2, 3, 4, 5])
    digits = rng.choice(["01", "101", "011", "001", "010"])
    sign = rng.choice([0, 1])
    k, m, stored = form.exponent_bits, form.significand_bits, power + form.bias
    significand = 1 + int(digits, 2) / 2 ** len(digits)
    size = f"{significand * 2.0**power:.10g}"

    def pattern(exponent: int, digits: str = digits, sign: int = sign) -> str:
        return f"{sign}{exponent % 2**k:0{k}b}{digits[:m]:0<{m}}"

    answer = pattern(stored)
    return bits(answer, form.widths).asks(f"""
    Write **{"-" if sign else ""}{size}** in {form.name} ({k} exponent and {m} significand bits).

    bias-forgotten = {pattern(power)}: The exponent is stored with the bias added: {power} +
      {form.bias}.
    leading-one-stored = {pattern(stored, f"1{digits}")}: The 1 before the point is not stored. The
      significand begins behind the point.
    bias-one-too-large = {pattern(stored + 1)}: You added {form.bias + 1}. The bias of k exponent
      bits is 2^(k-1) - 1.
    sign-flipped = {pattern(stored, sign=1 - sign)}: All but the sign is right. 1 stands for
      negative.

    hint: Halve or double {size} until it lies between 1 and 2, and count.
    hint: Add the bias, {form.bias}, to that count; store only what is behind the point.
    hint: {size} = {significand} * 2^{power}.
    worked: {size} = {significand} * 2^{power}. The exponent is {power} + {form.bias} = {stored},
      and {significand} is 1.{digits} in base 2: `{" ".join(form.split(int(answer, 2)))}`, or in one
      piece `{answer}`.""")


@question("spacing")
def spacing(rng: Random) -> Numeric:
    form = rng.choice([FP32, FP16, BF16, E4M3])
    power = rng.randrange(3, 8 if form is E4M3 else 14)
    number = rng.randrange(2**power + 1, 2 ** (power + 1))
    m, answer = form.significand_bits, form.spacing(number)
    return numeric(answer).asks(f"""
    How far apart are neighbouring numbers of {form.name} ({m} significand bits) around {number:,}?

    spacing-at-one = {2.0**-m}: That is the spacing between 1 and 2. It doubles with every power of
      two.
    next-power = {answer * 2}: You took the power of two above {number:,}. The one below it decides.
    leading-one-counted = {answer / 2}: You counted one digit too many behind the point: there are
      {m}, and the 1 before it makes no steps.
    same-as-the-power = {2.0**power}: That is the whole stretch from one power of two to the next.
      It is cut into 2^{m} steps.

    hint: Between which two powers of two does {number:,} lie?
    hint: From 2^e to 2^(e+1) there are 2^{m} equal steps.
    hint: 2^{power} = {2**power:,} is the power of two below.
    worked: {number:,} lies between 2^{power} and 2^{power + 1}. That stretch of 2^{power} is cut
      into 2^{m} steps: 2^({power}-{m}) = **{answer:.6g}**.""")


@question("rounding")
def rounding(rng: Random) -> Numeric:
    return stored_in(rng.choice([BF16, FP16]), rng)


@redrawn
def stored_in(form: Float, rng: Random) -> Numeric:
    """The question of one format, with a number that is drawn."""
    m = form.significand_bits
    power = m + rng.choice([3, 4])
    number = rng.randrange(2**power, 2 ** (power + 1))
    step, answer = int(form.spacing(number)), int(form.nearest(number))
    below = number // step * step
    above = below + step
    why = f"The nearer one is {answer:,}"
    if number - below == above - number:
        why = f"It is halfway, and {answer:,} = {answer // step} * {step} is the even one"
    return numeric(answer, tolerance=0).asks(f"""
    {number:,} is stored in {form.name} ({m} significand bits). Which number is read back?

    unchanged = {number}: That would need more digits: around here, {form.name} has only every
      {step}th integer.
    wrong-neighbour = {below + above - answer}: That is a neighbour, but not the one it goes to: to
      the nearer, and at halfway to the one whose last bit is 0.
    one-digit-too-many = {round(number / step * 2) * step // 2}: That would take {m + 1} digits
      behind the point. {form.name} has {m}.

    hint: How far apart are the neighbours here?
    hint: From 2^{power} on they are 2^({power}-{m}) = {step} apart.
    hint: The neighbours are {below:,} and {above:,}.
    worked: From 2^{power} = {2**power:,} on, neighbours are {step} apart: {below:,} and {above:,}.
      {why}: **{answer:,}**.""")


@question("greatest")
def greatest(rng: Random) -> Numeric:
    k, m = rng.choice([3, 4, 5]), rng.choice([2, 3, 4, 5])
    form = Float("", k, m)
    bias, answer, last = form.bias, form.greatest, 2**k - 2
    return numeric(answer, tolerance=0.001).asks(f"""
    A format has 1 sign bit, {k} exponent bits and {m} significand bits, and IEEE 754's rules. What
    is its greatest finite number?

    all-ones-exponent = {answer * 2}: You used the exponent of all ones, {last + 1}. It is kept for
      infinity and NaN.
    first-beyond = {2.0 ** (bias + 1)}: That is the first power of two that the format does not
      have. The greatest is one step below.
    significand-zero = {2.0**bias}: The exponent is right. Now set every bit of the significand,
      too.

    hint: Which exponent is the last that is not kept for infinity and NaN?
    hint: Take that exponent and a significand of all ones.
    hint: The exponent is {last} - {bias} = {bias}; all ones are 2 - 2^-{m} = {2 - 2**-m}.
    worked: The last exponent is {last}, and {last} - {bias} = {bias}. With all {m} significand bits
      set: (2 - 2^-{m}) * 2^{bias} = {2 - 2**-m} * {2**bias:,} = **{answer:,g}**.""")


@question("least-subnormal")
def least_subnormal(rng: Random) -> Numeric:
    k, m = rng.choice([3, 4, 5, 6]), rng.choice([3, 4, 5, 7, 10])
    form = Float("", k, m)
    bias, answer = form.bias, form.least_subnormal
    return numeric(answer).asks(f"""
    A format has 1 sign bit, {k} exponent bits (bias {bias}) and {m} significand bits. What is the
    least number above 0 that it has?

    least-normal = {form.least_normal}: That is the least normal number. With an exponent of all
      zeros there are smaller ones.
    exponent-zero = {answer / 2}: Subnormals have the exponent 1 - bias, as if a 1 were stored; not
      0 - bias.
    spacing-at-one = {form.epsilon}: That is the step above 1. Near 0 the exponent is as small as it
      gets.

    hint: Which bits are set in the pattern that comes just after 0?
    hint: Its exponent is all zeros: 0.significand * 2^(1 - bias).
    hint: The last of {m} significand bits is worth 2^-{m}; the exponent is 1 - {bias} = {1 - bias}.
    worked: Only the last bit is set: 2^-{m} * 2^(1 - {bias}) = 2^{1 - bias - m} =
      **{answer:.6g}**.""")


@question("best-format")
def best_format(rng: Random) -> Choice:
    power = rng.choice([-12, -10, -9, -3, -2, -1, 1, 2, 3, 5, 7, 9])
    number = float(f"{rng.randrange(1030, 9970)}e{power - 3}")
    in_fp16, in_bf16, *others = (
        abs(form.nearest(number) / number - 1) for form in (FP16, BF16, E4M3, E5M2)
    )
    least, second, *_ = sorted([in_fp16, in_bf16, *others])
    keep_if(least < second)  # FP16 and BF16 can agree
    written = f"{number:,.0f}" if 4 < power < 8 else f"{number:.4g}"
    if in_fp16 == least:
        best, lies = "FP16", "within"
        fp16 = f"""right: FP16 -> Yes: it is in range, and FP16 has the most digits of the four. It
      is off by {in_fp16:.1g} of the number."""
        bf16 = """range-not-needed: BF16 -> BF16 has range to spare here, and pays for it with three
      digits in base 2."""
    else:
        best, lies = "BF16", "out of"
        out = "small for it: it becomes 0" if power < 0 else "large for it: its greatest is 65,504"
        fp16 = f"out-of-fp16s-range: FP16 -> It has more digits, but this is too {out}."
        bf16 = f"""right: BF16 -> Yes: of the four, only BF16 has a range that reaches there. It is
      off by {in_bf16:.1g} of the number."""
    return choice().asks(f"""
    The number {written} is to be stored. Which of these formats comes closest to it?

    {fp16}
    {bf16}
    fewer-bits-e4m3: FP8 E4M3
      -> It has 3 significand bits and a range of about 0.002 to 448.
    fewer-bits-e5m2: FP8 E5M2
      -> It has nearly FP16's range, but only 2 significand bits.

    hint: Range first: which formats reach this number at all?
    hint: Among those that do, the one with the most significand bits is closest.
    hint: FP16 goes from about 6e-8 to 65,504, with 10 significand bits.
    worked: FP16 reaches from about 6e-8 to 65,504 and has 10 significand bits; BF16 reaches as far
      as FP32 and has 7. {written} is {lies} FP16's range, so **{best}** it is.""")
