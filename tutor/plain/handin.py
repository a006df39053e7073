"""Handing in by prompts: the notebook is written and verified, or another one is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tutor.course.file_names import file_named
from tutor.plain.session import MOVES, Session

if TYPE_CHECKING:
    from tutor.handin.verify import Verdict

NAME = "tutorial.ipynb"
"""The file, where Enter is pressed."""


def hand_in(session: Session) -> None:
    """Write what is handed in, and say what verifying it says."""
    from tutor.handin.export import check_name, export

    def write(file: Path) -> None:
        check_name(file)
        if file.exists() and not _replaced(session, file):
            session.say("Nothing was written.")
            return
        written = export(session.home, file)
        session.say(f"{written.handed.points:g} of {written.of:g} points are in {file}.")
        if file.suffix == ".ipynb":
            session.say(_verified(session, file))

    _with_file(session, write)


def verify(session: Session) -> None:
    """Say whether a notebook's scores follow, and what was edited."""
    _with_file(session, lambda file: session.say(_verified(session, file)))


def _with_file(session: Session, do: Callable[[Path], None]) -> None:
    """Ask for a file until something is done with it, or the learner goes elsewhere."""
    there = Path.cwd() / NAME
    while True:
        typed = session.choose({"": f"{there}"}, f"file, Enter for {NAME} ")
        if typed in MOVES:
            return
        try:
            do(file_named(typed) if typed else there)
        except EngineError as error:
            session.say(str(error))
            if not typed:  # the same would be wrong again
                return
        else:
            return


def _replaced(session: Session, file: Path) -> bool:
    words = {"yes": "replace it", "": "keep it"}
    return session.choose(words, f"{file} is there. Replace it? yes, or Enter to keep it ") == "yes"


def _verified(session: Session, file: Path) -> str:
    """What it comes to, and each claim that does not hold; code is run where one says so."""
    from tutor.handin.verify import verify as count

    verdict = count(file)
    if verdict.waits_for_code:
        session.say(_told(verdict))
        words = {"run": "run the learner's code, on this machine and as you", "": "leave it"}
        if session.choose(words, "run its code too? run, or Enter to leave it ") != "run":
            return ""
        verdict = count(file, run_checks=True)
    return _told(verdict)


def _told(verdict: Verdict) -> str:
    from tutor.handin.verdict import HELD, sentence

    lines = [
        f"  {HELD[claim.holds]}: {claim.what}; handed in {claim.said}, found {claim.found}"
        for claim in verdict.claims
        if not claim.holds
    ]
    edits = [f"  ! {edit}" for edit in verdict.edits]
    return "\n".join([sentence(verdict), *lines, *edits])
