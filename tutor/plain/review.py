"""What is due, asked one question after another, each with a fresh variant."""

from __future__ import annotations

from tutor.course import names as finding
from tutor.learner.sittings import REVIEW
from tutor.plain import question
from tutor.plain.session import BACK, LESSONS, QUIT, SKIP, Session
from tutor.report import reviews as report
from tutor.report.learner import due_words

ASIDE, UNDO = "aside", "undo"
WORDS = {
    SKIP: "not today: it is asked again from tomorrow on",
    ASIDE: "set it aside: it is asked no more until it is brought back",
    UNDO: "take back what you did last in this review",
}


def review(session: Session, limit: int | None = None) -> int:
    """Ask what a review asks; gives how many were answered or missed.

    Args:
        session: Whose prompts.
        limit: So many questions, whatever the settings say.
    """
    learner, settings = session.learner, session.settings
    known = finding.question_steps()
    limits = (settings.review_session, settings.review_day)
    portion = learner.agenda.portion(known, *limits, limit)
    session.say(report.portion_words(portion))
    if portion.due and not portion.ask:
        session.say("`tutor review --limit N` asks more now.")
        return 0
    order = [each.step for each in portion.ask]
    leeches = {each.step for each in portion.ask if each.leech}
    at = 0
    while at < len(order):
        lesson, step = known[order[at]]
        session.say(f"{at + 1} of {len(order)}, from {lesson.title}.")
        if step.id in leeches:
            session.say(report.leech_words(lesson, lesson.taught(step)))
        move = question.ask(session, lesson, step, REVIEW, also=WORDS)
        if move in (QUIT, BACK, LESSONS):
            return at
        if move == UNDO:
            at = _undo(session, order, portion.at, at)
            continue
        if move == SKIP:
            learner.agenda.put_off(step.id)
            session.say(report.PUT_OFF)
        elif move == ASIDE:
            learner.agenda.set_aside(step.id)
            session.say(report.SET_ASIDE)
        at += 1
    left = learner.agenda.portion(known, *limits)
    seen = learner.progress(finding.lessons(), settings.review_day)
    session.say(report.left_words(left) or f"Review: {due_words(seen)}.")
    return len(order)


def _undo(session: Session, order: list[str], since: float, at: int) -> int:
    """Take back what was done last; the place of the question to go on with."""
    undone = session.learner.agenda.undo(since, order)
    if undone is None:
        session.say("Nothing was done in this review yet.")
        return at
    session.say(report.TAKEN_BACK if undone.sitting else report.BROUGHT_BACK)
    return order.index(undone.step)
