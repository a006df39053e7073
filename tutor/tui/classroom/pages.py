"""What the study's thread hands to the lesson screens: immutable, and ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tutor.learner.attempts import Place

if TYPE_CHECKING:
    from lessons.kit.controls import Value
    from lessons.kit.course.lesson import Lesson
    from lessons.kit.course.steps import Step
    from lessons.kit.lab import Lab
    from lessons.kit.question import Variant
    from tutor.learner.agenda import Portion
    from tutor.learner.answers import Answered
    from tutor.learner.attempts import Attempt
    from tutor.learner.sittings import Sitting
    from tutor.tui.words.prose import Prose


@dataclass(frozen=True, slots=True)
class Asked:
    """A variant of a question, ready for the screen."""

    variant: Variant
    sitting: Sitting
    ask: Prose
    options: tuple[Prose, ...]
    """Of a choice."""
    hints: tuple[Prose, ...]
    """Those that were taken."""
    worked: Prose
    """Empty until it was opened."""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of an answer."""

    asked: Asked
    """As it stands now."""
    outcome: str
    says: Prose
    read_as: str
    answered: Answered
    place: Place | None
    """How the step stands now."""
    came: str
    """Its points and when the question comes back, in words."""


@dataclass(frozen=True, slots=True)
class LabPage:
    """A lab, ready to be set up."""

    lab: Lab
    values: dict[str, Value]
    """What it begins with."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """What became of a number that was named."""

    readable: bool
    words: str
    """How it was read, or why it was not."""
    place: Place | None = None
    long: bool = False
    """Whether its lab is a run."""
    measured: str = ""
    """What came of it, in words; empty while its lab has not computed."""


@dataclass(frozen=True, slots=True)
class Page:
    """A step, ready for the screen."""

    step: Step
    place: Place | None
    """How it stands; None where it was never seen."""
    text: Prose
    """Of a reading or a prediction."""
    last: Attempt | None = None
    """What was done on it last, where there is something to look back at."""
    asked: Prose = ()
    """Of a question that was answered: what that variant asked."""
    in_hand: bool = False
    """Whether a fresh variant was asked since; it is asked still."""
    draft: str = ""
    """What is typed for a prediction so far."""

    @property
    def passed(self) -> bool:
        """Whether the steps after it are shown: it is done or skipped, with this very text."""
        place = self.place
        return place is not None and not place.changed(self.step.hash) and place.state != "seen"

    @property
    def points(self) -> float:
        """The best ever had for it."""
        return self.place.points if self.place else 0.0

    @property
    def done(self) -> bool:
        """Whether it is done, with this very text."""
        return self.place is not None and self.place.done(self.step.hash)

    def as_if_passed(self) -> Page:
        """The same, while the record is still being written."""
        if self.passed:
            return self
        skipped = Place(self.step.id, self.step.hash, "skipped", self.points, False)
        return replace(self, place=skipped)


@dataclass(frozen=True, slots=True)
class ToReview:
    """A question that is due."""

    lesson: Lesson
    page: Page
    leech: bool = False
    """Whether it was lost again and again."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What a review asks."""

    portion: Portion
    questions: tuple[ToReview, ...]
    """Those of the portion, in their order."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A lesson, ready for the screen."""

    lesson: Lesson
    pages: tuple[Page, ...]
    at: str
    """The step to begin with."""
    points: float
    marked: frozenset[str] = frozenset()
    """Steps with a bookmark, of all lessons."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """The steps of a lesson as they stand, without what they say."""

    lesson: Lesson
    pages: tuple[Page, ...]
    at: str
    """The step that the learner was at; else the first."""
    marked: frozenset[str] = frozenset()
    """Steps with a bookmark, of all lessons."""
