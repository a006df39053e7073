from dataclasses import dataclass, field

import pytest

from engine.data.problems import Problem
from engine.kinds.specs import TeachSpec
from engine.runs.record import Paused
from engine.teachers.distill import TRIES, Answer, Failure, teach
from tests.engine.training.small import recorder

PROBLEMS = [
    Problem(f"p{n}", "How many? " + "Count on. " * (n % 4), f"#### {n}", str(n)) for n in range(10)
]


class Kill(BaseException):
    """As sudden as a signal, but this process lives on."""


@dataclass
class Pupil:
    """A teacher that is right, but for what it is told to do otherwise."""

    fails: dict[str, int] = field(default_factory=dict)
    """How often a problem fails before it is answered."""
    wrong: tuple[str, ...] = ()
    dies_at: int | None = None
    """The call at which it is killed, before it has replied."""
    one_by_one: bool = False
    calls: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def ask(self, problems, tries):
        self.calls.append((tries, tuple(problem.id for problem in problems)))
        if len(self.calls) - 1 == self.dies_at:
            raise Kill
        replies = [self.reply(problem, tries) for problem in problems]
        yield from ([reply] for reply in replies) if self.one_by_one else [replies]

    def reply(self, problem, tries):
        if tries < self.fails.get(problem.id, 0):
            return Failure(problem.id, "empty")
        text = f"It is {'7777' if problem.id in self.wrong else problem.gold}."
        return Answer(problem.id, text, 5, 3)


@pytest.fixture
def record(tmp_path):
    return recorder(tmp_path, "teach", TeachSpec())


def rows(record):
    return {
        row["problem_id"]: {key: row[key] for key in row if key not in ("rowid", "asked_at")}
        for row in record.done_answers()
    }


def test_every_problem_is_asked_once_the_longest_first(record):
    pupil = Pupil()
    tally = teach(PROBLEMS, pupil, record, handful=4)
    assert [len(asked) for _, asked in pupil.calls] == [4, 4, 2]
    order = [each for _, asked in pupil.calls for each in asked]
    assert order == ["p3", "p7", "p2", "p6", "p1", "p5", "p9", "p0", "p4", "p8"]
    assert (tally.asked, tally.answered, tally.correct, tally.failures) == (10, 10, 10, {})
    assert record.store.run(record.run.id).done == 10


def test_answers_are_judged(record):
    tally = teach(PROBLEMS, Pupil(wrong=("p3",)), record, handful=4)
    assert tally.correct == 9
    assert rows(record)["p3"] == {
        "problem_id": "p3", "question": PROBLEMS[3].question, "gold": "3", "text": "It is 7777.",
        "extracted": "7777", "stage": "last number", "correct": False, "tokens_in": 5,
        "tokens_out": 3,
    }  # fmt: skip


def test_a_failure_is_kept_apart_and_asked_again_after_all_others(record):
    pupil = Pupil(fails={"p2": 1, "p8": 2})
    tally = teach(PROBLEMS, pupil, record, handful=4)
    assert pupil.calls[3:] == [(1, ("p2", "p8")), (2, ("p8",))]
    assert (tally.answered, tally.failures) == (10, {})
    assert record.done_failures() == []


def test_what_always_fails_is_given_up_and_never_an_answer(record):
    pupil = Pupil(fails={"p5": 99})
    tally = teach(PROBLEMS, pupil, record, handful=4)
    assert (tally.answered, tally.failures) == (9, {"empty": 1})
    assert "p5" not in rows(record)
    [failure] = record.done_failures()
    assert (failure["problem_id"], failure["reason"], failure["tries"]) == ("p5", "empty", TRIES)
    assert sum("p5" in asked for _, asked in pupil.calls) == TRIES


@pytest.mark.parametrize("dies_at", range(6))
def test_killed_at_any_call_it_goes_on_with_the_very_same_handfuls(record, tmp_path, dies_at):
    how = {"fails": {f"p{n}": 1 + n % 2 for n in range(5)}, "wrong": ("p9",)}
    whole, other = Pupil(**how), recorder(tmp_path / "other", "teach", TeachSpec())
    teach(PROBLEMS, whole, other, handful=3)
    killed, resumed = Pupil(**how, dies_at=dies_at), Pupil(**how)
    with pytest.raises(Kill):
        teach(PROBLEMS, killed, record, handful=3)
    teach(PROBLEMS, resumed, record, handful=3)
    assert killed.calls[:dies_at] + resumed.calls == whole.calls
    assert rows(record) == rows(other)


def test_killed_while_it_writes_a_handful_down_it_has_none_of_it(record, monkeypatch):
    """Answers and failures of a handful are there together or not at all."""

    def kill(*_):
        raise Kill

    how = {"fails": {"p1": 1}}
    with monkeypatch.context() as patch:
        patch.setattr("engine.runs.evidence.add_failures", kill)
        with pytest.raises(Kill):
            teach(PROBLEMS, Pupil(**how), record, handful=4)
    assert record.done_answers() == record.done_failures() == []
    again = Pupil(**how)
    teach(PROBLEMS, again, record, handful=4)
    assert sum(len(asked) for _, asked in again.calls) == 11


def test_replies_that_come_one_by_one_are_kept_one_by_one(record, monkeypatch):
    pupil = Pupil(one_by_one=True)
    seen = []
    progress = record.progress
    monkeypatch.setattr(
        record,
        "progress",
        lambda done, *rest: (seen.append(len(rows(record))), progress(done, *rest)),
    )
    teach(PROBLEMS, pupil, record, handful=4)
    assert seen == list(range(1, 11))


def test_a_pause_is_heeded_before_the_next_handful(record):
    pupil = Pupil()

    def ask(problems, tries):
        record.store.pause(record.run.id)
        return Pupil.ask(pupil, problems, tries)

    pupil.ask = ask
    with pytest.raises(Paused):
        teach(PROBLEMS, pupil, record, handful=4)
    assert len(pupil.calls) == 1
    assert len(rows(record)) == 4
