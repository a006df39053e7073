"""`tutor pipeline`: the whole chain, followed to its score card."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.following import exit_code, follow_to_end
from tutor.commands.options import (
    INTERRUPTED,
    STOPPED,
    home_option,
    json_option,
    print_json,
    say,
    with_client,
)

if TYPE_CHECKING:
    from engine.runs.client import Client


@click.command(
    epilog="Example: tutor pipeline --preset quick --json > card.json",
)
@click.option("--preset", default="quick", show_default=True, help="How much: quick or full.")
@click.option("--student", default="acorn", show_default=True, help="A built-in, folder or hub id.")
@click.option("--teacher", default="oak", show_default=True, help="A built-in, folder or hub id.")
@click.option(
    "--settings",
    default="tuned",
    show_default=True,
    help="Fine-tuning: tuned, or untouched as the tutorial hands it out.",
)
@click.option(
    "--threshold",
    type=float,
    default=0.5,
    show_default=True,
    help="The least share of the student's votes that keeps its answer.",
)
@click.option("--precision", default="nf4-dq", show_default=True, help="Of every model's weights.")
@click.option(
    "--device", help="auto, cpu, cuda, cuda:0 or mps. Default: as config.toml says, else auto."
)
@click.option("--detach", is_flag=True, help="Queue the runs, print their numbers, and return.")
@json_option
@home_option
@click.pass_context
@with_client
def pipeline(
    client: Client,
    ctx: click.Context,
    preset: str,
    student: str,
    teacher: str,
    settings: str,
    threshold: float,
    precision: str,
    device: str | None,
    detach: bool,
    as_json: bool,
) -> None:
    """Run the whole chain and print its score card.

    Baseline, teacher's answers, fine-tuning, the student's new score, the teacher's own, K samples
    of every problem, and the cascade. Progress goes to standard error. Ctrl-C leaves the runs
    going on.
    """
    from engine.cascades import prices
    from engine.runs.card import card
    from engine.runs.pipeline import build, submit
    from tutor import config

    stages = build(
        preset,
        student=student,
        teacher=teacher,
        settings=settings,
        threshold=threshold,
        precision=precision,
        device=device or config.read().device,
        prices=prices.read(client.home.path).of(teacher),
    )
    prices.write_defaults(client.home.path)
    ids = submit(client, stages)
    if detach:
        say(
            f"Queued as runs {_range(ids)}. The score card, when it is done: tutor show "
            f"{ids['cascade']}"
        )
        if as_json:
            print_json({"runs": ids})
        return
    code = _follow(client, ids)
    if code == INTERRUPTED:
        ctx.exit(code)
    scores = card(client, ids)
    if as_json:
        print_json(scores.as_dict())
    else:
        from tutor.report.card import card_text

        click.echo(card_text(scores))
    ctx.exit(code)


def _follow(client: Client, ids: dict[str, int]) -> int:
    """Follow every stage to its end; the exit code of the first that did not finish, else 0."""
    code, numbers = 0, list(ids.values())
    for at, number in enumerate(numbers, 1):
        try:
            run = follow_to_end(client, number, stage=f"{at}/{len(numbers)}")
        except KeyboardInterrupt:
            say(f"The runs go on without you. To follow them again: tutor follow {numbers[-1]}")
            say(f"To end them: tutor cancel {' '.join(map(str, numbers[at - 1 :]))}")
            return INTERRUPTED
        code = code or exit_code(run)
        if exit_code(run) == STOPPED:
            return STOPPED  # what waits for it would wait for ever
    return code


def _range(ids: dict[str, int]) -> str:
    numbers = list(ids.values())
    return f"{numbers[0]} to {numbers[-1]}"
