"""The tutorial by prompts. The test is the worker: a thread of it moves the rows by hand."""

import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.chain import pipeline
from engine.runs.home import Home
from tests.tutor.homes import worker, write
from tests.tutor.plain.test_course import in_order
from tutor.cli import main
from tutor.course import names as finding


@pytest.fixture(autouse=True)
def only_the_tutorial(monkeypatch, tmp_path):
    monkeypatch.setattr(finding, "lessons", lambda: ())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def hand():
    with worker(Home.find().path) as hand:
        yield hand


@pytest.fixture
def plain():
    def plain(*lines):
        typed = "".join(f"{line}\n" for line in lines)
        done = CliRunner().invoke(main, ["--plain"], input=typed, prog_name="tutor")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return plain


@contextmanager
def computing(hand, names=pipeline.ORDER, fails=""):
    """A worker that takes these runs, in their order, as they come into the queue."""
    stopped = threading.Event()

    def work():
        for name in names:
            while hand.client.store.ready() is None:
                if stopped.wait(0.01):
                    return
            if name == fails:
                error = {"what": "No room left.", "way_out": "Free some."}
                hand.client.store.end(hand.begin().run.id, "failed", error=error)
                return
            hand.compute(name)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def test_the_stages_and_that_none_was_run(plain, hand):
    said = plain("score", "help", "")
    in_order(
        said, "The tutorial, 12 minutes, 100 points", "A small model learns from a large one",
        "1  Quantize: not run yet", "Load the student in 4 bits", "5  Cascade: not run yet",
        "0 of 5 done · 0 of 100 points · size quick",
        "Nothing was measured yet.", "1 to 5    run that one, and what it needs",
        "That was the end of the course.",
    )  # fmt: skip


def test_all_of_them_are_run_and_followed_to_the_score_card(plain, hand):
    with computing(hand):
        said = plain("run", "score", "run", "")
    in_order(
        said, "Queued: runs 1 to 10. First time here: no forecast of time", "Ctrl-C leaves them",
        "[1/10]  run 1", "finished", "[10/10]  run 10", "1  Quantize: ✓ finished, EM as shipped",
        "5 of 5 done", "100 points", "student, fine-tuned", "That has finished.",
    )  # fmt: skip


def test_what_the_command_line_has_queued_is_followed_and_not_queued_again(plain, hand):
    done = CliRunner().invoke(main, ["pipeline", "--detach"], prog_name="tutor")
    assert done.exit_code == 0, done.output
    with computing(hand):
        in_order(plain("run", "run", ""), "5 of 5 done", "That has finished.")
    assert len(hand.client.runs()) == len(pipeline.ORDER)


def test_one_is_run_with_what_it_needs(plain, hand):
    with computing(hand, ("teach", "sft", "student")):
        said = plain("3", "")
    in_order(said, "Queued: runs 1 to 3. First time", "[3/3]  run 3", "1  Quantize: not run yet",
             "3  Fine-tune: ✓ finished", "2 of 5 done")  # fmt: skip


def test_one_that_fails_says_why_and_the_others_are_not_waited_for(plain, hand):
    with computing(hand, fails="teach"):
        said = plain("run", "")
    in_order(said, "Run 2 is failed. No room left. Free some.", "Ask the teacher: ✗ failed",
             "No room left.")  # fmt: skip


def test_what_goes_on_is_ended(plain, hand):
    hand.submit()
    write(hand.begin(), "baseline", 0.6)
    said = plain("cancel", "")
    in_order(
        said,
        "Quantize: ▸ running",
        "problems 60 of 100",
        "Cancelled: runs 1 to 10.",
    )
    assert hand.client.store.request(1) == "cancel"
    assert {run.state for run in hand.client.runs()} == {"running", "cancelled"}


def test_the_whole_chain_is_paused_and_goes_on(plain, hand):
    ids = hand.chain(upto="sft")
    said = plain("resume", "pause", "pause", "")
    in_order(said, "Nothing stands still.", "Paused: runs 3 to 10.", "Nothing is going on.")
    assert hand.client.run(ids["cascade"]).state == "paused"
    assert "Resumed: runs 3 to 10." in plain("resume", "")
    assert hand.client.run(ids["cascade"]).state == "queued"


def test_ctrl_c_leaves_the_runs_going_on(plain, hand, monkeypatch):
    hand.submit()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.runs.client.Client.follow", interrupted)
    said = plain("follow", "")
    assert "The runs go on. `follow` shows them again, `cancel` ends them." in said
    assert {run.state for run in hand.client.runs()} == {"queued"}


def test_another_size(plain, hand):
    said = plain("size", "full", "size", "", "nonsense", "")
    in_order(said, "size quick", "size > full", "size full", "size > ", "`help` lists")
    assert said.count("1  Quantize") == 3


def test_other_models_and_problems(plain, hand):
    folder = str(Path("tests/engine/data/gsm8k").resolve())
    said = plain("models", "acron", "oak", "", "nf5", "int8", folder, "models", "", "", "", "", "")
    in_order(
        said,
        "Enter stays with acorn.", "Did you mean acorn?",
        "Enter stays with oak.",
        "Enter stays with nf4-dq.", "precision is 'nf5'.",
        "Enter stays with built-in.",
        "size quick, oak learns from oak",
        "Enter stays with oak.", "Enter stays with int8.",
    )  # fmt: skip
    assert folder in said


def test_lessons_of_the_unit_come_before_its_stages(monkeypatch, plain, hand):
    """And the list of lessons says how to get to the stages."""
    from lessons.kit.course.lesson import read_lesson
    from tests.tutor.lessons_here import FOLDER

    lesson = read_lesson(FOLDER, "tutorial/halves")
    monkeypatch.setattr(finding, "lessons", lambda: (lesson,))
    said = plain("lessons", "tutorial", "back", "quit")
    in_order(said, "Halves (tutorial/halves)", "`tutorial` goes to The tutorial.",
             "1  Quantize", "That was all.")  # fmt: skip


def test_handing_in_is_a_word_at_the_tutorials_prompt(plain, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = plain("help", "hand in", "", "verify", "", "")
    in_order(
        said, "hand in", "write the notebook to submit", "There is nothing to hand in yet",
        "cannot be read",
    )  # fmt: skip


def test_a_small_size_says_what_it_is_not_good_for(plain, hand):
    said = plain("size", "help", "full", "")
    in_order(
        said,
        "learns from at most 400 answers",
        "400 questions to learn from, 100 problems to be judged on; small: scores are ±0.10",
        "2,000 questions to learn from, 300 problems",
        "size full",
    )
    assert said.count("This size is small.") == 1, "nothing is said of the full size"
