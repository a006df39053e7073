"""A thousand random moves through the tutor; `-m slow` makes ten thousand, through all lessons.

TUTOR_WALK=2000 TUTOR_SEED=7 pytest tests/tutor/tui/screens/test_walk.py -s
"""

import os

import pytest

from tests.tutor.homes import write
from tests.tutor.tui.screens.walking import Walker
from tutor import config
from tutor.tui.app import TutorApp
from tutor.tui.pictures import until

SEED = int(os.environ.get("TUTOR_SEED", "1"))


@pytest.fixture
def nowhere(hand, tmp_path, monkeypatch):
    """A home in which much has happened; nothing that is pressed reaches beyond the test."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DOWNLOAD_DIR"):
        folder = tmp_path / f"its_{name.lower()}"
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.setenv(name, "true")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webbrowser.open", lambda *_, **__: True)
    hand.chain()
    hand.submit(settings="reference")
    write(hand.begin(), "baseline", 0.4)
    return hand.home


async def walk(home, moves, seed):
    app = TutorApp(home, config.read())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.seen.machine != "" and app.course.ready)
        tally = await Walker(app, pilot, seed).walk(moves)
    print(f"\nseed {seed}\n{tally}")
    assert not tally.faults, "\n".join(tally.faults)


async def test_a_walk_through_a_small_course(nowhere, lesson):
    await walk(nowhere, int(os.environ.get("TUTOR_WALK", "1000")), SEED)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEED, SEED + 5))
async def test_a_walk_through_all_lessons(nowhere, seed):
    await walk(nowhere, 2000, seed)
