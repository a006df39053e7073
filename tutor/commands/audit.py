"""`tutor audit RUN`: every answer of a run as three judges see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.evaluation.audit import ONLY
from tutor.commands.options import home_option, json_option, print_json, tell, with_client
from tutor.course.names import NotThere

if TYPE_CHECKING:
    from engine.runs.client import Client


@click.command(
    epilog="Example: tutor audit 3 --differ", short_help="Show how a run's answers were judged."
)
@click.argument("number", metavar="RUN", type=int)
@click.option("--differ", is_flag=True, help="Only answers on which the judges differ.")
@click.option(
    "--only", type=click.Choice(list(ONLY)), help="Only wrong ones, right ones, and so on."
)
@click.option("--problem", metavar="ID", help="The answers to one problem, in full.")
@json_option
@home_option
@with_client
def audit(
    client: Client, number: int, differ: bool, only: str | None, problem: str | None, as_json: bool
) -> None:
    """Show every answer of a run: what each judge read, by which rule, and what it says.

    robust are the tutor's own rules; strict and flexible are lm-evaluation-harness's. A cascade's
    answers are its final ones.
    """
    from engine.chain.answers import judged
    from engine.evaluation.audit import counts
    from tutor.report import audit as report

    if differ and only not in (None, "differ"):
        raise click.UsageError(f"--differ and --only {only!r} exclude one another.")
    only = "differ" if differ else only or "all"
    run = client.run(number)
    rows = judged(client, run)
    shown = [row for row in rows if ONLY[only](row)]
    if problem is not None:
        shown = [row for row in shown if row["problem_id"] == problem]
        if not shown:
            what = f"Run {number} has no such answer to a problem {problem!r}."
            raise NotThere(what, f"`tutor audit {number}` lists its problems.")
    if as_json:
        found = [report.as_json(row) for row in shown]
        print_json({"run": number, "only": only, "counts": counts(rows), "answers": found})
    elif problem is not None:
        tell("\n\n".join(map(report.answer_text, shown)))
    else:
        tell(report.audit_text(run, rows, only))
