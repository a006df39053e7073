"""Somebody who presses whatever there is to press, for as long as one likes.

A seeded walk through the whole tutor: the keys that the footer names, all other keys, letters,
pastes of several lines, clicks, windows of every size, the terminal's focus that goes and comes.
After every move it is held that

- nothing raised,
- a key that the footer names did something that can be seen,
- nothing that stood in a line was lost, but by a key that is there to take it away,
- letters that come at once stand in the line, in their order,
- and, now and then, that `escape` leads back to Home from wherever this is.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from random import Random

from textual.errors import NoWidget
from textual.events import AppBlur, AppFocus, Paste, Resize
from textual.geometry import Size
from textual.widgets import TextArea

from tests.tutor.lessons import ID
from tests.tutor.looking import lines
from tests.tutor.tui.screens import line
from tests.tutor.tui.screens.places import PLACES
from tests.tutor.tui.screens.quiet import Settling, key
from tests.tutor.tui.screens.tally import Tally
from tutor.tui.doors import LISTED
from tutor.tui.screens.home import Home
from tutor.tui.screens.jump import Jump
from tutor.tui.widgets.keyline import KeyLine

SIZES = ((80, 24), (80, 24), (60, 20), (120, 40), (160, 50), (45, 15), (100, 30), (30, 8))
LETTERS = "abcdefghijklmnoprstuvwxyzABCDEFGRSTXYZ0123456789-+*/^()[].,:;?!#$% ½é–"
KEYS = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "tab", "shift+tab",
    "enter", "enter", "escape", "backspace", "delete", "space", "f1", "f2", "f3", "f4", "f7", "f8",
    "ctrl+r", "ctrl+z", "ctrl+y", "ctrl+a", "ctrl+e", "ctrl+k", "ctrl+u", "ctrl+w", "ctrl+f",
    "ctrl+g", "ctrl+l", "ctrl+x", "ctrl+c", "ctrl+v", "shift+left", "shift+down", "ctrl+home",
    "ctrl+end",
)  # fmt: skip
PASTES = ("7", "18,000", "1e", "nan", "one\ntwo\nthree", "12\n13\n", "\x1b[31mred", "x" * 3000)
TAKES_AWAY = frozenset(
    "enter escape backspace delete space tab shift+tab f1 f2 f3 f4 f7 f8".split()
)
"""Keys that may change what stands in a line otherwise than by typing into it."""
MOVES = {
    "footer": 38, "key": 22, "letter": 14, "word": 3, "burst": 3, "paste": 3, "click": 6,
    "resize": 4, "focus": 2, "wait": 5, "jump": 2,
}  # fmt: skip
"""Kinds of moves, and how often each is made."""
PLAIN = "abcegnhsw12790"
"""What means nothing to an editor but itself."""
HASTE = 0.2
"""Share of the footer's keys that are pressed before what was asked is done."""
WORDS = 4
"""Rows that what a key has to say may take."""
GRACE = 3.0
"""Seconds in which a key has to have done something."""
SPELL = 40
"""Moves after which the walk goes home and sets out for another place."""


class Walker:
    """One walk; the same moves for the same seed, as far as the tutor is where it was."""

    def __init__(self, app, pilot, seed: int) -> None:
        """Begins where the app is."""
        self.app, self.pilot, self.random = app, pilot, Random(seed)
        self.tally = Tally()
        app.exit = self._asked_to_quit
        self._settling = Settling(app, pilot, self._look)
        self._unlike: tuple | None = None
        """What it looked like before a key; None once it looks otherwise."""
        self._trail: list[str] = []
        self._just = ""
        """The key that was pressed before, if nothing else was done since."""
        self._came: dict[str, set[str]] = {}
        """The rows that came to the screen by a key when it was pressed last."""
        self._ordered: set[tuple] = set()
        """(screen, key) that had something carried out behind, since the walk set out."""
        self._told: set[tuple] = set()
        """(key, looks): what it had to say stands there already, such as why it does nothing."""

    async def walk(self, moves: int) -> Tally:
        """So many moves; then home."""
        for number in range(moves):
            if number % SPELL == 0:
                await self.go_home()
                await self._set_out()
            await self._move()
            assert self.app.is_running, f"the tutor has ended; after {' '.join(self._trail)}"
        await self.go_home()
        return self.tally

    def _asked_to_quit(self, *_: object, **__: object) -> None:
        """The walk goes on: it is not about the end."""
        self.tally.quits += 1

    async def _set_out(self) -> None:
        """To any place of the tutor, so that none is met by luck alone."""
        app = self.app
        lessons = [entry.lesson for entry in app.course.entries if entry.lesson is not None]
        lesson = self.random.choice(lessons)
        step = self.random.choice(lesson.steps)
        questions = [each for each in lesson.steps if each.kind == "question"]
        ways = (
            *[lambda: app.open_lesson(lesson.id, step.id)] * 6,
            *[lambda: app.open_exercise(lesson.id)] * (2 if lesson.exercise() else 0),
            app.action_tutorial, app.action_runs, app.action_mastery, app.action_settings,
            app.action_welcome, app.action_review, app.action_score, app.open_chain,
            lambda: app.open_form(self.random.choice(("quantize", "fine-tune", "cascade"))),
            lambda: app.open_run(self.random.choice(app.seen.runs).id),
            app.action_search, lambda: app.open_outline(lesson.id, step.id),
            lambda: app.open_practice(self.random.choice(questions).id),
            app.action_handin, lambda: app.action_door(self.random.choice(LISTED).command),
            lambda: None,
        )  # fmt: skip
        self._trail[:] = ["Home"]
        self._ordered.clear()
        if any(lesson.id == ID for lesson in lessons) and self.random.random() < 0.5:
            name = self.random.choice(tuple(PLACES))
            self._trail.append(name)
            await PLACES[name].go(app, self.pilot)
        else:
            self.random.choice(ways)()
        await self._settling.done()

    # One move

    async def _move(self) -> None:
        window = self.app.screen.is_modal and self.random.random() < 0.2
        if window:  # there is little to do in one
            await self._press("escape")
        kind = self.random.choices(tuple(MOVES), tuple(MOVES.values()))[0]
        self.tally.moves[kind] += 1
        if kind in ("letter", "word", "burst", "paste", "click"):
            self._just = ""
        self.tally.places[type(self.app.screen).__name__] += 1
        await getattr(self, f"_{kind}")()

    async def _footer(self) -> None:
        named = [pair for pair in self._named() if pair[1] != "quit"]
        if not named:
            return
        name, label = self.random.choice(named)
        if self.random.random() < HASTE:
            await self._press(name)
            return
        self.app.clear_notifications()  # one that goes by itself is nothing that the key did
        await self._settling.done()
        if (name, label) not in self._named():
            return
        self._unlike, just = (before := self._looks()), self._just
        said = self._came.get(name, set())
        asked, ordered = self._settling.asked, (self.app.screen, name) in self._ordered
        await self._press(name)
        self.tally.named += 1
        told = just == name or (name, before) in self._told or said & {*before[0]}
        seen = await self._soon()
        again = ordered and self._settling.asked > asked  # it was done; the same came of it
        if not (seen or told or again):
            self._fault(f"{name} ({label}) is named and did nothing")
        self._unlike = None
        self._told.add((name, self._looks()))

    async def _key(self) -> None:
        await self._press(self.random.choice(KEYS))

    async def _letter(self) -> None:
        await self._type(self.random.choice(LETTERS))

    async def _word(self) -> None:
        for letter in self.random.choice(("-47", "sqrt(2)", "nan", "halve", "18,000", "abc", "1e")):
            await self._type(letter)

    async def _burst(self) -> None:
        """Keys that come at once, as over a slow line."""
        if self.random.random() < 0.5:
            await self._at_once([self.random.choice((*KEYS, *"1279-nhws.")) for _ in range(8)])
            return
        letters = "".join(self.random.choices(PLAIN, k=8))
        field_, wanted = self.app.focused, line.with_letters(self.app, letters)
        await self._at_once(letters)
        now = line.text(self.app)
        if wanted is not None and field_ is self.app.focused and now != wanted:
            self._fault(f"{letters!r} came at once, and this is now {(now or '')[-80:]!r}")

    async def _at_once(self, keys: Iterable[str]) -> None:
        self._trail += keys
        for name in keys:
            self.app.post_message(key(name))
        await self._settling.drawn()

    async def _jump(self) -> None:
        """A letter, or any other key, in jump mode; no line loses anything by it."""
        room, field_, before = self.app.screen, self.app.focused, line.text(self.app)
        await self._press("f3")
        if not isinstance(self.app.screen, Jump):
            return
        targets = self.app.screen._targets
        name = self.random.choice((*targets, self.random.choice(KEYS)))
        await self._press(name)
        if name in targets and self.app.screen is not room:
            self._fault(f"{name} does not lead back from the letters")
        if line.of(field_) != before:
            self._fault(f"{before!r} was lost by jump mode: {line.of(field_)!r}")

    async def _paste(self) -> None:
        text = self.random.choice(PASTES)
        self._trail.append(f"paste {text[:12]!r}")
        field_, before = self.app.focused, line.held(self.app)
        self.app.screen.post_message(Paste(text))
        await self._settling.drawn()
        first = next(iter(text.splitlines()), "").strip("\x1b")
        stayed = field_ is self.app.focused and before is not None
        if stayed and isinstance(field_, TextArea) and first not in field_.text:
            self._fault("a paste did not come into the text")

    async def _click(self) -> None:
        width, height = self.app.size
        at = self.random.randrange(width), self.random.randrange(height)
        self._trail.append(f"click {at}")
        with suppress(NoWidget):  # a screen that has not been laid out yet
            await self.pilot.click(offset=at)

    async def _resize(self) -> None:
        size = self.random.choice(SIZES)
        self._trail.append(f"resize {size}")
        before = line.held(self.app)
        await self._resized(size)
        self._kept(before, f"a window of {size}")

    async def _focus(self) -> None:
        before = line.held(self.app)
        for event in (AppBlur(), AppFocus()):
            self._trail.append(type(event).__name__)
            self.app.post_message(event)
            await self._settling.drawn()
        self._kept(before, "the terminal's focus")

    async def _wait(self) -> None:
        self._trail.append("wait")
        await self._settling.done()

    async def _resized(self, size: tuple[int, int]) -> None:
        self.app._driver._size = Size(*size)
        self.app.post_message(Resize(Size(*size), Size(*size)))
        await self._settling.drawn()

    # What is held

    async def _press(self, name: str) -> None:
        self._trail.append(name)
        self._just, before = name, set(lines(self.app))
        screen, asked = self.app.screen, self._settling.asked
        self.app.post_message(key(name))
        await self._settling.drawn()
        if self._settling.asked > asked:
            self._ordered.add((screen, name))
        came = {row for row in set(lines(self.app)) - before if row.strip()}
        if came:  # many of them are another place, and not what it has to say
            self._came[name] = came if len(came) <= WORDS else set()

    async def _type(self, letter: str) -> None:
        """A letter in a line that holds something is typed and takes nothing away."""
        held, field_ = line.held(self.app), self.app.focused
        await self._press(letter)
        if not held or self.app.focused is not field_ or getattr(field_, "idle", False):
            return
        now = line.held(self.app)
        if now is None or Counter(held) - Counter(now):
            self._fault(f"{letter!r} was typed into {held[-40:]!r}, which is now {now!r}")

    def _kept(self, before: str | None, by: str) -> None:
        now = line.held(self.app)
        if before and now is not None and now != before:
            self._fault(f"{before[-40:]!r} was lost by {by}: {now[-40:]!r}")

    async def go_home(self) -> None:
        """`escape` until this is Home."""
        await self._resized((80, 24))
        deep = len(self.app.screen_stack)
        self.tally.homeward += 1
        for presses in range(2 * deep + 6):
            if isinstance(self.app.screen, Home):
                self.tally.most = max(self.tally.most, presses - deep + 1)
                return
            await self._press("escape")
        self._fault(f"escape does not lead home from {self.app.screen!r}")
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        await self._settling.drawn()

    def _named(self) -> list[tuple[str, str]]:
        lines_ = self.app.screen.query(KeyLine)
        tiny = {"-tiny", "-flat"} & set(self.app.screen.classes)
        return list(lines_.first().shown()) if lines_ and not tiny else []

    def _looks(self) -> tuple:
        """All that a key may change and somebody can see."""
        app = self.app
        cursor = getattr(app.focused, "cursor_location", getattr(app.focused, "selection", None))
        return (
            tuple(lines(app)), id(app.screen), len(app.screen_stack), id(app.focused), cursor,
            len(app._notifications), app.clipboard, app.theme,
        )  # fmt: skip

    def _look(self) -> None:
        """Whatever is seen, and be it for a moment: "Checking …" may be gone when a key is done."""
        if self._unlike is not None and self._looks() != self._unlike:
            self._unlike = None

    async def _soon(self) -> bool:
        """Whether something else could be seen since a key, or can within a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._settling.done()
                while self._unlike is not None:
                    await asyncio.sleep(0.02)
                    await self._settling.drawn()
        return self._unlike is None

    def _fault(self, words: str) -> None:
        where = type(self.app.screen).__name__
        focused = type(self.app.focused).__name__
        trail = " ".join(self._trail[-12:])
        width, height = self.app.size
        self.tally.faults.append(
            f"{where} ({focused}, {width}x{height}): {words}; after {trail}\n"
            + "\n".join(lines(self.app))
        )
