import os
import stat
from pathlib import Path

import pytest

from engine.errors import DiskFull, EngineError
from engine.runs.home import Home, out_of_room, private_folder
from engine.runs.store import Store


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_flag_wins_over_the_variable_and_that_over_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path / "variable"))
    assert Home.find(str(tmp_path / "flag")).path == tmp_path / "flag"
    assert Home.find(None).path == tmp_path / "variable"
    monkeypatch.delenv("TUTOR_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Home.find().path.name == "efficient-ai-tutor"


def test_a_home_is_absolute_whatever_names_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Home("here").path == tmp_path / "here"
    assert Home(Path("~/there")).path == tmp_path / "there"


def test_only_its_user_can_look_inside(home):
    before = os.umask(0)
    try:
        Store(home).submit("count", "count", {})
    finally:
        os.umask(before)
    assert mode(home.path) == mode(home.models) == 0o700
    files = [path for path in home.path.iterdir() if path.name.startswith("tutor.db")]
    assert {path.name for path in files} == {"tutor.db", "tutor.db-wal", "tutor.db-shm"}
    assert {mode(path) for path in files} == {0o600}


def test_a_home_that_was_opened_to_others_is_closed_again(home):
    home.prepare()
    home.path.chmod(0o755)
    home.prepare()
    assert mode(home.path) == 0o700


def test_a_folder_of_other_things_is_never_closed_to_others(tmp_path):
    """`--home /tmp` would lock everybody out of it."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    (shared / "thesis.tex").touch()
    with pytest.raises(EngineError, match="open to other users") as caught:
        Home(shared).prepare()
    assert f"--home {shared / 'tutor'}" in caught.value.way_out
    assert mode(shared) == 0o777
    assert [path.name for path in shared.iterdir()] == ["thesis.tex"]


def test_a_file_is_not_a_home(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(EngineError, match="is not a folder"):
            Home(path).prepare()


def test_folders_above_are_private_too_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        private_folder(tmp_path / "a" / "b" / "c")
    finally:
        os.umask(before)
    assert [mode(tmp_path / each) for each in ("a", "a/b", "a/b/c")] == [0o700] * 3


class RustError(Exception):
    """As safetensors and tokenizers have them: no OSError, and no errno."""


def test_a_full_disk_is_known_whoever_says_so():
    full = OSError(28, "No space left on device")
    said = RustError("Error while serializing: I/O error: No space left on device (os error 28)")
    wrapped = ValueError("cannot save")
    wrapped.__cause__ = full
    for error in (full, DiskFull("No room."), said, wrapped):
        assert out_of_room(error)
    for error in (ValueError("28"), OSError(5, "Input/output error"), RustError("os error 2")):
        assert not out_of_room(error)
