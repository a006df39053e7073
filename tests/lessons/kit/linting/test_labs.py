import pytest

from lessons.kit.bench import Bench
from lessons.kit.linting.finding import Notes
from lessons.kit.linting.labs import check_labs
from tests.lessons.kit.small_lesson import LABS, write


@pytest.fixture(scope="module")
def bench():
    with Bench() as bench:
        yield bench


def checked(made, bench, long: bool = False) -> Notes:
    notes = Notes()
    check_labs(made, bench, long, notes)
    return notes


def test_a_lab_is_computed_at_its_defaults_its_ends_and_as_the_lesson_sets_it(tmp_path, bench):
    notes = checked(write(tmp_path), bench)
    assert notes.findings == []
    assert notes.counts == {"labs": 1, "figures": 3}  # 8, 2, and 4, which is also the prediction's


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("values = {", "assert bits < 8\n    values = {", "lab row bits=8: "),
        ('"mse": 2.0', '"mae": 2.0', "lab row bits=4: A prediction is held against 'mse'"),
        ('"mse": 2.0**-bits', '"mse": float("nan")', "which is nan"),
        ('"Its error."', '" "', "Its caption says nothing"),
        ("return Table", "return None or list", "lab row bits=2: "),
    ],
)
def test_what_is_wrong_with_a_lab(tmp_path, bench, old, new, says):
    assert old in LABS
    found = checked(write(tmp_path, labs=LABS.replace(old, new)), bench).findings
    assert any(says in f"{each.where}: {each.says}" for each in found), found


def test_a_long_lab_is_left_out_unless_asked_for_and_counted(tmp_path, bench):
    made = write(tmp_path, labs=LABS.replace('weights.")', 'weights.", long=True)'))
    assert checked(made, bench).counts == {"labs left out": 1}
    assert checked(made, bench, long=True).counts == {"labs": 1, "figures": 3}
