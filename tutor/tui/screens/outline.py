"""The outline of a lesson: its steps, how each of them stands, and its sources; Enter opens one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from engine.errors import EngineError
from lessons.kit.course.addresses import addresses
from tutor.tui.classroom import standing
from tutor.tui.keys import key
from tutor.tui.outside.browser import open_address
from tutor.tui.screens.room import Room
from tutor.tui.widgets.rows import Row, Rows, heading, sides
from tutor.tui.widgets.words import Words
from tutor.tui.words import steps as step_words

if TYPE_CHECKING:
    from tutor.tui.classroom.pages import Outlined, Page

FAINT = "$foreground 60%"


class Outline(Room):
    """Read off the record as it stands."""

    about = "The steps of a lesson"
    BINDINGS: ClassVar = [
        key("n", "next_left", "next to do", "To the next step that has something left to do."),
        key("o,escape", "leave", "back", "Back to where you came from."),
    ]

    def __init__(self, lesson: str, at: str = "") -> None:
        """Args: the lesson's id, and the step that the learner is at."""
        super().__init__()
        self.lesson_id = lesson
        self.outlined: Outlined | None = None
        self._step = at

    def where(self) -> str:
        """Under its lesson."""
        if self.outlined is None:
            return "Steps"
        unit = self.app.course.unit_of(self.lesson_id)
        return " › ".join(filter(None, [unit, self.outlined.lesson.title, "Steps"]))

    def body(self) -> Iterable[Widget]:
        """The steps, and words about the marked one."""
        yield Rows(id="steps", empty="Reading the lesson …")
        yield Words(id="step-says")

    def on_mount(self) -> None:
        """Have the lesson read."""
        super().on_mount()
        self.query_one(Rows).focus()
        id = self.lesson_id
        self.app.study.order(lambda c: c.outline(id), self._read, self._cannot)

    def _cannot(self, error: EngineError) -> None:
        if self.is_attached:
            self.query_one(Rows).empty = str(error)
            self.query_one(Rows).refresh()

    def _read(self, outlined: Outlined) -> None:
        if not self.is_attached:
            return
        self.outlined = outlined
        self._top.where = self.where()
        pages = outlined.pages
        rows = self.query_one(Rows)
        rows.show(
            [
                *(_row(outlined, page, at) for at, page in enumerate(pages, 1)),
                heading(""), heading("From"),
                *(row for source in outlined.lesson.sources for row in _source(source)),
            ]
        )  # fmt: skip
        rows.mark(self._step or outlined.at)
        had = sum(page.points for page in pages)
        self._top.about = f"{had:.3g}/{outlined.lesson.points} points"
        self._tell()
        self.refresh_bindings()

    @property
    def complete(self) -> bool:
        """Whether the steps are there."""
        return self.outlined is not None

    def _marked(self) -> int:
        """The place of the marked step; after the last one where a source is marked."""
        ids = [page.step.id for page in self.outlined.pages]
        value = self.query_one(Rows).value
        return ids.index(value) if value in ids else len(ids)

    def _address(self) -> str:
        """The address of the marked source; empty where a step is marked."""
        value = self.query_one(Rows).value
        return value[1] if isinstance(value, tuple) else ""

    def _tell(self) -> None:
        """The marked step in full, or where the source is."""
        if address := self._address():
            self.query_one("#step-says", Words).say(Content.styled(address, FAINT))
            return
        lesson, page = self.outlined.lesson, self.outlined.pages[self._marked()]
        said = Content.assemble(
            (f"{step_words.KINDS[page.step.kind]}  ", FAINT), step_words.title(lesson, page.step),
            "\n", (standing.how_it_stands(page), FAINT),
        )  # fmt: skip
        self.query_one("#step-says", Words).say(said)

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        if self.complete:
            self._tell()
            self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """The outline gives way to the step; a source is opened beside it."""
        if address := self._address():
            open_address(self.app, address)
            return
        self.app.leave()
        self.app.open_step(self.lesson_id, event.value)

    # Keys

    def label_of(self, binding: Binding) -> str:
        """Enter's word is the row's."""
        source = binding.action == "open" and self.complete and self._address()
        return "browser" if source else binding.description

    def why_not(self, action: str) -> str:
        """Something has to be left to do."""
        if action == "next_left":
            if not self.complete:
                return "The lesson is still being read."
            if not standing.left_over(self.outlined.pages):
                return "Nothing is left to do here."
        return ""

    def action_next_left(self) -> None:
        """To the next step with something left; after the last one, the first."""
        if not self.refuses("next_left"):
            left = [page.step.id for page in standing.left_over(self.outlined.pages)]
            places = {page.step.id: at for at, page in enumerate(self.outlined.pages)}
            ahead = [step for step in left if places[step] > self._marked()]
            self.query_one(Rows).mark((ahead or left)[0])


def _row(outlined: Outlined, page: Page, number: int) -> Row:
    state = standing.stands(page)
    bookmark = "bookmark" if page.step.id in outlined.marked else ""
    right = " · ".join(filter(None, [bookmark, standing.in_short(page)]))
    sign, colour = step_words.SIGNS[state]

    def draw(width: int) -> Content:
        kind = step_words.KINDS[page.step.kind]
        left = Content.assemble(
            (f"{number:>3} ", FAINT), (f"{sign} ", colour), (f"{kind:<9} ", FAINT),
            step_words.title(outlined.lesson, page.step),
        )  # fmt: skip
        return sides(left, Content.styled(right, FAINT), width)

    return Row(draw, page.step.id)


def _source(source: str) -> Iterable[Row]:
    """A source; one that is public can be opened."""
    there = addresses(source)
    if not there:
        yield heading(f"  {source}")
    for address in there:
        site = address.removeprefix("https://").partition("/")[0]
        yield Row(
            lambda width, site=site: sides(f"  {source}", Content.styled(site, FAINT), width),
            ("source", address),
        )
