"""`tutor score`: the five tasks with their points, and what the newest chain has measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tutor.commands.options import home_option, json_option, print_json, tell, with_client

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runs.client import Client
    from tutor.tutorial.tasks import Standing, Task


@click.command(epilog="Example: tutor score --json")
@json_option
@home_option
@with_client
def score(client: Client, as_json: bool) -> None:
    """The five tasks: points, and the run that earned them.

    The points of a task are the best that any finished run, or your exercise, has earned.
    """
    from engine.chain.pipeline import chain

    chains = (chain(client, run) for run in client.runs(limit=-1) if run.kind == "cascade")
    ids = next((found for found in chains if found), {})
    if as_json:
        print_json(card_dict(client, ids))
    else:
        tell(card_words(client, ids))


def standing(client: Client) -> Standing:
    """How the learner of this home stands in the five tasks."""
    from engine.chain.earned import earned
    from lessons.kit.course.course import load
    from tutor.learner.record import Learner
    from tutor.tutorial import tasks

    with Learner(client.home) as learner:
        best = earned(client.finished())
        return tasks.standing(load().unit("tutorial"), client.home, learner, best)


def card_dict(client: Client, ids: Mapping[str, int]) -> dict[str, Any]:
    """A chain's card and the tasks, for JSON."""
    from engine.chain.card import card

    tasks, reference = _tasks(client, ids)
    return {
        **card(client, ids).as_dict(),
        "tasks": [task.as_dict() for task in tasks],
        "task_points": sum(task.points for task in tasks),
        "task_points_of": sum(task.of for task in tasks),
        "reference": reference,
    }


def card_words(client: Client, ids: Mapping[str, int]) -> str:
    """A chain's card and the tasks, as text."""
    from engine.chain.card import card
    from tutor.report.card import card_text, tasks_text

    measured = card_text(card(client, ids)) if ids else "No chain was run yet: tutor pipeline."
    return f"{tasks_text(*_tasks(client, ids))}\n\n{measured}"


def _tasks(client: Client, ids: Mapping[str, int]) -> tuple[tuple[Task, ...], bool]:
    """The learner's tasks; of a chain by the reference, what the reference would earn with it."""
    from engine.chain.earned import by_reference
    from lessons.kit.course.course import load
    from tutor.tutorial.tasks import of_reference

    runs = [client.run(number) for number in ids.values()]
    if not by_reference(runs):
        return standing(client).tasks, False
    return of_reference(load().unit("tutorial"), runs), True
