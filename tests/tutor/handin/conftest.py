from contextlib import closing

import pytest

from tests.tutor.handin.chain import planted
from tests.tutor.homes import worker
from tutor.handin.handed import gather
from tutor.handin.notebook import notebook
from tutor.learner.record import Learner
from tutor.tutorial.reader import Reader


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which the whole chain has finished."""
    with worker(tmp_path_factory.mktemp("handin") / "home") as hand:
        planted(hand)
        yield hand.home


@pytest.fixture(scope="module")
def handed(home):
    with Learner(home) as learner, closing(Reader(home)) as reader:
        yield gather(reader.client, learner)


@pytest.fixture(scope="module")
def made(home, handed):
    """The notebook; a test that changes it takes a copy."""
    with closing(Reader(home)) as reader:
        return notebook(handed, reader)
