"""Plain mode: the whole course through a pipe, and on terminals that cannot draw."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import tutor
from engine.errors import EngineError
from engine.runs.home import Home
from tests.tutor.lessons_here import FOLDER, halves, right_answer
from tutor.cli import main
from tutor.course import names as finding
from tutor.learner.record import Learner

ROOT = Path(tutor.__file__).parents[1]
HALF, WHY, EXERCISE = (
    f"numbers/halves/{name}" for name in ("question/half", "question/why", "exercise/exercise")
)


@pytest.fixture(autouse=True)
def course(monkeypatch, tmp_path):
    lessons = (halves(),)
    monkeypatch.setattr(finding, "lessons", lambda: lessons)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    return lessons


@pytest.fixture
def learner():
    with Learner(Home.find()) as learner:
        yield learner


@pytest.fixture
def plain():
    """Opens plain mode and types these lines; gives what was said."""

    def plain(*lines, code=0):
        typed = "".join(f"{line}\n" for line in lines)
        done = CliRunner().invoke(main, ["--plain"], input=typed, prog_name="tutor")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == code
        return done.stdout

    return plain


def in_hand(learner, name):
    """The seed of the variant that will be asked."""
    step = next(each for each in halves().steps if each.name == name)
    return learner.sitting(step, name).seed


def in_order(said, *words):
    at = -1
    for each in words:
        at = said.find(each, at + 1)
        assert at >= 0, f"{each!r} is not said, or not there:\n{said}"


def test_the_whole_course_from_its_first_line_to_its_last(plain, learner):
    file = Home.find().path / "exercises" / "numbers" / "halves" / "exercise.py"
    file.parent.mkdir(parents=True)
    file.write_bytes((FOLDER / "solution.py").read_bytes())
    said = plain(
        "",  # the first text
        "hint", right_answer("half", in_hand(learner, "half")),
        "",
        "a lot", "20",  # the prediction
        "times=12", "times=3", "",  # the lab
        "Two equal parts make the whole.", "yes", "no",
        "",
        "check",
        "",
        "",  # the tutorial's stages
    )  # fmt: skip
    in_order(
        said,
        "Efficient AI, in plain mode",
        "Halves (numbers/halves), 5 minutes, 10 points",
        "A half of 8 is 4.",
        "Question half #", "What is half of", "Hint 1 of 2: Two of them",
        "✓ Right.", "2 points of 3. It comes back tomorrow.",
        "How much of 100 is left after halving it twice?",
        "? Not read.", "What is left.", "You said 20, measured 25: 20% off.",
        "Lab halving. Halve 100 again and again.", "times=1  (0 to 9)", "It can be 0 to 9.",
        "12.5",
        "Why are there two halves?", "1. It says that they are equal.",
        "A good answer: Two equal parts", "1.5 points of 3.",
        "Exercise of Halves · 4 points", str(file), "Write half(x)",
        "✓ passed", "2 of 2 checks passed.", "4 points of 4.",
        "That was all.",
        "End of Halves: 7.5 points of 10.", "Nobody, On Halves (2026)",
        "The tutorial, 12 minutes, 100 points", "1  Quantize: not run yet",
        "That was the end of the course.",
    )  # fmt: skip
    record = learner.lesson(halves())
    assert (record.state, record.points) == ("done", 7.5)


def test_a_number_whose_lab_fails_is_kept_and_measured_later(plain, learner, monkeypatch):
    def fails(*_):
        raise EngineError("The bench is gone.", "Try it again.")

    step = halves().step("predict/quarter")
    learner.go_to(step.id)
    with monkeypatch.context() as patch:
        patch.setattr("tutor.plain.computing.figure", fails)
        in_order(plain("20", "quit"), "The bench is gone.", "Your number is kept")
    assert learner.unmeasured() == {step.id}
    learner.go_to(halves().step("lab/halving").id)
    assert "You said 20, measured 25: 20% off." in plain("times=2", "quit")
    (named,) = learner.named(step)
    assert (named.measurement.measured, named.measurement.near) == (25, False)


def test_the_place_is_remembered(plain, learner):
    plain("", "quit")
    assert learner.place() == HALF
    said = plain("quit")
    assert "Halves, step 2 of 9 · 0 of 10 points" in said
    assert "What is half of" in said
    assert "A half of 8 is 4." not in said


def test_lines_that_end_leave_it_like_quit(plain, learner):
    plain("")
    assert learner.place() == HALF


def test_skip_goes_on_and_says_what_is_left(plain, learner):
    said = plain("", "skip", "", "skip", "skip", "skip", "", "skip", "")
    left = "Left for later: question half, predict quarter, lab halving, question why, exercise."
    assert left in " ".join(said.split())
    assert learner.step(HALF).state == "skipped"
    assert learner.lesson(halves()).state == "begun"


def test_back_and_again(plain, learner):
    seed = in_hand(learner, "half")
    said = plain("", right_answer("half", seed), "back", "again", "quit")
    in_order(said, "And a half of that?", "Question half: done, 3 of 3 points.", "Question half #")
    assert learner.step(HALF).points == 3
    assert f"half #{seed}" in said
    assert in_hand(learner, "half") != seed


def test_after_three_misses_the_solution_has_its_price_and_a_fresh_variant_has_none(plain, learner):
    seed = in_hand(learner, "half")
    said = plain("", "1", "1", "1", "", "1", "1", "1", "worked", "", "quit")
    in_order(
        " ".join(said.split()), f"half #{seed}",
        "That was the third miss. `worked` shows how this one goes, and makes this "
        "question worth 1 point for 12 hours.", "Enter: a fresh variant >", "Question half",
        "That was the third miss.", "Worked solution:", "worth 1 point now after help",
    )  # fmt: skip
    assert in_hand(learner, "half") != seed


def test_another_variant_and_the_worked_solution(plain, learner):
    said = plain("", "another", "worked", "hint", "hint", "hint", "quit")
    assert said.count("What is half of") == 2
    in_order(said, "Worked solution:", "Hint 1 of 2", "Hint 2 of 2", "There are no more hints")


def test_words_that_help_at_every_prompt(plain):
    said = plain("help", "progress", "lessons", "thirds", "halves", "quit")
    in_order(
        said, "Enter     go on", "back      to the step before", "Nothing yet.", "○ new",
        "There is no lesson 'thirds'.", "A half of 8 is 4.",
    )  # fmt: skip


def test_reviews_in_between(plain, learner):
    plain("", right_answer("half", in_hand(learner, "half")), "quit")
    with learner.database.transaction() as connection:
        connection.execute("UPDATE cards SET due = 86400, reviewed = 0")
    said = plain("review", "quit", "quit")
    in_order(said, "Reviews: 1 question is due.", "1 of 1, from Halves.", "Question half #")
    assert said.rstrip().endswith("> quit")


def test_an_exercise_that_fails_its_solution_and_a_fresh_start(plain, learner, monkeypatch):
    learner.go_to(EXERCISE)
    said = plain(
        "check", "nonsense", "edit", "solution", "no", "solution", "yes", "show", "reset", "yes",
        "quit",
    )  # fmt: skip
    in_order(
        said, "✗ failed", "0 of 2 checks passed.", "`help` lists", "No editor is set",
        "Then 2 points are left.", "Not opened.", "return x / 2", "raise NotImplementedError",
        "It is as shipped.",
    )  # fmt: skip
    assert learner.step(EXERCISE).opened


def test_the_editor_is_opened_on_the_file(plain, learner, monkeypatch, tmp_path):
    editor = tmp_path / "editor.sh"
    editor.write_text(f'#!/bin/sh\ncp "{FOLDER}/solution.py" "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    learner.go_to(EXERCISE)
    assert "4 points of 4." in plain("edit", "check")


def test_a_step_that_was_rewritten_is_shown_again(plain, learner):
    (first, *_) = halves().steps
    learner.read(type("Old", (), {"id": first.id, "hash": "old", "kind": "reading"})())
    learner.go_to(first.id)
    assert "This step has changed since you saw it." in plain("quit")


PROGRAM = """
import sys
from tests.tutor.lessons_here import halves
from tutor.course import names as finding
from tutor.cli import main
lessons = (halves(),)
finding.lessons = lambda: lessons
main(sys.argv[1:], prog_name="tutor")
"""


def test_a_dumb_terminal_gets_it_by_itself(tmp_path):
    """On a real terminal (a pseudo one), whose TERM says that it can only print."""
    master, slave = pty.openpty()
    tutor = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "--home", str(tmp_path / "dumb")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    os.write(master, b"\nquit\n")
    said = b""
    try:
        while chunk := os.read(master, 4096):
            said += chunk
    except OSError:  # how Linux says that the other side is closed
        pass
    assert tutor.wait(timeout=30) == 0
    text = said.decode()
    assert "Efficient AI, in plain mode" in text
    assert "What is half of" in text
    assert not re.search(r"\x1b\[[0-9;]*[HJ]", text)  # nothing is drawn
    os.close(master)


def test_a_wrong_answer_offers_the_next_hint_and_says_what_is_left(plain, learner):
    in_hand(learner, "half")
    said = plain("", "1", "hint", "1", "quit")
    in_order(
        said, "Not yet.", "`hint` gives a hint for 1 point; 2 misses are left.", "Hint 1 of 2",
        "Not yet.", "`hint` gives the next hint for 1 point; 1 miss is left.",
    )  # fmt: skip


def test_an_empty_line_is_no_answer(plain, learner):
    said = plain("", "", "quit")
    assert "An empty line is no answer" in said
    assert learner.history(HALF) == []


@pytest.mark.parametrize("word", ["q", "exit", "Q"])
def test_other_words_for_quit(plain, learner, word):
    said = plain(word, "", "")
    assert said.rstrip().endswith(f"> {word}")
