"""Somebody who presses whatever there is to press, for as long as one likes.

A seeded walk through the whole tutor: the keys that the footer names, all other keys, letters,
pastes of several lines, clicks, windows of every size, the terminal's focus that goes and comes.
After every move it is held that

- nothing raised,
- a key that the footer names did something that can be seen,
- nothing that stood in a line was lost, but by a key that is there to take it away,
- and, now and then, that `escape` leads back to Home from wherever this is.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from textual.errors import NoWidget
from textual.events import AppBlur, AppFocus, Paste
from textual.widgets import Input, TextArea

from tests.tutor.looking import lines
from tutor.doors import LISTED
from tutor.screens.home import Home
from tutor.widgets.keyline import KeyLine

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
    "footer": 40, "key": 22, "letter": 14, "word": 3, "burst": 2, "paste": 3, "click": 6,
    "resize": 4, "focus": 2, "wait": 5,
}  # fmt: skip
"""Kinds of moves, and how often each is made."""
SPELL = 40
"""Moves after which the walk goes home and sets out for another place."""


@dataclass
class Tally:
    """What a walk did and found."""

    moves: Counter = field(default_factory=Counter)
    places: Counter = field(default_factory=Counter)
    """Moves made on each screen."""
    quits: int = 0
    """How often it asked to be closed."""
    named: int = 0
    """Keys that the footer named, pressed."""
    homeward: int = 0
    """How often `escape` was pressed until this was Home."""
    most: int = 0
    """Presses of `escape` that it took at most, beyond one for each screen and window."""
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """A line for each count."""
        moves = ", ".join(f"{count:,} {name}" for name, count in self.moves.most_common())
        places = ", ".join(f"{name} {count:,}" for name, count in self.places.most_common())
        return (
            f"{self.moves.total():,} moves: {moves}\non {len(self.places)} screens: {places}\n"
            f"{self.named:,} keys of the footer; {self.homeward} times home by escape, "
            f"at most {self.most} presses more than screens\n{len(self.faults)} faults"
        )


class Walker:
    """One walk; the same moves for the same seed, as far as the tutor is where it was."""

    def __init__(self, app, pilot, seed: int) -> None:
        """Begins where the app is."""
        self.app, self.pilot, self.random = app, pilot, Random(seed)
        self.tally = Tally()
        app.exit = self._asked_to_quit
        self._trail: list[str] = []
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
        self.random.choice(ways)()
        bottom = app.screen
        for _ in range(100):
            await self.pilot.pause(0.01)
            if app.screen is not bottom and getattr(app.screen, "complete", True):
                break

    # One move

    async def _move(self) -> None:
        window = self.app.screen.is_modal and self.random.random() < 0.2
        if window:  # there is little to do in one
            await self._press("escape")
        kind = self.random.choices(tuple(MOVES), tuple(MOVES.values()))[0]
        self.tally.moves[kind] += 1
        self.tally.places[type(self.app.screen).__name__] += 1
        await getattr(self, f"_{kind}")()

    async def _footer(self) -> None:
        named = [pair for pair in self._named() if pair[1] != "quit"]
        if not named:
            return
        key, label = self.random.choice(named)
        await self.pilot.pause(0.02)  # what the last key did is drawn
        before = self._looks()
        seen = asyncio.create_task(self._soon(before))
        await self._press(key)
        self.tally.named += 1
        if (key, before) in self._told or self._looks() != before:
            seen.cancel()
        elif not await seen:
            self._fault(f"{key} ({label}) is named and did nothing")
        self._told.add((key, self._looks()))

    async def _key(self) -> None:
        await self._press(self.random.choice(KEYS))

    async def _letter(self) -> None:
        await self._type(self.random.choice(LETTERS))

    async def _word(self) -> None:
        for letter in self.random.choice(("-47", "sqrt(2)", "nan", "halve", "18,000", "abc", "1e")):
            await self._type(letter)

    async def _burst(self) -> None:
        """Keys that come at once, as over a slow line."""
        keys = [self.random.choice((*KEYS, *"1279-nhws.")) for _ in range(8)]
        self._trail += keys
        for key in keys:
            self.app.simulate_key(key)
        await self.pilot.pause()

    async def _paste(self) -> None:
        text = self.random.choice(PASTES)
        self._trail.append(f"paste {text[:12]!r}")
        field_, before = self.app.focused, self._held()
        self.app.screen.post_message(Paste(text))
        await self.pilot.pause()
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
        before = self._held()
        await self.pilot.resize_terminal(*size)
        self._kept(before, f"a window of {size}")

    async def _focus(self) -> None:
        before = self._held()
        for event in (AppBlur(), AppFocus()):
            self._trail.append(type(event).__name__)
            self.app.post_message(event)
            await self.pilot.pause()
        self._kept(before, "the terminal's focus")

    async def _wait(self) -> None:
        self._trail.append("wait")
        await self.pilot.pause(0.02)

    # What is held

    async def _press(self, key: str) -> None:
        self._trail.append(key)
        await self.pilot.press(key)

    async def _type(self, letter: str) -> None:
        """A letter in a line that holds something is typed and takes nothing away."""
        held, field_ = self._held(), self.app.focused
        await self._press(letter)
        if not held or self.app.focused is not field_ or getattr(field_, "idle", False):
            return
        now = self._held()
        if now is None or Counter(held) - Counter(now):
            self._fault(f"{letter!r} was typed into {held[-40:]!r}, which is now {now!r}")

    def _held(self) -> str | None:
        """What stands in the line that has the focus."""
        focused = self.app.focused
        if isinstance(focused, Input):
            return "" if focused.selection.end != focused.selection.start else focused.value
        if isinstance(focused, TextArea) and not focused.read_only:
            return "" if focused.selected_text else focused.text
        return None

    def _kept(self, before: str | None, by: str) -> None:
        now = self._held()
        if before and now is not None and now != before:
            self._fault(f"{before[-40:]!r} was lost by {by}: {now[-40:]!r}")

    async def go_home(self) -> None:
        """`escape` until this is Home."""
        await self.pilot.resize_terminal(80, 24)
        deep = len(self.app.screen_stack)
        self.tally.homeward += 1
        for presses in range(2 * deep + 6):
            if isinstance(self.app.screen, Home):
                self.tally.most = max(self.tally.most, presses - deep + 1)
                return
            await self.pilot.press("escape")
            await self.pilot.pause(0.01)
        self._fault(f"escape does not lead home from {self.app.screen!r}")
        while len(self.app.screen_stack) > 1:
            self.app.pop_screen()
        await self.pilot.pause()

    def _named(self) -> list[tuple[str, str]]:
        lines_ = self.app.screen.query(KeyLine)
        tiny = {"-tiny", "-flat"} & set(self.app.screen.classes)
        return list(lines_.first().shown()) if lines_ and not tiny else []

    def _looks(self) -> tuple:
        """All that a key may change and somebody can see."""
        app = self.app
        return (
            tuple(lines(app)), id(app.screen), len(app.screen_stack), id(app.focused),
            len(app._notifications), app.clipboard, app.theme,
        )  # fmt: skip

    async def _soon(self, before: tuple) -> bool:
        """Whether something can be seen within a while, and be it for a moment.

        An order takes its way through a thread; and "Checking …" may be gone when the key is done.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                while self._looks() == before:
                    await asyncio.sleep(0.02)
                return True
        return False

    def _fault(self, words: str) -> None:
        where = type(self.app.screen).__name__
        focused = type(self.app.focused).__name__
        trail = " ".join(self._trail[-12:])
        width, height = self.app.size
        self.tally.faults.append(
            f"{where} ({focused}, {width}x{height}): {words}; after {trail}\n"
            + "\n".join(lines(self.app))
        )
