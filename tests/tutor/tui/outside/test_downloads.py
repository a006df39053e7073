"""A picture of the screen: where it goes, and what is said of it."""

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.runs.home import Home
from tutor.tui.outside.downloads import save


@pytest.fixture
def downloads(tmp_path, monkeypatch):
    """The learner's folder for downloads, which is not there yet."""
    folder = tmp_path / "Downloads"
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(folder))
    return folder


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def test_it_goes_to_the_downloads_and_never_over_another(home, downloads):
    downloads.mkdir()
    files = {save(home, "tutor.svg", bytes([number])) for number in range(3)}
    assert len(files) == 3
    assert {file.read_bytes() for file in files} == {b"\0", b"\1", b"\2"}
    assert all(file.parent == downloads and file.suffix == ".svg" for file in files)
    assert not home.path.exists()


def test_it_goes_into_the_home_where_there_are_no_downloads(home, downloads):
    file = save(home, "tutor.svg", b"<svg/>")
    assert file.parent == home.path / "pictures"
    assert file.read_bytes() == b"<svg/>"
    assert not downloads.exists()


def test_it_goes_into_the_home_where_the_downloads_take_it_not(home, downloads):
    downloads.write_text("a file")
    assert save(home, "tutor.svg", b"").parent == home.path / "pictures"


def test_what_can_be_written_nowhere_says_why(home, downloads):
    home.path.write_text("a file")
    with pytest.raises(EngineError, match=r"pictures is not a folder"):
        save(home, "tutor.svg", b"")


async def test_the_path_of_a_picture_is_told(hand, opened, told, downloads):
    async with opened(hand.home) as (app, _):
        await app.run_action("picture")
        title, words = told[-1]
        assert title == "Picture"
        file = Path(words.removeprefix("It is in ").removesuffix("."))
        assert "Continue" in file.read_text().replace("&#160;", " ")


async def test_why_a_picture_is_not_saved_is_told(hand, opened, told, downloads):
    (hand.home.path / "pictures").write_text("a file")
    async with opened(hand.home) as (app, _):
        await app.run_action("picture")
    assert told[-1][0] == "The picture is not saved"
    assert f"{hand.home.path / 'pictures'} is not a folder." in told[-1][1]


async def test_ctrl_c_closes_nothing_and_names_the_key_that_does(hand, opened, told):
    async with opened(hand.home) as (app, pilot):
        await pilot.press("ctrl+c")
        assert app.is_running
    assert told[-1] == (
        "Ctrl-C closes nothing",
        "q closes the tutor; where something is typed, after esc.",
    )
