"""Labs on outliers: what one large channel costs, and oak under each 8-bit scheme."""

from functools import cache
from typing import Annotated

from engine.figures import BarChart, Figure, Line, LineChart, Reference, Series, Several, Table
from lessons.kit.lab import Choice, Progress, Slider, lab

TOKENS, CHANNELS, LARGE = 32, 64, 5
"""Shape of the made-up activations, and the channel that is made large."""
WIDE = 256
"""Channels of the product that is cut into groups."""
GROUPS = (256, 128, 64, 32, 16)
FEATURES = (28, 74, 134, 202, 233, 251)
"""Channels of oak that are made large: those whose activations lean most to one side."""
LEVEL = 5
"""Hard problems, or oak would be all but certain of every token."""


@lab("channels", about="Make one channel large and see what is left of all others.")
def channels_lab(
    times: Annotated[float, Slider(1, 100, step=1.25, log=True)] = 20,
    seed: Annotated[int, Slider(0, 20)] = 0,
) -> Figure:
    import torch

    from engine.numerics.affine import absmax, fake_quantize

    x = torch.randn(TOKENS, CHANNELS, generator=torch.Generator().manual_seed(seed))
    others = torch.arange(CHANNELS) != LARGE
    x[:, LARGE] *= x[:, others].abs().max() / x[:, LARGE].abs().max()
    large = x.clone()
    large[:, LARGE] *= times

    def error(x: torch.Tensor, dim: int | None = None) -> float:
        wrong = fake_quantize(x, absmax(x, 8, dim)) - x
        return (wrong[:, others] if wrong.shape[1] == CHANNELS else wrong).square().mean().item()

    before = error(x)
    after = {
        "one scale for all": error(large),
        "one a token": error(large, 0),
        "one a channel": error(large, 1),
        "the large one apart": error(large[:, others]),
    }
    return BarChart(
        labels=tuple(after),
        series=(Series("mean squared error", tuple(after.values())),),
        y="mean squared error of the other channels",
        caption=f"{TOKENS} tokens by {CHANNELS} channels in INT8, by who shares a scale. The "
        f"largest number of channel {LARGE} is {times:g} times the largest of all others.",
        values={"growth": after["one scale for all"] / before, **after},
        words={
            "growth": "with one scale for all, {} times the error before it was made large",
            **dict.fromkeys(after, ""),
        },
        references=(Reference("before, with one scale for all", before),),
    )


@lab("groups", about="Cut the sum over channels into groups, each with scales of its own.")
def groups_lab(
    group: Annotated[int, Choice(*GROUPS)] = 256,
    times: Annotated[float, Slider(1, 100, step=1.25, log=True)] = 20,
) -> Figure:
    import torch

    from engine.numerics.outliers import in_groups

    draw = torch.Generator().manual_seed(0)
    x = torch.randn(TOKENS, WIDE, generator=draw)
    weight = torch.randn(CHANNELS, WIDE, generator=draw) / WIDE**0.5
    x[:, LARGE] *= times
    right = x @ weight.T
    errors = {each: (in_groups(x, weight, each) - right).square().mean().item() for each in GROUPS}
    gain = errors[WIDE] / errors[group]
    table = Table(
        columns=("channels in a group", "integer sums a result", "scales", "mean squared error"),
        rows=tuple(
            (each, WIDE // each, (TOKENS + CHANNELS) * WIDE // each, error)
            for each, error in errors.items()
        ),
        caption=f"{TOKENS} tokens, {WIDE} channels, {CHANNELS} outputs; channel {LARGE} is "
        f"{times:g} times as large as the others. In groups of {group} the error of the product "
        f"is {gain:.3g} times smaller than vector-wise (one group of {WIDE}).",
    )
    chart = LineChart(
        lines=(Line("", tuple(map(float, GROUPS)), tuple(errors.values())),),
        x="channels in a group",
        y="mean squared error of the product",
        caption="The smaller the group, the fewer channels share a scale with the large one.",
        log_x=True,
        log_y=True,
        references=(Reference(f"groups of {group}", group, "x"),),
    )
    values = {"times smaller": gain, **{f"mse {each}": error for each, error in errors.items()}}
    return Several(
        figures=(table, chart),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@lab("schemes", about="Perplexity of oak under each 8-bit scheme, with outliers put in.", long=True)
def schemes_lab(
    factor: Annotated[int, Choice(1, 8, 32, 64, 128, 256)] = 128,
    threshold: Annotated[float, Slider(2, 200, step=1.5, log=True)] = 6,
    problems: Annotated[int, Choice(2, 4, 8, 16)] = 4,
    *,
    progress: Progress,
) -> Figure:
    import copy

    import torch

    from engine.models.int8_layers import in_int8
    from engine.models.outlier_features import put_in
    from engine.models.perplexity import perplexity
    from engine.numerics.outliers import SCHEMES

    oak, ids, labels = _oak(problems)
    changed = copy.deepcopy(oak)
    put_in(changed, FEATURES, factor)
    with torch.no_grad():
        logits, own = changed(input_ids=ids).logits, oak(input_ids=ids).logits
    values = {"logits": (logits - own).abs().max().item(), "float": perplexity(oak, ids, labels)}
    rows = [("32-bit float", values["float"], 100.0)]
    for done, scheme in enumerate(SCHEMES):
        progress(done, len(SCHEMES), scheme.name)
        quantized, census = in_int8(changed, scheme, threshold)
        values[scheme.name] = perplexity(quantized, ids, labels)
        values[f"{scheme.name}, kept"] = 100 * census.share
        rows.append((scheme.name, values[scheme.name], 100 * census.share))
    progress(len(SCHEMES), len(SCHEMES), "done")
    table = Table(
        columns=("scheme", "perplexity", "% of channels in float"),
        rows=tuple(rows),
        caption=f"oak on {int((labels >= 0).sum()):,} tokens of right answers, {len(FEATURES)} "
        f"channels of each norm {factor} times as large. That changed its logits by at most "
        f"{values['logits']:g}.",
    )
    bars = BarChart(
        labels=tuple(scheme.name for scheme in SCHEMES),
        series=(Series("perplexity", tuple(values[scheme.name] for scheme in SCHEMES)),),
        y="perplexity of right answers",
        caption="The lower, the surer oak is of what is right.",
        references=(Reference("in 32-bit float", values["float"]),),
        places={scheme.name: "y" for scheme in SCHEMES},
    )
    return Several(
        figures=(table, bars),
        caption=table.caption,
        values=values,
        words=dict.fromkeys(values, ""),
    )


@cache
def _oak(problems: int):
    from engine.data.word_problems import problem
    from engine.models.loading import load
    from engine.models.perplexity import rows

    oak = load("oak", "fp32", device="cpu")
    asked = [problem("test", LEVEL, 0, index) for index in range(problems)]
    return oak.model, *rows(asked, oak.tokenizer)
