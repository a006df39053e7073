import pytest
import torch

from engine.errors import NotEnoughMemory
from engine.models.batches import Batch
from engine.models.pieces import in_pieces, pieces


def a_batch(size):
    return Batch(3, tuple(range(size)), tuple((i,) for i in range(size)))


class Card:
    """Has room for so many problems; another program may hold some of it until it is asked."""

    def __init__(self, room, held=0):
        self.room, self.held = room, held
        self.tried, self.told = [], []

    def generate(self, batch):
        self.tried.append(len(batch.problems))
        if len(batch.problems) > self.room - self.held:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried 2 GiB.\nSee the manual.")
        return [f"{batch.index}:{problem}" for problem in batch.problems]

    def make_room(self):
        had, self.held = self.held, 0
        return had > 0

    def answer(self, size, together):
        return in_pieces(
            self.generate, a_batch(size), together, lambda *told: self.told.append(told),
            self.make_room,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "together", "room", "tried", "settled"),
    [
        (10, 50, 99, [10], []),
        (10, 4, 99, [4, 4, 2], []),
        (10, 50, 5, [10, 5, 5], [5]),
        (10, 50, 2, [10, 5, 3, 2, 2, 2, 2, 2], [5, 3, 2]),
        (7, 7, 1, [7, 4, 2, 1, 1, 1, 1, 1, 1, 1], [4, 2, 1]),
    ],
)
def test_it_is_halved_until_there_is_room(size, together, room, tried, settled):
    card = Card(room)
    assert card.answer(size, together) == [f"3:{i}" for i in range(size)]
    assert card.tried == tried
    assert [each for each, _ in card.told] == settled
    for _, fallback in card.told:
        assert fallback.why == "CUDA out of memory. Tried 2 GiB."


def test_what_else_holds_memory_goes_first():
    card = Card(10, held=6)
    card.answer(10, 10)
    assert (card.tried, card.told) == ([10, 10], [])


def test_no_room_for_one():
    with pytest.raises(NotEnoughMemory, match="a single problem: CUDA out of memory"):
        Card(0).answer(8, 8)


def test_other_errors_are_none_of_its_business():
    def broken(batch):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="shapes"):
        in_pieces(broken, a_batch(4), 4, lambda *_: pytest.fail("told"))


def test_pieces_are_the_batch():
    cut = list(pieces(a_batch(5), 2))
    assert [each.problems for each in cut] == [(0, 1), (2, 3), (4,)]
    assert [each.prompts for each in cut] == [((0,), (1,)), ((2,), (3,)), ((4,),)]
    assert {each.index for each in cut} == {3}
