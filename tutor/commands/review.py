"""`tutor review`: the questions that are due, and what the learner wants of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from engine.errors import EngineError
from tutor.commands.options import home, home_option, json_option, print_json, tell, with_learner

if TYPE_CHECKING:
    from tutor.learner.record import Learner

WISHES = ("put_off", "set_aside", "bring_back")


@click.command(epilog="Example: tutor review --limit 5", short_help="Ask what is due.")
@click.option("--list", "only_list", is_flag=True, help="Only list what is due.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Ask so many now, whatever the settings say of a review and of a day.",
)
@click.option("--put-off", metavar="QUESTION", help="Not today: ask it from tomorrow on.")
@click.option("--set-aside", metavar="QUESTION", help="Ask it no more until it is brought back.")
@click.option("--bring-back", metavar="QUESTION", help="Ask it again.")
@click.option("--undo", is_flag=True, help="Take back what was done last in the reviews of today.")
@json_option
@home_option
@with_learner
def review(
    learner: Learner, only_list: bool, limit: int | None, undo: bool, as_json: bool, **wishes: Any
) -> None:
    """Ask the questions that are due, one after another, each with a fresh variant.

    The most forgotten come first, and lessons are mixed. `review_session` and `review_day` in
    config.toml say how many a review and a day ask. With --json it lists what is due; `tutor ask
    QUESTION --answer A` then answers one.
    """
    asked = [name for name in WISHES if wishes[name] is not None] + ["undo"] * undo
    if len(asked) > 1:
        names = " and ".join(f"--{name.replace('_', '-')}" for name in asked)
        raise click.UsageError(f"{names} cannot be said in one command.")
    if undo:
        _undo(learner, as_json)
    elif asked:
        _wish(learner, asked[0], wishes[asked[0]], as_json)
    else:
        _ask(learner, limit, only_list, as_json)


def _ask(learner: Learner, limit: int | None, only_list: bool, as_json: bool) -> None:
    from tutor import config
    from tutor.course import names as finding
    from tutor.report.learner import due_text, due_words
    from tutor.report.reviews import portion_words

    known, settings = finding.question_steps(), config.read()
    portion = learner.agenda.portion(known, settings.review_session, settings.review_day, limit)
    due = learner.due(known)
    if as_json:
        now = {each.step for each in portion.ask}
        print_json(
            [
                {
                    **asdict(each),
                    "question": known[each.step][1].name,
                    "lesson": known[each.step][0].id,
                    "now": each.step in now,
                }
                for each in due
            ]
        )
        return
    if not due:
        seen = learner.progress(finding.lessons(), settings.review_day)
        tell(f"Due for review: {due_words(seen)}.")
        return
    if only_list:
        tell(due_text(due, {step: lesson.title for step, (lesson, _) in known.items()}))
        tell(f"\n{portion_words(portion)}")
        return
    from tutor.plain.review import review as by_prompts
    from tutor.plain.session import Session

    with Session(home(), learner) as session:
        by_prompts(session, limit)


def _wish(learner: Learner, name: str, typed: str, as_json: bool) -> None:
    from tutor.course import names as finding
    from tutor.report import reviews as words

    lesson, step = finding.question(typed)
    changed = getattr(learner.agenda, name)(step.id)
    if as_json:
        kind = "brought back" if name == "bring_back" else name.replace("_", " ")
        print_json({"step": step.id, "question": step.name, "wish": kind, "changed": changed})
        return
    said = {
        "put_off": words.PUT_OFF, "set_aside": words.SET_ASIDE, "bring_back": words.BROUGHT_BACK,
    }[name]  # fmt: skip
    already = "Nothing changed: it was so, or is set aside."
    if name == "bring_back":
        already = "Nothing changed: it was neither put off nor set aside."
    tell(f"{step.name}, of {lesson.title}: {said if changed else already}")


def _undo(learner: Learner, as_json: bool) -> None:
    from tutor.course import names as finding
    from tutor.report import reviews as words

    known = finding.question_steps()
    undone = learner.agenda.undo(steps=known)
    if undone is None:
        raise EngineError(words.NOTHING_DONE)
    lesson, step = known[undone.step]
    if as_json:
        answer = undone.sitting is not None
        print_json({"step": step.id, "question": step.name, "answer": answer})
        return
    said = words.TAKEN_BACK if undone.sitting else words.BROUGHT_BACK
    tell(f"{step.name}, of {lesson.title}: {said}")
