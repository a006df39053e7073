"""The settings of a run as they are typed, on a command line or in a field.

They are the fields of the kind's spec, so their names and defaults are the engine's own; `HELP`
says what each is for, and a test holds the two together.
"""

from __future__ import annotations

import shlex
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import click

from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.kinds.specs import Spec
    from engine.runs.home import Home

KINDS = {
    "evaluate": ("Ask a model every problem once and score it.", "--model acorn --limit 50"),
    "teach": ("Have a teacher answer training questions.", "--teacher oak --limit 500"),
    "sft": ("Fine-tune a student on a teacher's answers.", "--teach 2 --lora-r 16"),
    "sample": ("Ask a model every problem K times.", "--model acorn --adapter 3 --k 5"),
    "cascade": ("Keep sure answers, ask the strong model the rest.", "--sample 5 --threshold 0.8"),
}
"""What each kind does, and the options of its example."""

DATA = {
    "source": "word_problems, the built-in generator; or gsm8k, from the hub or from --data.",
    "data": "Folder with GSM8K's train.jsonl and test.jsonl; means --source gsm8k.",
    "split": "train, validation or test.",
    "level": "1 (short) to 5 (long); GSM8K has no levels.",
    "limit": "How many problems; 0 takes all of a split of GSM8K.",
    "data-seed": "Another seed, other problems of the same split.",
}
PRICES = {
    "price-input": "Dollars per million tokens read. Default: prices.toml in the home folder.",
    "price-output": "Dollars per million tokens written. Default: the same.",
}
HELP = {
    "model": "A built-in, a folder or a hub id.",
    "teacher": "Who answers: a built-in, folder, hub id, gemini:MODEL or openai:MODEL.",
    "precision": "fp32, bf16, fp16, int8, nf4, nf4-dq, fp4 or fp4-dq.",
    "adapter": "Number of the sft run whose adapter is put on the model.",
    "batch_size": "Problems, or training rows, computed together.",
    "max_new_tokens": "Where an answer is cut off.",
    "seed": "Of everything that is drawn.",
    "device": "auto, cpu, cuda, cuda:0 or mps.",
    "in_flight": "Questions asked and not yet answered, at most.",
    "rationale": "full teaches all that the teacher wrote; answer only just the result.",
    "keep": "correct leaves out answers with a wrong result; all keeps them.",
    "teach": "Number of the teach run whose answers are learnt.",
    "student": "The model that learns; `tutor models` lists some.",
    "lora_r": "Rank of the adapter.",
    "lora_alpha": "The adapter's output is scaled by alpha / r.",
    "lora_dropout": "Share of the adapter's inputs that is dropped in training.",
    "target_modules": "Layers that get an adapter, with commas between; all-linear for all.",
    "epochs": "Times through the training rows.",
    "max_steps": "Stop after so many optimizer steps; -1 goes by epochs.",
    "gradient_accumulation": "Batches summed up before a step.",
    "learning_rate": "The highest, after the warm-up.",
    "weight_decay": "How strongly weights are drawn to zero.",
    "scheduler": "How the learning rate falls.",
    "warmup_steps": "Steps until the learning rate is at its highest.",
    "optimizer": "auto is paged_adamw_8bit on CUDA and adamw_torch elsewhere.",
    "max_length": "Tokens of a training row; longer ones are cut.",
    "logging_steps": "Steps between two points of the curve.",
    "eval_steps": "Steps between two validation losses.",
    "validation": "Answers held out for the validation loss.",
    "checkpoint_steps": "Steps between two checkpoints, at most.",
    "checkpoint_seconds": "Seconds between two checkpoints, at most.",
    "k": "Samples of each problem.",
    "temperature": "Of the sampling.",
    "top_p": "Sample from the likeliest tokens that together have this probability.",
    "sample": "Number of the sample run that holds the student's answers.",
    "strong": "Number of an evaluate run of the strong model whose answers are reused.",
    "strong_model": "Who is asked where the student is unsure; also gemini:MODEL, openai:MODEL.",
    "strong_precision": "Of its weights.",
    "threshold": "The least share of votes that keeps the student's answer.",
}
"""What each field of a spec is for."""
ANOTHER_MEANING = {
    ("cascade", "student"): "Number of an evaluate run of the student, for the card.",
    ("evaluate", "model"): "A built-in, folder, hub id, gemini:MODEL or openai:MODEL.",
}


def options(kind: str) -> list[click.Option]:
    """A kind's settings, each as an option."""
    from engine.kinds.specs import SPECS

    return [option for field in fields(SPECS[kind]) for option in _options(kind, field)]


def _options(kind: str, field: Any) -> list[click.Option]:
    if field.name == "data":
        default = field.default_factory()
        names = {name: name.removeprefix("data-") for name in DATA} | {"data": "path"}
        return [
            _option(f"--{name}", f"data__{key}", getattr(default, key), DATA[name])
            for name, key in names.items()
        ]
    if field.name == "own":  # the text of a file, which the tutorial's tasks bring along
        return []
    if field.name == "prices":
        sides = {f"price-{side}": f"prices__{side}" for side in ("input", "output")}
        return [
            click.Option([f"--{name}", key], type=float, help=PRICES[name])
            for name, key in sides.items()
        ]
    words = ANOTHER_MEANING.get((kind, field.name), HELP[field.name])
    flag = f"--{field.name.replace('_', '-')}"
    if field.default is MISSING:
        return [click.Option([flag, field.name], type=int, required=True, help=words)]
    return [_option(flag, field.name, field.default, words, number=field.type == "float")]


def _option(flag: str, name: str, default: Any, words: str, number: bool = False) -> click.Option:
    """An option of the default's own type; a field that names a run has no default but None."""
    if isinstance(default, tuple):
        default = ",".join(default)
    return click.Option(
        [flag, name],
        type=float if number else int if default is None else type(default),
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
    try:
        kind, *args = shlex.split(words) or [""]
    except ValueError as error:
        raise EngineError(f"That cannot be read: {str(error).lower()}.") from error
    if kind not in KINDS:
        raise EngineError(f"{kind!r} is no kind of run.", f"There are {', '.join(KINDS)}.")
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
    from engine.kinds.specs import read

    nested: dict[str, Any] = {}
    for name, value in values.items():
        outer, _, inner = name.partition("__")
        if inner:
            nested.setdefault(outer, {})[inner] = value
        else:
            nested[name] = tuple(value.split(",")) if name == "target_modules" else value
    if kind == "cascade":
        table = prices.read(home.path).of(nested["strong_model"])
        given = {side: price for side, price in nested["prices"].items() if price is not None}
        nested["prices"] = {"input": table.input, "output": table.output, **given}
        prices.write_defaults(home.path)
    if "data" in nested:
        nested["data"] = gsm8k_if_folder(nested["data"])
    return read(kind, nested)
