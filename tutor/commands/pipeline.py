"""`tutor pipeline`: the whole chain, followed to its score card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.errors import SpecError
from lessons.kit.course.course import load
from tutor.commands.options import (
    INTERRUPTED,
    STOPPED,
    exit_code,
    home_option,
    json_option,
    print_json,
    say,
    tell,
    with_client,
)
from tutor.commands.score import card_dict, card_words
from tutor.course.names import NotThere
from tutor.report.follow import follow_to_end
from tutor.tutorial import run_words as wording
from tutor.tutorial import size_words
from tutor.tutorial.choice import REFERENCE, YOURS, Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runs.client import Client
    from engine.runs.home import Home
    from lessons.kit.course.course import Stage
    from tutor.learner.record import Learner
    from tutor.tutorial.chosen_chain import ChosenChain


@click.command(
    epilog="Example: tutor pipeline --preset quick --set lora_r=16 --set threshold=0.4",
)
@click.option(
    "--preset",
    default="quick",
    show_default=True,
    help="How much: quick, which is too small to tell one training from another, or full.",
)
@click.option("--task", metavar="TASK", help="One task and what it needs; what is there is used.")
@click.option(
    "--student",
    default="acorn",
    show_default=True,
    help="A built-in, folder or hub id; `tutor models` lists some.",
)
@click.option(
    "--teacher",
    default="oak",
    show_default=True,
    help="A built-in, folder, hub id, gemini:MODEL or openai:MODEL.",
)
@click.option(
    "--set",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help="Change one of your settings (lora_r, learning_rate, k, threshold ...) and keep it.",
)
@click.option(
    "--settings",
    default=YOURS,
    show_default=True,
    help="Whose settings and policy: yours, untouched (as handed out), or reference.",
)
@click.option(
    "--reference",
    is_flag=True,
    help="The reference's code, settings and policy; its points are nobody's.",
)
@click.option(
    "--max-new-tokens",
    type=click.IntRange(min=1),
    help="Where every answer is cut off. Default: 200 for the built-ins, 512 for other models, "
    "1024 for hosted ones.",
)
@click.option("--precision", default="nf4-dq", show_default=True, help="Of every model's weights.")
@click.option(
    "--device", help="auto, cpu, cuda, cuda:0 or mps. Default: as config.toml says, else auto."
)
@click.option(
    "--source",
    "data__source",
    default="word_problems",
    show_default=True,
    help="Problems: word_problems, the built-in generator; or gsm8k, from the hub or --data.",
)
@click.option(
    "--data",
    "data__path",
    default="",
    metavar="PATH",
    help="Folder with GSM8K's train.jsonl and test.jsonl; means --source gsm8k.",
)
@click.option("--again", is_flag=True, help="Compute anew what is there already.")
@click.option("--detach", is_flag=True, help="Queue the runs, print their numbers, and return.")
@json_option
@home_option
@click.pass_context
@with_client
def pipeline(
    client: Client,
    ctx: click.Context,
    preset: str,
    task: str | None,
    student: str,
    teacher: str,
    given: tuple[str, ...],
    settings: str,
    reference: bool,
    max_new_tokens: int | None,
    precision: str,
    device: str | None,
    data__source: str,
    data__path: str,
    again: bool,
    detach: bool,
    as_json: bool,
) -> None:
    """Run the whole chain and print its score card.

    Baseline, teacher's answers, fine-tuning, the student's new score; K samples of validation
    problems, to tune the policy on; then the teacher, K samples and the cascade on test problems.
    Your code of a task is used as soon as its checks pass, until then the reference's. What has
    been run like that, here or on the tutorial's screen, is used as it is.

    Progress goes to standard error. Ctrl-C leaves the runs going on.
    """
    from engine.cascades import prices
    from engine.chain.pipeline import ORDER
    from engine.chain.size import size
    from engine.data.problems import DataSpec
    from tutor import config
    from tutor.learner.record import Learner
    from tutor.tutorial.chain import faults
    from tutor.tutorial.run_options import gsm8k_if_folder

    home = client.home
    whose = REFERENCE if reference else _whose(home, settings, given)
    data = DataSpec(**gsm8k_if_folder({"source": data__source, "path": data__path}))
    choice = Choice(
        preset,
        settings=whose,
        policy=whose,
        code=REFERENCE if reference else YOURS,
        student=student,
        teacher=teacher,
        device=device or config.read().device,
        precision=precision,
        source=data.source,
        path=data.anchored().path,
        max_new_tokens=max_new_tokens,
    )
    for wrong in faults(choice, home.path).values():
        raise wrong
    wanted = ORDER if task is None else _task(task).runs
    with Learner(home) as learner:
        chain = _chain(client, learner, choice)
        ids = chain.start(wanted, again)
    shown = {**{name: run.id for name, run in chain.found().items()}, **ids}
    prices.write_defaults(home.path)
    specs = {name: client.run(number).spec for name, number in shown.items()}
    if small := size_words.in_full(size(specs), "`--preset full` is the full size."):
        say(small)
    left = [run for run in map(client.run, ids.values()) if run.state != "finished"]
    if left:
        told = wording.forecast([run.environment.get("forecast") for run in left])
        say(f"Queued as {wording.runs(run.id for run in left)}: {told}.")
    if used := [number for number in ids.values() if number not in {run.id for run in left}]:
        anew = "" if again else "; --again computes anew"
        say(f"Used as they are: {wording.runs(used)}{anew}.")
    if detach:
        say("The score card, when it is done: tutor score")
        if as_json:
            print_json({"runs": ids})
        return
    code = _follow(client, ids)
    if code == INTERRUPTED:
        ctx.exit(code)
    if as_json:
        print_json(card_dict(client, shown))
    else:
        if task is not None:
            tell(_of_task(client, task, ids))
        tell(card_words(client, shown))
    ctx.exit(code)


def _chain(client: Client, learner: Learner, choice: Choice) -> ChosenChain:
    """The chain that is asked for, forecast for this machine."""
    from engine.machine import machine
    from tutor.tutorial.chosen_chain import Chains

    chains = Chains(client, learner, load().unit("tutorial"))
    chains.machine = machine(client.home.cards)
    return chains.chain(choice)


def _task(name: str) -> Stage:
    """The task of that name."""
    stages = {stage.id: stage for stage in load().unit("tutorial").stages}
    if name not in stages:
        raise NotThere(f"There is no task {name!r}.", f"There are {', '.join(stages)}.")
    return stages[name]


def _of_task(client: Client, task: str, ids: Mapping[str, int]) -> str:
    """What the runs of one task have measured, before the card of the whole chain."""
    from tutor.report.runs import stages_text

    stage = _task(task)
    runs = {name: client.run(ids[name]) for name in stage.runs}
    return f"{stage.name}: what its runs have measured\n\n{stages_text(runs)}\n"


def _whose(home: Home, settings: str, given: tuple[str, ...]) -> str:
    """Whose settings hold, once those of the learner's that are to be changed are kept."""
    from tutor.tutorial import settings as tuning

    if settings != YOURS:
        if given:
            what = f"--set changes your settings, and --settings says {settings}."
            raise SpecError("settings", settings, what, "Leave one of the two out.")
        return settings
    if given:
        pairs = [each.partition("=") for each in given]
        tuning.change(home, {name.strip(): value.strip() for name, _, value in pairs})
        say(f"Your settings are kept in {tuning.path(home)}.")
    kept = tuning.read(home)
    if kept.faults:
        raise SpecError("settings", settings, kept.faults[0], "Mend it, or delete the file.")
    return settings


def _follow(client: Client, ids: dict[str, int]) -> int:
    """Follow every stage to its end; the exit code of the first that did not finish, else 0."""
    code, numbers = 0, list(ids.values())
    for at, number in enumerate(numbers, 1):
        try:
            run = follow_to_end(client, number, say, stage=f"{at}/{len(numbers)}")
        except KeyboardInterrupt:
            say(f"The runs go on without you. To follow them again: tutor follow {numbers[-1]}")
            chain = f"{numbers[-1]} --chain"
            say(f"To pause them: tutor pause {chain}, to end them: tutor cancel {chain}")
            return INTERRUPTED
        code = code or exit_code(run)
        if exit_code(run) == STOPPED:
            return STOPPED  # what waits for it would wait for ever
    return code
