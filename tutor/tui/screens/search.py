"""Search: whatever there is, by any of its words; Enter opens it where it is.

The course is indexed once, on the study's thread, when search is opened for the first time; runs,
settings, commands and slips are looked through as they are when it opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from engine.errors import EngineError
from tutor.tui.keys import key
from tutor.tui.outside.browser import open_address
from tutor.tui.screens.room import Room
from tutor.tui.searching import commands, present
from tutor.tui.searching.index import Found, Hit, Index, Item, find
from tutor.tui.searching.words import asked, emphasized, excerpt
from tutor.tui.widgets.rows import Row, Rows
from tutor.tui.widgets.words import Words
from tutor.tui.words import steps as step_words

if TYPE_CHECKING:
    from textual.app import SystemCommand

    from tutor.learner.mastery import Slip

FAINT = "$foreground 60%"
KIND = 10
"""Cells for the kind, with the blank after it."""
INVITES = (
    "Any words of a lesson, its text, a question, a lab, a task, a run, a setting or a command: "
    "“outlier nf4”. “absmax 3” is the third step of Absmax. Bookmarks (f4 in a lesson) stand here."
)


class SearchLine(Input):
    """The line that is typed in; what opens and moves is the screen's."""

    DEFAULT_CSS = """
    SearchLine {
        height: 1; border: none; padding: 0 2; background: $surface; width: 1fr;
        &:focus { border: none; background: $surface; background-tint: transparent; }
    }
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter opens."""
        return False if action == "submit" else super().check_action(action, parameters)


class Search(Room):
    """One line, and what it finds."""

    about = "Search"
    BINDINGS: ClassVar = [
        key("enter", "open", "open", "Open what the bar marks, where it is."),
        key("down", "row('step',1)", "down", "To the next that was found.", show=False),
        key("up", "row('step',-1)", "up", "To the one above.", show=False),
        key("pagedown", "row('page',1)", "page down", "One page down.", show=False),
        key("pageup", "row('page',-1)", "page up", "One page up.", show=False),
        key("escape", "leave", "back", "Back to where you came from."),
    ]

    def __init__(self, typed: str = "") -> None:
        """Args: what stands in the line as it opens, marked, so that a key takes its place."""
        super().__init__()
        self._typed = typed
        self._commands: list[SystemCommand] = []
        self._bookmarks: list[Item] = []
        self._course: Index | None = None
        self._present = Index(())
        self._found = Found((), ())

    def where(self) -> str:
        """A place of its own."""
        return "Search"

    def body(self) -> Iterable[Widget]:
        """The line, what it found, and words about what is marked."""
        line = SearchLine(self._typed, placeholder="Type what you look for", id="search-line")
        line.cursor_blink = False
        yield line
        yield Rows(id="hits", empty="Reading the course …")
        yield Words(id="hit")

    def on_mount(self) -> None:
        """Typing begins at once, whether or not all is read."""
        super().on_mount()
        self.query_one(Rows).can_focus = False
        self.query_one(SearchLine).focus()
        self._commands = list(self.app.get_system_commands(self.app.screen_stack[-2]))
        self._look_around(())
        self.app.study.order(
            lambda c: (c.index(), c.slips(), c.bookmarks()), self._read, self._cannot
        )

    def _look_around(self, slips: Iterable[Slip]) -> None:
        """Index what is there now."""
        self._present = Index(
            (
                *present.runs(self.app.seen.runs), *present.settings(),
                *commands.items(self._commands), *present.slips(slips, self.app.course),
                *self._bookmarks,
            )
        )  # fmt: skip

    def _read(self, told: tuple[Index, list[Slip], tuple[str, ...]]) -> None:
        self._course, slips, marked = told
        steps = {item.opens[-1]: item for item in self._course.items if item.opens[0] == "step"}
        self._bookmarks = [
            replace(steps[step], kind="bookmark", also=steps[step].kind)
            for step in marked
            if step in steps
        ]
        if self.is_attached:
            self._look_around(slips)
            self._find()

    def _cannot(self, error: EngineError) -> None:
        """What is read from no lesson can be found all the same."""
        self._course = Index(())
        if self.is_attached:
            self._find()
            self.query_one("#hit", Words).say(str(error))

    @property
    def complete(self) -> bool:
        """Whether the course can be searched."""
        return self._course is not None

    # Finding

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again, with each key."""
        event.stop()
        self._find()

    def _find(self) -> None:
        rows, typed = self.query_one(Rows), self.query_one(SearchLine).value
        self.app.searched = typed
        if self._course is None and not typed.strip():
            return
        self._found = find([self._course or Index(()), self._present], typed)
        if not asked(typed):  # what may be wanted before anything is said
            self._found = Found(tuple(Hit(item, 0.0, 0) for item in self._bookmarks), ())
        rows.empty = self._nothing(typed)
        rows.show([_row(hit, at, self._found) for at, hit in enumerate(self._found.hits)])
        rows.action_end(0)
        self._top.about = self._far()
        self._tell()
        self.refresh_bindings()

    def _nothing(self, typed: str) -> str:
        """What is said in place of rows."""
        if not asked(typed):
            return INVITES
        if self._course is None:
            return "Reading the course …"
        return f"Nothing here has “{typed.strip()}”. Try fewer letters, or another word for it."

    def _far(self) -> str:
        """How many were found, and by which words where they are not those that were typed."""
        found = self._found
        said = [f"{typed} taken for {meant}" for typed, meant in found.taken_for]
        if found.hits and not found.all_words:
            said.append(f"only {found.hits[0].has} of the {len(found.looked_for)} words")
        return ", ".join([f"{len(found.hits)} found", *said]) if found.looked_for else ""

    def _marked(self) -> Item | None:
        at = self.query_one(Rows).value
        return self._found.hits[at].item if isinstance(at, int) else None

    def _tell(self) -> None:
        """Where the marked one is, and what it says."""
        words, item = self.query_one("#hit", Words), self._marked()
        if item is None:
            words.say("")
            return
        width = max(20, self.size.width - 4)
        said = excerpt(item.text, self._found.looked_for, 2 * width)
        where = item.where or item.kind.capitalize()
        words.say(Content.assemble((where, FAINT), "\n", said))

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        self._tell()

    def on_resize(self) -> None:
        """What is said of the marked one takes the new width."""
        super().on_resize()
        if self.complete:
            self._tell()

    # Keys

    def why_not(self, action: str) -> str:
        """Something has to be found."""
        if action == "open" and self._marked() is None:
            return "Nothing is found yet."
        return "This is search." if action == "search" else ""

    def action_row(self, move: str, by: int) -> None:
        """Move the bar, from the line."""
        getattr(self.query_one(Rows), f"action_{move}")(by)

    def action_open(self) -> None:
        """Open what is marked."""
        if not self.refuses("open"):
            self._open(self._marked())

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """A click on a row."""
        self._open(self._found.hits[event.value].item)

    def _open(self, item: Item) -> None:
        """Search gives way to what it found."""
        self.app.leave()
        match item.opens:
            case ("command", int() as at):
                self._commands[at].callback()
            case ("lesson", str() as lesson):
                self.app.open_step(lesson)
            case ("step", str() as lesson, str() as step):
                self.app.open_step(lesson, step)
            case ("task", str() as stage):
                self.app.open_task(stage)
            case ("run", int() as run):
                self.app.open_run(run)
            case ("source", str() as address):
                open_address(self.app, address)
            case ("setting", str() as name):
                self.app.open_setting(name)


def _row(hit: Hit, place: int, found: Found) -> Row:
    item, looked_for = hit.item, found.looked_for

    def draw(width: int) -> Content:
        where = _where(item.where, width * 2 // 5)
        room = max(0, width - KIND - len(where) - 2)
        said = emphasized(item.title, looked_for)
        if item.kind == "reading" and not said.spans:
            said = excerpt(item.text, looked_for, room)
        kind = step_words.KINDS.get(item.kind, item.kind.capitalize())
        left = Content.styled(f"{kind:<{KIND}}", FAINT) + said.truncate(room, ellipsis=True)
        blank = " " * max(0, width - left.cell_length - len(where))
        return left + Content(blank) + Content.styled(where, FAINT)

    return Row(draw, place)


def _where(where: str, most: int) -> str:
    """Where it is, in so many cells: its outermost part gives way first, its end never."""
    if len(where) > most:
        where = where.rpartition(" › ")[2]
    if len(where) > most:
        name, comma, end = where.rpartition(", ")
        where = f"{name[: max(1, most - len(end) - 4)].rstrip()} …{comma}{end}" if comma else where
    return where
