"""What is asked for on an answer line instead of an answer: by its word, or by one letter.

Plain mode reads the words at its prompts. A line on a screen reads them and the letters as Enter is
pressed, so that a letter which begins an answer (`sqrt(2)`, `none`, `half`) costs nothing.
"""

from __future__ import annotations

HINT, ANOTHER, WORKED, SKIP, BACK = "hint", "another", "worked", "skip", "back"
LESSONS, REVIEW, PROGRESS, HELP, QUIT = "lessons", "review", "progress", "help", "quit"

ALSO = {"q": QUIT, "exit": QUIT, "?": HELP, "new": ANOTHER, "solution": WORKED}
"""What is typed for them as well; no answer reads like these."""
LETTERS = {"h": HINT, "n": ANOTHER, "w": WORKED, "s": SKIP}
"""The keys of a step that may begin an answer."""
ACTIONS = {
    HINT: "hint", ANOTHER: "another", WORKED: "worked", SKIP: "skip", BACK: "back",
    LESSONS: "leave", REVIEW: "app.review", PROGRESS: "app.mastery", HELP: "app.help",
    QUIT: "app.quit",
}  # fmt: skip
"""What carries them out on a screen."""
DOES = {
    SKIP: "skips this step; you can come back to it",
    BACK: "goes to the step before",
    LESSONS: "goes back to where you came from",
    REVIEW: "asks what is due",
    PROGRESS: "shows what you have mastered, and what is shaky",
    HELP: "lists all keys",
    QUIT: "closes the tutor; your place is remembered",
}
"""What Enter does behind them, where that is the same for every step."""


def word(typed: str) -> str:
    """The word that is typed, under the name it has here; an answer is given back as it is."""
    folded = typed.strip().casefold()
    return ALSO.get(folded, folded)


def read(typed: str) -> str:
    """What is asked for on the line of a step; empty where that is an answer, or nothing."""
    asked = LETTERS.get(typed.strip().casefold()) or word(typed)
    return asked if asked in ACTIONS else ""
