"""Handing in by prompts, on a chain that was planted."""

import pytest

from tests.tutor.handin.chain import planted
from tests.tutor.homes import worker
from tutor.learner.record import Learner
from tutor.plain import handin
from tutor.plain.console import Console
from tutor.plain.session import Session


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    with worker(tmp_path_factory.mktemp("plain") / "home") as hand:
        planted(hand)
        yield hand.home


@pytest.fixture
def said(home, tmp_path, monkeypatch):
    """What is said where these lines are typed."""
    from io import StringIO

    monkeypatch.chdir(tmp_path)

    def said(what, *lines, of=home):
        out = StringIO()
        console = Console(StringIO("".join(f"{line}\n" for line in lines)), out)
        with Learner(of) as learner, Session(of, learner, console) as session:
            what(session)
        return " ".join(out.getvalue().split())

    return said


def test_the_notebook_is_written_and_verified(said, tmp_path):
    told = said(handin.hand_in, "")
    assert f"50 of 100 points are in {tmp_path / 'tutorial.ipynb'}." in told
    assert "The scores follow from the recorded predictions; nothing was edited." in told
    assert (tmp_path / "tutorial.ipynb").exists()


@pytest.mark.parametrize(("answer", "replaced"), [("yes", True), ("", False)])
def test_what_is_there_is_replaced_only_where_one_says_so(said, tmp_path, answer, replaced):
    file = tmp_path / "tutorial.ipynb"
    file.write_text("mine")
    told = said(handin.hand_in, "", answer)
    assert "is there. Replace it?" in told
    assert (file.read_text() != "mine") is replaced


def test_a_name_that_cannot_be_is_told_and_asked_for_again(said, tmp_path):
    told = said(handin.hand_in, "x.pdf", "x.ipynb")
    assert "x.pdf is no .ipynb and no .md" in told and "50 of 100 points" in told
    assert (tmp_path / "x.ipynb").exists()


def test_who_has_nothing_yet_is_told_what_to_do(said, hand):
    assert "There is nothing to hand in yet" in said(handin.hand_in, "", of=hand.home)


def test_what_is_no_notebook_is_told(said, tmp_path):
    assert "cannot be read" in said(handin.verify, "", "")
    (tmp_path / "tutorial.ipynb").write_text("no json")
    assert "is no notebook" in said(handin.verify, "")
