"""The command palette: every command by any word of its name, of what it does, and of its synonyms.

Textual's own finds a command by the letters of its name alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tutor.tui.searching.index import Index, Item
from tutor.tui.searching.words import emphasized

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.app import SystemCommand

ALSO = {
    "Keys": "help shortcuts bindings what can I press",
    "Picture": "screenshot image save svg print",
    "Quit": "exit close leave end stop",
    "Review": "due repeat flashcards spaced repetition again",
    "Progress": "mastery statistics slips shaky days heat map",
    "Runs": "jobs trainings queue results history",
    "Score card": "points marks grade result measured",
    "Settings": "options preferences theme colours font editor keys device paths folder",
    "Tutorial": "tasks assignment train fine-tune cascade",
    "Welcome": "machine hardware gpu cpu memory about start",
    "Search": "find look up jump go to",
}
"""Words that people look for and that the description has not, by the command's title."""


def items(commands: Sequence[SystemCommand]) -> Iterator[Item]:
    """The commands, each opened by its place among them."""
    for at, command in enumerate(commands):
        title = str(command.title)
        also = f"{command.help} {ALSO.get(title, '')}"
        yield Item("command", title, "", ("command", at), also=also, text=command.help)


class Commands(Provider):
    """What the palette shows."""

    async def startup(self) -> None:
        """Take the commands as the screen below has them."""
        self._commands = list(self.app.get_system_commands(self.screen))
        self._index = Index(items(self._commands))

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        for title, about, callback, discover in sorted(self._commands, key=lambda each: each.title):
            if discover:
                yield DiscoveryHit(title, callback, help=about)

    async def search(self, query: str) -> Hits:
        """Those that have the words."""
        found = self._index.find(query)
        for hit in found.hits if found.all_words else ():
            title, about, callback, _ = self._commands[hit.item.opens[1]]
            yield Hit(hit.score, emphasized(title, found.looked_for), callback, help=about)
