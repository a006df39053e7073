"""Settings: what can be chosen, as it is chosen, and where everything lies.

Each choice is written into `config.toml` at once; what stands there by hand stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from engine.errors import EngineError
from tutor import config
from tutor.tui.keys import key
from tutor.tui.screens.room import Room
from tutor.tui.widgets.rows import Row, Rows, heading, sides
from tutor.tui.widgets.words import Words
from tutor.tui.words.settings import ABOUT, LABELS, PATHS

OFFERED = config.OFFERED | config.COUNTS
FOLDERS = ("exercises", "runs", "logs")
"""The last of them, in the home."""
FAINT = "$foreground 60%"


class Settings(Room):
    """What is in `config.toml`."""

    about = "Settings"
    BINDINGS: ClassVar = [
        key("right,l", "turn(1)", "next", "The next of the choices of the marked row.", show=False),
        key("left,h", "turn(-1)", "previous", "The choice before.", show=False),
        key("w", "welcome", "welcome", "The first screen again: what this machine can do."),
    ]

    def __init__(self) -> None:
        """The paths are those of the app's home."""
        super().__init__()
        self._paths: dict[str, str] = {}
        self._wanted = ""

    def where(self) -> str:
        """A place of its own."""
        return "Settings"

    def body(self) -> Iterable[Widget]:
        """The rows, and words about the marked one."""
        yield Rows(id="settings")
        yield Words(id="about-setting", classes="muted")

    def on_mount(self) -> None:
        """Show what is chosen."""
        super().on_mount()
        self.query_one(Rows).focus()
        self._fill()

    def _fill(self) -> None:
        chosen = self.app.config
        width = max(20, self.size.width - 6)
        rows = [heading(line) for each in chosen.complaints for line in wrap(f"! {each}", width)]
        rows += [heading("")] * bool(rows)
        rows += [_choice(name, getattr(chosen, name), offered) for name, offered in OFFERED.items()]
        editor = chosen.editor or f"{' '.join(chosen.editor_command()) or 'none'} (of your shell)"
        rows += [_line("editor", editor, "editor"), heading(""), heading("Where things are")]
        home = self.app.home
        lie = (home.path, config.path(), *(home.path / each for each in FOLDERS))
        self._paths = dict(zip(PATHS, map(str, lie), strict=True))
        rows += [_line(name, path, name) for name, path in self._paths.items()]
        if chosen.keys:
            rows += [heading(""), heading("Keys of your own")]
            rows += [heading(f"  {id:<14}{keys}") for id, keys in chosen.keys.items()]
        self.query_one(Rows).show(rows)
        self.go_to(self._wanted)
        self._tell()

    def on_resize(self) -> None:
        """What the file says wrongly is told in other lines."""
        super().on_resize()
        if self.is_mounted and self.app.config.complaints:
            self._wanted = self._wanted or self.query_one(Rows).value
            self._fill()

    def go_to(self, name: str) -> None:
        """Mark the row of a setting, as soon as it is there."""
        self._wanted = name
        if name and (rows := self.query(Rows)):
            rows.first().mark(name)
            self._wanted = ""

    def _tell(self) -> None:
        """Say more about the marked row; of a path, all of it."""
        marked = self.query_one(Rows).value
        words = ABOUT.get(marked, "").replace("`", "") or self._paths.get(marked, "")
        self.query_one("#about-setting", Words).say(words)

    def on_rows_marked(self) -> None:
        """Another row, other words."""
        self._tell()
        self.refresh_bindings()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Enter: the next choice, or another editor."""
        if event.value == "editor":
            from tutor.tui.screens.ask import Ask

            asked = Ask(
                "Your editor", "A command, such as nvim or code --wait; empty for $EDITOR.",
                self.app.config.editor,
            )  # fmt: skip
            self.app.push_screen(
                asked, lambda typed: typed is not None and self._change(editor=typed)
            )
        elif event.value in OFFERED:
            self.action_turn(1)
        else:
            self.app.copy_to_clipboard(self._paths[event.value])
            self.app.notify(self._paths[event.value], title="Copied", timeout=4, markup=False)

    def label_of(self, binding: Binding) -> str:
        """Enter's word is the row's."""
        if binding.action != "open":
            return binding.description
        marked = self.query_one(Rows).value
        return {"editor": "type it"}.get(marked, "copy" if marked in self._paths else "next choice")

    def why_not(self, action: str) -> str:
        """The editor is typed."""
        if action.startswith("turn") and self.query_one(Rows).value not in OFFERED:
            return "Only Enter does something on this row."
        return ""

    def action_turn(self, by: int) -> None:
        """Another of the choices."""
        if self.refuses(f"turn({by})"):
            return
        name = self.query_one(Rows).value
        offered = OFFERED[name]
        held = getattr(self.app.config, name)
        at = offered.index(held) if held in offered else -1
        self._change(**{name: offered[(at + by) % len(offered)]})

    def _change(self, **settings: str | int) -> None:
        """Write it, and let it hold at once."""
        self.app.study.order(lambda c: config.change(**settings), self._changed, self._failed)

    def _changed(self, chosen: config.Config) -> None:
        self.app.use(chosen)
        if self.is_attached:
            self._fill()

    def _failed(self, error: EngineError) -> None:
        self.app.notify(error.way_out, title=error.what, severity="error", markup=False)

    def action_welcome(self) -> None:
        """The first screen."""
        self.app.action_welcome()


def _choice(name: str, held: str | int, offered: tuple[str | int, ...]) -> Row:
    def draw(width: int) -> Content:
        parts: list[tuple[str, str]] = [(f"{LABELS.get(name, name):<16}", FAINT)]
        for each in offered if held in offered else (*offered, held):
            chosen = each == held
            parts.append((f"{'●' if chosen else '○'} {each}   ", "bold" if chosen else ""))
        return sides(Content.assemble(*parts), "", width)

    return Row(draw, name)


def _line(name: str, value: str, row: str) -> Row:
    words = Content.assemble((f"{LABELS.get(name, name):<16}", FAINT), value)
    return Row(lambda width: sides(words, "", width), row)
