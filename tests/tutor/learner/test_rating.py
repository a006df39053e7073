import pytest

from tutor.learner.rating import AGAIN, GOOD, HARD, rate


@pytest.mark.parametrize(
    ("ending", "told", "grade"),
    [
        ("right", {}, GOOD),
        ("right", {"hints": 1}, HARD),
        ("right", {"misses": 1}, HARD),
        ("right", {"misses": 2}, HARD),
        ("right", {"misses": 1, "slips": 1}, HARD),
        ("right", {"misses": 1, "slips": 1, "hints": 1}, AGAIN),
        ("right", {"misses": 2, "slips": 2}, AGAIN),
        ("right", {"misses": 1, "old_slips": 1}, AGAIN),
        ("right", {"opened": True}, AGAIN),
        ("missed", {"misses": 3}, AGAIN),
        ("left", {}, None),
        ("left", {"hints": 1}, AGAIN),
        ("left", {"opened": True}, AGAIN),
    ],
)
def test_grades(ending, told, grade):
    assert rate(ending, **{"hints": 0, "misses": 0, **told}) == grade
