"""Steps that are written in another way, and the digests that they had."""

import pytest

from lessons.kit.course import same
from lessons.kit.course.lesson import lesson
from tests.lessons.kit.small_lesson import QUESTIONS, write

STEP = "numbers/absmax/question/scale"
BEFORE = {
    "numbers/absmax/question/absmax-scale": "4a1954f14add0382 77091d47b414c1b8 7c8d70230b083c76",
    "numbers/absmax/lab/absmax": "0ef342a7452f4128 f59112486fcb2093 d4729ef70262d07f",
    "numbers/absmax/exercise/exercise": "c5a272720817907d f198a46bb8f1fbb8 784661b9bba2a0cc",
}
"""What tutors wrote that digested all of a syntax tree, under three releases of Python."""


@pytest.fixture
def known(monkeypatch):
    """From now on these digests stand for the same work."""

    def know(*digests):
        monkeypatch.setattr(same, "known", lambda: {STEP: digests})

    return know


def test_the_file_has_a_step_and_its_digests_on_each_line():
    assert same.read("# Words.\na/b/lab/c 1 2\n\na/b/lab/d 3\n") == {
        "a/b/lab/c": ("1", "2"),
        "a/b/lab/d": ("3",),
    }


def test_all_digests_of_a_step_stand_for_the_first(known):
    known("first", "then", "now")
    assert {same.work(STEP, each) for each in ("first", "then", "now")} == {"first"}
    assert same.work(STEP, "other") == "other"
    assert same.work("numbers/absmax/question/another", "then") == "then"


def test_a_step_that_is_written_in_another_way_has_the_hash_that_it_had(tmp_path, known):
    before = write(tmp_path / "one").step("question/scale")
    rewritten = {"questions": QUESTIONS.replace("127 / alpha", "(127 / alpha) * 1")}
    other = write(tmp_path / "two", **rewritten).step("question/scale")
    assert before.hash == before.digest != other.digest == other.hash
    known(before.digest, other.digest)
    now = write(tmp_path / "three", **rewritten).step("question/scale")
    assert (now.hash, now.digest) == (before.hash, other.digest)


@pytest.mark.parametrize("step", BEFORE)
def test_what_earlier_tutors_wrote_is_known(step):
    of, kind, name = step.rsplit("/", 2)
    now = lesson(of).step(f"{kind}/{name}")
    assert {same.work(step, each) for each in BEFORE[step].split()} == {now.hash}
