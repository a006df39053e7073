import pytest

from engine.errors import NotEnoughMemory
from engine.runs.warm import Warm


def test_a_model_is_made_once():
    warm, made = Warm(), []

    def make():
        made.append(object())
        return made[-1]

    assert warm.get(("acorn", "nf4"), make) is warm.get(("acorn", "nf4"), make)
    assert len(made) == 1
    assert warm.get(("acorn", "fp32"), make) is made[1]


def test_the_one_that_was_not_used_for_longest_goes_first():
    warm = Warm(room=2)
    for key in ("student", "teacher", "student", "third"):
        warm.get(key, lambda key=key: [key])
    again = ["again"]
    assert warm.get("student", lambda: again) == ["student"]
    assert warm.get("teacher", lambda: again) is again


def test_the_others_make_room_where_memory_lacks():
    warm = Warm()
    warm.get("student", list)

    def make():
        if warm._kept:
            raise NotEnoughMemory("oak needs 3 GB and 1 GB is free.")
        return "oak"

    assert warm.get("teacher", make) == "oak"


def test_too_large_is_too_large():
    def make():
        raise NotEnoughMemory("oak needs 3 GB and 1 GB is free.")

    with pytest.raises(NotEnoughMemory):
        Warm().get("teacher", make)


def test_clear_forgets_all():
    warm = Warm()
    warm.get("student", lambda: "old")
    warm.clear()
    assert warm.get("student", lambda: "new") == "new"
