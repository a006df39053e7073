"""What stands below a question's field: hints, the verdict, what came of it, the solution."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget

from tutor.tui.classroom.pages import Asked
from tutor.tui.widgets.prose import ProseView
from tutor.tui.widgets.words import Words
from tutor.tui.words.prose import Prose

SIGNS = {
    "right": ("✓", "bold $success"), "imprecise": ("≈", "bold $warning"),
    "unreadable": ("?", "bold $warning"), "judged": ("●", "bold $primary"),
}  # fmt: skip
"""What stands before a verdict; anything else is not right yet."""
WRONG = ("✗", "bold $error")


class Feedback(Vertical):
    """Empty places, filled as the question goes on."""

    DEFAULT_CSS = """
    Feedback {
        height: auto;
        & > #hints { height: auto; }
        & > #hints > ProseView { margin: 1 0 0 0; }
        & > #verdict, & > #worked { margin: 1 0 0 0; }
        & > #came { color: $foreground 60%; height: auto; }
    }
    """

    def __init__(self) -> None:
        """Nothing is said yet."""
        super().__init__()
        self._hints = Vertical(id="hints")
        self._verdict = ProseView(id="verdict")
        self._came = Words(id="came")
        self._came.display = False
        self._worked = ProseView(id="worked")

    def compose(self) -> Iterable[Widget]:
        """In the order in which they are read."""
        yield from (self._hints, self._verdict, self._came, self._worked)

    def clear(self) -> None:
        """Another variant is asked."""
        self.unjudged()
        self._hints.remove_children()

    def helped(self, asked: Asked, shown: int) -> None:
        """The help that was taken.

        Args:
            asked: With its hints and its solution.
            shown: How many of the hints stand here already.
        """
        self._worked.say(
            asked.worked, Content.styled("Worked solution", "bold") if asked.worked else None
        )
        for place, hint in enumerate(asked.hints[shown:], shown + 1):
            before = Content.styled(f"Hint {place}", "bold $primary")
            self._hints.mount(ProseView(hint, before=before))

    def judged(self, outcome: str, says: Prose, came: str) -> None:
        """What became of an answer: the verdict, and its points or what there is to do now."""
        sign, style = SIGNS.get(outcome, WRONG)
        self._verdict.say(says, Content.styled(sign, style))
        self.say(came)

    def unjudged(self) -> None:
        """Something else is typed than what was said of: nothing is said until it is judged."""
        self._verdict.say(())
        self.say("")

    def looked_back(self, outcome: str, typed: str) -> None:
        """What was answered before."""
        sign, style = SIGNS.get(outcome, WRONG)
        self.say(Content.assemble((f"{sign} ", style), f"You answered {typed}"))

    def say(self, words: Content | str) -> None:
        """The line below the verdict."""
        self._came.say(words)
        self._came.display = bool(words)

    def show_verdict(self) -> None:
        """Scroll until all that was said is in sight, or its beginning where it is too long."""
        for part in (self._came, self._verdict):
            if part.display:
                part.scroll_visible(animate=False, immediate=True)
