"""What is due, asked one question after another, each with a fresh variant."""

from __future__ import annotations

from tutor import finding
from tutor.learner.sittings import REVIEW
from tutor.plain import question
from tutor.plain.session import BACK, LESSONS, QUIT, Session
from tutor.report.learner import due_words


def review(session: Session) -> int:
    """Ask all that is due; gives how many were answered or missed."""
    known = finding.question_steps()
    asked: set[str] = set()
    while due := [each for each in session.learner.due(known) if each.step not in asked]:
        lesson, step = known[due[0].step]
        asked.add(step.id)
        session.say(f"{counted_due(len(due))} due. From {lesson.title}.")
        if question.ask(session, lesson, step, REVIEW) in (QUIT, BACK, LESSONS):
            return len(asked) - 1
    seen = session.learner.progress(finding.lessons())
    session.say(f"Review: {due_words(seen)}.")
    return len(asked)


def counted_due(count: int) -> str:
    """`1 question is`, `3 questions are`."""
    return "1 question is" if count == 1 else f"{count} questions are"
