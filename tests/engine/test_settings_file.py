"""TOML files that the learner writes too: what stands there stays, and nothing is half written."""

import os
import stat
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import settings_file
from engine.errors import EngineError
from engine.settings_file import change_settings, read_settings, write_whole

MINE = """\
# Mine, since March.

theme = 'dark'   # at night
  odd = [ 1,2,
    3 ]          # of another version

[keys]           # the ones I know
help="f1"  # as elsewhere
"a.b" = "y"

[other]
when = 2026-11-28T10:00:00Z
"""


def test_only_what_is_changed_changes(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    change_settings(file, {"theme": "light", "keys": {"help": "f2"}})
    assert file.read_text() == MINE.replace("'dark'", '"light"').replace('"f1"', '"f2"')
    change_settings(file, {"theme": "dark", "keys": {"quit": "q"}, "editor": 'hx "-c" é'})
    told = tomllib.loads(file.read_text())
    assert told["keys"] == {"help": "f2", "a.b": "y", "quit": "q"}
    assert (told["editor"], told["odd"]) == ('hx "-c" é', [1, 2, 3])
    for comment in ("# Mine, since March.", "# at night", "# of another version", "# as elsewhere"):
        assert comment in file.read_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[sft]\nr = 8\n"),
        ("# mine", "# mine\n[sft]\nr = 8\n"),
        ("[sft]\nr = 4 # so", "[sft]\nr = 8 # so"),
        ("sft.r = 4\n", "sft.r = 8\n"),
        ("sft = {r = 4, k = 1} # so\n", "sft = {r = 8, k = 1} # so\n"),
        ("[sft]\nr = 4\n[z]\na=1\n[sft.x]\ny = 1\n", "[sft]\nr = 8\n[z]\na=1\n[sft.x]\ny = 1\n"),
        ("[[z]]\na = 1\n[sft]\nr = 4\n", "[[z]]\na = 1\n[sft]\nr = 8\n"),
        ('[sft]\nr = """\n4"""  # so\n', "[sft]\nr = 8  # so\n"),
        ("\ufeff[sft]\r\nr = 4  # so\r\n", "\ufeff[sft]\r\nr = 8  # so\r\n"),
        ("sft = 3\n", "\n[sft]\nr = 8\n"),
    ],
)
def test_any_layout_is_kept(tmp_path, before, after):
    file = tmp_path / "config.toml"
    file.write_bytes(before.encode())
    change_settings(file, {"sft": {"r": 8}})
    assert file.read_bytes().decode() == after


def test_of_a_list_the_comments_beside_what_stays_stay(tmp_path):
    file = tmp_path / "settings.toml"
    file.write_text('on = [\n  "q",  # must\n  # not k\n  "v",\n]  # so\n')
    change_settings(file, {"on": ["q", "o"]})
    assert file.read_text() == 'on = [\n  "q",  # must\n  # not k\n  "o"\n]  # so\n'
    change_settings(file, {"on": ["o", "q"]})
    assert read_settings(file) == {"on": ["o", "q"]}
    assert "# so" in file.read_text()


NAMES = st.sampled_from(["a", "b", "c", '"d.e"', "f"])
VALUES = st.sampled_from(["1", "-0.5", "true", '"x # y"', "[1, 2]", "{q = 1}", "2026-11-28"])
LINES = st.lists(st.tuples(NAMES, VALUES, st.sampled_from(["", "  # so", "\n# why"])),
                 unique_by=lambda line: line[0], max_size=4)  # fmt: skip
NEW = st.dictionaries(st.sampled_from(["a", "b", "d.e", "new"]), st.integers() | st.text() |
                      st.floats(allow_nan=False, allow_infinity=False) | st.lists(st.text()),
                      max_size=3)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["", "t", "u"]), LINES), NEW, NEW)
def test_every_line_that_is_not_changed_stands_where_it_stood(tmp_path_factory, tables, top, in_t):
    file = tmp_path_factory.getbasetemp() / "settings.toml"
    parts = []
    for table in sorted(tables):
        parts += [f"[{table}]"] if table else []
        parts += [f"{name} = {value}{comment}" for name, value, comment in tables[table]]
    file.write_text("\n".join(parts) + "\n")
    before = tomllib.loads(file.read_text())
    changed = top | ({"t": in_t} if in_t else {})
    change_settings(file, changed)
    after = read_settings(file)
    assert after == before | top | ({"t": before.get("t", {}) | in_t} if in_t else {})
    named = {"": top, "t": in_t, "u": {}}
    stays = [line for table in sorted(tables) for line in tables[table]
             if line[0].strip('"') not in named[table]]  # fmt: skip
    rest = iter(file.read_text().split("\n"))
    for name, value, comment in stays:
        for line in f"{name} = {value}{comment}".split("\n"):
            assert line in rest, file.read_text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'theme = "dark"\nkeys =\n', "at line 2"),
        (b'theme = "dark"\n\n\xff = 3\n', "no UTF-8 (at line 3)"),
        (b"a = 1\na = 2\n", "at line 2"),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_left_alone(tmp_path, content, said):
    file = tmp_path / "config.toml"
    file.write_bytes(content)
    for touch in (read_settings, lambda file: change_settings(file, {"theme": "light"})):
        with pytest.raises(EngineError) as caught:
            touch(file)
        assert str(file) in caught.value.what and said in caught.value.what
        assert caught.value.way_out.startswith("Mend it")
    assert file.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_what_ends_in_the_midst_of_writing_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    file = tmp_path / "config.toml"
    file.write_text(MINE)

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(settings_file.os, "fsync", full)
    with pytest.raises(EngineError, match="The disk under"):
        change_settings(file, {"theme": "light"})
    assert file.read_text() == MINE
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_a_link_stays_one_and_a_mode_stays_what_it_was(tmp_path):
    kept = tmp_path / "dotfiles.toml"
    kept.write_text(MINE)
    kept.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(kept)
    change_settings(link, {"theme": "light"})
    assert link.is_symlink() and "light" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640


def test_a_new_file_is_its_owners_alone_and_begins_with_its_head(tmp_path):
    file = tmp_path / "new" / "settings.toml"
    change_settings(file, {"sft": {"r": 8}, "policy": {"k": 5}}, head="# Mine.\n")
    assert file.read_text() == "# Mine.\n\n[sft]\nr = 8\n\n[policy]\nk = 5\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    change_settings(file, {"policy": {"k": 3}}, head="# Mine.\n")
    assert file.read_text().count("# Mine.") == 1


def test_a_layout_that_cannot_be_changed_is_told_and_left_alone(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("a.b = 1\n[[z]]\nq = 1\n")
    with pytest.raises(EngineError, match="laid out so that it cannot be changed here"):
        change_settings(file, {"z": {"q": 2}, "a": {"b": {"c": float("nan")}}})
    assert file.read_text() == "a.b = 1\n[[z]]\nq = 1\n"


def test_a_folder_in_its_place_is_said(tmp_path):
    with pytest.raises(EngineError, match="is a folder"):
        write_whole(tmp_path, "a = 1\n")
    assert os.listdir(tmp_path) == []
