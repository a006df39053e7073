"""The settings of a run as they are typed, on a command line or in a field.

They are the fields of the kind's spec, so their names, their defaults and their words are the
engine's own.
"""

from __future__ import annotations

import shlex
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import click

from engine.errors import EngineError

if TYPE_CHECKING:
    from dataclasses import Field

    from engine.kinds.specs import Spec
    from engine.kinds.told import Told
    from engine.runs.home import Home

DATA = {
    "source": "word_problems, the built-in generator; or gsm8k, from the hub or from --data.",
    "data": "Folder with GSM8K's train.jsonl and test.jsonl; means --source gsm8k.",
    "split": "train, validation or test.",
    "level": "1 (short) to 5 (long); GSM8K has no levels.",
    "limit": "How many problems; 0 takes all of a split of GSM8K.",
    "data-seed": "Another seed, other problems of the same split.",
}
PRICES = {
    "input": "Dollars per million tokens read. Default: prices.toml in the home folder.",
    "output": "Dollars per million tokens written. Default: the same.",
}


def options(kind: str) -> list[click.Option]:
    """A kind's settings, each as an option."""
    from engine.kinds import KINDS

    spec = KINDS[kind].spec
    return [option for each in fields(spec) for option in _options(each, spec.told[each.name])]


def _options(field: Field, told: Told) -> list[click.Option]:
    from engine.kinds.rules import Code, PricesOf, Problems

    if isinstance(told.rule, Problems):
        default = field.default_factory()
        names = {name: name.removeprefix("data-") for name in DATA} | {"data": "path"}
        return [
            _option(f"--{name}", f"{field.name}__{key}", getattr(default, key), DATA[name])
            for name, key in names.items()
        ]
    if isinstance(told.rule, Code):  # the text of a file, which the tutorial's tasks bring along
        return []
    if isinstance(told.rule, PricesOf):
        return [
            click.Option([f"--price-{side}", f"{field.name}__{side}"], type=float, help=words)
            for side, words in PRICES.items()
        ]
    flag = f"--{field.name.replace('_', '-')}"
    if field.default is MISSING:
        return [click.Option([flag, field.name], type=told.type, required=True, help=told.about)]
    return [_option(flag, field.name, field.default, told.about, told.type)]


def _option(
    flag: str, name: str, default: Any, words: str, typed: type | None = None
) -> click.Option:
    """An option of the field's type, else of its default's; a list is typed with commas."""
    if isinstance(default, tuple):
        typed, default = str, ",".join(default)
    return click.Option(
        [flag, name],
        type=typed or type(default),
        default=default,
        show_default=default not in (None, ""),
        help=words,
    )


def gsm8k_if_folder(data: dict[str, Any]) -> dict[str, Any]:
    """A folder means GSM8K, unless another source was asked for in so many words."""
    asked = click.get_current_context().get_parameter_source("data__source")
    named = asked is click.core.ParameterSource.COMMANDLINE
    return data if named or not data["path"] else {**data, "source": "gsm8k"}


def typed(home: Home, words: str) -> Spec:
    """The spec of a run that is typed as on the command line: `evaluate --model acorn`.

    Raises:
        EngineError: It cannot be read, or a setting cannot be.
    """
    from engine.kinds.kind import typed as typable

    try:
        kind, *args = shlex.split(words) or [""]
    except ValueError as error:
        raise EngineError(f"That cannot be read: {str(error).lower()}.") from error
    if kind not in (known := typable()):
        raise EngineError(f"{kind!r} is no kind of run.", f"There are {', '.join(known)}.")
    try:  # without --help, which prints
        with _parser(kind).make_context(kind, args, help_option_names=[]) as ctx:
            spec = spec_of(home, kind, ctx.params)
    except click.ClickException as error:
        raise EngineError(error.format_message()) from error
    spec.check()
    return spec


def settings(kind: str) -> list[tuple[str, str, str]]:
    """Each setting of a kind as it is typed, its default, and what it is for."""
    return [(each.opts[0], _shown(each), each.help or "") for each in options(kind)]


def _parser(kind: str) -> click.Command:
    return click.Command(kind, params=options(kind), add_help_option=False)


def _shown(option: click.Option) -> str:
    if option.required:
        return "needed"
    return str(option.default) if option.show_default else ""


def spec_of(home: Home, kind: str, values: dict[str, Any]) -> Spec:
    """The spec that these options make."""
    from engine.cascades import prices
    from engine.kinds import KINDS, read
    from engine.kinds.rules import Layers, PricesOf, Problems

    nested: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition("__")
        if inner:
            nested.setdefault(outer, {})[inner] = value
        else:
            nested[name] = value
    for name, told in KINDS[kind].spec.told.items():
        match told.rule:
            case Layers():
                nested[name] = tuple(nested[name].split(","))
            case PricesOf(model=model):
                table = prices.read(home.path).of(nested[model])
                given = {side: price for side, price in nested[name].items() if price is not None}
                nested[name] = {"input": table.input, "output": table.output, **given}
                prices.write_defaults(home.path)
            case Problems():
                nested[name] = gsm8k_if_folder(nested[name])
    return read(kind, nested)
