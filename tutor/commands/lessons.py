"""`tutor lessons` and `tutor read`: the course as a list, and one lesson of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tutor.commands.options import home_option, json_option, print_json, tell, with_learner

if TYPE_CHECKING:
    from tutor.learner.record import Learner


@click.command(epilog="Example: tutor lessons --json", short_help="List the lessons.")
@json_option
@home_option
@with_learner
def lessons(learner: Learner, as_json: bool) -> None:
    """List the lessons in their order: how long each takes, how far it is, and its points."""
    from tutor.course import names as finding
    from tutor.report.lessons import as_dict, list_text

    found = finding.lessons()
    records = learner.progress(found).lessons
    if as_json:
        print_json([as_dict(*each) for each in zip(found, records, strict=True)])
    else:
        tell(list_text(found, records))


@click.command(epilog="Example: tutor read absmax", short_help="Read a lesson.")
@click.argument("name", metavar="LESSON")
@json_option
@home_option
@with_learner
def read(learner: Learner, name: str, as_json: bool) -> None:
    """Read a lesson from its first step to its last; its text then counts as read.

    Where there is something to predict, to try, to answer or to write, it says by which command.
    Home then continues in this lesson.
    """
    from tutor.course import names as finding
    from tutor.course.sources import about_documents
    from tutor.report.lessons import as_dict, lesson_text, steps_dict
    from tutor.report.paragraphs import wrapped

    lesson = finding.lesson(name)
    places = learner.steps(lesson.id)
    if as_json:
        steps = steps_dict(lesson, places)
        record = as_dict(lesson, learner.lesson(lesson))
        documents = about_documents(lesson.sources)
        told = {"sources": list(lesson.sources), "about_sources": documents, "steps": steps}
        print_json({**record, **told})
    else:
        tell(wrapped(lesson_text(lesson, places)))
    unread = [step for step in lesson.steps if step.kind == "reading"]
    for step in unread:
        if step.id not in places or not places[step.id].done(step.hash):
            learner.read(step)
    first = next((step.id for step in lesson.steps if step.kind != "reading"), None)
    if at := learner.place(lesson.id) or first:
        learner.go_to(at)
