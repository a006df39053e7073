"""Questions on floating point: fields, spacing, rounding, and both ends of the range."""

from random import Random

from engine.numerics.formats import BF16, E4M3, E5M2, FP16, FP32, Float
from lessons.kit.question import Bits, Choice, Numeric, Option, Slip, question


@question("decode-float")
def decode_float(rng: Random) -> Numeric:
    form = rng.choice([E4M3, E5M2, FP16])
    power = rng.choice([-3, -2, -1, 1, 2, 3, 4])
    digits = rng.choice(["1", "01", "11"] if form is E5M2 else ["01", "11", "101", "011", "111"])
    negative = rng.random() < 0.5
    fraction = int(digits, 2) / 2 ** len(digits)
    sign = -1 if negative else 1
    answer = sign * (1 + fraction) * 2.0**power
    bits = " ".join(form.split(form.encode(answer)))
    stored = power + form.bias
    return Numeric(
        ask=f"{form.name} has {form.exponent_bits} exponent and {form.significand_bits} "
        f"significand bits. Which number is `{bits}`?",
        answer=answer,
        slips=[
            Slip(
                "bias-forgotten",
                sign * (1 + fraction) * 2.0**stored,
                f"You took the exponent as it is stored, {stored}. The bias has to come off.",
            ),
            Slip(
                "leading-one-forgotten",
                sign * fraction * 2.0**power,
                "The stored digits stand behind the point. Before it there is a 1 that is not "
                "stored.",
            ),
            Slip(
                "bias-one-too-large",
                answer / 2,
                f"That is half of it: you took off {form.bias + 1}. The bias of k exponent bits "
                "is 2^(k-1) - 1.",
            ),
            Slip("sign-missed", -answer, "The size is right. Look at the first bit again."),
        ],
        hints=[
            "Take the three fields one by one: sign, exponent, significand.",
            f"The bias is 2^({form.exponent_bits}-1) - 1 = {form.bias}, and a 1 goes before the "
            "point.",
            f"The exponent is {stored} - {form.bias} = {power}, the significand 1.{digits} in "
            f"base 2, which is {1 + fraction}.",
        ],
        worked=f"Sign {int(negative)}: {'negative' if negative else 'positive'}. Exponent "
        f"{stored} - {form.bias} = {power}. Significand 1.{digits} in base 2 = {1 + fraction}. So "
        f"{'-' if negative else ''}{1 + fraction} * 2^{power} = **{_short(answer)}**.",
    )


@question("encode-float")
def encode_float(rng: Random) -> Bits:
    form = rng.choice([E4M3, FP16, BF16])
    power = rng.choice([-4, -3, -2, 1, 2, 3, 4, 5])
    digits = rng.choice(["01", "101", "011", "001", "010"])
    number = (1 + int(digits, 2) / 2 ** len(digits)) * 2.0**power
    sign = rng.choice(["0", "1"])
    shown = ("-" if sign == "1" else "") + _short(number)
    k, m = form.exponent_bits, form.significand_bits
    stored = power + form.bias
    significand = digits.ljust(m, "0")

    def pattern(exponent: int, significand: str = significand, sign: str = sign) -> str:
        return sign + f"{exponent % 2**k:0{k}b}" + significand

    parts = " ".join(form.split(int(pattern(stored), 2)))
    plain, scaled = _short(number), _short(number / 2.0**power)
    return Bits(
        ask=f"Write **{shown}** in {form.name} ({k} exponent and {m} significand bits).",
        answer=pattern(stored),
        fields=list(form.widths),
        slips=[
            Slip(
                "bias-forgotten",
                pattern(power),
                f"The exponent is stored with the bias added: {power} + {form.bias}.",
            ),
            Slip(
                "leading-one-stored",
                pattern(stored, ("1" + significand)[:m]),
                "The 1 before the point is not stored. The significand begins behind the point.",
            ),
            Slip(
                "bias-one-too-large",
                pattern(stored + 1),
                f"You added {form.bias + 1}. The bias of k exponent bits is 2^(k-1) - 1.",
            ),
            Slip(
                "sign-flipped",
                pattern(stored, sign="1" if sign == "0" else "0"),
                "All but the sign is right. 1 stands for negative.",
            ),
        ],
        hints=[
            f"Halve or double {plain} until it lies between 1 and 2, and count.",
            f"Add the bias, {form.bias}, to that count; store only what is behind the point.",
            f"{plain} = {scaled} * 2^{power}.",
        ],
        worked=f"{plain} = {scaled} * 2^{power}. The exponent is {power} + "
        f"{form.bias} = {stored}, and {scaled} is 1.{digits} in base 2: "
        f"`{parts}`, or in one piece `{pattern(stored)}`.",
    )


@question("spacing")
def spacing(rng: Random) -> Numeric:
    form = rng.choice([FP32, FP16, BF16, E4M3])
    power = rng.randrange(3, 8 if form is E4M3 else 14)
    number = rng.randrange(2**power + 1, 2 ** (power + 1))
    m = form.significand_bits
    answer = form.spacing(number)
    return Numeric(
        ask=f"How far apart are neighbouring numbers of {form.name} ({m} significand bits) "
        f"around {number:,}?",
        answer=answer,
        slips=[
            Slip(
                "spacing-at-one",
                2.0**-m,
                "That is the spacing between 1 and 2. It doubles with every power of two.",
            ),
            Slip(
                "next-power",
                answer * 2,
                f"You took the power of two above {number:,}. The one below it decides.",
            ),
            Slip(
                "leading-one-counted",
                answer / 2,
                f"You counted one digit too many behind the point: there are {m}, and the 1 "
                "before it makes no steps.",
            ),
            Slip(
                "same-as-the-power",
                2.0**power,
                f"That is the whole stretch from one power of two to the next. It is cut into "
                f"2^{m} steps.",
            ),
        ],
        hints=[
            f"Between which two powers of two does {number:,} lie?",
            f"From 2^e to 2^(e+1) there are 2^{m} equal steps.",
            f"2^{power} = {2**power:,} is the power of two below.",
        ],
        worked=f"{number:,} lies between 2^{power} and 2^{power + 1}. That stretch of 2^{power} "
        f"is cut into 2^{m} steps: 2^({power}-{m}) = **{answer:.6g}**.",
    )


@question("rounding")
def rounding(rng: Random) -> Numeric:
    form = rng.choice([BF16, FP16])
    m = form.significand_bits
    while True:
        power = m + rng.choice([3, 4])
        number = rng.randrange(2**power, 2 ** (power + 1))
        step = int(form.spacing(number))
        below, above = number // step * step, number // step * step + step
        answer = int(form.nearest(number))
        other = above if answer == below else below
        finer = round(number / step * 2) * step // 2
        if len({answer, other, finer, number}) == 4:
            break
    slips = [
        Slip(
            "unchanged",
            number,
            f"That would need more digits: around here, {form.name} has only every "
            f"{step}th integer.",
        ),
        Slip(
            "wrong-neighbour",
            other,
            "That is a neighbour, but not the one it goes to: to the nearer, and at halfway to "
            "the one whose last bit is 0.",
        ),
        Slip(
            "one-digit-too-many",
            finer,
            f"That would take {m + 1} digits behind the point. {form.name} has {m}.",
        ),
    ]
    halfway = number - below == above - number
    return Numeric(
        ask=f"{number:,} is stored in {form.name} ({m} significand bits). Which number is read "
        "back?",
        answer=answer,
        tolerance=0,
        slips=slips,
        hints=[
            "How far apart are the neighbours here?",
            f"From 2^{power} on they are 2^({power}-{m}) = {step} apart.",
            f"The neighbours are {below:,} and {above:,}.",
        ],
        worked=f"From 2^{power} = {2**power:,} on, neighbours are {step} apart: {below:,} and "
        f"{above:,}. "
        + (
            f"It is halfway, and {answer:,} = {answer // step} * {step} is the even one"
            if halfway
            else f"The nearer one is {answer:,}"
        )
        + f": **{answer:,}**.",
    )


@question("greatest")
def greatest(rng: Random) -> Numeric:
    k, m = rng.choice([3, 4, 5]), rng.choice([2, 3, 4, 5])
    form = Float("", k, m)
    bias, top = form.bias, 2**k - 1
    return Numeric(
        ask=f"A format has 1 sign bit, {k} exponent bits and {m} significand bits, and IEEE "
        "754's rules. What is its greatest finite number?",
        answer=form.greatest,
        tolerance=0.001,
        slips=[
            Slip(
                "all-ones-exponent",
                form.greatest * 2,
                f"You used the exponent of all ones, {top}. It is kept for infinity and NaN.",
            ),
            Slip(
                "first-beyond",
                2.0 ** (bias + 1),
                "That is the first power of two that the format does not have. The greatest is "
                "one step below.",
            ),
            Slip(
                "significand-zero",
                2.0**bias,
                "The exponent is right. Now set every bit of the significand, too.",
            ),
        ],
        hints=[
            "Which exponent is the last that is not kept for infinity and NaN?",
            "Take that exponent and a significand of all ones.",
            f"The exponent is {top - 1} - {bias} = {bias}; all ones are 2 - 2^-{m} = {2 - 2**-m}.",
        ],
        worked=f"The last exponent is {top - 1}, and {top - 1} - {bias} = {bias}. With all {m} "
        f"significand bits set: (2 - 2^-{m}) * 2^{bias} = {2 - 2**-m} * {2**bias:,} = "
        f"**{form.greatest:,g}**.",
    )


@question("least-subnormal")
def least_subnormal(rng: Random) -> Numeric:
    k, m = rng.choice([3, 4, 5, 6]), rng.choice([3, 4, 5, 7, 10])
    form = Float("", k, m)
    bias, answer = form.bias, form.least_subnormal
    return Numeric(
        ask=f"A format has 1 sign bit, {k} exponent bits (bias {bias}) and {m} significand bits. "
        "What is the least number above 0 that it has?",
        answer=answer,
        slips=[
            Slip(
                "least-normal",
                form.least_normal,
                "That is the least normal number. With an exponent of all zeros there are "
                "smaller ones.",
            ),
            Slip(
                "exponent-zero",
                answer / 2,
                "Subnormals have the exponent 1 - bias, as if a 1 were stored; not 0 - bias.",
            ),
            Slip(
                "spacing-at-one",
                form.epsilon,
                "That is the step above 1. Near 0 the exponent is as small as it gets.",
            ),
        ],
        hints=[
            "Which bits are set in the pattern that comes just after 0?",
            "Its exponent is all zeros: 0.significand * 2^(1 - bias).",
            f"The last of {m} significand bits is worth 2^-{m}; the exponent is 1 - {bias} = "
            f"{1 - bias}.",
        ],
        worked=f"Only the last bit is set: 2^-{m} * 2^(1 - {bias}) = 2^{1 - bias - m} = "
        f"**{answer:.6g}**.",
    )


@question("best-format")
def best_format(rng: Random) -> Choice:
    while True:
        power = rng.choice([-12, -10, -9, -3, -2, -1, 1, 2, 3, 5, 7, 9])
        number = float(f"{rng.randrange(1030, 9970)}e{power - 3}")
        error = {f.name: abs(f.nearest(number) / number - 1) for f in (FP16, BF16, E4M3, E5M2)}
        least, second, *_ = sorted(error.values())
        if least < second:  # FP16 and BF16 can agree
            break
    written = f"{number:,.0f}" if 4 < power < 8 else f"{number:.4g}"
    out = "too large" if power > 0 else "too small"
    in_fp16 = error["FP16"] == least
    if in_fp16:
        fp16 = Option(
            "FP16",
            f"Yes: it is in range, and FP16 has the most digits of the four. It is off by "
            f"{error['FP16']:.1g} of the number.",
            right=True,
        )
        bf16 = Option(
            "BF16",
            "BF16 has range to spare here, and pays for it with three digits in base 2.",
            slip="range-not-needed",
        )
    else:
        fp16 = Option(
            "FP16",
            f"It has more digits, but this is {out} for it: "
            + ("its greatest is 65,504." if power > 0 else "it becomes 0."),
            slip="out-of-fp16s-range",
        )
        bf16 = Option(
            "BF16",
            f"Yes: of the four, only BF16 has a range that reaches there. It is off by "
            f"{error['BF16']:.1g} of the number.",
            right=True,
        )
    right = fp16 if in_fp16 else bf16
    return Choice(
        ask=f"The number {written} is to be stored. Which of these formats comes closest to it?",
        options=[
            fp16,
            bf16,
            Option(
                "FP8 E4M3",
                "It has 3 significand bits and a range of about 0.002 to 448.",
                slip="fewer-bits-e4m3",
            ),
            Option(
                "FP8 E5M2",
                "It has nearly FP16's range, but only 2 significand bits.",
                slip="fewer-bits-e5m2",
            ),
        ],
        hints=[
            "Range first: which formats reach this number at all?",
            "Among those that do, the one with the most significand bits is closest.",
            "FP16 goes from about 6e-8 to 65,504, with 10 significand bits.",
        ],
        worked=f"FP16 reaches from about 6e-8 to 65,504 and has 10 significand bits; BF16 reaches "
        f"as far as FP32 and has 7. {written} is {'within' if in_fp16 else 'out of'} FP16's "
        f"range, so **{right.text}** it is.",
    )


def _short(number: float) -> str:
    return f"{number:.10g}"
