"""A stage of the tutorial as a card: what it does, how it stands, what came out, and Run."""

from __future__ import annotations

from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.tui.widgets.rows import sides
from tutor.tui.words import tasks as task_words
from tutor.tutorial import run_words as wording
from tutor.tutorial.stages import Standing

NEW = ("○", "not run yet", "$foreground 60%")


class Card(Widget, can_focus=True):
    """One stage. The card with the focus is the one that keys are about."""

    DEFAULT_CSS = """
    Card {
        height: auto;
        padding: 0 1 0 1;
        &:focus { background: $primary 15%; }
    }
    """

    class Chosen(Message):
        """The words at its right end were clicked: do the obvious thing."""

        def __init__(self, card: Card) -> None:
            """Whose they are."""
            super().__init__()
            self.card = card

    standing: reactive[Standing | None] = reactive(None, layout=True)
    """How the stage stands."""

    task: reactive[Content] = reactive(Content(""), repaint=False)
    """The line about its task: points, and whose code or settings hold."""

    def __init__(self, number: int, standing: Standing) -> None:
        """`number` is its place, from 1."""
        super().__init__(id=f"stage-{standing.stage.id}")
        self.number = number
        self.set_reactive(Card.standing, standing)

    @property
    def does(self) -> str:
        """What Enter does here: `run`, `resume` or `open`."""
        return does(self.standing)

    def render(self) -> Content:
        """Name and state, what it does, and what it is worth."""
        bar = Content.styled("▌ " if self.has_focus else "  ", "$primary")
        width = max(10, self.content_size.width - 2)
        return Content("\n").join([bar + line for line in self._lines(width)])

    def get_content_height(self, container, viewport, width: int) -> int:
        """As many lines as its words take."""
        return len(self._lines(max(10, width - 2)))

    def watch_task(self) -> None:
        """Another line may be a longer one."""
        self.refresh(layout=True)

    def _lines(self, width: int) -> list[Content]:
        """Nothing is cut: what has no room beside the state has a line of its own."""
        standing, stands = self.standing, self._stands()
        head = Content.assemble(
            (f"{self.number} ", "$foreground 60%"), (standing.stage.name, "bold")
        )
        result = Content(f"  {standing.result}" if standing.result else "")
        below = [Content.styled(standing.stage.about, "$foreground 60%"), self.task]
        if head.cell_length + stands.cell_length + 2 > width and standing.left:
            stands = self._stands(time_left=False)
            below.insert(0, Content.styled(standing.left, "$accent"))
        if head.cell_length + result.cell_length + stands.cell_length + 2 <= width:
            head += result
        else:
            below.insert(0, Content(standing.result))
        told = [line for words in below if words for line in words.wrap(width - 2)]
        return [sides(head, stands, width), *(Content("  ") + line for line in told)]

    def _stands(self, *, time_left: bool = True) -> Content:
        glyph, word, colour = NEW
        standing, run = self.standing, self.standing.run
        if standing.state != "new":
            glyph, word, colour = wording.STATES[standing.state]
        if run is not None and run.request and standing.state == "running":
            glyph, word = wording.state(run).split(" ", 1)
        far = task_words.far(standing, time_left=time_left)
        if standing.state == "new" and (seconds := self._ahead()) is not None:
            far = f" ~{wording.duration(seconds)}"
        elif standing.seconds and standing.state == "finished":
            far = f" {wording.duration(standing.seconds)}"
        words = {"run": " Run ", "resume": " Resume ", "open": " Open "}[self.does]
        return Content.assemble((f"{glyph} {word}{far}  ", colour), (words, "reverse"))

    def _ahead(self) -> float | None:
        """Seconds that its runs would take; None where that is not known of all."""
        seconds = [each["seconds"] for each in self.standing.ahead]
        return None if None in seconds or not seconds else sum(seconds)

    def on_focus(self) -> None:
        """The bar comes with the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """And goes with it."""
        self.refresh()

    def on_click(self, event: Click) -> None:
        """A click takes the focus; one on the words at the right end does what they say."""
        offset = event.get_content_offset_capture(self)
        room = len({"run": " Run ", "resume": " Resume ", "open": " Open "}[self.does])
        if offset.y == 0 and offset.x >= self.content_size.width - room:
            self.post_message(self.Chosen(self))


def does(standing: Standing) -> str:
    """What the obvious thing is for a stage as it stands."""
    if standing.state in ("interrupted", "paused"):
        return "resume"
    return "run" if standing.state in ("new", "cancelled") else "open"
