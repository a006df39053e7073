"""Labs on calibration: acorn's own activations, on its problems and on what is unlike them."""

from functools import cache
from itertools import accumulate
from random import Random
from typing import Annotated

from engine.figures import BarChart, Figure, Line, LineChart, Reference, Series, Several, Table
from lessons.kit.lab import Choice, Progress, Slider, lab

SETS = ("worked", "questions", "chat", "drills")
"""Worked problems, as the test has them; the questions alone; answers of one number; sums."""
METHODS = ("min-max", "99.99%", "99.9%", "least error")
MOST = 16
"""Texts of a set."""
TESTED = 12
"""Worked problems of the test split on which the error is measured."""
LAYERS = 4
PARTS = ("gate", "down")
"""The matrices of a layer whose inputs the first lab looks at; up reads what gate does."""


@lab("ranges", about="Fit a range to what acorn's layers see on some texts; try it on others.")
def ranges_lab(
    calibrated_on: Annotated[str, Choice(*SETS)] = "worked",
    texts: Annotated[int, Slider(1, MOST)] = 16,
    method: Annotated[str, Choice(*METHODS)] = "min-max",
    bits: Annotated[int, Choice(4, 6, 8)] = 8,
    inputs_of: Annotated[str, Choice(*PARTS)] = "down",
    layer: Annotated[int, Slider(0, LAYERS - 1)] = 3,
) -> Figure:
    seen = _seen(calibrated_on, inputs_of)[layer][:texts]
    x = _test(inputs_of, layer)
    fitted = _range(calibrated_on, inputs_of, layer, texts, method, bits)
    cost = _cost(calibrated_on, inputs_of, layer, texts, method, bits)
    worked = _cost("worked", inputs_of, layer, texts, method, bits).total
    own, by_token = _best(inputs_of, layer, bits)
    values = {
        "low": fitted.low,
        "high": fitted.high,
        "clipped": cost.clipped,
        "rounding": cost.rounding,
        "clipping": cost.clipping,
        "mse": cost.total,
        "times dynamic": cost.total / by_token,
        "times worked": cost.total / worked,
    }
    table = Table(
        columns=("range", "from", "to", "clipped", "rounding", "clipping", "MSE"),
        rows=(
            (
                f"{method} of {texts} {calibrated_on}",
                fitted.low,
                fitted.high,
                f"{cost.clipped:.3%}",
                cost.rounding,
                cost.clipping,
                cost.total,
            ),
            (
                "the test's own",
                x.min().item(),
                x.max().item(),
                "none",
                own,
                0.0,
                own,
            ),
            ("each token's own", "", "", "none", by_token, 0.0, by_token),
        ),
        caption=f"On {len(x):,} tokens of {TESTED} test problems, in INT{bits}: "
        f"{values['times dynamic']:.3g} times the MSE of a range for each token.",
    )
    numbers = tuple(float(count) for count in range(1, texts + 1))
    chart = LineChart(
        lines=(
            Line(
                "greatest so far",
                numbers,
                tuple(accumulate((t.max().item() for t in seen), max)),
            ),
            Line(
                "least so far",
                numbers,
                tuple(accumulate((t.min().item() for t in seen), min)),
            ),
        ),
        x="texts seen",
        y="activation",
        caption=f"Inputs of {inputs_of}_proj in layer {layer} as the calibration set grows.",
        references=(
            Reference("the test's own greatest", x.max().item()),
            Reference("the test's own least", x.min().item()),
        ),
        places={"low": "y", "high": "y"},
    )
    told = {"times worked": "{} times the error of a range from as many worked problems"}
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, "") | (told if calibrated_on != "worked" else {}),
    )


@lab("tokens", about="Quantize the inputs of all of acorn's layers; see what it says.", long=True)
def tokens_lab(
    bits: Annotated[int, Choice(4, 6, 8)] = 4,
    calibrated_on: Annotated[str, Choice(*SETS)] = "worked",
    texts: Annotated[int, Slider(1, MOST)] = 16,
    *,
    progress: Progress = lambda done, total, message="": None,
) -> Figure:
    import torch

    from engine.numerics.affine import fake_quantize, zero_point
    from engine.numerics.calibration import inputs_of, static

    model, _ = _acorn()
    layers = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    steps = len(METHODS) + 3
    progress(0, steps, "running acorn on the calibration set")
    with inputs_of(layers) as seen:
        for ids, _ in _encoded(calibrated_on)[:texts]:
            model(ids)
    progress(1, steps, "running acorn as it is")
    plain = _next_tokens()

    def compared(quantized) -> tuple[float, float]:
        hooks = [
            layer.register_forward_pre_hook(
                lambda _, args, at=at: (quantized(at, args[0]), *args[1:])
            )
            for at, layer in enumerate(layers)
        ]
        try:
            now = _next_tokens()
        finally:
            for hook in hooks:
                hook.remove()
        divergence = (plain.exp() * (plain - now)).sum(-1).mean().item()
        return divergence, (plain.argmax(-1) != now.argmax(-1)).double().mean().item()

    progress(2, steps, "a range for each token")
    found = {
        "each token's own": compared(
            lambda _, x: fake_quantize(x[0], zero_point(x[0], bits, dim=0))[None]
        )
    }
    for done, method in enumerate(METHODS, start=3):
        progress(done, steps, method)
        maps = [static(each, _method(method, bits), bits) for each in seen]
        found[method] = compared(lambda at, x, maps=maps: fake_quantize(x, maps[at]))
    progress(steps, steps, "done")
    values = {f"divergence, {name}": each[0] for name, each in found.items()}
    values |= {f"other tokens, {name}": 100 * each[1] for name, each in found.items()}
    bars = BarChart(
        labels=tuple(found),
        series=(Series("other token", tuple(100 * each[1] for each in found.values())),),
        y="% of the tokens at which another one comes first",
        caption="How often acorn would say something else.",
        places={f"other tokens, {name}": "y" for name in found},
    )
    table = Table(
        columns=("range", "divergence", "other token"),
        rows=tuple((name, each[0], f"{each[1]:.1%}") for name, each in found.items()),
        caption=f"Inputs of all {len(layers)} linear layers in INT{bits}, calibrated on {texts} "
        f"{calibrated_on}; {len(plain):,} tokens of {TESTED} test problems. Divergence: "
        "Kullback-Leibler, in nats a token, from acorn as it is.",
    )
    return Several(
        figures=(table, bars),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@cache
def _acorn():
    """The model and its tokenizer, without the seconds that importing transformers takes."""
    from tokenizers import Tokenizer

    from engine.models.plain_forward import read
    from engine.models.registry import BUILTIN

    return read(BUILTIN["acorn"]), Tokenizer.from_file(str(BUILTIN["acorn"] / "tokenizer.json"))


def _written(kind: str) -> list[tuple[str, str]]:
    """Texts of a set: what is given, and what follows it."""
    from engine.data.corpus import CHAT, END, TEXT, drill
    from engine.data.word_problems import problem

    if kind == "drills":
        rng = Random(0)
        return [(row.given, row.learnt) for row in (drill(rng) for _ in range(MOST))]
    count, split = (TESTED, "test") if kind == "test" else (MOST, "train")
    problems = [problem(split, 2, 0, index) for index in range(count)]
    if kind == "questions":
        return [(TEXT.format(question=each.question), "") for each in problems]
    if kind == "chat":
        return [
            (CHAT.format(question=each.question), f"#### {each.gold}{END}") for each in problems
        ]
    return [(TEXT.format(question=each.question), each.answer + END) for each in problems]


@cache
def _encoded(kind: str) -> list:
    """For each text its ids, shape (1, tokens), and how many of them are given."""
    import torch

    _, tokenizer = _acorn()
    found = []
    for given, follows in _written(kind):
        ids, more = (tokenizer.encode(text).ids for text in (given, follows))
        found.append((torch.tensor([ids + more]), len(ids)))
    return found


def _seen(kind: str, part: str) -> list:
    """What went into one matrix of each layer: for each layer and text, (tokens, width)."""
    return _all_seen()[kind, part]


@cache
def _all_seen() -> dict[tuple[str, str], list]:
    """For every set at once: a second when the lab is first used, and none when it changes."""
    from engine.numerics.calibration import inputs_of

    model, _ = _acorn()
    found = {}
    for kind in (*SETS, "test"):
        found |= {(kind, part): [] for part in PARTS}
        modules = [getattr(layer.mlp, f"{part}_proj") for layer in model.layers for part in PARTS]
        with inputs_of(modules) as seen:
            for ids, _ in _encoded(kind):
                model(ids)
        for at, each in enumerate(seen):
            found[kind, PARTS[at % len(PARTS)]].append([x[0] for x in each])
    return found


@cache
def _range(kind: str, part: str, layer: int, texts: int, method: str, bits: int):
    import torch

    return _method(method, bits)(torch.cat([x.flatten() for x in _seen(kind, part)[layer][:texts]]))


@cache
def _cost(kind: str, part: str, layer: int, texts: int, method: str, bits: int):
    """What that range costs on the test."""
    from engine.numerics.calibration import split_error

    fitted = _range(kind, part, layer, texts, method, bits)
    return split_error(_test(part, layer), fitted.affine(bits))


@cache
def _best(part: str, layer: int, bits: int) -> tuple[float, float]:
    """The test's MSE with its own range, and with one for each token."""
    from engine.numerics.affine import fake_quantize, mse, zero_point

    x = _test(part, layer)
    return tuple(mse(x, fake_quantize(x, zero_point(x, bits, dim))) for dim in (None, 0))


@cache
def _test(part: str, layer: int):
    """What goes into one matrix on the test: (tokens, width)."""
    import torch

    return torch.cat(_seen("test", part)[layer])


def _method(name: str, bits: int):
    from engine.numerics.calibration import least_error, min_max, percentile

    if name == "least error":
        return lambda x: least_error(x, bits)
    if name == "min-max":
        return min_max
    return lambda x: percentile(x, float(name.rstrip("%")) / 100)


def _next_tokens():
    """Log probabilities of what follows, in the answers of the test: (tokens, words)."""
    import torch

    model, _ = _acorn()
    return torch.cat(
        [model(ids)[0, given - 1 : -1].log_softmax(-1) for ids, given in _encoded("test")]
    )
