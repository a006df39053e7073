"""A unit's stages by prompts: how they stand, run one or all, follow them, the score card.

What is run is a run like any other: it goes on when the tutor is left, and `follow` finds it again.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.runs.chains import chains_with
from tutor.plain import handin
from tutor.plain.session import MOVES, NEXT, SKIP, Session
from tutor.report.stages import unit_text
from tutor.tutorial import run_words as wording
from tutor.tutorial import size_words
from tutor.tutorial import stages as progress
from tutor.tutorial.choice import BUILT_IN, Choice
from tutor.tutorial.snapshot import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lessons.kit.course.course import Unit
    from tutor.tutorial.reader import Reader
    from tutor.tutorial.snapshot import Snapshot

WORDS = {
    "": "go on in the course",
    "run": "run all that is not finished, one after another",
    "follow": "show how what is going on gets on, to its end",
    "pause": "have all that is going on stand still, where it can carry on",
    "resume": "let all that stands still go on",
    "cancel": "end what is going on for good",
    "score": "the score card: what was measured, and the points",
    "hand in": "write the notebook to submit, and verify it",
    "verify": "count a notebook again that was handed in",
    "size": "another size: how many problems and questions",
    "models": "another student, teacher, precision, or other problems",
}

DONE = {"pause": "Paused", "resume": "Resumed", "cancel": "Cancelled"}
NOTHING = {
    "pause": "Nothing is going on.",
    "resume": "Nothing stands still.",
    "cancel": "Nothing is going on.",
}


def take(session: Session, unit: Unit) -> str:
    """Show how the stages stand, and do what is asked; gives where to go."""
    from tutor.tutorial.reader import Reader

    session.say(f"{unit.name}, {unit.minutes} minutes, {unit.points} points", unit.about)
    with closing(Reader(session.home)) as reader:
        choice = None
        while True:
            seen = reader.look(choice, session.settings.device)
            session.say(unit_text(unit, seen))
            typed = _asked(session, unit, seen)
            if typed in MOVES:
                return NEXT if typed == SKIP else MOVES[typed][0]
            if not typed:
                return NEXT
            if typed == "size":
                choice = _other_size(session, seen)
            elif typed == "models":
                choice = _other_models(session, seen.choice)
            else:
                _do(session, unit, reader, seen, typed)


def _asked(session: Session, unit: Unit, seen: Snapshot) -> str:
    """A word that changes something or leads elsewhere."""
    while True:
        typed = session.choose(_words(unit), "run, follow, score, hand in, or Enter to go on ")
        if typed == "score":
            session.say(_card(seen))
        elif typed == "hand in":
            handin.hand_in(session)
        elif typed == "verify":
            handin.verify(session)
        elif typed in WORDS or typed in MOVES or _number(typed, unit):
            return typed
        else:
            session.say("`help` lists the words that work here.")


def _number(typed: str, unit: Unit) -> int:
    """The number of a stage, from 1; 0 for anything else."""
    number = int(typed) if typed.isascii() and typed.isdecimal() else 0
    return number if number <= len(unit.stages) else 0


def _words(unit: Unit) -> dict[str, str]:
    return {f"1 to {len(unit.stages)}": "run that one, and what it needs", **WORDS}


def _do(session: Session, unit: Unit, reader: Reader, seen: Snapshot, typed: str) -> None:
    """Run, follow or cancel; what goes wrong is said."""
    try:
        if typed == "follow":
            _follow(session, reader, [run.id for run in reversed(_going_on(seen))])
        elif typed in DONE:
            _change(session, reader, seen, typed)
        else:
            number = _number(typed, unit)
            wanted = unit.stages[number - 1 : number] if number else unit.stages
            _run(session, unit, reader, seen, [stage.id for stage in wanted])
    except EngineError as error:
        session.say(str(error))


def _run(
    session: Session, unit: Unit, reader: Reader, seen: Snapshot, stages: Iterable[str]
) -> None:
    """Queue what has not finished of these stages, and follow it."""
    left = [
        place.stage
        for place in progress.standings(unit, seen)
        if place.stage.id in stages and place.state != "finished"
    ]
    if not left:
        session.say("That has finished. The same settings would give the same result.")
        return
    wanted = tuple(name for stage in left for name in stage.runs)
    chain = reader.chain()
    ahead = wording.forecast([each.as_dict() for each in chain.ahead(wanted)])
    ids = chain.start(wanted)
    numbers = [number for number in ids.values() if reader.client.run(number).state != "finished"]
    session.say(
        f"Queued: {wording.runs(numbers)}. {ahead[0].upper()}{ahead[1:]}.",
        "Ctrl-C leaves them going on; `pause` and `cancel` are for all of them.",
    )
    _follow(session, reader, numbers)


def _follow(session: Session, reader: Reader, numbers: list[int]) -> None:
    """Progress lines of these runs, one run after another, until one does not come to its end."""
    from tutor.report.progress import Progress

    if not numbers:
        session.say("Nothing is going on.")
        return
    lines = Progress(session.console.stdout)
    try:
        for at, number in enumerate(numbers, 1):
            for run in reader.client.follow(number):
                lines.show(run, f"{at}/{len(numbers)}")
            lines.close()
            if run.state != "finished":
                error = run.error or {}
                why = f" {error.get('what', '')} {error.get('way_out', '')}".rstrip()
                session.say(f"Run {number} is {wording.STATES[wording.stands(run)][1]}.{why}")
                return
    except KeyboardInterrupt:
        lines.close()
        session.say("The runs go on. `follow` shows them again, `cancel` ends them.")


def _change(session: Session, reader: Reader, seen: Snapshot, word: str) -> None:
    """Pause, resume or cancel the whole chain that the stages' runs are in."""
    stages = [run.id for run in seen.stages.values()]
    chains = chains_with(stages, reader.client.runs(limit=RUNS))
    do = {
        "pause": reader.client.pause_all,
        "resume": reader.client.resume_all,
        "cancel": reader.client.cancel_all,
    }[word]
    done = do(run.id for chain in chains for run in chain.runs)
    numbers = wording.runs(run.id for run in done)
    session.say(f"{DONE[word]}: {numbers}." if done else NOTHING[word])


def _going_on(seen: Snapshot) -> list:
    """Runs of the stages that are not over, the newest first."""
    over = ("finished", "failed", "cancelled")
    return sorted(
        (run for run in seen.stages.values() if run.state not in over), key=lambda run: -run.id
    )


def _card(seen: Snapshot) -> str:
    from tutor.report.card import card_text

    if seen.card is None or not seen.card.runs:
        return "Nothing was measured yet. `run` runs all stages."
    return card_text(seen.card, "`size` chooses the full one.")


def _other_models(session: Session, choice: Choice) -> Choice:
    """What is typed for each part of the chain; what is there for Enter."""
    from tutor.tutorial.chain import PARTS, faults, problems_there

    for name, (about, _) in PARTS.items():
        held = getattr(choice, name)
        words = {"": f"stay with {held}"}
        session.say(f"{name} ({about}): Enter stays with {held}.")
        while typed := session.choose(words, f"{name} "):
            if typed in MOVES:
                return choice
            if name == "problems":
                tried = choice.with_problems(typed)
            else:
                tried = replace(choice, **{name: typed})
            if wrong := faults(tried, session.home.path).get(name):
                session.say(str(wrong))
                continue
            choice = tried
            break
    try:
        return problems_there(choice)
    except EngineError as error:
        session.say(str(error))
        return choice.with_problems(BUILT_IN)


def _other_size(session: Session, seen: Snapshot) -> Choice:
    """The size that is chosen, as a choice; the one there is for Enter."""
    from engine.chain.size import PRESETS, of_preset

    sizes = {name: size_words.about(of_preset(preset)) for name, preset in PRESETS.items()}
    typed = session.choose({"": f"stay with {seen.choice.preset}", **sizes}, "size ")
    if typed not in seen.presets:
        return seen.choice
    return replace(seen.choice, preset=typed)
