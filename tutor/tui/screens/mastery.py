"""Progress: what is mastered, what is shaky, which slips recur, and the days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from engine.errors import EngineError
from tutor.learner.attempts import lesson_of
from tutor.learner.snapshot import Snapshot
from tutor.report import learner as report
from tutor.report.question import when
from tutor.report.reviews import coming_text
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.rows import Rows
from tutor.tui.widgets.shaky import ASIDE, LEECH, Shaky
from tutor.tui.words.prose import Part, Prose, plain

FAINT = "$foreground 60%"


class Mastery(Room):
    """Read off the record; nothing is stored for it."""

    about = "Progress"
    BINDINGS: ClassVar = [
        key("o", "lesson", "its lesson", "The marked question in its lesson."),
        key("r", "review", "review", "Questions that are due, each as a fresh variant."),
        key("p", "app.score", "tutorial's points", "The score card of the tutorial."),
    ]

    def __init__(self) -> None:
        """Nothing is read yet."""
        super().__init__()
        self.record: Snapshot | None = None

    def where(self) -> str:
        """A place of its own."""
        return "Progress"

    def body(self) -> Iterable[Widget]:
        """What is known, and beside it the slips and the days."""
        with VerticalScroll(id="mastery", can_focus=False):
            with Vertical(id="knows"):
                yield ProseView(plain("Reading your record …"), id="known")
                yield Shaky(id="shaky")
                yield ProseView(id="record")
            yield ProseView(id="days")

    def on_mount(self) -> None:
        """Arrows move among what is shaky, and scroll beyond it."""
        super().on_mount()
        self.query_one(Shaky).focus()

    def on_screen_resume(self) -> None:
        """Read the record, each time one comes here."""
        super().on_screen_resume()
        self.app.study.order(lambda c: c.progress(), self._read, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one("#known", ProseView).say(plain(str(error)))

    def _read(self, record: Snapshot) -> None:
        if not self.is_attached:
            return
        self.record = record
        shades = report.SHADES["ascii" if self.app.symbols == "ascii" else "block"]
        weeks = 16 if self.size.width >= 110 or self.size.width < 80 else 12
        self.query_one("#known", ProseView).say(known(record))
        self.query_one("#record", ProseView).say(about(record))
        if record.days or record.notes:
            self.query_one(Shaky).show_of(record, self._title)
        ahead = coming(record, self.app.symbols)
        self.query_one("#days", ProseView).say((*ahead, *days(record, shades, weeks)))
        self.refresh_bindings()

    def _title(self, step: str) -> str:
        """The title of a step's lesson."""
        entry = self.app.course.entry(lesson_of(step))
        return entry.title if entry else lesson_of(step)

    @property
    def complete(self) -> bool:
        """Whether the record is there."""
        return self.record is not None

    def label_of(self, binding: Binding) -> str:
        """Enter's word."""
        if binding.action != "open":
            return binding.description
        return "bring back" if self.query_one(Shaky).what == ASIDE else "practise"

    def why_not(self, action: str) -> str:
        """Something has to be shaky, due, or measured."""
        if action in ("open", "lesson") and not self.query_one(Shaky).step:
            return "Nothing is shaky." if self.record else "Your record is still being read."
        if action == "review" and self.record is None:
            return "Your record is still being read."
        if action == "review" and not self.record.due:
            return "No question is due."
        if action == "app.score" and not (self.app.seen.card and self.app.seen.card.runs):
            return "Nothing of the tutorial was measured yet."
        return ""

    def on_rows_marked(self) -> None:
        """There is something that can be opened."""
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Practise the question, or the one that the slip was made on; or bring it back."""
        what, step = event.value[:2]
        if what == ASIDE:
            self.app.study.order(lambda c: c.learner.agenda.bring_back(step), self._back)
        else:
            self.app.open_practice(step)

    def _back(self, _: bool) -> None:
        self.app.notify("It is asked again.", timeout=4)
        self.app.study.order(lambda c: c.progress(), self._read, self._cannot)

    def action_lesson(self) -> None:
        """The question where it is taught; one that does not stick, at the text before it."""
        if not self.refuses("lesson"):
            marked = self.query_one(Shaky)
            id, step = lesson_of(marked.step), marked.step
            entry = self.app.course.entry(id) if marked.what == LEECH else None
            text = entry.lesson.taught(entry.lesson.step(step)) if entry else None
            self.app.open_step(id, text.id if text else step)

    def action_review(self) -> None:
        """What is due."""
        if not self.refuses("review"):
            self.app.action_review()


def known(record: Snapshot) -> Prose:
    """Points and time, and the questions by how well they are known."""
    if not (record.days or record.notes):
        return plain("Nothing yet. A lesson's questions bring points; Home has the lessons.")
    done = sum(each.state == "done" for each in record.lessons)
    due = f"{record.due} now: r" if record.due else "nothing"
    if not record.due and record.next_due is not None:
        due = f"nothing; the next {when(record.next_due, record.at)}"
    head = [
        _row("points", f"{record.points:.4g} of {record.of:g}"),
        _row("lessons", f"{done} of {len(record.lessons)} done"),
        _row("time spent", report.time_words(record)),
        _row("predictions", report.predictions(record.predictions)),
        _row("due", due),
    ]
    parts = [*head, *_names("✓ Mastered", report.mastered_words(record))]
    return tuple(parts)


def about(record: Snapshot) -> Prose:
    """What is to be said of the record itself."""
    said = report.about_record(record)
    if not said:
        return ()
    parts = (Part(Content(each), "  ", "  ", close=True) for each in said)
    return (_title("About your record"), *parts)


def days(record: Snapshot, shades: str, weeks: int) -> Prose:
    """The days as a heat map, and the last of them in words."""
    if not record.days:
        return ()
    text = report.heat_text(record.days, date.fromtimestamp(record.at), shades, weeks)
    return tuple(
        Part(Content(line), wraps=len(line) > 2 * weeks + 8, close=True)
        for line in text.splitlines()
    )


def coming(record: Snapshot, symbols: str) -> Prose:
    """The reviews of the coming days, a bar for each."""
    lines = coming_text(record.reviews.coming, symbols).splitlines()
    rows = [Part(Content(line), wraps=False, close=True) for line in lines]
    return (*rows, Part(Content(""), close=True)) if rows else ()


def _row(label: str, value: str) -> Part:
    words = Content.assemble((f"{label:<12}", FAINT), value)
    return Part(words, rest=" " * 12, close=True)


def _title(words: str) -> Part:
    return Part(Content.styled(words, "bold"))


def _names(title: str, names: str) -> list[Part]:
    return [_title(title), Part(Content(names), "  ", "  ", close=True)]
