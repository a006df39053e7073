"""`tutor review`: the questions that are due."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tutor.commands.options import home, home_option, json_option, print_json, tell, with_learner

if TYPE_CHECKING:
    from tutor.learner.record import Learner


@click.command(epilog="Example: tutor review --list", short_help="Ask what is due.")
@click.option("--list", "only_list", is_flag=True, help="Only list what is due.")
@json_option
@home_option
@with_learner
def review(learner: Learner, only_list: bool, as_json: bool) -> None:
    """Ask the questions that are due, one after another, each with a fresh variant.

    Those with slips come first. With --json it lists them; `tutor ask QUESTION --answer A` then
    answers one.
    """
    from tutor import finding
    from tutor.report.learner import due_text, due_words

    known = finding.question_steps()
    due = learner.due(known)
    if as_json:
        print_json([{**asdict(each), "question": known[each.step][1].name} for each in due])
        return
    if not due:
        seen = learner.progress(finding.lessons())
        tell(f"Due for review: {due_words(seen)}.")
        return
    if only_list:
        tell(due_text(due, {step: lesson.title for step, (lesson, _) in known.items()}))
        return
    from tutor.plain.review import review as by_prompts
    from tutor.plain.session import Session

    with Session(home(), learner) as session:
        by_prompts(session)
